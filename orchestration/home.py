"""The folders of a home: made, with their modes, before anything is written to them.

Belongs here: folders, modes, `dagster.yaml`. Does not belong here: what lies in the folders.
"""

import errno
import os
from pathlib import Path

from orchestration.durable import reached
from orchestration.settings import Paths

PARTNERS = ("ind", "coa", "rvr")

DAGSTER_YAML = """\
# Written once by `ketenzicht init`; change it freely.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days: {skipped: 2, failure: 30, success: 90, started: 90}
# Standard output of steps can quote rows; what people need is in the event log.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
python_logs:
  managed_python_loggers: [ketenzicht]
  python_log_level: INFO
"""


class HomeError(Exception):
    """The home cannot be used; the message names the folder and the remedy."""


def existing(paths: Paths) -> None:
    """Refuse a home that is not there, for who asks about one: a misspelt one is no empty one. Raises HomeError."""
    if not paths.home.is_dir():
        raise HomeError(
            f"home {paths.home} {'is no folder' if paths.home.exists() else 'does not exist'}: name another with "
            "--home or KETENZICHT_HOME, or make a new one: ketenzicht init --home DIR"
        )


def prepare(paths: Paths) -> None:
    """Make what is missing of the home; existing folders keep their content. Raises HomeError."""
    try:
        paths.home.mkdir(parents=True, exist_ok=True)
        reached("home.begun")
        for partner in PARTNERS:
            (paths.deliveries / partner).mkdir(parents=True, exist_ok=True)
            reached("home.partner")
        for private in (paths.work, paths.build.parent, paths.dbt_target, paths.dagster):
            private.mkdir(parents=True, exist_ok=True)
            reached("home.private")
            private.chmod(0o700)
        paths.releases.mkdir(parents=True, exist_ok=True)
        reached("home.releases")
        if not (paths.dagster / "dagster.yaml").exists():
            _write_once(paths.dagster / "dagster.yaml", DAGSTER_YAML)
        for written in (
            paths.work,
            paths.build.parent,
            paths.dbt_target,
            paths.dagster,
            paths.published,
            paths.releases,
        ):
            if not os.access(written, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(written))
    except OSError as error:
        raise HomeError(
            f"cannot use home {paths.home}: {error.strerror}: {error.filename}; "
            "give a folder that you may write to with --home or KETENZICHT_HOME"
        ) from error


def _write_once(target: Path, text: str) -> None:
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.write_text(text)
    reached("dagster_yaml.drafted")
    draft.replace(target)
    reached("dagster_yaml.replaced")

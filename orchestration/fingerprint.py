"""Whether there is anything to do, decided before Dagster, dbt or DuckDB is imported.

Belongs here: what a publication depends on, as hashes; the ledger of what has been done. Does not belong here:
doing it.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from orchestration import accepted, deliveries, durable, forgotten
from orchestration.settings import PROJECT, Paths, Settings

CODE = ("orchestration", "contracts", "analytics", "dbt_project")
FIGURE_SETTINGS = (
    *("max_bad_rows", "max_bad_share", "drop_rows", "drop_share", "landmark_days", "restatement_months"),
    *("open_threshold", "open_rounding"),
)
LEDGER_ENTRIES = 100


@dataclass(frozen=True)
class Done:
    """A refresh that ran to its end: what it saw, and the release that it wrote (None: nothing to publish)."""

    inputs: str
    as_of: date | None
    requested: bool
    """A was asked for; else it is the newest reference date of IND."""
    release: str | None
    exit_code: int
    run_id: str
    messages: tuple[str, ...] = ()


def hash_files(*folders: Path) -> str:
    """One hash of names and contents of all files below the folders, caches left out."""
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and not {"__pycache__", "target", "logs"} & set(file.relative_to(folder).parts):
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                digest.update(f"{folder.name}/{file.relative_to(folder)}:{content}\n".encode())
    return digest.hexdigest()


def hash_text(text: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def code_version() -> str:
    """Version of the package and hash of everything that computes, such as `0.1.0+1f2e3d4c5b6a`."""
    return f"{version('ketenzicht')}+{hash_files(*(PROJECT / folder for folder in CODE))[:12]}"


def inputs(settings: Settings, key: bytes, arrived: str | None = None) -> str:
    """Hash of all that published figures depend on, but for the as-of date.

    `arrived` is the `deliveries.stat_fingerprint` to use: a run takes it before it looks at the deliveries.
    """
    parts: dict[str, Any] = {name: getattr(settings, name) for name in FIGURE_SETTINGS}
    parts["deliveries"] = arrived or deliveries.stat_fingerprint(settings.paths.deliveries)
    parts["accepted_drops"] = accepted.digest(settings.paths.accepted_drops)
    parts["forgotten"] = forgotten.digest(settings.paths)
    parts["code"] = code_version()
    parts["key"] = hashlib.sha256(b"ketenzicht key " + key).hexdigest()
    # no figure follows from it, but a refresh that has nothing else to do brings the working database into line
    parts["encrypt"] = settings.encrypt
    return hash_text(json.dumps(parts, sort_keys=True))


def ledger(paths: Paths) -> list[Done]:
    """What has been done in this home, oldest first. An unreadable ledger counts as none: the work is done again."""
    if not paths.database.exists():
        return []
    try:
        entries = json.loads(paths.last_refresh.read_text())
        return [
            Done(
                **entry
                | {"as_of": entry["as_of"] and date.fromisoformat(entry["as_of"])}
                | {"messages": tuple(entry["messages"])}
            )
            for entry in entries
        ]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def record(paths: Paths, done: Done) -> None:
    """Add to the ledger, atomically; the oldest entries go."""
    entries = [asdict(entry) for entry in (*ledger(paths), done)][-LEDGER_ENTRIES:]
    durable.replace(paths.last_refresh, json.dumps(entries, default=str, indent=1), "ledger")


def already_done(
    paths: Paths, fingerprint: str, as_of: date | None, *, replace: bool, release_only: bool = False
) -> Done | None:
    """The earlier refresh that makes this one needless: same inputs and as-of date, its release where it belongs."""
    current = paths.current.readlink().name if paths.current.is_symlink() else None
    for done in reversed(ledger(paths)):
        same_date = not done.requested if as_of is None else done.as_of == as_of
        if done.inputs == fingerprint and same_date and _stands(paths, done, current, replace, release_only):
            return done
    return None


def _stands(paths: Paths, done: Done, current: str | None, replace: bool, release_only: bool) -> bool:
    if done.release is None or done.release == current:
        return True
    is_back_in_time = current is not None and done.as_of is not None and str(done.as_of) < current[:10]
    return (paths.releases / done.release).is_dir() and (release_only or (is_back_in_time and not replace))

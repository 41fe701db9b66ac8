"""What tests of several folders share: a key, settings without a machine's own, a home that was refreshed once.

Belongs here: fixtures. Does not belong here: anything a test asserts.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orchestration.refresh import Result
from orchestration.settings import PREFIX, Settings, load

Told = Callable[[], list[dict[str, Any]]]
EXAMPLES = Path(__file__).parent / "golden" / "examples"
KEY = "00112233445566778899aabbccddeeff" * 2


@dataclass(frozen=True)
class ReadProject:
    """What dbt keeps of its project, once it has read it for homes at one place.

    dbt reads the project again (4 s) when a home lies elsewhere, so homes are refreshed here one after another.
    """

    place: Path
    files: Path

    @contextmanager
    def home(self) -> Iterator[Path]:
        """An empty home at the place; move it away to keep it."""
        (self.place / "work").mkdir(parents=True)
        shutil.copytree(self.files, self.place / "work" / "dbt")
        try:
            yield self.place
        finally:
            shutil.rmtree(self.place, ignore_errors=True)


def know_no_settings(patch: pytest.MonkeyPatch) -> None:
    """From here on only the settings that tests set: none of the machine's, no `.env`, no lock to wait for."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        patch.delenv(name)
    patch.setitem(Settings.model_config, "env_file", None)
    patch.setenv("KETENZICHT_KEY", KEY)
    patch.setenv("KETENZICHT_LOCK_WAIT_SECONDS", "0")


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test knows only the settings that it sets."""
    know_no_settings(monkeypatch)


@pytest.fixture
def key() -> bytes:
    """The key that tests use."""
    return bytes.fromhex(KEY)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty folder to be a home."""
    return tmp_path / "home"


def deliver_examples(home: Path) -> None:
    """Put the deliveries of the worked cases into a home."""
    shutil.copytree(EXAMPLES / "home" / "deliveries", home / "deliveries", dirs_exist_ok=True)


@pytest.fixture(scope="session")
def read_project(tmp_path_factory: pytest.TempPathFactory) -> ReadProject:
    """dbt's project, read once a process."""
    from orchestration import dbt
    from orchestration.home import prepare

    read = ReadProject(tmp_path_factory.mktemp("place") / "home", tmp_path_factory.mktemp("read_project"))
    with pytest.MonkeyPatch.context() as patch:
        know_no_settings(patch)
        settings = load(read.place)
        prepare(settings.paths)
        dbt.manifest(settings)
    for file in ("manifest.json", "parsed", "partial_parse.msgpack"):
        shutil.copy(settings.paths.dbt_target / file, read.files)
    shutil.rmtree(read.place)
    return read


@pytest.fixture(scope="session")
def examples_home(read_project: ReadProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked cases, delivered and refreshed once a run. Tests read it; who changes one takes `own_examples`."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "examples"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            with read_project.home() as home:
                deliver_examples(home)
                refreshed(home)
                home.rename(shared)
    # each process reads a copy of its own: SQLite writes beside a database that it only reads
    own = tmp_path_factory.mktemp("examples") / "home"
    shutil.copytree(shared, own, symlinks=True, copy_function=_link_if_delivered)
    return own


def copy_examples(examples_home: Path, home: Path) -> None:
    """Copy the refreshed worked cases into an empty home in which dbt need not read its project again."""
    read_elsewhere = shutil.ignore_patterns("dbt")
    shutil.copytree(examples_home, home, symlinks=True, dirs_exist_ok=True, ignore=read_elsewhere)


def _link_if_delivered(source: str, target: str) -> None:
    """Copy a file of a home; a delivered one stays the file that it is: another inode would be another delivery."""
    (os.link if "deliveries" in Path(source).parts else shutil.copy2)(source, target)


def refreshed(home: Path) -> Result:
    """Refresh a home for the tests of a module or of all, and see it publish."""
    from orchestration.refresh import refresh

    with pytest.MonkeyPatch.context() as patch:
        know_no_settings(patch)
        result = refresh(load(home))
    assert result.release is not None, result.lines
    return result


@pytest.fixture
def parsed_home(read_project: ReadProject, tmp_path: Path) -> Iterator[Path]:
    """An empty home in which dbt need not read its project again."""
    with read_project.home() as home:
        yield home
        if home.exists():
            home.rename(tmp_path / "parsed_home")


@pytest.fixture
def own_examples(examples_home: Path, parsed_home: Path) -> Path:
    """A copy of the refreshed worked cases that a test may change."""
    copy_examples(examples_home, parsed_home)
    return parsed_home


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Sets an alert command; `told()` gives the alerts that it got so far."""
    file = tmp_path / "alerts.jsonl"
    monkeypatch.setenv("KETENZICHT_ALERT_COMMAND", f"cat >> '{file}' && echo >> '{file}'")
    return lambda: [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """`command("refresh", "--home", home)` runs the command line in this process: exit code and all that it printed."""
    from orchestration.cli import main

    def run(*arguments: str | Path) -> tuple[int, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return int(ended.value.code or 0), out + err

    return run

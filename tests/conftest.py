"""What tests of several folders share: a key, settings without a machine's own, a home that was refreshed once.

Belongs here: fixtures. Does not belong here: anything a test asserts.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.settings import PREFIX, Settings, load

Told = Callable[[], list[dict[str, Any]]]
EXAMPLES = Path(__file__).parent / "golden" / "examples"
KEY = "00112233445566778899aabbccddeeff" * 2


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test knows only the settings that it sets: none of the machine's, no `.env`, no lock to wait for."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("KETENZICHT_KEY", KEY)
    monkeypatch.setenv("KETENZICHT_LOCK_WAIT_SECONDS", "0")


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
def examples_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The worked cases, delivered and refreshed once a session. Tests read it; who changes one takes `own_examples`."""
    from orchestration.refresh import refresh

    home = tmp_path_factory.mktemp("examples") / "home"
    deliver_examples(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Settings.model_config, "env_file", None)
        patch.setenv("KETENZICHT_KEY", KEY)
        result = refresh(load(home))
    assert result.exit_code == 0, result.lines
    yield home


@pytest.fixture
def own_examples(examples_home: Path, home: Path) -> Path:
    """A copy of the refreshed worked cases that a test may change."""
    shutil.copytree(examples_home, home, symlinks=True)
    return home


@pytest.fixture
def parsed_home(examples_home: Path, home: Path) -> Path:
    """An empty home in which dbt need not parse its project again."""
    (home / "work" / "dbt").mkdir(parents=True)
    for file in ("manifest.json", "parsed"):
        shutil.copy(examples_home / "work" / "dbt" / file, home / "work" / "dbt" / file)
    return home


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

"""The pseudonym key: where it comes from, and when it is refused."""

import stat
from pathlib import Path

import pytest

from orchestration.key import KeyFileError, ensure
from orchestration.settings import load
from tests.conftest import KEY


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "config" / "ketenzicht" / "key"
    monkeypatch.delenv("KETENZICHT_KEY")
    monkeypatch.setenv("KETENZICHT_KEY_FILE", str(file))
    return file


def test_a_key_is_created_once_and_then_kept(home: Path, key_file: Path) -> None:
    made, again = ensure(load(home)), ensure(load(home))
    assert made.created == key_file
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert again.created is None
    assert again.secret == made.secret == bytes.fromhex(key_file.read_text())
    assert [file.name for file in key_file.parent.iterdir()] == ["key"]


def test_the_setting_wins_over_the_file(home: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ensure(load(home))
    monkeypatch.setenv("KETENZICHT_KEY", KEY.upper())
    assert ensure(load(home)).secret == bytes.fromhex(KEY)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_file_that_others_can_read_is_refused(home: Path, key_file: Path, mode: int) -> None:
    ensure(load(home))
    key_file.chmod(mode)
    with pytest.raises(KeyFileError, match=f"chmod 600 {key_file}"):
        ensure(load(home))


@pytest.mark.parametrize("text", ["", "abc", "g" * 64, "0" * 63, "0" * 65])
def test_what_is_no_key_is_refused_without_repeating_it(home: Path, key_file: Path, text: str) -> None:
    key_file.parent.mkdir(parents=True)
    key_file.write_text(text)
    key_file.chmod(0o600)
    with pytest.raises(KeyFileError, match="64 hex digits") as refused:
        ensure(load(home))
    assert not text or text not in str(refused.value)


def test_the_key_does_not_show_itself(home: Path) -> None:
    assert KEY not in repr(ensure(load(home)))
    assert KEY not in repr(load(home))


def test_a_wrong_key_ends_the_command_with_2(home: Path, command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETENZICHT_KEY", "secret-but-wrong")
    code, printed = command("init", "--home", home)
    assert code == 2
    assert "KETENZICHT_KEY" in printed
    assert "secret-but-wrong" not in printed

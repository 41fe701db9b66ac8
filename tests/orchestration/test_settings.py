"""Settings: unknown and ill-typed ones are an error at start, named with the remedy."""

from pathlib import Path

import pytest

from orchestration.settings import Settings, SettingsError, environment, load


def test_the_option_wins_over_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETENZICHT_HOME", str(tmp_path / "variable"))
    assert load().paths.home == tmp_path / "variable"
    assert load(tmp_path / "option").paths.home == tmp_path / "option"


@pytest.mark.parametrize("name", ["KETENZICHT_TREADS", "KETENZICHT_", "ketenzicht_treads"])
def test_an_unknown_variable_is_named(name: str, command, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv(name, "4")
    code, printed = command("refresh", "--home", home)
    assert code == 2
    assert name.upper() in printed
    assert not home.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KETENZICHT_THREADS", "many"),
        ("KETENZICHT_THREADS", "0"),
        ("KETENZICHT_AS_OF", "31-07-2025"),
        ("KETENZICHT_MAX_BAD_SHARE", "2%"),
        ("KETENZICHT_MEMORY_LIMIT", "a lot"),
    ],
)
def test_an_ill_typed_variable_is_named(
    name: str, value: str, command, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv(name, value)
    code, printed = command("status", "--home", home)
    assert code == 2
    assert name in printed


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETENZICHT_AS_OF", "")
    assert load().as_of is None


def test_an_env_file_is_read_and_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("KETENZICHT_THREADS=3\nOTHER_PROGRAM=1\n")
    assert load().threads == 3
    Path(".env").write_text("KETENZICHT_TREADS=3\n")
    with pytest.raises(SettingsError, match="KETENZICHT_TREADS"):
        load()


def test_a_child_process_gets_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    child = environment(KETENZICHT_DATABASE="x")
    assert "KETENZICHT_KEY" not in child
    assert child["KETENZICHT_DATABASE"] == "x"
    assert "KETENZICHT_KEY" in environment(with_settings=True)


@pytest.mark.parametrize(
    ("limit", "expected"),
    [("2GB", 1_200_000_000), ("4GB", 3_200_000_000), ("500 MB", 300_000_000), ("1.5 GiB", 966_367_642)],
)
def test_models_in_python_have_a_part_of_the_memory_limit(
    limit: str, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETENZICHT_MEMORY_LIMIT", limit)
    assert load().memory_beside_python == expected

"""`ketenzicht refresh --accept-drop` from the command line to the run."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from orchestration import fingerprint, refresh
from orchestration.fingerprint import Done
from orchestration.settings import Settings


def test_accepting_runs_although_nothing_is_new(
    command: Callable[..., tuple[int, str]], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Mapping[str, object]] = []

    def run(settings: Settings, request: Mapping[str, object]) -> refresh.Result:
        asked.append(request)
        return refresh.Result(0, ())

    monkeypatch.setattr(refresh, "_run", run)
    same = Done("same", None, False, None, 3, "run")
    monkeypatch.setattr(fingerprint, "already_done", lambda *_, **__: same)
    assert command("refresh", "--home", home)[0] == 0
    assert asked == []
    command("refresh", "--home", home, "--accept-drop")
    assert [request["accept_drop"] for request in asked] == [True]

"""The version that a delivery names is that of the agreement with its partner."""

from pathlib import Path

import pytest

from contracts import versions
from tests.orchestration.raw.conftest import states, take
from tests.orchestration.raw.test_bad_rows import AANVRAAG, application, deliver


@pytest.mark.parametrize(
    ("current", "named", "state"),
    [
        ("1.0", "1.1", "refused"),
        # a minor version only loosens: yesterday's deliveries stay readable
        ("1.1", "1.0", "in_force"),
        ("2.0", "1.0", "refused"),
    ],
)
def test_a_delivery_is_taken_under_a_version_that_was_agreed(
    current: str, named: str, state: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(versions.CURRENT, "ind", current)
    monkeypatch.setattr(versions, "committed", lambda name: tuple(sorted({"1.0", versions.CURRENT[name]})))
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]}, members={"contract": named})
    taken = take(home)
    assert states(taken) == {"ind/2024-01-31": state}
    if state == "refused":
        reason = taken.deliveries[0].reason or ""
        assert reason.startswith(f"datapackage.json: contract '{named}' is unknown") and current in reason

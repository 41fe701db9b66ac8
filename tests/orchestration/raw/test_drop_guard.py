"""A full delivery from which many rows are gone is held until a person takes it; what was taken is remembered."""

import json
import shutil
from pathlib import Path

import pytest

from orchestration import fingerprint
from orchestration.accepted import AcceptanceError
from orchestration.settings import load
from tests.orchestration.raw.conftest import differences, everything, in_force, query, states, take
from tests.orchestration.raw.test_bad_rows import AANVRAAG, BESLISSING, application, decision, deliver

REMEDY = "deliver it again, or take it as it is with `ketenzicht refresh --accept-drop`"


def full(home: Path, name: str, cases: range, **members: str) -> Path:
    """A full delivery of aanvraag."""
    return deliver(home, name, {"aanvraag": [AANVRAAG, *map(application, cases)]}, members=members)


def drop(home: Path) -> None:
    """Forty rows, then a delivery without fifteen of them."""
    full(home, "2024-01-31", range(40))
    full(home, "2024-02-29", range(15, 40))


def test_a_full_delivery_from_which_too_many_rows_are_gone_is_held_with_file_numbers_and_remedy(home: Path) -> None:
    drop(home)
    full(home, "2024-03-31", range(45))
    intake = take(home)
    assert states(intake) == {"ind/2024-01-31": "in_force", "ind/2024-02-29": "refused", "ind/2024-03-31": "in_force"}
    [held] = intake.refused_new
    assert held.reason is not None
    assert held.reason.startswith("aanvraag.csv: 15 of the 40 rows known before it are gone")
    assert held.reason.endswith(REMEDY)
    assert len(in_force(home, "raw.ind__aanvraag", "2024-02-29")) == 40


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [(40, 29, "in_force"), (40, 28, "refused"), (20, 11, "in_force"), (20, 10, "refused")],
)
def test_the_limit_is_a_share_and_a_number_of_rows(home: Path, before: int, after: int, state: str) -> None:
    full(home, "2024-01-31", range(before))
    full(home, "2024-02-29", range(after))
    assert states(take(home))["ind/2024-02-29"] == state


def test_the_limits_are_settings(home: Path) -> None:
    drop(home)
    assert states(take(home, drop_rows=15))["ind/2024-02-29"] == "refused"
    assert states(take(home, drop_rows=16))["ind/2024-02-29"] == "in_force"
    assert states(take(home, drop_share=0.4))["ind/2024-02-29"] == "in_force"


def test_changed_and_bad_rows_are_not_gone(home: Path) -> None:
    full(home, "2024-01-31", range(40))
    rows = [application(number, team="B") for number in range(39)] + [application(39, geslacht="?")]
    deliver(home, "2024-02-29", {"aanvraag": [AANVRAAG, *rows]})
    assert set(states(take(home)).values()) == {"in_force"}


def test_an_extract_that_is_left_out_or_was_never_there_is_no_drop(home: Path) -> None:
    full(home, "2024-01-31", range(40))
    deliver(home, "2024-07-31", {"beslissing": [BESLISSING, *map(decision, range(20))]})
    assert set(states(take(home)).values()) == {"in_force"}


def test_a_delta_says_itself_what_it_removes(home: Path) -> None:
    full(home, "2024-01-31", range(40))
    removals = [f"V;{application(number)}" for number in range(30)]
    members = {"mode": "delta", "base": "2024-01-31"}
    deliver(home, "2024-02-29", {"aanvraag": [f"mutatie;{AANVRAAG}", *removals]}, members=members)
    assert set(states(take(home)).values()) == {"in_force"}


def test_what_a_delta_added_can_be_gone_too(home: Path) -> None:
    full(home, "2024-01-31", range(20))
    members = {"mode": "delta", "base": "2024-01-31"}
    added = [f"T;{application(number)}" for number in range(20, 40)]
    deliver(home, "2024-02-29", {"aanvraag": [f"mutatie;{AANVRAAG}", *added]}, members=members)
    full(home, "2024-03-31", range(20))
    [held] = take(home).refused_new
    assert "20 of the 40 rows" in str(held)


def test_a_drop_that_was_accepted_stays_accepted_when_the_history_is_built_anew(home: Path) -> None:
    drop(home)
    take(home)
    assert states(take(home, accept_drop=True))["ind/2024-02-29"] == "in_force"
    assert len(in_force(home, "raw.ind__aanvraag", "2024-02-29")) == 25
    accepted = everything(home)
    assert states(take(home))["ind/2024-02-29"] == "in_force"
    shutil.rmtree(home / "work")
    take(home)
    assert differences(accepted, everything(home)) == {}


def test_accepting_gives_what_one_refresh_with_acceptance_gives(home: Path, tmp_path: Path) -> None:
    drop(home)
    shutil.copytree(home / "deliveries", tmp_path / "other" / "deliveries")
    take(home)
    take(home, accept_drop=True)
    take(tmp_path / "other", accept_drop=True)
    assert differences(everything(home), everything(tmp_path / "other")) == {}


def test_another_content_under_the_same_name_is_held_again(home: Path) -> None:
    drop(home)
    take(home, accept_drop=True)
    full(home, "2024-02-29", range(20, 40))
    assert states(take(home))["ind/2024-02-29"] == "refused"


def test_an_acceptance_that_is_taken_back_is_judged_again(home: Path) -> None:
    drop(home)
    take(home)
    held = everything(home)
    take(home, accept_drop=True)
    (home / "accepted_drops.json").unlink()
    take(home)
    assert differences(held, everything(home)) == {}


def test_a_drop_is_held_also_when_its_delivery_comes_alone(home: Path) -> None:
    full(home, "2024-01-31", range(40))
    take(home)
    full(home, "2024-02-29", range(12, 40))
    [held] = take(home).refused_new
    assert "12 of the 40 rows" in str(held)


def test_each_day_of_a_lasting_drop_is_held(home: Path) -> None:
    drop(home)
    full(home, "2024-03-31", range(15, 40))
    assert [one.name for one in take(home).refused_new] == ["2024-02-29", "2024-03-31"]
    assert set(states(take(home, accept_drop=True)).values()) == {"in_force"}


def test_a_drop_counts_against_what_is_before_it_in_any_order_of_arrival(home: Path) -> None:
    full(home, "2024-02-29", range(15, 40))
    assert states(take(home)) == {"ind/2024-02-29": "in_force"}
    full(home, "2024-01-31", range(40))
    assert states(take(home)) == {"ind/2024-01-31": "in_force", "ind/2024-02-29": "refused"}


def test_an_acceptance_is_an_input_of_the_figures_and_no_news_after_the_run_that_made_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprint, "code_version", lambda: "this code")
    drop(home)
    take(home)
    key = b"k" * 32
    before = fingerprint.inputs(load(home), key)
    take(home, accept_drop=True)
    assert fingerprint.inputs(load(home), key) != before
    again = fingerprint.inputs(load(home), key)
    take(home, accept_drop=True)
    assert fingerprint.inputs(load(home), key) == again


def test_a_damaged_record_stops_the_intake(home: Path) -> None:
    drop(home)
    (home / "accepted_drops.json").write_text("{")
    with pytest.raises(AcceptanceError, match="put it back from the backup"):
        take(home)


def test_the_record_names_no_person(home: Path) -> None:
    drop(home)
    take(home, accept_drop=True)
    assert "Z0000" not in (home / "accepted_drops.json").read_text()
    [entry] = json.loads((home / "accepted_drops.json").read_text())
    assert (entry["partner"], entry["delivery"], len(entry["content_id"])) == ("ind", "2024-02-29", 64)
    assert query(home, "select name from raw.delivery where is_drop") == [("2024-02-29",)]

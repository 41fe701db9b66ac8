"""Deliveries: equal bytes for equal seeds, deltas that add up, and nothing that a contract refuses."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from analytics.simulation import deliveries, simulate, step_rows, step_versions
from tests.analytics.simulation.conftest import winter
from tests.orchestration.raw.conftest import query, take


def content(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def manifests(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        f"{path.parent.parent.name}/{path.parent.name}": json.loads(path.read_text(encoding="utf-8"))
        for path in (folder / "deliveries").rglob("datapackage.json")
    }


def test_equal_seeds_give_equal_bytes_and_others_do_not(winter_history: Path, tmp_path: Path) -> None:
    simulate(winter(tmp_path / "again"))
    assert content(tmp_path / "again") == content(winter_history)
    simulate(winter(tmp_path / "other", seed=5))
    assert content(tmp_path / "other") != content(winter_history)


def test_how_many_rows_are_worked_on_at_a_time_does_not_show(
    winter_history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name, size in (
        (step_rows, "PART", 700),
        (step_rows, "_CASES_SORTED", 40),
        (step_versions, "PART", 300),
        (deliveries, "_AT_ONCE", 90),
    ):
        monkeypatch.setattr(module, name, size)
    simulate(winter(tmp_path))
    assert content(tmp_path) == content(winter_history)


def test_every_row_keeps_its_contract_at_its_reference_date(winter_history: Path, tmp_path: Path) -> None:
    (tmp_path / "deliveries").symlink_to(winter_history / "deliveries")
    intake = take(tmp_path)
    assert {one.state for one in intake.deliveries} <= {"in_force", "superseded"}
    assert query(tmp_path, "select rule, row_count from raw.delivery_count where rule = 'quarantined'") == []
    odd = "select distinct rule from raw.delivery_count where rule not in ('delivered', 'accepted')"
    assert query(tmp_path, odd) == []


def test_the_deltas_add_up_to_what_one_full_delivery_says(winter_history: Path, tmp_path: Path) -> None:
    (tmp_path / "history").mkdir()
    (tmp_path / "history" / "deliveries").symlink_to(winter_history / "deliveries")
    take(tmp_path / "history")
    simulate(winter(tmp_path / "full", plan="full"))
    take(tmp_path / "full")
    for table in ("ind__aanvraag", "ind__processtap", "ind__beslissing", "coa__bewoner", "coa__verblijf"):
        now = "select * exclude (_reference_on, _sequence, _line, _word_from, _word_to, _valid_from, _valid_to)"
        sql = f"{now} from raw.{table} where _valid_from <= '2025-01-15' and '2025-01-15' < _valid_to order by all"
        assert query(tmp_path / "history", sql) == query(tmp_path / "full", sql), table


def test_a_history_has_a_full_delivery_first_then_deltas_and_daily_ones_in_the_last_week(winter_history: Path) -> None:
    found = manifests(winter_history)
    ind = {name: one for name, one in found.items() if name.startswith("ind/")}
    dates = sorted(one["reference_date"] for one in ind.values())
    assert dates[:3] == ["2024-10-31", "2024-11-30", "2024-12-31"]
    assert dates[-7:] == [date(2025, 1, n).isoformat() for n in range(9, 16)]
    assert ind["ind/2024-10-31"]["mode"] == "full"
    assert ind["ind/2024-11-30"]["mode"] == "delta"
    assert ind["ind/2024-11-30"]["base"] == "2024-10-31"
    assert {len(one["resources"]) for one in ind.values() if one["mode"] == "full"} == {8}


def test_no_clock_is_in_a_manifest(winter_history: Path) -> None:
    assert all(one["created"].startswith(one["reference_date"]) for one in manifests(winter_history).values())


def test_a_redelivery_replaces_one_with_rows_missing(tmp_path: Path) -> None:
    simulate(winter(tmp_path, start=date(2024, 1, 1), cases=900))
    found = manifests(tmp_path)
    again = [name for name in found if name.startswith("ind/") and name.endswith(".2")]
    assert len(again) == 2
    for name in again:
        rows = {one["name"]: one["rows"] for one in found[name]["resources"]}
        before = {one["name"]: one["rows"] for one in found[name.removesuffix(".2")]["resources"]}
        assert before["processtap"] < rows["processtap"]
    bases = {one.get("base") for name, one in found.items() if name.startswith("ind/")}
    assert bases & {name.removeprefix("ind/") for name in again}


def test_what_was_recorded_wrongly_is_corrected_later_and_backdated(winter_history: Path, tmp_path: Path) -> None:
    (tmp_path / "deliveries").symlink_to(winter_history / "deliveries")
    take(tmp_path)
    withdrawn = "select count(*) from raw.ind__processtap where volgnummer = 90 and _valid_to < '9999-12-31'"
    assert query(tmp_path, withdrawn)[0][0] > 0
    backdated = """
        select count(*) from raw.ind__processtap as wrong join raw.ind__processtap as corrected
            using (zaaknummer, volgnummer)
        where wrong._valid_to = corrected._valid_from and wrong.status = 'GEREALISEERD'
            and wrong.datum_gerealiseerd < corrected.datum_gerealiseerd"""
    assert query(tmp_path, backdated)[0][0] > 0


def test_the_size_asked_for_is_the_size_made(tmp_path: Path) -> None:
    assert simulate(winter(tmp_path, cases=777)).cases == 777


@pytest.mark.parametrize(
    ("cases", "start", "end"),
    [
        (1, date(2018, 1, 1), date(2018, 3, 31)),
        (50, date(2025, 6, 1), date(2025, 6, 4)),
        (120, date(2014, 1, 1), date(2014, 4, 10)),
        (120, date(2026, 10, 1), date(2027, 1, 10)),
    ],
)
def test_any_size_and_period_gives_deliveries_that_keep_their_contracts(
    tmp_path: Path, cases: int, start: date, end: date
) -> None:
    assert simulate(winter(tmp_path, cases=cases, start=start, end=end)).cases == cases
    assert {one.state for one in take(tmp_path).deliveries} <= {"in_force", "superseded"}
    assert query(tmp_path, "select * from raw.delivery_count where rule = 'quarantined'") == []


def test_a_folder_with_deliveries_is_refused(winter_history: Path) -> None:
    with pytest.raises(FileExistsError, match="empty folder"):
        simulate(winter(winter_history))

"""The days after a simulated chain change the rows that they say, and nothing else."""

import csv
import json
from pathlib import Path

import pytest

from analytics.benchmark.workload import Day, deliver_day
from orchestration.manifest import MANIFEST

HEADERS = {
    "ind": {"aanvraag": "zaaknummer;v_nummer;team", "rechtsmiddel": "zaaknummer;volgnummer"},
    "coa": {"bewoner": "coa_nummer;gezin_id"},
    "rvr": {"toevoeging": "toevoegingsnummer;zaakcode"},
}
CASES = 2_000
ONE_ROW, AS_DELTA, IN_FULL = Day(1, "delta", one_row=True), Day(2, "delta"), Day(3, "full")


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    """One delivery a partner, with as many columns as a day looks at."""
    for partner, extracts in HEADERS.items():
        folder = tmp_path / "chain" / partner / "2025-12-31"
        folder.mkdir(parents=True)
        for extract, header in extracts.items():
            rows = (";".join([f"K{n:05}", *["1"] * header.count(";")]) for n in range(CASES))
            (folder / f"{extract}.csv").write_text("\n".join([header, *rows]) + "\n")
    return tmp_path / "chain"


@pytest.fixture
def home(tmp_path: Path, chain: Path) -> Path:
    for partner in HEADERS:
        (tmp_path / "home" / "deliveries" / partner / "2025-12-31").mkdir(parents=True)
    return tmp_path / "home"


def content(file: Path) -> list[dict[str, str]]:
    with file.open() as opened:
        return list(csv.DictReader(opened, delimiter=";"))


def of_ind(home: Path, day: str, extract: str) -> list[dict[str, str]]:
    return content(home / "deliveries" / "ind" / day / f"{extract}.csv")


def test_one_changed_row_is_one_row_of_one_extract(chain: Path, home: Path) -> None:
    assert deliver_day(chain, home, ONE_ROW) == 1
    folder = home / "deliveries" / "ind" / "2026-01-01"
    assert [file.name for file in sorted(folder.iterdir())] == ["aanvraag.csv", MANIFEST]
    assert of_ind(home, "2026-01-01", "aanvraag") == [
        {"mutatie": "G", "zaaknummer": "K00000", "v_nummer": "1", "team": "DAY-1"}
    ]
    assert not (home / "deliveries" / "coa" / "2026-01-01").exists()


def test_a_delta_has_the_changed_rows_and_names_the_newest_delivery(chain: Path, home: Path) -> None:
    deliver_day(chain, home, ONE_ROW)
    changed = deliver_day(chain, home, AS_DELTA, (ONE_ROW,))
    manifests = {
        partner: json.loads((home / "deliveries" / partner / "2026-01-02" / MANIFEST).read_text())
        for partner in HEADERS
    }
    assert {name: one["base"] for name, one in manifests.items()} == {
        "ind": "2026-01-01",
        "coa": "2025-12-31",
        "rvr": "2025-12-31",
    }
    rows = sum(resource["rows"] for one in manifests.values() for resource in one["resources"])
    # half a per cent of three extracts of 2,000 rows, as a hash draws it
    assert rows == changed
    assert 10 <= changed <= 60
    assert {row["team"] for row in of_ind(home, "2026-01-02", "aanvraag")} == {"DAY-2"}


def test_a_full_delivery_keeps_what_the_days_before_it_changed(chain: Path, home: Path) -> None:
    deliver_day(chain, home, ONE_ROW)
    deliver_day(chain, home, AS_DELTA, (ONE_ROW,))
    deliver_day(chain, home, IN_FULL, (ONE_ROW, AS_DELTA))
    rows = of_ind(home, "2026-01-03", "aanvraag")
    delta = of_ind(home, "2026-01-02", "aanvraag")
    teams = {row["zaaknummer"]: row["team"] for row in rows}
    assert len(rows) == CASES
    assert teams["K00000"] == "DAY-1"
    assert {teams[row["zaaknummer"]] for row in delta} == {"DAY-2"}
    assert 1 <= list(teams.values()).count("DAY-3") <= 30
    # an extract that no day changes comes as it was
    assert of_ind(home, "2026-01-03", "rechtsmiddel") == content(chain / "ind" / "2025-12-31" / "rechtsmiddel.csv")

"""The oracle against the specification's own numbers: its fourteen worked cases and every worked date and amount."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.case import Case
from tests.oracle.clock import Clock
from tests.oracle.penalties import penalty_runs
from tests.oracle.reading import SEEDS, Reading, read_folder
from tests.oracle.rows import Row, typed
from tests.oracle.rulebook import STAGES, Rulebook

EXAMPLES = Path(__file__).parents[1] / "golden" / "examples"
RULES = Rulebook.read(SEEDS)


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_folder(EXAMPLES / "home")


def expected(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / "expected" / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def text(value: object) -> str:
    return "" if value is None else str(value)


def test_the_cases_stand_where_the_specification_says(reading: Reading) -> None:
    ours = [
        {
            "zaaknummer": key,
            "stage": read.stage,
            "decided_on": text(read.case.decided_on),
            "outcome": text(read.case.outcome),
            "deadline_as_applied": text(read.deadline_as_applied),
            "deadline_in_hindsight": text(read.deadline_in_hindsight),
            "deadline_from_loopbrief": text(read.deadline_from_loopbrief),
        }
        for key, read in reading.cases.items()
    ]
    assert ours == expected("cases")


def test_every_stage_visit_of_the_worked_cases(reading: Reading) -> None:
    ours = [
        {
            "zaaknummer": key,
            "stage": STAGES[visit.stage][0],
            "entered_on": str(visit.entered_on),
            "left_on": text(visit.left_on),
        }
        for key, read in reading.cases.items()
        for visit in read.visits
    ]
    assert ours == expected("stage_visits")


def test_the_ind_stock_of_the_worked_days(reading: Reading) -> None:
    rows = expected("ind_stock")
    stock = reading.ind_stock()
    for row in rows:
        for measure in set(row) - {"day"}:
            # The expected figures are without family reunification (timeline.md, "What IND calls its stock").
            ours = sum(
                counts[measure]
                for (day, dimensions), counts in stock.items()
                if str(day) == row["day"] and dimensions[0] != "family_reunification"
            )
            assert ours == int(row[measure]), (row["day"], measure)


def test_every_penalty_run_of_the_worked_cases(reading: Reading) -> None:
    ours = [
        {
            "zaaknummer": key,
            "kind": run.kind,
            "notice_on": text(run.notice_on),
            "starts_on": str(run.starts_on),
            "days_accrued": str(run.days_accrued),
            "amount_accrued_eur": f"{run.amount_accrued_eur:.1f}",
        }
        for key, read in reading.cases.items()
        for run in read.penalty_runs
    ]
    assert ours == expected("penalty_runs")


AANVRAAG: dict[str, Any] = {
    "zaaknummer": "Z000000001", "v_nummer": "0000000001", "soort_aanvraag": "EERSTE", "datum_aanmelding": None,
    "datum_loopbrief": None, "datum_nl_verantwoordelijk": None, "nationaliteit": "0336", "spoor": 4,
    "procedure": None, "project": None,
}  # fmt: skip


def a_case(filed: str, decided: str | None = None, **attributes: Any) -> Case:
    aanvraag = Row(**{**AANVRAAG, "datum_aanvraag": date.fromisoformat(filed), **attributes})
    case = Case(aanvraag, "person")
    if decided:
        case.beslissing.append(a_row(volgnummer=1, datum_beslissing=decided, uitkomst="ONGEGROND"))
    return case


def a_row(**cells: Any) -> Row:
    return Row(**{"datum_tot": None, "datum_ingetrokken": None} | {k: typed(k, v) for k, v in cells.items()})


@pytest.mark.parametrize(
    ("filed", "decided", "soort", "procedure", "as_of", "applied", "hindsight"),
    [
        ("2022-04-27", "2022-09-26", "EERSTE", None, "2025-07-31", "2022-10-27", "2022-10-27"),
        ("2022-04-27", None, "EERSTE", None, "2025-07-31", "2023-07-27", "2023-07-27"),
        ("2022-10-07", None, "EERSTE", None, "2025-07-31", "2024-01-07", "2024-01-07"),
        ("2023-10-25", None, "EERSTE", None, "2025-07-31", "2025-01-25", "2025-01-25"),
        ("2023-10-24", None, "EERSTE", None, "2025-07-31", "2025-01-24", "2025-01-24"),
        ("2024-01-03", None, "EERSTE", None, "2025-07-31", "2025-04-03", "2024-07-03"),
        ("2024-01-03", None, "EERSTE", None, "2025-06-29", "2025-04-03", "2025-04-03"),
        ("2024-04-10", None, "EERSTE", None, "2025-07-31", "2025-07-10", "2024-10-10"),
        ("2021-08-31", None, "EERSTE", None, "2022-09-26", "2022-02-28", "2022-02-28"),
        ("2023-01-16", None, "NAREIS", None, "2025-07-31", "2023-04-17", "2023-04-17"),
        ("2026-06-15", None, "EERSTE", "GRENS", "2026-07-31", "2026-09-07", "2026-09-07"),
    ],
)
def test_the_worked_deadlines(
    filed: str, decided: str | None, soort: str, procedure: str | None, as_of: str, applied: str, hindsight: str
) -> None:
    case = a_case(filed, decided, soort_aanvraag=soort, procedure=procedure)
    clock = Clock(case, RULES, date.fromisoformat(as_of))
    assert str(clock.deadline_as_applied()) == applied
    assert str(clock.deadline_in_hindsight()) == hindsight


def test_an_individual_extension_stops_at_the_cap() -> None:
    case = a_case("2022-06-15")
    case.termijnmutatie.append(
        a_row(volgnummer=1, soort="VERLENGING", grondslag="Vw 42(4)", maanden=9, datum_vanaf="2023-08-01")
    )
    assert Clock(case, RULES, date(2025, 7, 31)).deadline_as_applied() == date(2024, 3, 15)


@pytest.mark.parametrize(
    ("received", "decided", "starts_on", "days", "amount"),
    [
        ("2019-03-06", "2019-05-10", "2019-03-21", 42, "1442"),
        ("2019-04-05", "2019-04-24", "2019-04-24", 0, "0"),
    ],
)
def test_the_worked_administrative_penalties(
    received: str, decided: str, starts_on: str, days: int, amount: str
) -> None:
    case = a_case("2018-06-01", decided)
    case.ingebrekestelling.append(a_row(volgnummer=1, datum_ontvangst=received))
    (run,) = penalty_runs(case, RULES, date(2025, 7, 31))
    assert (str(run.starts_on), run.days_accrued, run.amount_accrued_eur) == (starts_on, days, Decimal(amount))


def test_the_worked_judicial_penalty() -> None:
    case = a_case("2022-01-10", "2023-05-01")
    case.rechtsmiddel.append(
        a_row(
            volgnummer=1, soort="BEROEP_NTB", datum_uitspraak="2023-02-01", uitspraak="GEGROND",
            beslistermijn_dagen=56, dwangsom_per_dag="100", dwangsom_maximum="7500",
        )
    )  # fmt: skip
    (run,) = penalty_runs(case, RULES, date(2025, 7, 31))
    assert (str(run.starts_on), run.days_accrued) == ("2023-03-30", 32)
    assert run.amount_accrued_eur == Decimal(3200)
    assert not run.is_running

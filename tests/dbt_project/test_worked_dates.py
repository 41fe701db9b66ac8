"""Every worked date of rules.md's decision terms, from application to dim_case; and that law is data, not code."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.dbt_project.compiled import SEEDS, Rows, build

TABLE = "marts.dim_case"


def application(filed: str, soort: str = "EERSTE", procedure: str = "VA", number: int = 1) -> dict[str, str]:
    return {
        "zaaknummer": f"Z{number:09d}",
        "v_nummer": f"{number:010d}",
        "soort_aanvraag": soort,
        "datum_aanvraag": filed,
        "nationaliteit": "0336",
        "geslacht": "V",
        "amv": "N",
        "procedure": procedure,
    }


def decision(day: str) -> dict[str, str]:
    return {"zaaknummer": "Z000000001", "volgnummer": "1", "datum_beslissing": day, "uitkomst": "INWILLIGING_A"}


def extension(day: str, months: int, basis: str) -> dict[str, str]:
    return {
        "zaaknummer": "Z000000001", "volgnummer": "1", "soort": "VERLENGING", "grondslag": basis,
        "maanden": str(months), "datum_vanaf": day,
    }  # fmt: skip


def deadlines(rows: Rows, as_of: date, seeds: Path = SEEDS) -> tuple[date | None, date | None]:
    """Of the one case: as applied, in hindsight."""
    with build(rows, as_of, [TABLE], seeds) as database:
        found = database.execute(f"select deadline_as_applied, deadline_in_hindsight from {TABLE}").fetchall()
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("rows", "as_of", "as_applied", "in_hindsight"),
    [
        pytest.param(
            {"ind__aanvraag": [application("2022-04-27")], "ind__beslissing": [decision("2022-09-26")]},
            "2025-07-31", "2022-10-27", "2022-10-27", id="decided before WBV 2022/22",
        ),
        pytest.param(
            {"ind__aanvraag": [application("2022-04-27")]},
            "2025-07-31", "2023-07-27", "2023-07-27", id="still open at WBV 2022/22",
        ),
        pytest.param(
            {"ind__aanvraag": [application("2022-10-07")]},
            "2025-07-31", "2024-01-07", "2024-01-07", id="a Sunday does not roll",
        ),
        pytest.param(
            {"ind__aanvraag": [application("2023-10-25")]},
            "2025-07-31", "2025-01-25", "2025-01-25", id="a Saturday does not roll",
        ),
        pytest.param(
            {"ind__aanvraag": [application("2023-10-24")]},
            "2025-07-31", "2025-01-24", "2025-01-24", id="WBV 2023/3",
        ),
        pytest.param(
            {"ind__aanvraag": [application("2024-01-03")]},
            "2025-07-31", "2025-04-03", "2024-07-03", id="withdrawn since",
        ),
        pytest.param(
            {"ind__aanvraag": [application("2024-01-03")]},
            "2025-06-29", "2025-04-03", "2025-04-03", id="not withdrawn yet",
        ),
        pytest.param(
            {"ind__aanvraag": [application("2024-04-10")]},
            "2025-07-31", "2025-07-10", "2024-10-10", id="filed in April 2024",
        ),
        pytest.param(
            {
                "ind__aanvraag": [application("2022-06-15")],
                "ind__termijnmutatie": [extension("2023-08-01", 9, "Vw 42(4)")],
            },
            "2025-07-31", "2024-03-15", "2024-03-15", id="capped at 21 months",
        ),
        pytest.param(
            {
                "ind__aanvraag": [application("2024-01-03")],
                "ind__termijnmutatie": [extension("2024-01-05", 9, "besluit volgens WBV 2023/26")],
            },
            "2025-07-31", "2025-04-03", "2024-07-03", id="a general extension in the file adds once",
        ),
        pytest.param(
            {"ind__aanvraag": [application("2021-08-31")]},
            "2025-07-31", "2022-02-28", "2022-02-28", id="the month's last day",
        ),
        pytest.param(
            {"ind__aanvraag": [application("2023-01-16", soort="NAREIS", procedure="")]},
            "2025-07-31", "2023-04-17", "2023-04-17", id="three months of family reunification roll",
        ),
        pytest.param(
            {"ind__aanvraag": [application("2026-06-15", procedure="GRENS")]},
            "2026-07-31", "2026-09-07", "2026-09-07", id="twelve weeks at the border",
        ),
    ],
)  # fmt: skip
def test_a_worked_date(rows: Rows, as_of: str, as_applied: str, in_hindsight: str) -> None:
    assert deadlines(rows, date.fromisoformat(as_of)) == (
        date.fromisoformat(as_applied),
        date.fromisoformat(in_hindsight),
    )


def test_a_new_extension_is_a_row_of_the_seed_and_no_code(tmp_path: Path) -> None:
    seeds = shutil.copytree(SEEDS, tmp_path / "seeds")
    with (seeds / "statutory_terms.csv").open("a", encoding="utf-8") as terms:
        terms.write(
            "NEW,extension,NEW,WBV 2025/1,WBV 2025/1,asylum,2025-01-01,2025-12-31,,4,,,false,2025-02-01,,true,\n"
        )
    rows: Rows = {"ind__aanvraag": [application("2025-03-10")]}
    assert deadlines(rows, date(2025, 7, 31)) == (date(2025, 9, 10), date(2025, 9, 10))
    assert deadlines(rows, date(2025, 7, 31), seeds) == (date(2026, 1, 10), date(2026, 1, 10))


@pytest.mark.parametrize(
    ("day", "next_working"),
    [
        pytest.param("2019-04-19", "2019-04-23", id="Good Friday to the Tuesday after Easter"),
        pytest.param("2025-04-26", "2025-04-28", id="King's Day on Saturday, as the 27th is a Sunday"),
        pytest.param("2012-04-30", "2012-05-01", id="Queen's Day before 2014"),
        pytest.param("2006-04-29", "2006-05-01", id="Queen's Day on Saturday, as the 30th is a Sunday"),
        pytest.param("2014-04-30", "2014-04-30", id="the 30th of April since 2014"),
        pytest.param("2022-05-05", "2022-05-06", id="Liberation Day in a year that is no lustrum"),
        pytest.param("2022-05-26", "2022-05-30", id="Ascension Day, its equated Friday and a weekend"),
        pytest.param("2022-06-06", "2022-06-07", id="Whit Monday"),
        pytest.param("2024-12-25", "2024-12-30", id="Christmas, the equated Friday and a weekend"),
    ],
)
def test_the_next_working_day(day: str, next_working: str) -> None:
    with build({}, date(2025, 7, 31), ["intermediate.calendar"]) as database:
        found = database.execute(
            "select next_working_on from ketenzicht.intermediate.calendar where day = ?", [day]
        ).fetchone()
    assert found == (date.fromisoformat(next_working),)

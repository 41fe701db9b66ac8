"""The rule tables, read from their CSV files.

Belongs here: reading and matching rows. Not: what follows from them.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.oracle.workdays import Workdays

STAGES = {
    1: ("registration", "ind"),
    2: ("awaiting_first_interview", "ind"),
    3: ("rest_and_preparation", "legal_aid"),
    4: ("awaiting_hearing", "ind"),
    5: ("awaiting_assessment", "ind"),
    6: ("awaiting_view", "legal_aid"),
    7: ("awaiting_decision", "ind"),
    8: ("awaiting_housing", "coa"),
    9: ("appeal_window", "applicant"),
    10: ("in_appeal", "court"),
    11: ("awaiting_redecision", "ind"),
    12: ("departure", "coa"),
    13: ("closed", "none"),
}
"""Stage number -> name and holder (the table "Stages" of timeline.md)."""

Record = dict[str, str]


def day(text: str) -> date | None:
    """A date of a rule table; empty is open."""
    return date.fromisoformat(text) if text else None


def covers(first: str, last: str, on: date) -> bool:
    """Is `on` between the two dates of a row, both included, empty = open?"""
    return (not first or date.fromisoformat(first) <= on) and (not last or on <= date.fromisoformat(last))


def specificity(applies_to: str, *, soort: str, procedure: str | None, outcome: str | None) -> int | None:
    """How closely `applies_to` fits a case: 0 is closest, None does not fit (rules.md, step 1)."""
    if applies_to.startswith("outcome:"):
        return 0 if applies_to.removeprefix("outcome:") == outcome else None
    if applies_to.startswith("procedure:"):
        return 1 if applies_to.removeprefix("procedure:") == procedure else None
    if applies_to == "asylum":
        return 3 if soort != "NAREIS" else None
    if applies_to == "all":
        return 4
    return 2 if applies_to == soort else None


def closest(rows: Iterable[Record], *, soort: str, procedure: str | None, outcome: str | None) -> Record | None:
    """The row whose `applies_to` fits best; the first in the file of equals."""
    best: tuple[int, Record] | None = None
    for row in rows:
        rank = specificity(row["applies_to"], soort=soort, procedure=procedure, outcome=outcome)
        if rank is not None and (best is None or rank < best[0]):
            best = (rank, row)
    return best[1] if best else None


@dataclass
class Rulebook:
    """Every rule table as it stands in the seeds, with the columns of the specification's `rules/`."""

    statutory_terms: list[Record]
    penalty_tariffs: list[Record]
    penalty_settings: dict[str, int]
    appeal_windows: list[Record]
    stage_norms: list[Record]
    projects: list[Record]
    nationality_groups: dict[str, str]
    iso3_of_brp: dict[str, str]
    workdays: Workdays

    @classmethod
    def read(cls, folder: Path) -> "Rulebook":
        """Reads the seeds of a folder; `nationalities.csv` maps BRP codes to ISO 3166-1 alpha-3."""

        def rows(name: str) -> list[Record]:
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                return [{k: (v or "").strip() for k, v in row.items()} for row in csv.DictReader(file)]

        return cls(
            statutory_terms=rows("statutory_terms"),
            penalty_tariffs=rows("penalty_tariffs"),
            penalty_settings={r["setting"]: int(r["value"]) for r in rows("penalty_settings")},
            appeal_windows=rows("appeal_windows"),
            stage_norms=rows("stage_norms"),
            projects=rows("projects"),
            nationality_groups={r["iso3"]: r["nationality_group"] for r in rows("nationality_groups")},
            iso3_of_brp={r["brp_code"]: r["iso3"] for r in rows("nationalities")},
            workdays=Workdays(date.fromisoformat(r["day"]) for r in rows("equated_days")),
        )

    def appeal_days(self, outcome: str, procedure: str | None) -> int:
        """Days of the appeal window: the first matching row of `appeal_windows.csv` (timeline.md, rule 4)."""
        for row in self.appeal_windows:
            if row["applies_to"] in {f"outcome:{outcome}", f"procedure:{procedure}", "all"}:
                return int(row["days"])
        raise LookupError(f"appeal_windows.csv has no row for {outcome} {procedure}")

    def norm_days(self, stage: int, entered_on: date) -> int | None:
        """Norm of a stage by the row valid on the day the visit began; None without a row."""
        for row in self.stage_norms:
            if row["stage"] == STAGES[stage][0] and covers(row["valid_from"], row["valid_to"], entered_on):
                return int(row["norm_days"])
        return None

    def nationality_group(self, brp_code: str) -> str:
        """Group of a BRP nationality code; `*` is the rest."""
        return self.nationality_groups.get(self.iso3_of_brp.get(brp_code, ""), self.nationality_groups["*"])

    def tariff(self, received_on: date, soort: str, procedure: str | None, outcome: str | None) -> list[Decimal]:
        """EUR per day in days 1-14, 15-28, 29-42 of an administrative penalty; 0 where no row is valid."""
        valid = [r for r in self.penalty_tariffs if covers(r["received_from"], r["received_to"], received_on)]
        row = closest(valid, soort=soort, procedure=procedure, outcome=outcome)
        if row is None:
            return [Decimal(0)] * 3
        return [Decimal(row[column]) for column in ("days_1_14", "days_15_28", "days_29_42")]

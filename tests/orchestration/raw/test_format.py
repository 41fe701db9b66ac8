"""What makes a history one of another format: it is then rebuilt from every delivery, which takes a while."""

from typing import Any

from contracts.base import Extract
from contracts.columns import column
from orchestration.raw.store import expected_format

RULE = {"earlier": "datum_vertrek", "later": "datum_aankomst"}


def trip(description: str = "rank", rule: dict[str, str] | None = None, **field: Any) -> type[Extract]:
    """An extract of trips whose number is declared as asked."""

    class Trip(Extract):
        """Trips: one row a trip."""

        nummer: int = column(description, **field)
        datum_vertrek: str = column("day it began")
        datum_aankomst: str = column("day it ended")

        class Config:
            name = "raw.ind__reis"
            unique = ["nummer"]
            not_before = rule or RULE

    return Trip


def test_the_wording_of_an_extract_leaves_its_history() -> None:
    assert expected_format("", [trip("rank")]) == expected_format("", [trip("number of the trip", source="ind.reis")])


def test_another_rule_type_or_column_that_may_be_empty_rebuilds_the_history() -> None:
    turned = {"earlier": "datum_aankomst", "later": "datum_vertrek"}
    declared = [trip(), trip(ge=1), trip(ge=2), trip(nullable=True), trip(rule=turned)]
    assert len({expected_format("", [one]) for one in declared}) == len(declared)


def test_other_limits_or_another_extract_rebuild_the_history() -> None:
    assert len({expected_format("", [trip()]), expected_format("20", [trip()]), expected_format("", [])}) == 3

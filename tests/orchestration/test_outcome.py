"""What a refresh warns of, in words that lead to the row."""

from datetime import date

import duckdb

from orchestration.outcome import WAITING, intake_warnings, nothing_to_publish
from orchestration.raw import DeliveryState, Intake

REGISTRY = (
    "create table raw.delivery (partner text, name text, reference_on date, sequence integer, state text, reason text)"
)
QUARANTINE = """
    create table raw.quarantine (
        partner text, extract text, reference_on date, sequence integer, file text, line integer, rules text[],
        key text[], raw_values text, first_seen_on date, resolved_on date, ended_on date
    )
"""


def test_a_warning_of_the_quarantine_names_the_first_row_by_delivery_file_and_line() -> None:
    with duckdb.connect() as connection:
        for statement in ("create schema raw", REGISTRY, QUARANTINE):
            connection.execute(statement)
        connection.execute(
            """
            insert into raw.quarantine
            select
                'ind', 'aanvraag', * exclude (case_number, resolved_on), ['isin:geslacht'], [case_number], '',
                reference_on, resolved_on, null
            from (values
                (date '2025-08-31', 2, 'aanvraag.csv', 10, 'Z2', null),
                (date '2025-08-31', 2, 'aanvraag.csv', 9, 'Z1', null),
                -- the same row in the delivery before
                (date '2025-07-31', 1, 'aanvraag.csv', 3, 'Z1', null),
                (date '2025-07-31', 1, 'aanvraag.csv', 2, 'Z3', date '2025-08-31')
            ) as row (reference_on, sequence, file, line, case_number, resolved_on)
            """
        )
        assert intake_warnings(connection) == [
            "ind aanvraag: rows in quarantine for isin:geslacht: 2, the first in ind/2025-08-31.2, aanvraag.csv line 9"
        ]


def test_a_refresh_that_waits_for_ind_names_the_base_that_is_missing_beside_what_is_incomplete() -> None:
    missing = "waits for its base 2025-02-28, which has not arrived"
    of_ind = [
        DeliveryState("ind", "2025-01-31", "incomplete", "no datapackage.json yet: still being uploaded"),
        DeliveryState("ind", "2025-03-31", "waiting", missing),
        DeliveryState("ind", "2025-04-30", "waiting", "waits for its base 2025-03-31, which is not in force"),
    ]
    end = nothing_to_publish(
        Intake(None, [DeliveryState("coa", "2025-01-31", "in_force", None), *of_ind], 3, [], 0), None
    )
    assert end is not None and end.exit_code == 0
    assert end.messages == (WAITING, str(of_ind[0]), f"ind/2025-03-31 waiting: {missing}")


def test_an_as_of_date_before_everything_is_told_with_the_first_that_can_be_asked_for() -> None:
    of_ind = [DeliveryState("ind", f"2025-0{month}-28.2", "in_force", None) for month in (3, 2)]
    end = nothing_to_publish(Intake(None, of_ind, 0, [], 0), date(2020, 1, 1))
    assert end is not None and end.exit_code == 0
    (told,) = end.messages
    assert "as-of date 2020-01-01 lies before the first delivery of IND: ask for 2025-02-28 or later" in told

"""What a refresh warns of, in words that lead to the row."""

import duckdb

from orchestration.outcome import intake_warnings

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

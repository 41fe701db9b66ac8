"""A table held against its contract: what is reported, and that nothing of a person is."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from pandera.errors import SchemaDefinitionError, SchemaError, SchemaErrors

import contracts
from contracts.duckdb_backend import Violation, violations
from tests.contracts import frames

STAY, RESIDENT = (contracts.all()[f"raw.coa__{name}"] for name in ("verblijf", "bewoner"))
ON = date(2025, 7, 31)


def stay(number: str, arrived: date | None, left: date | None = None, resident: str = "C00000001") -> dict:
    return {
        "verblijf_id": number,
        "coa_nummer": resident,
        "locatiecode": "L",
        "datum_aankomst": arrived,
        "datum_vertrek": left,
        "_reference_on": ON,
    }


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        frames.table(opened, RESIDENT, [{"coa_nummer": "C00000001", "_reference_on": ON}])
        yield opened


GOOD = [stay("S1", date(2021, 1, 1), date(2021, 2, 1)), stay("S2", date(2021, 2, 1))]
BAD = [
    stay("S1", date(2021, 1, 1), date(2020, 2, 1)),
    stay("S1", None),
    stay("S3", date(2022, 1, 1), None, "C99999999"),
    stay("S4", date(2022, 1, 2), date(2022, 1, 9), "C99999999"),
]
BROKEN = [
    Violation("not_null:datum_aankomst", "datum_aankomst", 1),
    Violation("not_before:datum_vertrek", "datum_vertrek", 1),
    Violation("duplicate_key", "verblijf_id", 2),
    Violation("exists_in", "coa_nummer", 2),
    Violation("overlapping_stay", "datum_aankomst", 2),
]


def test_a_good_table_breaks_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    frames.table(connection, STAY, GOOD)
    assert violations(STAY, connection) == []
    relation = connection.table(STAY.table)
    assert STAY.validate(relation, lazy=True) is relation


def test_every_broken_rule_is_counted_at_once(connection: duckdb.DuckDBPyConnection) -> None:
    frames.table(connection, STAY, BAD)
    assert violations(STAY, connection) == BROKEN


def test_another_table_can_be_held_against_the_contract(connection: duckdb.DuckDBPyConnection) -> None:
    frames.table(connection, STAY, BAD)
    assert violations(STAY, connection, f"(from {STAY.table} where verblijf_id = 'S1' and datum_aankomst is null)") == [
        Violation("not_null:datum_aankomst", "datum_aankomst", 1)
    ]


def test_pandera_reports_rule_column_and_count_and_no_value(connection: duckdb.DuckDBPyConnection) -> None:
    frames.table(connection, STAY, BAD)
    with pytest.raises(SchemaErrors) as raised:
        STAY.validate(connection.table(STAY.table), lazy=True)
    assert raised.value.failure_cases == BROKEN
    assert raised.value.error_counts["exists_in coa_nummer"] == 2
    assert "C99999999" not in str(raised.value) and "S1" not in str(raised.value)
    with pytest.raises(SchemaError, match=r"raw\.coa__verblijf: not_null:datum_aankomst \(datum_aankomst\) broken 1"):
        STAY.validate(connection.table(STAY.table))


def test_a_relation_is_judged_whole(connection: duckdb.DuckDBPyConnection) -> None:
    frames.table(connection, STAY, GOOD)
    with pytest.raises(SchemaDefinitionError, match="judged whole: no head"):
        STAY.validate(connection.table(STAY.table), head=1)


def test_columns_are_held_to_the_contract_and_the_rest_is_still_judged(connection: duckdb.DuckDBPyConnection) -> None:
    frames.table(connection, STAY, BAD)
    connection.execute(f"alter table {STAY.table} drop column locatiecode")
    connection.execute(f"alter table {STAY.table} add column kamer varchar")
    connection.execute(f"alter table {STAY.table} add column _line bigint")
    connection.execute(f"alter table {STAY.table} alter datum_vertrek type varchar")
    assert violations(STAY, connection) == [
        Violation("column_missing", "locatiecode", 1),
        Violation("column_unexpected", "kamer", 1),
        Violation("column_type", "datum_vertrek", 1),
        *BROKEN[:1],
        *BROKEN[2:4],
    ]


def test_a_parent_that_is_not_in_the_database_raises() -> None:
    with duckdb.connect() as connection:
        frames.table(connection, STAY, GOOD)
        with pytest.raises(duckdb.CatalogException, match="coa__bewoner"):
            violations(STAY, connection)


def test_validation_reads_a_table_once_for_its_rows_and_once_a_key_or_reference(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    frames.table(connection, STAY, GOOD)
    counting = _Counting(connection)
    violations(STAY, counting)  # type: ignore[arg-type]
    assert len(counting.statements) == 4  # rows, key, reference, overlap


class _Counting:
    """A connection that remembers what it was asked to execute."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.statements: list[str] = []

    def sql(self, statement: str) -> duckdb.DuckDBPyRelation:
        return self.connection.sql(statement)

    def execute(self, statement: str) -> duckdb.DuckDBPyConnection:
        self.statements.append(statement)
        return self.connection.execute(statement)

"""pandera on DuckDB: a contract's schema held against a relation without taking a row out of the database.

What belongs here: running the compiled statements and reporting rule, column and count. What does not: the SQL of
a rule (compile.py). Values never leave the database: they can be personal data.

One scan judges all rules of a row; each key, reference or overlap takes one statement more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import pandera.polars as pa
from pandera.backends.base import BaseSchemaBackend
from pandera.errors import FailureCaseMetadata, SchemaDefinitionError, SchemaError, SchemaErrorReason, SchemaErrors

from contracts.checks import REFERENCE_ON
from contracts.columns import column_infos
from contracts.compile import broken_list, schema_rules, set_statements

if TYPE_CHECKING:
    from contracts.base import Contract

_VIEW = "_relation_under_contract"


@dataclass(frozen=True)
class Violation:
    """A rule that a table breaks, and in how many rows; for a missing or mistyped column the count is 1."""

    rule: str
    column: str
    count: int


def violations(
    contract: type[Contract], connection: duckdb.DuckDBPyConnection, table: str | None = None
) -> list[Violation]:
    """Everything in which a table breaks its contract; empty when it keeps it.

    ``table`` is a name or a query in brackets, by default the contract's own table. Parents of references are
    looked up by their names in the same connection. Rules: ``column_missing``, ``column_unexpected`` (names that
    begin with ``_`` are the platform's own), ``column_type``, and the names of compile.row_rules, ``duplicate_key``
    and the other rules over several rows.
    """
    source = table or contract.table
    shape = connection.sql(f"select * from {source}")
    return _judge(contract.to_schema(), shape, source, lambda sql: connection.execute(sql).fetchall())


def failing_rows(
    contract: type[Contract], connection: duckdb.DuckDBPyConnection, table: str | None = None
) -> set[tuple[int, str]]:
    """(rowid, name of a broken rule) for every row of a base table that breaks one. For tests."""
    schema, source = contract.to_schema(), table or contract.table
    broken = f"select rowid, unnest({broken_list(schema_rules(schema))}) from {source}"
    found = set(connection.execute(broken).fetchall())
    for statement in set_statements(schema):
        rows = connection.execute(statement.rows.format(what="checked.rowid", source=source)).fetchall()
        found |= {(row, statement.name) for (row,) in rows}
    return found


def _judge(
    schema: pa.DataFrameSchema,
    shape: duckdb.DuckDBPyRelation,
    source: str,
    run: Callable[[str], list[tuple[Any, ...]]],
) -> list[Violation]:
    found = _structure(schema, shape)
    unsound = {one.column for one in found}
    rules = [rule for rule in schema_rules(schema) if unsound.isdisjoint(rule.uses)]
    if rules:
        counts = ", ".join(f"count(*) filter (where {rule.sql})" for rule in rules)
        (row,) = run(f"select {counts} from {source}")
        found += [Violation(rule.name, rule.column, count) for rule, count in zip(rules, row, strict=True) if count]
    for statement in set_statements(schema):
        if unsound.isdisjoint(statement.uses):
            ((count,),) = run(f"select count(*) from ({statement.rows.format(what='1', source=source)})")
            found += [Violation(statement.name, statement.column, count)] if count else []
    return found


def _structure(schema: pa.DataFrameSchema, shape: duckdb.DuckDBPyRelation) -> list[Violation]:
    """Missing, unexpected and mistyped columns; a helper column that a rule reads counts as the contract's."""
    present = dict(zip(shape.columns, map(str, shape.types), strict=True))
    expected = {name: info.type for name, info in column_infos(schema).items()}
    if any(REFERENCE_ON in rule.uses for rule in schema_rules(schema)):
        expected[REFERENCE_ON] = "DATE"
    missing = [("column_missing", name) for name in expected if name not in present]
    unexpected = [("column_unexpected", n) for n in present if n not in expected and not n.startswith("_")]
    mistyped = [("column_type", n) for n, type_ in expected.items() if n in present and present[n] != type_]
    return [Violation(rule, name, 1) for rule, name in (*missing, *unexpected, *mistyped)]


class DuckDBSchemaBackend(BaseSchemaBackend):
    """Lets ``Model.validate(relation, lazy=True)`` raise pandera's SchemaErrors for a DuckDB relation."""

    def validate(self, check_obj: Any, schema: Any, *, lazy: bool = False, **options: Any) -> Any:
        """Return the relation, or raise SchemaErrors (lazy) or the first SchemaError."""
        taken = [name for name, value in options.items() if value not in (None, False)]
        if taken:
            raise SchemaDefinitionError(f"a DuckDB relation is judged whole: no {', '.join(taken)}")
        found = _judge(schema, check_obj, _VIEW, lambda sql: check_obj.query(_VIEW, sql).fetchall())
        errors = [_schema_error(schema, check_obj, violation) for violation in found]
        if errors and lazy:
            raise SchemaErrors(schema, errors, check_obj)
        if errors:
            raise errors[0]
        return check_obj

    def failure_cases_metadata(self, schema_name: str, schema_errors: list[SchemaError]) -> FailureCaseMetadata:
        """The broken rules as pandera reports them: rule, column and count, no values."""
        cases = [Violation(str(e.check), str(e.column_name), int(e.failure_cases)) for e in schema_errors]
        message = {schema_name: [str(error) for error in schema_errors]}
        return FailureCaseMetadata(cases, message, {f"{one.rule} {one.column}": one.count for one in cases})


def _schema_error(schema: Any, relation: Any, violation: Violation) -> SchemaError:
    return SchemaError(
        schema,
        relation,
        message=f"{schema.name}: {violation.rule} ({violation.column}) broken {violation.count} times",
        failure_cases=violation.count,
        check=violation.rule,
        column_name=violation.column,
        reason_code=SchemaErrorReason.DATAFRAME_CHECK,
    )


def register() -> None:
    """Make pandera know the backend; called once, where contracts are defined."""
    pa.DataFrameSchema.register_backend(duckdb.DuckDBPyRelation, DuckDBSchemaBackend)

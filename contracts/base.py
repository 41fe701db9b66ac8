"""What a table promises: the Contract class, and Extract for what a partner delivers.

What belongs here: the form of a declaration and what can be read from it. What does not: the rules themselves
(checks.py), SQL (compile.py), any table (sources/, chain.py, marts/).

A contract is a pandera DataFrameModel of which every promise is data, so that one declaration compiles to SQL,
runs on Polars, and becomes Dagster's column schema, DuckDB's comments and docs/dictionary.md::

    class RawIndBeslissing(Extract):
        '''Decisions on applications as IND delivers them: one row a decision.'''

        zaaknummer: str = column("IND case number")
        datum_beslissing: date = column("day of the decision")
        datum_bekendmaking: date = column("day it was made known", nullable=True)

        class Config:
            name = "raw.ind__beslissing"
            unique = ["zaaknummer", "volgnummer"]
            not_before = {"later": "datum_bekendmaking", "earlier": "datum_beslissing"}

Rules over several columns stand in Config, by the names of checks.py: one dict of statistics, or a tuple of them.
"""

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar

import pandera.polars as pa
import polars as pl
from pandera.api.dataframe.model_components import FieldInfo
from pandera.errors import SchemaInitError

from contracts.checks import (
    Overlap,
    ParentComparison,
    Reference,
    UnknownCheckError,
    declared,
    identifier,
    literal,
    set_rules,
)
from contracts.columns import ColumnInfo, column_infos
from contracts.duckdb_backend import register
from contracts.versions import CURRENT

EARLIEST = date(1990, 1, 1)
"""No date of an extract lies before this day, except birth dates (extracts.md, What makes a row bad)."""

T = TypeVar("T")

register()


class _ClassProperty(Generic[T]):
    """A property of the class itself; pandera passes over it because it has no __set__."""

    def __init__(self, method: Callable[[Any], T]) -> None:
        self.method: Any = method

    def __get__(self, instance: object, owner: type) -> T:
        value: T = self.method.__get__(None, owner)()
        return value


class Contract(pa.DataFrameModel):
    """A promise about one table; the first paragraph of the docstring is its grain."""

    _rules: ClassVar[list[pa.Check]]

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        extras, cls.__extras__ = cls.__extras__ or {}, {}
        if not abstract:
            _refuse_bodies(cls)
            _refuse_hiding(cls)
        try:
            cls._rules = [declared(kind, one) for kind, value in extras.items() for one in _each(value)]
        except (UnknownCheckError, TypeError) as error:
            raise SchemaInitError(f"{cls.__name__}: {error}") from error

    @classmethod
    def build_schema_(cls, **kwargs: Any) -> pa.DataFrameSchema:
        """The pandera schema: columns with their checks, and the rules of Config as checks of the table."""
        schema = super().build_schema_(**kwargs)
        schema.checks = [*cls._default_rules(schema), *cls._rules]
        return schema

    @classmethod
    def _default_rules(cls, schema: pa.DataFrameSchema) -> list[pa.Check]:
        return []

    @_ClassProperty
    @classmethod
    def table(cls) -> str:
        """The name of the table: ``stage.name``, in DuckDB, Dagster and dbt alike."""
        return str(cls.to_schema().name)

    @_ClassProperty
    @classmethod
    def grain(cls) -> str:
        """What one row is: the first paragraph of the docstring."""
        return " ".join((inspect.getdoc(cls) or "").split("\n\n")[0].split())

    @_ClassProperty
    @classmethod
    def key(cls) -> tuple[str, ...]:
        """The columns that name a row; empty when the contract states none."""
        unique = cls.to_schema().unique or ()
        return (unique,) if isinstance(unique, str) else tuple(unique)

    @_ClassProperty
    @classmethod
    def columns(cls) -> dict[str, ColumnInfo]:
        """The columns in the order of the declaration."""
        return column_infos(cls.to_schema())

    @_ClassProperty
    @classmethod
    def references(cls) -> list[Reference]:
        """The ``exists_in`` rules."""
        return [one for one in set_rules(cls.to_schema()) if isinstance(one, Reference)]

    @_ClassProperty
    @classmethod
    def parent_comparisons(cls) -> list[ParentComparison]:
        """The ``not_before_parent`` rules."""
        return [one for one in set_rules(cls.to_schema()) if isinstance(one, ParentComparison)]

    @_ClassProperty
    @classmethod
    def overlaps(cls) -> list[Overlap]:
        """The ``no_overlap`` rules."""
        return [one for one in set_rules(cls.to_schema()) if isinstance(one, Overlap)]

    @classmethod
    def comments_sql(cls) -> list[str]:
        """The statements that put the grain and each column's description, unit and source into DuckDB."""
        return [
            f"comment on table {cls.table} is {literal(cls.grain)}",
            *(
                f"comment on column {cls.table}.{identifier(info.name)} is {literal(info.comment)}"
                for info in cls.columns.values()
            ),
        ]


class Extract(Contract, abstract=True):
    """What a partner delivers: ``raw.<partner>__<extract>``, with the partner's own column names.

    Every date lies between 1990-01-01 and the reference date of its row (helper column ``_reference_on``), except
    where the column says ``future`` or ``birth``. Columns whose name begins with ``_`` are the history's own.
    """

    @_ClassProperty
    @classmethod
    def partner(cls) -> str:
        """ind, coa or rvr."""
        return cls.table.split(".")[1].split("__")[0]

    @_ClassProperty
    @classmethod
    def extract(cls) -> str:
        """The name of the resource in the partner's data package."""
        return cls.table.split("__")[1]

    @_ClassProperty
    @classmethod
    def version(cls) -> str:
        """The version of the agreement with the partner that this class is part of."""
        return CURRENT[cls.partner]

    @classmethod
    def _default_rules(cls, schema: pa.DataFrameSchema) -> list[pa.Check]:
        rules = []
        for name, info in schema.columns.items():
            metadata = info.metadata or {}
            is_date = info.dtype.type == pl.Date
            if is_date:
                rules.append(declared("not_too_early", {"column": name, "earliest": EARLIEST}))
            if (is_date and not metadata.get("future")) or metadata.get("birth"):
                rules.append(declared("not_future", {"column": name, "text": not is_date}))
        return rules


def _each(value: Any) -> tuple[Mapping[str, Any], ...]:
    """One rule or several: a dict of statistics, or a tuple of them."""
    rules = value if isinstance(value, tuple | list) else (value,)
    if not all(isinstance(rule, Mapping) for rule in rules):
        raise TypeError(f"a rule in Config is a dict of its statistics, or a tuple of dicts; not {value!r}")
    return tuple(rules)


def _refuse_bodies(cls: type[Contract]) -> None:
    """A rule with a Python body could not be compiled to SQL, so a contract may hold none."""
    for name, value in vars(cls).items():
        is_body = inspect.isroutine(value) or isinstance(value, property)
        if is_body and not isinstance(value, FieldInfo) and not name.startswith("__"):
            raise SchemaInitError(
                f"{cls.__name__}.{name} is a Python body; state the rule in Config, by a name of checks.py"
            )


def _refuse_hiding(cls: type[Contract]) -> None:
    hidden = [n for n, v in vars(cls).items() if isinstance(v, FieldInfo) and n in dir(Contract)]
    if hidden:
        raise SchemaInitError(f"{cls.__name__}: columns {hidden} need another attribute name and an alias")

"""A column of a contract: how it is declared, and what can be read from it. Nothing about rules."""

from typing import Annotated, Any, NamedTuple

import pandera.polars as pa
import polars as pl

Decimal5 = Annotated[pl.Decimal, 5, 2]
Decimal6 = Annotated[pl.Decimal, 6, 2]
Decimal10 = Annotated[pl.Decimal, 10, 2]
Decimal12 = Annotated[pl.Decimal, 12, 2]
Decimal18 = Annotated[pl.Decimal, 18, 2]
Decimal38 = Annotated[pl.Decimal, 38, 2]
"""Decimals of so many digits, two of them behind the point; 38 is what DuckDB gives a sum."""
Decimal18x4 = Annotated[pl.Decimal, 18, 4]
"""For quantities whose precision the specification leaves open."""
Pseudonym = pl.Binary
"""The 128 bits of a pseudonym, as tables between raw history and the marts hold them; text wherever they are read."""

_DUCKDB_TYPES = {
    pl.String: "VARCHAR",
    pl.Int64: "BIGINT",
    pl.Float64: "DOUBLE",
    pl.Date: "DATE",
    pl.Boolean: "BOOLEAN",
    Pseudonym: "UUID",
}


class ColumnInfo(NamedTuple):
    """What a contract says about a column. ``type`` is DuckDB's name of it."""

    name: str
    type: str
    nullable: bool
    description: str
    unit: str | None
    source: str | None
    formula: str | None
    denominator: str | None
    birth: bool

    @property
    def comment(self) -> str:
        """All that is declared, in one line."""
        named = {
            "Formula": self.formula,
            "Denominator": self.denominator,
            "Unit": self.unit,
            "Source": self.source,
        }
        parts = [self.description, *(f"{name}: {text}" for name, text in named.items() if text)]
        return " ".join(part if part.endswith(".") else f"{part}." for part in parts)


def column(
    description: str,
    *,
    unit: str | None = None,
    source: str | None = None,
    formula: str | None = None,
    denominator: str | None = None,
    future: bool = False,
    birth: bool = False,
    **field: Any,
) -> Any:
    """A pandera Field with what every column of ours says about itself.

    ``source`` (``ind.aanvraag.datum_aanvraag``) says where it comes from, ``formula`` how it is computed where the
    description does not, ``denominator`` what a share, mean or quantile is of: a column of the table, or words.
    They feed comments, dictionary and ``explain``, and stand nowhere else. In an extract, ``future`` lets a date lie
    after the reference date, ``birth`` marks a birth date in text with parts 00.
    """
    metadata = {
        "unit": unit,
        "source": source,
        "formula": formula,
        "denominator": denominator,
        "future": future,
        "birth": birth,
    }
    return pa.Field(description=description, metadata=metadata, **field)


def column_infos(schema: pa.DataFrameSchema) -> dict[str, ColumnInfo]:
    """The columns of a schema in the order of the declaration."""
    return {name: _column_info(name, column) for name, column in schema.columns.items()}


def _column_info(name: str, column: Any) -> ColumnInfo:
    metadata = column.metadata or {}
    return ColumnInfo(
        name,
        duckdb_type(column.dtype.type),
        column.nullable,
        column.description or "",
        metadata.get("unit"),
        metadata.get("source"),
        metadata.get("formula"),
        metadata.get("denominator"),
        bool(metadata.get("birth")),
    )


def duckdb_type(dtype: Any) -> str:
    """DuckDB's name of a column type. Raises KeyError for a type that no contract uses."""
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision},{dtype.scale})"
    return _DUCKDB_TYPES[dtype]

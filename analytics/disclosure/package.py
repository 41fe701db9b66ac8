"""The files of open data: each table as Parquet and CSV, and a Frictionless data package that describes them.

Belongs here: formats and descriptions. Does not belong here: figures. No clock: equal tables give equal files.
Source: Data Package (v1) and Table Schema specifications, specs.frictionlessdata.io.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from analytics.disclosure.closed_list import OpenColumn, OpenTable
from analytics.disclosure.profile import MINIMUM_CASES, Profile
from analytics.disclosure.tables import FEW_CASES, HELD, SMALL, SUPPRESSED

DESCRIPTOR = "datapackage.json"
TYPES = {pl.Int64: "integer", pl.Float64: "number", pl.String: "string", pl.Date: "date"}


def write(folder: Path, tables: Mapping[OpenTable, pl.DataFrame], as_of: date, profile: Profile) -> list[Path]:
    """Write every table and the descriptor into an existing, empty folder; returns the files."""
    resources = []
    for table, frame in tables.items():
        comma, columnar = folder / f"{table.name}.csv", folder / f"{table.name}.parquet"
        frame.write_csv(comma)
        frame.write_parquet(columnar, compression="zstd")
        resources.append(
            _file(comma, table.name, table.title, "csv", "text/csv")
            | {
                "profile": "tabular-data-resource",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
                "schema": _schema(table, frame, profile),
            }
        )
        resources.append(
            _file(columnar, f"{table.name}_parquet", table.title, "parquet", "application/vnd.apache.parquet")
        )
    descriptor = folder / DESCRIPTOR
    content = _package(as_of, profile) | {"resources": resources}
    descriptor.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return sorted(folder.iterdir())


def _package(as_of: date, profile: Profile) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "name": "ketenzicht-open-data",
        "title": "The Dutch asylum chain by month",
        "description": (
            f"Aggregates of the asylum chain as of {as_of}. Counts are rounded to {profile.rounding}; counts of 1 to "
            f"{profile.threshold - 1} are empty, and so is here and there one more, where it would give a small one "
            "away. Totals are rounded themselves: parts need not add up to them. Sums, means, shares and quantiles "
            f"are there where the published count says that {MINIMUM_CASES} cases or more stand behind them."
        ),
        "version": str(as_of),
        "sources": [
            {"title": "IND, Immigration and Naturalisation Service"},
            {"title": "COA, Central Agency for the Reception of Asylum Seekers"},
            {"title": "RvR, Legal Aid Board"},
        ],
        "disclosure_control": {"threshold": profile.threshold, "rounding": profile.rounding},
    }


def _file(path: Path, name: str, title: str, file_format: str, media_type: str) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "name": name,
        "path": path.name,
        "title": title,
        "format": file_format,
        "mediatype": media_type,
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def _schema(table: OpenTable, frame: pl.DataFrame, profile: Profile) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [
        {"name": "month_start", "type": "date", "format": "default", "description": "First day of the month"}
    ]
    fields += [
        {"name": name, "type": "string", "description": "`all` is the total", "constraints": {"required": True}}
        for name in table.dimensions
    ]
    for column in table.columns:
        fields.append(
            {
                "name": column.name,
                "type": TYPES[frame.schema[column.name]],  # type: ignore[index]
                "description": f"{column.description}. {_rounding(column, profile)}",
            }
        )
        words = (SMALL, SUPPRESSED, HELD) if column.kind == "count" else (FEW_CASES, SUPPRESSED)
        fields.append(
            {
                "name": column.status,
                "type": "string",
                "description": "; ".join(f"{word}: {_meaning(word, profile)}" for word in words)
                + "; empty: the value is shown",
                "constraints": {"enum": list(words)},
            }
        )
    return {"fields": fields, "missingValues": [""], "primaryKey": ["month_start", *table.dimensions]}


def _rounding(column: OpenColumn, profile: Profile) -> str:
    if column.kind == "count":
        return f"Rounded to {profile.rounding}."
    return f"Rounded to {column.round_to:g}; rests on {column.rests_on}."


def _meaning(word: str, profile: Profile) -> str:
    return {
        SMALL: f"1 to {profile.threshold - 1}",
        SUPPRESSED: "hidden because it would give another value away",
        HELD: "of an earlier release, because the new value beside it would give a count away",
        FEW_CASES: f"the published count does not say that there are {MINIMUM_CASES} cases",
    }[word]

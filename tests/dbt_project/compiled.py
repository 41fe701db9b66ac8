"""Runs models on a few rows within a second: dbt compiles the project once, DuckDB runs the compiled SQL.

A model in Python is called with what dbt would give it: relations by name.

Belongs here: rows per extract, or the raw history of an intake, in; tables out. Does not belong here: what a test
expects. That dbt itself builds the same tables is tested where a home is refreshed.
"""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import duckdb

import contracts
from tests.dbt_project import raw_tables

PROJECT = Path(__file__).parents[2] / "dbt_project"
SEEDS = PROJECT / "seeds"
DATABASE, PUBLICATION = "ketenzicht", "chain"

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows per extract (`ind__aanvraag`) by Dutch column name, as text; a missing column or an empty text is null."""


@dataclass(frozen=True)
class Compiled:
    """The nodes of a dbt project: seeds with their file and the types of its columns, models with their SQL."""

    seeds: Mapping[str, tuple[str, Mapping[str, str]]]
    models: Mapping[str, str]
    """SQL by `database.schema.table`; of a model in Python the path of its file."""
    parents: Mapping[str, tuple[str, ...]]
    is_view: Mapping[str, bool]
    touched_by: Mapping[str, Mapping[str, str]]
    """Of tables that are kept, the kind of key in each column that names what a row is of."""
    tests: Mapping[str, str]
    """SQL of the data tests that stop a refresh, by name: it finds no row."""

    def needed(self, tables: Iterable[str]) -> list[str]:
        """These relations and all that they are made of, parents first."""
        found: dict[str, None] = {}

        def visit(relation: str) -> None:
            if relation not in found:
                for parent in self.parents[relation]:
                    visit(parent)
                found[relation] = None

        for table in tables:
            visit(next(relation for relation in self.parents if f".{relation}".endswith(f".{table}")))
        return list(found)


@cache
def project(*, only_touched: bool = False) -> Compiled:
    """Compiles the dbt project, once a process; nothing is built. Raises CalledProcessError when dbt cannot read it.

    `only_touched`: for builds that make anew the rows of touched keys only.
    """
    nodes = _manifest(only_touched)["nodes"].values()
    wanted = {n["unique_id"]: n for n in nodes if n["resource_type"] in {"seed", "model"}}
    name = {key: f"{n['database']}.{n['schema']}.{n['alias']}" for key, n in wanted.items()}
    seeds = {key: n for key, n in wanted.items() if n["resource_type"] == "seed"}
    models = {key: n for key, n in wanted.items() if n["resource_type"] == "model"}
    tests = [n for n in nodes if n["resource_type"] == "test"]
    return Compiled(
        {name[k]: (Path(n["path"]).name, n["config"]["column_types"]) for k, n in seeds.items()},
        {name[k]: n["path"] if n["language"] == "python" else n["compiled_code"] for k, n in models.items()},
        {
            name[k]: tuple(name[p] for p in n.get("depends_on", {}).get("nodes", []) if p in wanted)
            for k, n in wanted.items()
        },
        {name[k]: n["config"]["materialized"] == "view" for k, n in models.items()},
        {name[k]: n["config"].get("touched_by", {}) for k, n in models.items()},
        {n["name"]: n["compiled_code"] for n in tests if n["config"]["severity"].lower() == "error"},
    )


def _manifest(only_touched: bool) -> Any:
    """What dbt writes of the project when it has compiled it."""
    with TemporaryDirectory() as name:
        scratch = Path(name)
        environment = os.environ | {
            "KETENZICHT_DATABASE": str(scratch / f"{DATABASE}.duckdb"),
            "KETENZICHT_BUILD": str(scratch / "build.duckdb"),
            "DBT_PROJECT_DIR": str(PROJECT),
            "DBT_PROFILES_DIR": str(PROJECT),
            "DBT_TARGET_PATH": str(scratch / "target"),
            "DBT_LOG_PATH": str(scratch / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        dbt = [sys.executable, "-W", "ignore", "-m", "dbt.cli.main"]
        select = ["--select", "resource_type:model", "resource_type:test"]
        known = ["--vars", json.dumps({"only_touched": only_touched})]
        subprocess.run([*dbt, "compile", "--quiet", *select, *known], cwd=PROJECT, env=environment, check=True)
        return json.loads((scratch / "target" / "manifest.json").read_text())


def build(
    rows: Rows, as_of: date, tables: Iterable[str], seeds: Path = SEEDS, threads: int = 2
) -> duckdb.DuckDBPyConnection:
    """A database with these tables (`marts.dim_case`) of these rows, as of A, and everything that they need."""
    database = in_memory(threads)
    raw_tables.create(database, as_of)
    for extract, content in rows.items():
        raw_tables.insert(database, extract, content, min(as_of, date(2000, 1, 1)))
    raw_tables.pseudonymise(database)
    run_models(database, tables, seeds)
    database.execute(f"use {PUBLICATION}")
    return database


@contextmanager
def build_history(taken: Path, tables: Iterable[str] = ()) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with these tables, by default all, of the raw history in the working database of an intake."""
    with in_memory() as database:
        take_over(database, taken)
        run_models(database, tables or project().parents)
        yield database


def take_over(database: duckdb.DuckDBPyConnection, taken: Path) -> None:
    """Bring schema `raw` to what the working database of an intake has; what the last build noted stays."""
    database.execute(f"attach '{taken}' as taken (read_only)")
    found = database.execute("select table_name from duckdb_tables() where database_name = 'taken'").fetchall()
    database.execute(f"create schema if not exists {DATABASE}.raw")
    for (table,) in found:
        mode = "table if not exists" if table == "last_build" else "or replace table"
        database.execute(f'create {mode} {DATABASE}.raw."{table}" as from taken.raw."{table}"')
    database.execute("detach taken")


def in_memory(threads: int = 2) -> duckdb.DuckDBPyConnection:
    """The two files of a home, empty and in memory: the working database is in use; it has no schema `raw` yet."""
    database = duckdb.connect(config={"threads": threads})
    for name in (DATABASE, PUBLICATION):
        database.execute(f"attach ':memory:' as {name}")
    for schema in (f"{DATABASE}.rules", f"{DATABASE}.staging", f"{DATABASE}.intermediate", f"{PUBLICATION}.marts"):
        database.execute(f"create schema {schema}")
    database.execute(f"use {DATABASE}")
    return database


def run_models(database: duckdb.DuckDBPyConnection, tables: Iterable[str], seeds: Path = SEEDS) -> None:
    """Builds these tables out of schema `raw` as it is, and everything that they need; what was there is replaced."""
    compiled = project()
    for relation in compiled.needed(tables):
        if relation in compiled.seeds:
            file, types = compiled.seeds[relation]
            _seed(database, relation, seeds / file, types)
        elif compiled.models[relation].endswith(".py"):
            _run_python(database, relation, PROJECT / "models" / compiled.models[relation], compiled.parents[relation])
        else:
            kind = "view" if compiled.is_view[relation] else "table"
            database.execute(f"create or replace {kind} {relation} as {compiled.models[relation]}")


def run_touched(database: duckdb.DuckDBPyConnection, tables: Iterable[str], standing: Collection[str] = ()) -> None:
    """Builds these tables and everything that they need as a build of touched keys only does, but those `standing`."""
    compiled = project(only_touched=True)
    for relation in compiled.needed(tables):
        if relation not in compiled.models or compiled.is_view[relation] or relation in standing:
            continue
        if compiled.models[relation].endswith(".py"):
            _run_python(database, relation, PROJECT / "models" / compiled.models[relation], compiled.parents[relation])
        elif touched_by := compiled.touched_by[relation]:
            database.execute(f"create or replace temp table of_touched as {compiled.models[relation]}")
            for column, kind in touched_by.items():
                database.execute(
                    f"delete from {relation} where {column} in"
                    f" (select {kind}_id from {DATABASE}.intermediate.touched_{kind})"
                )
            database.execute(f"insert into {relation} by name from of_touched")
        else:
            database.execute(f"create or replace table {relation} as {compiled.models[relation]}")


def of_given(
    table: str, given: Mapping[str, Sequence[Mapping[str, Any]]], as_of: date, threads: int = 2
) -> list[dict[str, Any]]:
    """The rows of a model in Python out of these rows of the tables that it reads; columns that are not given are null.

    What a unit test of dbt is to a model in SQL. A table that is not given is empty.
    """
    compiled = project()
    relation = next(name for name in compiled.models if name.endswith(f".{table}"))
    with in_memory(threads) as database:
        database.execute(f"create schema {DATABASE}.raw")
        database.execute(f"create table {DATABASE}.raw.as_of as select ?::date as as_of_on", [as_of])
        for parent in compiled.parents[relation]:
            _, schema, name = parent.split(".")
            seed = compiled.seeds.get(parent)
            types = seed[1] if seed else {n: c.type for n, c in contracts.all()[f"{schema}.{name}"].columns.items()}
            database.execute(f"create table {parent} ({', '.join(f'{n} {type_}' for n, type_ in types.items())})")
            for row in given.get(name, []):
                # a name stands for a pseudonym, as in the unit tests of dbt
                marks = ", ".join("md5(?::varchar)::uuid" if types[column] == "UUID" else "?" for column in row)
                database.execute(f"insert into {parent} ({', '.join(row)}) values ({marks})", list(row.values()))
        _run_python(database, relation, PROJECT / "models" / compiled.models[relation], compiled.parents[relation])
        found = database.execute(f"from {relation}")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _run_python(database: duckdb.DuckDBPyConnection, relation: str, file: Path, parents: Sequence[str]) -> None:
    spec = spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    tables = {parent.rpartition(".")[2]: parent for parent in parents}
    dbt = SimpleNamespace(
        config=lambda **_: None,
        ref=lambda name: database.sql(f"from {tables[name]}"),
        source=lambda schema, name: database.table(f"{DATABASE}.{schema}.{name}"),
    )
    database.register("made", module.model(dbt, database))
    database.execute(f"create or replace table {relation} as from made")
    database.unregister("made")


def _seed(database: duckdb.DuckDBPyConnection, relation: str, file: Path, types: Mapping[str, str]) -> None:
    columns = ", ".join(f"'{column}': '{type_}'" for column, type_ in types.items())
    database.execute(
        f"create or replace table {relation} as from read_csv('{file}', header = true, columns = {{{columns}}})"
    )


def read_rows(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The CSV files of a folder, by the name of the extract; `#` begins a comment."""
    return {file.stem: read_csv(file) for file in sorted(folder.glob("*.csv"))}


def read_csv(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file as text; lines that begin with `#` are comments, blanks around cells are for the eye."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [{k.strip(): v.strip() for k, v in row.items()} for row in csv.DictReader(lines)]

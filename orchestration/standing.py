"""What of a working database stands, and what the next build must make anew.

Rule tables and staging views are a function of the project alone: views hold no rows, rule tables those of the
project's files. Tables kept per case, person, resident or certificate (dbt_project/macros/touched.sql) change for the
keys that a delivery or a day touches, when nothing before the last build changed. What was known at month ends
(`restated_*`) changes with a new month end, or with a delivery of before the last one.

Belongs here: what the last build saw, and what follows from it. Does not belong here: what is built (`dbt`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from orchestration import database
from orchestration.durable import reached
from orchestration.settings import Settings

TABLE = "rules._project"
"""The project that all was made of, and whether the last build left what was known at month ends as it was.

Among the tables that it speaks of: whoever leaves those out of a copy leaves it out too.
"""

KNOWLEDGE = ("restated_case", "restated_over_term", "restated_presence")
"""Functions of raw history up to the last month end, and of the project."""

_SEEN = """
    select
        delivery.partner,
        delivery.reference_on,
        delivery.name || ' ' || delivery.content_id as content
    from raw.delivery as delivery
    where delivery.state = 'in_force'
"""
_SETTINGS = "(select string_agg(name || '=' || value, ';' order by name) from raw.setting)"
_DIGEST = f"md5(string_agg(content, ';' order by content) || {_SETTINGS})"


@dataclass(frozen=True)
class Standing:
    """What need not be made anew."""

    rules: bool
    """Rule tables and staging views."""
    untouched: bool
    """Rows of keys that nothing touched since the last build."""
    knowledge: bool
    """What was known at month ends."""


NOTHING = Standing(rules=False, untouched=False, knowledge=False)


def found(settings: Settings, project: str) -> Standing:
    """What stands of what was made from this project (a hash), given raw history and as-of date as they are now."""
    with database.connect(settings, read_only=True) as connection:
        if not database.has_table(connection, TABLE):
            return NOTHING
        if connection.execute(f"select project from {TABLE}").fetchall() != [(project,)]:
            return NOTHING
        return of_history(connection)


def of_history(connection: duckdb.DuckDBPyConnection) -> Standing:
    """The same of the same project, in a database that is open."""
    untouched = _only_grew(connection)
    return Standing(rules=True, untouched=untouched, knowledge=untouched and _no_new_month_end(connection))


def _only_grew(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the last build was whole and judged, and deliveries and day that came since come after what it saw."""
    row = connection.execute(
        f"""
        with
        seen as ({_SEEN}),
        compared as (
            select
                last_build.is_whole and last_build.as_of_on <= known.as_of_on as is_later,
                last_build.deliveries is not distinct from (
                    select {_DIGEST} from seen
                    where seen.partner = last_build.partner and seen.reference_on <= last_build.delivered_to
                ) as is_same
            from raw.last_build as last_build
            cross join raw.as_of as known
        ),
        rule_day as (
            select unnest([announced_on, withdrawn_on]) as day from rules.statutory_terms
        )
        select
            coalesce((select bool_and(is_later and is_same) from compared), false)
            and not exists (select 1 from seen where partner not in (select partner from raw.last_build))
            -- a rule that is announced or withdrawn changes the term of many cases
            and not exists (
                select 1 from rule_day
                inner join raw.last_build as last_build on rule_day.day > last_build.as_of_on
                inner join raw.as_of as known on rule_day.day <= known.as_of_on
            )
        """
    ).fetchone()
    return bool(row and row[0])


def _no_new_month_end(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the same month ends are looked back at, and nothing came since that was known at one of them."""
    row = connection.execute(
        f"""
        with
        seen as ({_SEEN}),
        looked_back as (select max(knowledge_on) as last_on from intermediate.knowledge_date)
        select
            (
                select bool_and(
                    date_trunc('month', last_build.as_of_on + 1) = date_trunc('month', known.as_of_on + 1)
                )
                from raw.last_build as last_build
                cross join raw.as_of as known
            )
            and not exists (
                select 1
                from seen
                inner join raw.last_build as last_build on seen.partner = last_build.partner
                inner join looked_back on seen.reference_on <= looked_back.last_on
                where seen.reference_on > last_build.delivered_to
            )
        """
    ).fetchone()
    return bool(row and row[0])


def begin(settings: Settings, standing: Standing) -> None:
    """What does not stand is about to be made anew: a run that dies half-way leaves a mixture, which is nobody's."""
    made_of_nothing = f"create schema if not exists rules; create or replace table {TABLE} (project varchar not null);"
    with database.connect(settings) as connection:
        # the days stay: this build asks what has come since
        connection.execute(
            f"""begin;
            {"" if standing.rules else made_of_nothing}
            update raw.last_build set is_whole = false;
            commit"""
        )
    reached("standing.begun")


def end(settings: Settings, project: str, stood: Standing) -> None:
    """All was made but for what `stood`, of this project and of raw history as it is; it stands once it was judged."""
    with database.connect(settings) as connection:
        connection.begin()
        row = "select ? as project, ? as knowledge_stood"
        connection.execute(f"create or replace table {TABLE} as {row}", [project, stood.knowledge])
        reached("standing.named")
        note(connection)
        connection.commit()
        reached("standing.ended")


def note(connection: duckdb.DuckDBPyConnection) -> None:
    """Write down up to where raw history was seen."""
    connection.execute(
        f"""
        delete from raw.last_build;
        insert into raw.last_build by name
        select
            seen.partner,
            least(max(seen.reference_on), max(known.as_of_on)) as known_to,
            max(known.as_of_on) as as_of_on,
            max(seen.reference_on) as delivered_to,
            {_DIGEST} as deliveries,
            false as is_whole
        from ({_SEEN}) as seen
        cross join raw.as_of as known
        group by seen.partner
        order by seen.partner
        """
    )
    reached("standing.noted")


def trust(settings: Settings) -> None:
    """All that was made keeps its contracts: the next build may leave rows as they are, unjudged."""
    with database.connect(settings) as connection:
        confirm(connection)
        reached("standing.trusted")


def confirm(connection: duckdb.DuckDBPyConnection) -> None:
    """The same in a database that is open."""
    connection.execute("update raw.last_build set is_whole = true")
    reached("standing.confirmed")


def made_rows(connection: duckdb.DuckDBPyConnection, touched_by: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Of tables that the last build did not make whole, a query in brackets for the rows that it made.

    `touched_by` gives for tables that may be kept the kind of key in each of their columns that names what a row is of.
    """
    found = connection.execute(
        f"select exists (select 1 from intermediate.touched_person), (select bool_or(knowledge_stood) from {TABLE})"
    ).fetchone()
    touched_only, knowledge_stood = found or (False, False)
    made = {table: _touched_rows(table, columns) for table, columns in touched_by.items()} if touched_only else {}
    if knowledge_stood:
        made |= {f"intermediate.{table}": f"(select * from intermediate.{table} where false)" for table in KNOWLEDGE}
    return made


def _touched_rows(table: str, touched_by: Mapping[str, str]) -> str:
    keys = [f"{column} in (select {kind}_id from intermediate.touched_{kind})" for column, kind in touched_by.items()]
    return f"(select * from {table} where {' or '.join(keys)})"

"""The quarantine for people: which bad rows stand open, by rule and one by one, without a number of anybody.

Belongs here: reading `raw.quarantine`. Does not belong here: what puts a row there or resolves it (`raw.counting`), how
a value is masked (`masking`), what goes back to a partner (`return_files`), the sentences (`contracts.wording`).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

import contracts
from contracts.base import Extract
from contracts.wording import Wording, wordings
from orchestration import database
from orchestration.bad_rows import ROWS
from orchestration.masking import columns_of, masked_key, shape
from orchestration.raw.pseudonyms import knows_key
from orchestration.settings import Settings

BY_RULE = f"""
    with
    {ROWS},

    ruled as (
        select *, unnest(rules) as rule from quarantined where list_contains($states, state)
    )

    select
        partner,
        extract,
        rule,
        count(*) filter (where state = 'open' and is_newest) as open_rows,
        count(*) filter (where state = 'resolved' and is_newest) as resolved_rows,
        count(*) filter (where state = 'ended' and is_newest) as ended_rows,
        min(since_on) as first_seen_on,
        count(distinct delivery) as deliveries,
        max_by(delivery, (reference_on, sequence)) as newest_delivery
    from ruled
    where ($partner is null or partner = $partner) and ($extract is null or extract = $extract)
        and ($rule is null or rule = $rule)
    group by partner, extract, rule
    order by partner, extract, rule
"""

ONE_BY_ONE = f"""
    with
    {ROWS}

    select
        partner, extract, delivery, file, line, rules, key, raw_values, state, since_on as first_seen_on, resolved_by
    from quarantined
    where is_newest and list_contains($states, state)
        and ($partner is null or partner = $partner) and ($extract is null or extract = $extract)
        and ($rule is null or list_contains(rules, $rule))
    order by partner, extract, reference_on, sequence, file, line
"""

Rows = list[dict[str, Any]]


class QuarantineError(Exception):
    """The quarantine cannot be asked this; the message says what can be."""


@dataclass(frozen=True)
class Chosen:
    """Which bad rows are asked for; None is any. Without `resolved`, only those that stand open."""

    partner: str | None = None
    extract: str | None = None
    rule: str | None = None
    resolved: bool = False

    def __post_init__(self) -> None:
        """Raises QuarantineError for an extract or rule that there is not: an empty list would look like good news."""
        extracts = [one for one in contracts.extracts().values() if self.partner in {None, one.partner}]
        names = sorted({one.extract for one in extracts})
        if self.extract is not None and self.extract not in names:
            raise QuarantineError(f"there is no extract {self.extract!r}: one of {', '.join(names)}")
        rules = {rule for one in extracts if self.extract in {None, one.extract} for rule in wordings(one)}
        if self.rule is not None and self.rule not in rules:
            raise QuarantineError(
                f"there is no rule {self.rule!r}: `ketenzicht quarantine list --all` has the names, and "
                "`ketenzicht contracts list --json` every one there is"
            )

    @property
    def parameters(self) -> dict[str, Any]:
        """As the queries bind them."""
        states = ["open", "resolved", "ended"] if self.resolved else ["open"]
        return {"partner": self.partner, "extract": self.extract, "rule": self.rule, "states": states}


@contextmanager
def opened(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The working database, for reading; None before the first intake wrote to it. Raises database.BusyError."""
    with database.reading(settings) as connection:
        yield connection if connection and database.has_table(connection, "raw.quarantine") else None


def by_rule(connection: duckdb.DuckDBPyConnection, chosen: Chosen) -> Rows:
    """One dict a partner, extract and rule; a row that breaks several rules counts under each."""
    found = rows(connection, BY_RULE, chosen.parameters)
    return [one | _sentences(one["partner"], one["extract"], one["rule"])._asdict() for one in found]


def one_by_one(connection: duckdb.DuckDBPyConnection, chosen: Chosen, key: bytes) -> Rows:
    """One dict a bad row and rule: where it stands, and masked, what identifies it and what is wrong with it.

    Raises ForeignKeyError: under another key than the home's, a mask would be nobody's pseudonym.
    """
    knows_key(connection, key)
    return [
        {
            "partner": one["partner"],
            "extract": one["extract"],
            "delivery": one["delivery"],
            "file": one["file"],
            "line": one["line"],
            "column": ", ".join(columns),
            "rule": rule,
            "key": masked_key(extract, one["key"], key),
            "value_shape": ", ".join(shape(values.get(column)) for column in columns),
            "first_seen_on": one["first_seen_on"],
            "state": one["state"],
            "resolved_by": one["resolved_by"],
            **_sentences(one["partner"], one["extract"], rule)._asdict(),
        }
        for one in rows(connection, ONE_BY_ONE, chosen.parameters)
        for extract, values in [(extract_of(one["partner"], one["extract"]), json.loads(one["raw_values"]))]
        for rule in one["rules"]
        for columns in [columns_of(extract, rule)]
    ]


def rows(connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, Any]) -> Rows:
    """The result of a query, which may use any of the parameters, as dicts."""
    used = {name: value for name, value in parameters.items() if f"${name}" in query}
    result = connection.execute(query, used)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def extract_of(partner: str, extract: str) -> type[Extract]:
    """The contract of an extract."""
    return contracts.extracts()[f"raw.{partner}__{extract}"]


def _sentences(partner: str, extract: str, rule: str) -> Wording:
    return wordings(extract_of(partner, extract)).get(rule, Wording(rule, rule))

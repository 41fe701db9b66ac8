"""How the explanation of a figure reads: one screen, most wanted first.

Belongs here: words and order. Does not belong here: where they come from (`explain`).
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from orchestration.console import say, table

ROWS_SHOWN = 20
FILES_SHOWN = 24
"""Files up to which all are shown; of more, the newest of each extract."""
RULE_ROWS_SHOWN = 20
BASIS = ("legal_basis", "basis", "source", "note")
"""Columns of a rule table that say where a rule comes from."""


def show(found: dict[str, Any], everything: bool) -> None:
    """The whole explanation; with `everything` every file."""
    say(*_head(found))
    if found["values"] is not None:
        _show_values(found["values"], found.get("unit"))
    table("\ncolumns", found.get("columns", []))
    if not found["is_origin_recorded"]:
        say("", "rules and deliveries: this release does not record them; run ketenzicht refresh for one that does")
        return
    say(*_rules(found["rules"]))
    _show_files(found["files"], everything)


def _head(found: dict[str, Any]) -> Iterator[str]:
    """What it is, how it is computed, and what the release is."""
    release = found["release"]
    published = datetime.fromisoformat(release["published_at"])
    yield found["figure"]
    lines = {
        "definition": found.get("definition") or found["grain"],
        "formula": found.get("formula"),
        "denominator": found.get("denominator"),
        "unit": found.get("unit"),
        "source": found.get("source"),
        "one row": found["grain"] if "definition" in found else None,
        "key": ", ".join(found["key"]),
        "method": found["methods"] and f"docs/methods.md: {'; '.join(found['methods'])}",
        "computed by": found["computed_by"] and f"{found['computed_by']}, from {', '.join(found['reads'])}",
        "settings": ", ".join(f"{name} {value}" for name, value in found["settings"].items()),
        "as of": f"{release['as_of_on']} (release {release['name']}, published {published:%Y-%m-%d %H:%M} UTC, "
        f"code {release['code_version']})",
        "content": release["content_hash"]
        and f"{int(release['row_count']):,} rows, content hash {release['content_hash']}",
    }
    yield from (f"  {name:<12} {text}" for name, text in lines.items() if text)


def _show_values(values: dict[str, Any], unit: str | None) -> None:
    rows = values["rows"]
    table(f"\nvalues where {values['where']}", rows)
    if not rows:
        say("", f"no row where {values['where']}")
    if len(rows) < values["row_count"]:
        say(f"first {len(rows):,} of {values['row_count']:,} rows; --all shows them")
    if values["total"] is not None:
        say(f"sum of the {values['row_count']:,} rows: {values['total']:,} {unit}")


def _rules(rules: list[dict[str, Any]]) -> Iterator[str]:
    """The rule tables that the figure names, with the basis of each rule; the others of the mart by name."""
    if not rules:
        yield from ("", "rules: none")
        return
    named = [one for one in rules if one["is_named"]]
    for one in named:
        yield from ("", f"rules: {one['table']}, version {one['version']}, {_state(one)}")
        yield from (f"  {_rule(row)}" for row in one["rows"][:RULE_ROWS_SHOWN])
        if len(one["rows"]) > RULE_ROWS_SHOWN:
            yield f"  and {len(one['rows']) - RULE_ROWS_SHOWN} more: dbt_project/seeds, or --json"
    others = [f"{one['table']} ({one['version']})" for one in rules if not one["is_named"]]
    if others:
        yield from ("", f"rules {'also ' if named else ''}read for the table: {', '.join(others)}")


def _state(one: dict[str, Any]) -> str:
    if one["is_current"]:
        return f"{len(one['rows'])} rows"
    return "not the version of this installation: find its rows in the history of dbt_project/seeds"


def _rule(row: dict[str, str]) -> str:
    """A rule in a line: its name, where it comes from, and what it says."""
    name, *_ = row
    basis = "; ".join(row[column] for column in BASIS if row.get(column))
    said = ", ".join(f"{column} {value}" for column, value in row.items() if value and column not in {name, *BASIS})
    return f"{row[name]}: {basis} ({said})" if basis else f"{row[name]}: {said}"


def _show_files(files: list[dict[str, Any]], everything: bool) -> None:
    """The deliveries: all, or per extract the newest and what the earlier ones still hold."""
    if everything or len(files) <= FILES_SHOWN:
        table("\ndeliveries", [_file(one) for one in files])
        return
    by_extract = [list(group) for _, group in groupby(files, key=lambda one: one["extract"])]
    table("\ndeliveries: the newest of each extract", [_file(group[0]) for group in by_extract])
    table("\nbehind them", [_summed(group) for group in by_extract])
    say(f"{len(files):,} files in all; --all shows each with its hash")


def _file(one: dict[str, Any]) -> dict[str, Any]:
    shown = ("extract", "delivery", "file", "delivered", "accepted", "quarantined", "rows_in_force", "sha256")
    return {name: one[name] for name in shown}


def _summed(group: list[dict[str, Any]]) -> dict[str, Any]:
    """An extract over all its deliveries."""
    newest, oldest = group[0], group[-1]
    sums = {name: sum(one[name] or 0 for one in group) for name in ("delivered", "quarantined", "rows_in_force")}
    first = {"extract": newest["extract"], "deliveries": len(group)}
    return first | {"from": oldest["reference_on"], "to": newest["reference_on"]} | sums

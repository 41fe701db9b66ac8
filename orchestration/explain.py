"""What `ketenzicht explain` knows of a published figure: what it is, how it is computed, what it came from.

Belongs here: gathering, as plain dicts and lists that become JSON. Does not belong here: how it looks (`explanation`),
any text about a figure (contracts), what a release records of its origin (`provenance`).
"""

import csv
import re
from pathlib import Path
from typing import Any

import duckdb

from contracts.checks import identifier
from contracts.figures import Figure
from orchestration import metadata, provenance
from orchestration.settings import PROJECT

Facts = dict[str, str | None]
Rows = list[dict[str, Any]]

METHODS = PROJECT / "docs" / "methods.md"
FIGURE = re.compile(r"`([\w.]+)`")

COUNTS = """
    select
        partner || '.' || extract as extract,
        reference_on,
        sequence,
        max(row_count) filter (rule = 'delivered') as delivered,
        max(row_count) filter (rule = 'accepted') as accepted,
        max(row_count) filter (rule = 'quarantined') as quarantined
    from marts.fct_data_quality
    group by all
"""

ADDS_UP = {
    *("cases", "visits", "intervals", "runs", "notices", "certificates", "applications", "decisions", "hearings"),
    *("persons", "bed days", "places", "half days", "points", "hours", "fte", "EUR"),
}
"""Units of which disjoint groups may be added. Days and shares may not, nor families, who can be in several groups."""

GROUPS = {
    *("case_id", "visit_no", "run_no", "person_id", "application_kind", "nationality_group", "track", "procedure"),
    *("complexity", "project", "age_band", "term_status", "stage", "readiness", "written_suitability"),
    *("location_type", "municipality_code", "resident_status", "team", "pool", "role", "hearing_mode", "kind"),
}
"""Key columns whose values are disjoint groups, but for `all`. Days, views and kinds of group are not."""


def gather(
    connection: duckdb.DuckDBPyConnection, release: str, figure: Figure, where: str | None, most: int | None = None
) -> dict[str, Any]:
    """Everything about a figure; with `where`, an SQL condition on the rows of its mart, also its values in them.

    `connection` is to the database of that release; of the values at most `most` rows. Raises duckdb.Error when the
    condition cannot be read.
    """
    table = figure.contract.table.removeprefix("marts.")
    facts: Facts = dict(connection.execute("select key, value from marts._metadata").fetchall())
    lineage = provenance.lineage_of(facts, table)
    return {
        **declared(figure),
        "methods": methods(figure),
        "release": {
            "name": release,
            "as_of_on": facts["as_of_on"],
            "published_at": facts["published_at"],
            "code_version": facts["code_version"],
            "row_count": facts.get(f"row_count.{table}"),
            "content_hash": facts.get(f"content_hash.{table}"),
        },
        "is_origin_recorded": lineage is not None,
        "computed_by": lineage.file if lineage else None,
        "reads": list(lineage.reads) if lineage else [],
        "settings": _settings(facts) if lineage and lineage.is_set else {},
        "rules": [_rule_table(facts, name, figure) for name in (lineage.rules if lineage else ())],
        "files": _files(connection, facts, lineage, figure) if lineage else [],
        "values": _values(connection, figure, where, most) if where is not None else None,
    }


def declared(figure: Figure) -> dict[str, Any]:
    """What the contract says: of a mart as a whole, its columns."""
    info, contract = figure.column, figure.contract
    said = {"figure": figure.name, "table": contract.table, "grain": contract.grain, "key": list(contract.key)}
    if info is None:
        columns = [{"column": one.name, "unit": one.unit, "definition": one.description} for one in _columns(figure)]
        return said | {"columns": columns}
    return said | {
        "definition": info.description,
        "formula": info.formula,
        "denominator": info.denominator,
        "unit": info.unit,
        "source": info.source,
        "type": info.type.lower(),
        "may_be_empty": info.nullable,
    }


def _columns(figure: Figure) -> list[Any]:
    return list(figure.contract.columns.values())


def methods(figure: Figure) -> list[str]:
    """The headings of docs/methods.md whose sections name the figure; else those that name its mart."""
    named: dict[str, list[str]] = {}
    heading = ""
    for line in METHODS.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        elif line.startswith("Figures: "):
            for name in FIGURE.findall(line):
                named.setdefault(f"marts.{name}", []).append(heading)
    return named.get(figure.name) or named.get(figure.contract.table, [])


def _settings(facts: Facts) -> Facts:
    return {key.removeprefix("setting."): value for key, value in facts.items() if key.startswith("setting.")}


def _rule_table(facts: Facts, name: str, figure: Figure) -> dict[str, Any]:
    """A rule table behind the mart. Its rows are those of the installation, so only while it is the same version."""
    version = facts.get(f"rules_version.{name}")
    is_current = version == dict(metadata.rules_versions()).get(name)
    return {
        "table": f"rules.{name}",
        "version": version,
        "is_named": f"rules.{name}" in figure.sources(),
        "is_current": is_current,
        "rows": _rule_rows(name) if is_current else [],
    }


def _rule_rows(name: str) -> Rows:
    file: Path = next(metadata.SEEDS.rglob(f"{name}.csv"))
    with file.open(encoding="utf-8", newline="") as content:
        return [dict(row) for row in csv.DictReader(content)]


def _files(
    connection: duckdb.DuckDBPyConnection, facts: Facts, lineage: provenance.Lineage, figure: Figure
) -> list[dict[str, Any]]:
    """The delivered files of the extracts behind the mart, newest first within an extract."""
    counts = {row[:3]: row[3:] for row in connection.execute(COUNTS).fetchall()}
    named = figure.sources()
    found = []
    for one in provenance.files_of(facts):
        extract = f"{one.partner}.{one.extract}"
        if extract in lineage.extracts:
            delivered, accepted, quarantined = counts.get((extract, one.reference_on, one.sequence), (None,) * 3)
            found.append(
                {
                    "extract": extract,
                    "is_named": extract in named,
                    "delivery": one.delivery,
                    "reference_on": one.reference_on,
                    "sequence": one.sequence,
                    "file": one.file,
                    "sha256": one.sha256,
                    "delivered": delivered,
                    "accepted": accepted,
                    "quarantined": quarantined,
                    "rows_in_force": one.rows_in_force,
                }
            )
    return found


def _values(connection: duckdb.DuckDBPyConnection, figure: Figure, where: str, most: int | None) -> dict[str, Any]:
    """The figure in the rows that the condition holds for, beside their key and what it is computed from."""
    # A relation takes one expression: text that goes on as another statement is a syntax error.
    chosen = connection.table(figure.contract.table).filter(where)
    shown = [*figure.contract.key, *figure.operands(), *([figure.column.name] if figure.column else ())]
    names = list(dict.fromkeys(shown)) if figure.column else list(figure.contract.columns)
    columns = ", ".join(map(identifier, names))
    ordered = chosen.project(columns).order(columns)
    rows = (ordered if most is None else ordered.limit(most)).fetchall()
    ((count,),) = chosen.aggregate("count(*)").fetchall()
    return {
        "where": where,
        "row_count": count,
        "total": total(figure, chosen),
        "rows": [dict(zip(names, row, strict=True)) for row in rows],
    }


def total(figure: Figure, chosen: duckdb.DuckDBPyRelation) -> Any:
    """The sum of a count or amount over rows; None where they overlap, lie on several days, or do not add up."""
    info, key = figure.column, figure.contract.key
    if info is None or info.unit not in ADDS_UP or info.denominator or info.type == "DOUBLE":
        return None
    kinds = ", ".join(f"count(distinct {identifier(name)}), bool_or({identifier(name)}::text = 'all')" for name in key)
    ((added, *of_key),) = chosen.aggregate(f"sum({identifier(info.name)}), {kinds}").fetchall()
    varying = {name: has_all for name, count, has_all in zip(key, of_key[::2], of_key[1::2], strict=True) if count > 1}
    is_disjoint = all(name in GROUPS and not has_all for name, has_all in varying.items())
    return added if varying and is_disjoint else None

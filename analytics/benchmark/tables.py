"""The document of a benchmark as tables: on the terminal and on docs/performance.md alike.

Belongs here: rows and their wording. Does not belong here: how a table is drawn.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.benchmark import goals

Rows = Sequence[Mapping[str, Any]]
RUNS = {
    "full": "full build, one delivery",
    "floor": "the floor",
    "deltas": "full build, 96 monthly deliveries",
    "daily_full": "a day in full, 0.5% changed",
    "daily_delta": "a day as delta, 0.5% changed",
    "one_row": "one changed row",
    "nothing_new": "nothing new",
}
SHARES = {
    "contracts": "contracts",
    "dbt_fixed": "dbt, fixed",
    "dagster_fixed": "Dagster, fixed",
    "publication": "publication",
}
ENGINES = {"duckdb": "DuckDB", "polars": "Polars", "pandas": "pandas", "postgres": "PostgreSQL", "pm4py": "pm4py"}
FIGURES = {
    "lead_time": "lead times",
    "stock": "daily stock",
    "throughput": "throughput times",
    "graph": "performance graph",
}


def of_document(document: Mapping[str, Any]) -> dict[str, Rows]:
    """Title of each table, with its rows; tables without rows are left out."""
    found = {
        "Runs": _runs(document["sizes"]),
        "Where a refresh spends its time": _shares(document["sizes"]),
        "Inside the engine": _engines(document["sizes"]),
        "On disk": _disk(document["sizes"]),
        "Goals": _goals(document),
    }
    return {title: rows for title, rows in found.items() if rows}


def _runs(sizes: Rows) -> Rows:
    return [
        {
            "cases": f"{size['cases']:,}",
            "run": text,
            "seconds": f"{size['runs'][name]['seconds']:.1f}",
            "cpu_seconds": f"{size['runs'][name]['cpu_seconds']:.1f}",
            "peak_GB": f"{size['runs'][name]['peak_bytes'] / 1e9:.2f}",
            "to_full_build": _to_full(size["runs"], name, "seconds"),
            "in_cpu": _to_full(size["runs"], name, "cpu_seconds"),
        }
        for size in sizes
        for name, text in RUNS.items()
        if name in size["runs"]
    ]


def _to_full(runs: Mapping[str, Any], name: str, measure: str) -> str:
    return f"{runs[name][measure] / runs['full'][measure]:.2f}"


def _shares(sizes: Rows) -> Rows:
    return [
        {"cases": f"{size['cases']:,}", "run": text}
        | {title: f"{size['runs'][name]['shares'][part]:.0%}" for part, title in SHARES.items()}
        for size in sizes
        for name, text in RUNS.items()
        if "shares" in size["runs"].get(name, {})
    ]


def _engines(sizes: Rows) -> Rows:
    rows = []
    for size in sizes:
        for engine, title in ENGINES.items():
            taken = size.get("engines", {}).get(engine)
            if taken is not None:
                row = {"cases": f"{size['cases']:,}", "engine": title}
                row |= {f"{text}_s": f"{taken[name]:.2f}" if name in taken else "" for name, text in FIGURES.items()}
                ratio = size["ratios"].get(f"{engine}_to_duckdb")
                told = "absent: " + taken["absent"] if "absent" in taken else f"{ratio:.1f}" if ratio else "1"
                rows.append({**row, "to_DuckDB": told})
    return rows


def _disk(sizes: Rows) -> Rows:
    return [
        {
            "cases": f"{size['cases']:,}",
            "rows": f"{size['rows']:,}",
            "delivered_MB": _megabytes(size["delivered_bytes"]),
        }
        | {f"{name}_MB": _megabytes(size["disk_bytes"][name]) for name in ("work", "published", "dagster")}
        for size in sizes
    ]


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f}"


def _goals(document: Mapping[str, Any]) -> Rows:
    return [
        {
            "goal": one.goal.text,
            "limit": f"{'≥' if one.goal.at_least else '≤'} {one.goal.limit:g}",
            "measured": "" if one.value is None else f"{one.value:.3g}",
            "at_cases": f"{one.cases:,}" if one.cases else "",
            "verdict": one.word + (_of_other_size(one)),
        }
        for one in goals.judge(dict(document))
    ]


def _of_other_size(verdict: goals.Verdict) -> str:
    """The goal speaks of another size: the measured one is an indication."""
    return "" if verdict.value is None or verdict.cases == verdict.goal.cases else " at this size"

"""From seconds to what can be compared between machines: ratios of runs that took place side by side.

Belongs here: arithmetic on the document of a benchmark. Does not belong here: what a ratio should be (`goals`).
"""

from collections.abc import Sequence
from typing import Any

FIXED = ("dbt_fixed", "dagster_fixed")
ENGINES = {"pandas": ("lead_time", "stock"), "polars": ("lead_time", "stock"), "postgres": ("lead_time", "stock")}
MINED = ("throughput", "graph")


def of_size(measured: dict[str, Any]) -> dict[str, float]:
    """The ratios and figures of one size that its runs allow; those of runs that were not asked for are left out."""
    runs = measured["runs"]
    full = runs["full"]["seconds"]
    found = {
        "contracts_share": runs["full"]["shares"]["contracts"],
        "publication_share": runs["full"]["shares"]["publication"],
        "fixed_share": sum(runs["full"]["shares"][name] for name in FIXED),
        "peak_gb": max(run["peak_bytes"] for name, run in runs.items() if name != "floor") / 1e9,
        "disk_to_delivered": sum(measured["disk_bytes"].values()) / measured["delivered_bytes"],
    }
    if "floor" in runs:
        found["full_to_floor"] = full / runs["floor"]["seconds"]
        # processor time hardly minds who else uses the machine
        found["full_to_floor_cpu"] = runs["full"]["cpu_seconds"] / runs["floor"]["cpu_seconds"]
    if "deltas" in runs:
        found["deltas_to_full"] = runs["deltas"]["seconds"] / full
    for name in ("daily_full", "daily_delta"):
        if name in runs:
            found[f"{name}_to_full"] = runs[name]["seconds"] / full
            found[f"{name}_to_full_beside_fixed"] = _beside_fixed(runs[name]) / _beside_fixed(runs["full"])
    for name in ("nothing_new", "one_row"):
        if name in runs:
            found[f"{name}_seconds"] = runs[name]["seconds"]
            found[f"{name}_to_full"] = runs[name]["seconds"] / full
    found |= _of_engines(measured.get("engines", {}))
    return {name: round(value, 4) for name, value in found.items()}


def _beside_fixed(run: dict[str, Any]) -> float:
    """Seconds of a refresh but for what every refresh costs."""
    return float(run["seconds"]) - sum(run["seconds_by"][name] for name in FIXED)


def _of_engines(engines: dict[str, Any]) -> dict[str, float]:
    """How many times as long as DuckDB each engine takes for the same figures, loading apart."""
    found = {}
    for engine, figures in {**ENGINES, "pm4py": MINED}.items():
        taken = engines.get(engine, {"absent": ""})
        if "absent" not in taken:
            ours = sum(engines["duckdb"][figure] for figure in figures)
            found[f"{engine}_to_duckdb"] = sum(taken[figure] for figure in figures) / ours
    return found


def growth(sizes: Sequence[dict[str, Any]]) -> dict[str, float]:
    """How much longer a full build takes at one size than at a smaller one, for each pair of sizes that follow."""
    found = {}
    ordered = sorted(sizes, key=lambda one: one["cases"])
    for position, small in enumerate(ordered):
        for large in ordered[position + 1 :]:
            ratio = large["runs"]["full"]["seconds"] / small["runs"]["full"]["seconds"]
            found[f"{small['cases']}_to_{large['cases']}"] = round(ratio, 4)
    return found

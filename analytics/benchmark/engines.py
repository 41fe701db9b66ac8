"""The engines side by side on the same loaded tables: seconds inside each, and whether the figures are ours.

Belongs here: starting each in a process of its own, and telling which are absent. Does not belong here: a figure.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from analytics.benchmark.measured import Measured, RunError, run
from analytics.benchmark.references import compare, inputs, postgres

FIGURES = ("lead_time", "stock")
REPEATS = 3
PM4PY_SCRIPT = Path(__file__).parent / "references" / "pm4py_script.py"
HOW_TO_INSTALL = {
    "postgres": "apt-get install postgresql",
    "pm4py": "the benchmark installs it with pip into an environment of its own: give pip access to a package index",
}
Tell = Callable[[str, Measured], None]


def within(
    home: Path, folder: Path, environment: Mapping[str, str], tell: Tell
) -> tuple[dict[str, Any], dict[str, int]]:
    """Seconds of each figure by the engines that are installed with us, and rows that differ from the published."""
    told: dict[str, Any] = {"rows": inputs.write(home, folder)}
    differing: dict[str, int] = {}
    for engine in ("duckdb", "pandas", "polars"):
        command = (sys.executable, "-m", f"analytics.benchmark.references.{engine}_engine", folder, REPEATS)
        told[engine] = _timed(run(list(map(str, command)), environment), engine, tell)
        differing |= {f"{engine}.{figure}": compare.differing_rows(folder, engine, figure) for figure in FIGURES}
    return told, differing


def outside(
    folder: Path, work: Path, environment: Mapping[str, str], tell: Tell
) -> tuple[dict[str, Any], dict[str, int]]:
    """The same of PostgreSQL and pm4py, on what `within` left in the folder; an absent one with how to install it."""
    told = {"postgres": _postgres(folder)}
    differing: dict[str, int] = {}
    if "absent" not in told["postgres"]:
        differing |= {f"postgres.{figure}": compare.differing_rows(folder, "postgres", figure) for figure in FIGURES}
    told["pm4py"] = _pm4py(folder, work / "pm4py", environment, tell)
    if "absent" not in told["pm4py"]:
        differing |= {f"pm4py.{figure}": rows for figure, rows in compare.differing_mined(folder).items()}
    return told, differing


def _timed(done: Measured, engine: str, tell: Tell) -> dict[str, Any]:
    tell(engine, done)
    told = next(line for line in reversed(done.output.splitlines()) if line.startswith("{"))
    return {**json.loads(told), "peak_bytes": done.peak_bytes}


def _postgres(folder: Path) -> dict[str, Any]:
    binaries = postgres.programs()
    if binaries is None:
        return {"absent": HOW_TO_INSTALL["postgres"]}
    with postgres.running(binaries) as server:
        version = server.sql("show server_version").strip()
        return {**postgres.measure(server, folder, REPEATS, FIGURES), "version": version}


def _pm4py(folder: Path, environment_folder: Path, environment: Mapping[str, str], tell: Tell) -> dict[str, Any]:
    """pm4py in an environment that is made once for all sizes."""
    python = environment_folder / "bin" / "python"
    try:
        if not python.exists():
            run([sys.executable, "-m", "venv", environment_folder], environment)
            run([python, "-m", "pip", "install", "--quiet", "pm4py"], environment)
        run([python, "-c", "import pm4py"], environment)
    except RunError:
        return {"absent": HOW_TO_INSTALL["pm4py"]}
    with duckdb.connect() as connection:
        connection.execute(f"copy (from '{folder / 'event.parquet'}') to '{folder / 'event.csv'}' (header)")
    return _timed(run([python, PM4PY_SCRIPT, folder, str(REPEATS)], environment), "pm4py", tell)

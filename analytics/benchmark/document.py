"""One benchmark from begin to end, as the JSON document that docs/performance.md is made from.

Belongs here: sizes one after the other, what is measured once, the document. Does not belong here: one size (`suite`).
"""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from analytics.benchmark import goals, machine, ratios
from analytics.benchmark.measured import run
from analytics.benchmark.suite import KETENZICHT, Conditions, measure_size

FORMAT = 1
WORKSPACE = Path(__file__).parent.parent.parent / "workspace.yaml"
MEMORY_OF_3M = "2GB"
"""memory_limit of the largest size, which is there to show that memory does not grow with the rows"""


def benchmark(sizes: Sequence[int], parts: frozenset[str], conditions: Conditions) -> dict[str, Any]:
    """Measure all sizes, smallest first. The work folder is removed at the end unless told to keep it."""
    conditions.work.mkdir(parents=True, exist_ok=True)
    try:
        measured = [_with_ratios(measure_size(cases, parts, _limited(conditions, cases))) for cases in sorted(sizes)]
        return {
            "format": FORMAT,
            "machine": machine.machine(),
            "versions": machine.versions(),
            "conditions": {"threads": conditions.threads, "memory_limit": conditions.memory_limit},
            "process": _process(conditions),
            "sizes": measured,
            "growth": ratios.growth(measured),
        }
    finally:
        if not conditions.keep:
            shutil.rmtree(conditions.work, ignore_errors=True)


def stored(file: Path) -> dict[str, Any]:
    """A document from before. Raises ValueError when it is of another machine: nothing could be compared."""
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if document["machine"] != machine.machine():
        raise ValueError(f"{file} was measured on another machine: give a new file to --out")
    return document


def joined(before: Mapping[str, Any], measured: Mapping[str, Any]) -> dict[str, Any]:
    """What was measured now, and the other sizes of a document from before; growth is of both."""
    now = {size["cases"] for size in measured["sizes"]}
    sizes = [*(size for size in before["sizes"] if size["cases"] not in now), *measured["sizes"]]
    sizes.sort(key=lambda size: int(size["cases"]))
    return {**measured, "sizes": sizes, "growth": ratios.growth(sizes)}


def _limited(conditions: Conditions, cases: int) -> Conditions:
    return replace(conditions, memory_limit=MEMORY_OF_3M) if cases >= 3 * goals.MILLION else conditions


def _with_ratios(size: dict[str, Any]) -> dict[str, Any]:
    return {**size, "ratios": ratios.of_size(size)}


def _process(conditions: Conditions) -> dict[str, float]:
    """Seconds of the commands that do no work: the best of three."""
    home = conditions.work / "start"
    environment = conditions.of_home(home)
    run([*KETENZICHT, "init"], environment)
    environment["DAGSTER_HOME"] = str(home / "dagster")
    commands: Mapping[str, Sequence[str]] = {
        "help_seconds": (*KETENZICHT, "--help"),
        "validate_seconds": (sys.executable, "-m", "dagster", "definitions", "validate", "-w", str(WORKSPACE)),
    }
    return {name: min(run(command, environment).seconds for _ in range(3)) for name, command in commands.items()}


def text_of(document: Mapping[str, Any]) -> str:
    """The document as it is stored."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"

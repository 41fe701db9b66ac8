"""docs/faults.md from the registry: ``python -m analytics.simulation.faults.catalogue`` writes it; a test says when.

Belongs here: the page. Does not belong here: any fault.
"""

from collections.abc import Iterator
from pathlib import Path

from analytics.simulation.faults.registry import REGISTRY, Fault, Outcome
from analytics.simulation.faults.situations import SITUATIONS, Situation

PAGE = Path(__file__).parents[3] / "docs" / "faults.md"

INTRODUCTION = """# Faults

What can be wrong with what arrives, what comes of it, and what to do. Written by
`python -m analytics.simulation.faults.catalogue` from the registry in `analytics/simulation/faults/`; change it there.

`ketenzicht simulate --faults NAME,...` (or `all`) puts faults into a synthetic chain, each with a delivery of its own
after the regular ones, and `truth/faults.csv` says what must come of them. `tests/analytics/simulation/test_faults.py`
takes all of them in one refresh, and holds state, reason, counts, file line and exit code of each against this page.

The exit code is that of a refresh in which the fault is the only one, beside good deliveries: 0 done, 1 failed,
3 published with warnings, 4 held. When nothing but refused deliveries is new, the refresh ends with 4. A reason names
the delivery, its file, and the line or member where there is one; a row in quarantine has delivery, file and line. No
reason quotes a cell.
"""

CHAPTERS = {
    "manifests": "The folder and its manifest",
    "files": "A file as a whole",
    "headers": "The first line",
    "text": "Bytes, lines and quotes",
    "cells": "Cells",
    "rows": "Rows",
}

HEAD = ["| fault | what arrives | what comes of it | exit code | what to do |", "| --- | --- | --- | --- | --- |"]


def catalogue() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *_chapters(), *_situations(), ""])


def _chapters() -> Iterator[str]:
    for chapter, title in CHAPTERS.items():
        yield from (f"## {title}\n", *HEAD)
        yield from (_row(one) for one in REGISTRY.values() if one.chapter == chapter)
        yield ""


def _situations() -> Iterator[str]:
    yield from ("## A home as a whole\n", "Each is put into a home alone.\n", *HEAD)
    yield from map(_ending, SITUATIONS.values())


def _row(one: Fault) -> str:
    outcome = one.outcome
    cells = [f"`{one.name}`", one.description, _came_of(outcome), str(outcome.exit_code), outcome.remedy]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _came_of(outcome: Outcome) -> str:
    state = "taken" if outcome.state == "in_force" else outcome.state
    if outcome.says:
        return f"{state}: `{outcome.says.replace('`', '')}`"
    counts = ", ".join(f"`{rule}` {rows}" for rule, rows in outcome.counts.items())
    if outcome.line:
        return f"{state}, with line {outcome.line} in quarantine: {counts}"
    return f"{state}, and counted: {counts}" if counts else state


def _ending(one: Situation) -> str:
    ending = one.ending
    cells = [f"`{one.name}`", one.description, f"`{ending.says}`", str(ending.exit_code), ending.remedy]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(catalogue(), encoding="utf-8")

"""How an engine's process times its figures. Belongs here: the loop and what it prints. Not here: a figure."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

Tables = TypeVar("Tables")


def main(
    load: Callable[[Path], Tables],
    figures: Mapping[str, Callable[[Tables, date], Any]],
    write: Callable[[Any, Path], None],
    engine: str,
) -> None:
    """Load, compute every figure so many times, write the last, print the seconds of the best."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("repeats", type=int)
    given = parser.parse_args()
    as_of_on = date.fromisoformat((given.folder / "as_of_on").read_text())
    begun = time.perf_counter()
    tables = load(given.folder)
    told: dict[str, float] = {"load": time.perf_counter() - begun}
    for name, figure in figures.items():
        taken = []
        result = None
        for _ in range(given.repeats):
            begun = time.perf_counter()
            result = figure(tables, as_of_on)
            taken.append(time.perf_counter() - begun)
        told[name] = min(taken)
        write(result, given.folder / f"{engine}_{name}.parquet")
    sys.stdout.write(json.dumps(told) + "\n")

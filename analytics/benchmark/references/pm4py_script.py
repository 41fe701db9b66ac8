"""Throughput times and the performance graph by pm4py, in the environment that the benchmark makes for it.

pm4py is AGPL: nothing of ours imports this file, and no dependency names pm4py. It is run by a Python that has it:
`python pm4py_script.py FOLDER REPEATS` reads `event.csv` of FOLDER and prints seconds and figures as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pm4py


def best(repeats: int, figure: Callable[..., Any], *arguments: Any) -> tuple[float, Any]:
    """Seconds of the fastest of several runs, and what the last one gave."""
    taken: list[float] = []
    result = None
    for _ in range(repeats):
        begun = time.perf_counter()
        result = figure(*arguments)
        taken.append(time.perf_counter() - begun)
    return min(taken), result


def main(folder: Path, repeats: int) -> None:
    """Load, compute, print."""
    begun = time.perf_counter()
    events = pd.read_csv(folder / "event.csv", parse_dates=["happened_at"], dtype={"case_no": "string"})
    names = {"case_id": "case_no", "activity_key": "activity", "timestamp_key": "happened_at"}
    log = pm4py.format_dataframe(events, **names)
    told = {"load": time.perf_counter() - begun}
    told["throughput"], durations = best(repeats, pm4py.get_all_case_durations, log)
    told["graph"], discovered = best(repeats, pm4py.discover_performance_dfg, log)
    edges = [[*pair, value["mean"]] for pair, value in discovered[0].items()]
    figures = {"durations": sorted(float(one) for one in durations), "edges": sorted(edges)}
    (folder / "pm4py_figures.json").write_text(json.dumps(figures))
    sys.stdout.write(json.dumps({**told, "version": pm4py.__version__}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

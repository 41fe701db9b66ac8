"""Many deliveries against one with the same rows, side by side: `make bench-intake` prints the ratios.

Belongs here: the two promises of the intake that are about speed. Does not belong here: a test; machines are noisy.
"""

import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from orchestration import raw
from orchestration.settings import Settings
from tests.orchestration.raw.conftest import KEY
from tests.orchestration.raw.test_bad_rows import AANVRAAG, application, deliver

FIRST = date(2024, 1, 31)
PLANS = {"300 deliveries of 1,000 rows": (300, 1_000), "96 deltas of 3,000 rows": (96, 3_000)}


def seconds(home: Path) -> float:
    """Processor time of one intake of everything in a home: other processes count less in it than in wall time."""
    started = time.process_time()
    raw.take(Settings(home=home), KEY, as_of=None)
    return time.process_time() - started


def deliveries(home: Path, count: int, rows: int) -> Path:
    """One full delivery, then deltas that add as many rows each."""
    for at in range(count):
        lines = [application(number) for number in range(at * rows, (at + 1) * rows)]
        name = str(FIRST + timedelta(days=at))
        if at == 0:
            deliver(home, name, {"aanvraag": [AANVRAAG, *lines]})
        else:
            base = {"mode": "delta", "base": str(FIRST + timedelta(days=at - 1))}
            deliver(home, name, {"aanvraag": [f"mutatie;{AANVRAAG}", *(f"T;{line}" for line in lines)]}, members=base)
    return home


def main() -> None:
    """Print one line a plan: seconds of the many, of the one, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (count, rows) in PLANS.items():
            plan = Path(folder) / str(count)
            one = seconds(deliveries(plan / "one", 1, count * rows))
            many = seconds(deliveries(plan / "many", count, rows))
            sys.stdout.write(f"{name}: {many:.1f} s, as one delivery {one:.1f} s, ratio {many / one:.2f}\n")


if __name__ == "__main__":
    main()

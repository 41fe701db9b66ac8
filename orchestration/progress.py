"""What a refresh says while it runs: one line a step, on the command line and in Dagster's event log alike.

Belongs here: the logger and the form of its lines. Does not belong here: anything about rows; lines hold counts only.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

LOGGER = logging.getLogger("ketenzicht")


class Step:
    """A step under way; what it says last becomes its line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.outcome = "done"

    def says(self, outcome: str) -> None:
        """What came out, such as `3 deliveries, 14 rows`."""
        self.outcome = outcome


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Log the begin (debug) and the end of a step with its outcome and duration; a failure says so and passes on."""
    begun = time.perf_counter()
    under_way = Step(name)
    LOGGER.debug(name, extra={"step": name})
    try:
        yield under_way
    except GeneratorExit:
        raise
    except BaseException:
        LOGGER.info("%-12s failed after %.1f s", name, time.perf_counter() - begun)
        raise
    LOGGER.info("%-12s %s (%.1f s)", name, under_way.outcome, time.perf_counter() - begun)

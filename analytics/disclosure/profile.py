"""What a published cell tells its reader: rounding, the words for hidden cells, and the room each leaves.

Belongs here: one cell. Does not belong here: what follows from several (`network`).
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

PLENTY = 1_000_000_000
"""More room than any count needs: a hidden cell has no upper bound."""
MINIMUM_CASES = 10
"""Cases that a sum, mean, share or quantile must rest on (marts.md, Open data)."""


class Status(IntEnum):
    """What stands in a cell of a count."""

    SHOWN = 0
    SMALL = 1
    """Hidden, and the reader is told that it is 1 to threshold - 1."""
    SUPPRESSED = 2
    """Hidden, and nothing is told but that it is not 0: zeros are always shown."""


class Room(NamedTuple):
    """By how much a cell could be lower or higher than it is without its published form telling."""

    down: int
    up: int


@dataclass(frozen=True)
class Profile:
    """Counts below `threshold` are hidden, the others rounded to a multiple of `rounding`."""

    threshold: int = 5
    rounding: int = 5

    def rounded(self, count: int) -> int:
        """The published form of a count; half of the base goes up."""
        return (count + self.rounding // 2) // self.rounding * self.rounding

    def interval(self, published: int) -> tuple[int, int]:
        """Lowest and highest count that is published as this value. A value above 0 is no small count."""
        if published == 0:
            return 0, 0
        lowest = published - self.rounding // 2
        return max(lowest, self.threshold), lowest + self.rounding - 1

    def tells_enough_cases(self, count: int) -> bool:
        """Whether the published form alone says that there are MINIMUM_CASES.

        Showing a statistic from exactly ten cases on would tell whether a published 10 stands for 9 or for 10.
        """
        return self.interval(self.rounded(count))[0] >= MINIMUM_CASES

    def first_status(self, count: int) -> Status:
        """The status of a count before its neighbours are looked at."""
        return Status.SMALL if 0 < count < self.threshold else Status.SHOWN

    def room(self, status: Status, count: int) -> Room:
        """The room of a count under its status."""
        if status == Status.SUPPRESSED:
            return Room(count - 1, PLENTY)
        if status == Status.SMALL:
            return Room(count - 1, self.threshold - 1 - count)
        lowest, highest = self.interval(self.rounded(count))
        return Room(count - lowest, highest - count)


@dataclass(frozen=True)
class Amounts:
    """The like for sums, in units of what they are rounded to: shown ones are known, hidden ones at least 0."""

    def room(self, status: Status, amount: int) -> Room:
        """The room of an amount under its status."""
        return Room(0, 0) if status == Status.SHOWN else Room(amount, PLENTY)

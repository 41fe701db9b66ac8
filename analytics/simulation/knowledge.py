"""From which day a partner's system shows a fact: recording lags, late registration, and the case it hangs on.

Belongs here: lags. Does not belong here: what was recorded wrongly (`mess.py`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.simulation.calendar import NEVER, Days
from analytics.simulation.draws import Draws

Case = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Knowledge:
    """Recording lags of one simulation."""

    draws: Draws
    mess: bool
    first_known: Days
    """day from which a case is known at IND, by case"""

    def lag(self, name: str, size: int) -> npt.NDArray[np.int32]:
        """Days until a fact is recorded: the same day for most, weeks for one in a hundred."""
        if not self.mess:
            return np.zeros(size, dtype=np.int32)
        return recording_lag(self.draws, name, size)

    def recorded(self, name: str, happened: Days, case: Case | None = None) -> Days:
        """Day a fact is known: after it happened, and not before its case is known; NEVER stays NEVER."""
        known = happened + self.lag(name, len(happened))
        if case is not None:
            known = np.maximum(known, self.first_known[case])
        return np.where(happened >= NEVER, NEVER, known).astype(np.int32)


def recording_lag(draws: Draws, name: str, size: int) -> npt.NDArray[np.int32]:
    """0 days for 80%, 1 to 4 for 18.5%, 5 to 60 for the rest."""
    u = draws.uniform(f"lag {name}", size)
    short = 1 + np.floor((u - 0.8) / 0.185 * 4)
    long = 5 + np.floor((u - 0.985) / 0.015 * 56)
    return np.where(u < 0.8, 0, np.where(u < 0.985, short, long)).astype(np.int32)

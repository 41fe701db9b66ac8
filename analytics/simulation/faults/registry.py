"""What a fault is: its function, and beside it what must come of it.

Belongs here: the registry and the forms of an outcome. Does not belong here: any single fault, or what carries it
(`carrier`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from analytics.simulation.faults.carrier import Carrier

AGAIN = "The partner corrects it and delivers it again: in the same folder, or as the next number of the date."
CORRECT = "The partner corrects the row in its next delivery; until then the last good content of its key stands."
NOTHING = "Nothing."
TELL = "Nothing today; tell the partner, for it is counted in `fct_data_quality`."


@dataclass(frozen=True)
class Outcome:
    """What a refresh must make of the delivery that carries the fault."""

    state: str
    """incomplete, waiting, refused, in_force"""
    exit_code: int
    """of a refresh in which this is the only fault, beside good deliveries"""
    remedy: str
    """what to do, and who"""
    says: str = ""
    """what the reason of a refused or waiting delivery holds: the file, and the line where there is one"""
    counts: Mapping[str, int] = field(default_factory=dict)
    """rows by rule, as `fct_data_quality` counts them for this delivery"""
    line: int | None = None
    """file line of the first row in quarantine"""


def refused(says: str, remedy: str = AGAIN) -> Outcome:
    """Nothing of the delivery is taken."""
    return Outcome("refused", 3, remedy, says=says)


def waiting(says: str, remedy: str) -> Outcome:
    """Nothing is taken yet."""
    return Outcome("waiting", 3, remedy, says=says)


def quarantined(counts: Mapping[str, int], line: int = 2, remedy: str = CORRECT) -> Outcome:
    """The delivery is taken, but for some rows."""
    return Outcome("in_force", 3, remedy, counts=counts, line=line)


def taken(counts: Mapping[str, int] | None = None, remedy: str | None = None) -> Outcome:
    """The delivery is taken, every row of it."""
    return Outcome("in_force", 0, remedy or (TELL if counts else NOTHING), counts=counts or {})


Inject = Callable[[Carrier], None]


@dataclass(frozen=True)
class Fault:
    """One way in which a delivery goes wrong."""

    name: str
    partner: str
    outcome: Outcome
    inject: Inject

    @property
    def description(self) -> str:
        """What arrives, in a sentence."""
        return " ".join((self.inject.__doc__ or "").split())

    @property
    def chapter(self) -> str:
        """The module that it stands in: which part of a delivery is wrong."""
        return self.inject.__module__.rsplit(".", 1)[-1]


REGISTRY: dict[str, Fault] = {}


def fault(partner: str, outcome: Outcome) -> Callable[[Inject], Inject]:
    """Register a fault under the name of its function."""

    def register(inject: Inject) -> Inject:
        name = inject.__name__
        if name in REGISTRY:
            raise ValueError(f"two faults are named {name}")
        REGISTRY[name] = Fault(name, partner, outcome, inject)
        return inject

    return register

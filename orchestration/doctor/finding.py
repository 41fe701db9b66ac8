"""What a check of the doctor gets and gives.

Belongs here: these two classes. Does not belong here: any check.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.settings import Paths, Settings

OK, WARNING, PROBLEM = "ok", "warning", "problem"
"""problem: a refresh or its secrecy is at stake, exit code 1; warning: worth knowing, nothing fails of it."""


@dataclass(frozen=True)
class Finding:
    """What a check found; ok has no remedy."""

    name: str
    state: str
    what: str
    remedy: str = ""


@dataclass(frozen=True)
class Situation:
    """What there is to be looked at, and when."""

    settings: "Settings"
    """As set; where a setting is wrong, its default."""
    complaint: str | None
    """What is wrong with the settings."""
    now: datetime

    @property
    def paths(self) -> "Paths":
        """The folders of the home."""
        return self.settings.paths

"""Telling people that something is wrong: each condition once, until it clears.

Belongs here: what an alert says, and the ledger of what was told. Does not belong here: when a condition holds
(`watch`), or how a target is reached (`alert_targets`).
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration import durable, lock, release
from orchestration.alert_targets import AlertError, Target, targets
from orchestration.progress import LOGGER
from orchestration.settings import Settings

RUN_FAILURE, BLOCKING_CHECK = "run_failure", "blocking_check"
OVERDUE_PARTNER, STALE_PUBLICATION = "overdue_partner", "stale_publication"

NUMBER = re.compile(r"\b(?:\d{7,}\b|(?=\w*[A-Za-z])\w*\d{4,}\w*)")
"""What could be somebody's number: long, or of letters and digits. Alerts are made of names and counts only; should one
slip in all the same, it is masked."""


IsCleared = Callable[[str, str], bool]
"""Whether a condition in the ledger (its name, and what it was seen at) has ended: it is told again when it returns."""


@dataclass(frozen=True)
class Alert:
    """A condition that somebody should act on. No text of a row, a file or an error message goes into it."""

    kind: str
    """run_failure, blocking_check, overdue_partner, stale_publication; `test` for a trial."""
    subject: str
    """With the kind: what makes two alerts the same condition."""
    severity: str
    """error: nothing was published; warning: what is published may be older than it should be."""
    what: str
    what_to_do: str
    step: str | None = None
    run_id: str | None = None
    seen: str = ""
    """What the condition was seen at, such as the newest delivery of an overdue partner; in the ledger only."""

    @property
    def condition(self) -> str:
        """The condition's name in the ledger."""
        return f"{self.kind}:{self.subject}"

    @property
    def text(self) -> str:
        """One line for people."""
        return masked(f"Ketenzicht {self.kind.replace('_', ' ')}: {self.what}. {self.what_to_do}")


def masked(text: str) -> str:
    """The text without anything that could be a number of a person, case or certificate."""
    return NUMBER.sub("…", text)


def payload(settings: Settings, alert: Alert) -> dict[str, str | None]:
    """What a target is told, as JSON: `text` is one line, the other members are its parts. Absent parts are null."""
    current = release.published(settings.paths)
    return {
        "kind": alert.kind,
        "severity": alert.severity,
        "what": masked(alert.what),
        "where": f"{settings.paths.home}" + (f", step {alert.step}" if alert.step else ""),
        "what_to_do": masked(alert.what_to_do),
        "as_of": str(release.as_of(current)) if current else None,
        "run_id": alert.run_id,
        "text": alert.text,
    }


def nothing_cleared(_condition: str, _seen: str) -> bool:
    """For who knows of no condition that has ended."""
    return False


def tell(
    settings: Settings, holding: Sequence[Alert], is_cleared: IsCleared, *, without_ledger: bool = False
) -> list[Alert]:
    """Tell every target what it was not told before; returns what was told to any.

    Command line and daemon share the ledger: neither repeats the other. A target that fails is logged, and tried again
    the next time; it never fails the caller. Where the ledger cannot be used (a full disk), `without_ledger` tells all
    the same, for who asks once; the daemon would repeat itself every minute.
    """
    ways = targets(settings)
    if not ways:
        return []
    told: dict[str, Any] = {}
    begun = False
    try:
        with lock.exclusive(settings.paths.alerts.with_suffix(".lock"), 2 * settings.alert_timeout_seconds):
            told = {name: entry for name, entry in _told(settings).items() if not is_cleared(name, entry["seen"])}
            begun = True
            news = _tell_each(settings, ways, holding, told)
            _write(settings, told)
            return news
    except (OSError, lock.LockedError) as error:
        LOGGER.warning("alerts       no ledger: %s", error)
        return _tell_each(settings, ways, holding, {}) if without_ledger and not begun else []


def _tell_each(
    settings: Settings, ways: Mapping[str, Target], holding: Sequence[Alert], told: dict[str, Any]
) -> list[Alert]:
    """Tell what is not in `told`, and note it there. After a failure a target is left alone for this time."""
    news: list[Alert] = []
    broken: set[str] = set()
    for alert in holding:
        entry = told.setdefault(alert.condition, {"seen": alert.seen, "told": []})
        for name, way in ways.items():
            if name in entry["told"] or name in broken:
                continue
            if (reason := send(settings, alert, way)) is not None:
                broken.add(name)
                LOGGER.warning("alert        %s not told: the %s %s", alert.kind, name, reason)
                continue
            entry["told"].append(name)
            if alert not in news:
                news.append(alert)
    return news


def send(settings: Settings, alert: Alert, way: Target) -> str | None:
    """Tell one target, whatever the ledger says; returns the reason when it could not be told."""
    try:
        way(payload(settings, alert), settings.alert_timeout_seconds)
    except AlertError as error:
        return str(error)
    return None


def _told(settings: Settings) -> dict[str, Any]:
    """The ledger; an unreadable one counts as empty: an alert too many is better than one too few."""
    try:
        return {str(name): {"seen": entry["seen"], "told": entry["told"]} for name, entry in _entries(settings)}
    except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _entries(settings: Settings) -> list[tuple[str, Any]]:
    return list(json.loads(settings.paths.alerts.read_text()).items())


def _write(settings: Settings, told: Mapping[str, Any]) -> None:
    durable.replace(settings.paths.alerts, json.dumps(told, indent=1), "alerts")

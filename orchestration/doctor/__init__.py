"""What is wrong with an installation, and what to do about it.

Belongs in the package: looking, without changing anything. Does not belong here: whether deliveries and figures are
good (`status`), or telling of it (`alerts`). A check imports what it needs when it is asked: where one cannot even be
looked at, the others still are.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from orchestration.doctor.finding import OK, PROBLEM, WARNING, Finding, Situation

__all__ = ["CHECKS", "OK", "PROBLEM", "WARNING", "Finding", "Situation", "examine"]

CHECKS = {
    "versions": ("installation", "Python and all packages are the ones of requirements.lock"),
    "settings": ("installation", "every KETENZICHT_ variable is known and has a value that fits"),
    "key": ("installation", "there is a key, and only its owner can read it"),
    "dagster": ("installation", "telemetry is off"),
    "home": ("folders", "all folders are there and can be written to"),
    "modes": ("folders", "what is private is closed to others, what is published cannot be altered"),
    "disk": ("folders", "there is room for another build and release"),
    "publication": ("folders", "what readers open can be opened, or nothing is published yet"),
    "lock": ("machinery", "no refresh hangs, none was killed"),
    "database": ("machinery", "the working database can be opened by this version, under this key"),
    "daemon": ("machinery", "the schedule daemon runs, schedule and sensors are on"),
    "leftovers": ("machinery", "nothing is left of a killed run"),
}
"""Name of each check -> the module that has it as a function, and what it says when all is well."""


def examine(home: Path | None, now: datetime) -> list[Finding]:
    """Every check of an installation and home, in order; at least one finding each. Changes nothing."""
    try:
        from orchestration.settings import load_what_fits

        settings, complaint = load_what_fits(home)
    except ImportError as error:
        return [Finding("versions", PROBLEM, f"the installation is incomplete: {error}", "Run: make setup")]
    situation = Situation(settings, complaint, now)
    return [finding for name in CHECKS for finding in _one(name, situation)]


def _one(name: str, situation: Situation) -> Iterator[Finding]:
    """The findings of one check; one that breaks is a finding too, and hides no other."""
    from importlib import import_module

    module, well = CHECKS[name]
    try:
        look = getattr(import_module(f"orchestration.doctor.{module}"), name)
        found = list(look(situation))
    # Whatever is broken here is what doctor is asked to find.
    except Exception as error:  # noqa: BLE001
        text = f"this could not be looked at: {type(error).__name__}: {error}"
        found = [Finding(name, PROBLEM, text, "Repair what the other findings name, then ask again")]
    yield from found or [Finding(name, OK, well)]

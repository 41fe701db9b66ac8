"""Checks of the installation: versions, settings, key, Dagster's own settings.

Belongs here: what holds for every home of this installation. Does not belong here: files of a home (`folders`).
"""

import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

from orchestration.doctor.finding import PROBLEM, Finding, Situation
from orchestration.settings import PROJECT

LOCK = PROJECT / "requirements.lock"
PINNED = re.compile(r"^[A-Za-z0-9][^\\\n]*==[^\\\n]*", re.MULTILINE)
SETUP = "Run: make setup"


def versions(_: Situation) -> Iterator[Finding]:
    """Whether Python and every package that a refresh needs are there, in the version of the lock."""
    from packaging.specifiers import SpecifierSet

    try:
        wanted = distribution("ketenzicht").metadata["Requires-Python"]
    except PackageNotFoundError:
        yield Finding("versions", PROBLEM, "the package ketenzicht is not installed", SETUP)
        return
    if not SpecifierSet(wanted).contains(platform.python_version()):
        yield Finding(
            "versions", PROBLEM, f"this is Python {platform.python_version()}, ketenzicht wants {wanted}", SETUP
        )
    if not LOCK.exists():
        yield Finding("versions", PROBLEM, f"{LOCK} is missing: versions cannot be compared", "Install anew")
        return
    locked, wrong = _locked(), []
    for name in sorted(_needed()):
        found = _installed(name)
        if found is None:
            wrong.append(f"{name} is missing")
        elif found != locked.get(name, found):
            wrong.append(f"{name} is {found}, locked {locked[name]}")
    if wrong:
        yield Finding("versions", PROBLEM, "; ".join(wrong), SETUP)


def _locked() -> dict[str, str]:
    """Package -> version of the lock, for this Python and machine."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    pinned = [Requirement(line.strip()) for line in PINNED.findall(LOCK.read_text())]
    return {
        canonicalize_name(one.name): str(one.specifier).removeprefix("==")
        for one in pinned
        if one.marker is None or one.marker.evaluate()
    }


def _needed() -> set[str]:
    """The packages that ketenzicht stands on, those of development aside."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    found: dict[str, set[str]] = {}
    waiting = [("ketenzicht", {""})]
    while waiting:
        name, extras = waiting.pop()
        if extras <= found.get(name, set()):
            continue
        found[name] = found.get(name, set()) | extras
        for text in _requires(name):
            one = Requirement(text)
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in found[name]):
                waiting.append((canonicalize_name(one.name), {"", *one.extras}))
    return found.keys() - {"ketenzicht"}


def _requires(name: str) -> list[str]:
    try:
        return distribution(name).requires or []
    except PackageNotFoundError:
        return []


def _installed(name: str) -> str | None:
    try:
        return distribution(name).version
    except PackageNotFoundError:
        return None


def settings(situation: Situation) -> Iterator[Finding]:
    """Whether a command would start at all."""
    if situation.complaint is not None:
        what = situation.complaint
        yield Finding("settings", PROBLEM, what, "Correct the environment or .env; until then no command runs")


def key(situation: Situation) -> Iterator[Finding]:
    """Whether there is a key, fit and private. Creates none."""
    from orchestration import key as keys

    try:
        found = keys.find(situation.settings)
    except keys.KeyFileError as error:
        yield Finding("key", PROBLEM, str(error), "Do what the message says; never make a new key over a lost one")
        return
    if found is None:
        file = situation.settings.key_file.expanduser()
        yield Finding(
            "key",
            PROBLEM,
            f"there is no key: KETENZICHT_KEY is not set and {file} does not exist",
            f"Restore {file} from its backup, mode 600. Only for a new installation: ketenzicht init makes one; with "
            "another key every pseudonym changes",
        )


def dagster(situation: Situation) -> Iterator[Finding]:
    """Whether Dagster sends nothing about its use to its makers."""
    import yaml

    file = situation.paths.dagster / "dagster.yaml"
    if not file.exists():
        return
    try:
        content = yaml.safe_load(file.read_text())
    except yaml.YAMLError:
        yield Finding("dagster", PROBLEM, f"{file} is not YAML", f"Remove it and run: {_init(situation)}")
        return
    if not isinstance(content, dict) or (content.get("telemetry") or {}).get("enabled") is not False:
        yield Finding(
            "dagster", PROBLEM, f"{file} does not switch telemetry off", "Add to it: telemetry: {enabled: false}"
        )


def _init(situation: Situation) -> str:
    return f"ketenzicht init --home {situation.paths.home}"

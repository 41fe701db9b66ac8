"""Agreed versions held against the contracts: ``python -m contracts.agreement_versions`` commits the current ones.

Belongs here: finding an agreement by what a user calls it; what a change asks of the version number. Does not belong
here: what a change is (agreement_diff.py).
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from contracts import versions
from contracts.agreement import NAMES, Agreement, AgreementError, current
from contracts.agreement_diff import Comparison, Verdict, compare
from contracts.agreement_odcs import read, write

CURRENTLY, AGREED = "current", "committed"
COMMIT = "run python -m contracts.agreement_versions"
HOW = f"a file or folder, {', '.join(NAMES)}, one of these with @<version>, or `{CURRENTLY}` or `{AGREED}` for all"


def named(text: str) -> list[Agreement]:
    """The agreements that a user means: a file, a folder of files, `ind` (as the contracts are), `ind@1.0` (as agreed),
    `current` or `committed` (all, the newest agreed ones). Raises AgreementError.
    """
    name, _, version = text.partition("@")
    if text == CURRENTLY:
        return [current(one) for one in NAMES]
    if text == AGREED:
        return [agreed(one, versions.committed(one)[-1]) for one in NAMES]
    if name in NAMES:
        return [agreed(name, version) if version else current(name)]
    path = Path(text)
    files = sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]
    if not files or not path.exists():
        raise AgreementError(f"{text}: no contract there; give {HOW}")
    return [agreement for file in files for agreement in read(file)]


def agreed(name: str, version: str) -> Agreement:
    """A committed version. Raises AgreementError when there is none."""
    if version not in versions.committed(name):
        known = ", ".join(versions.committed(name))
        raise AgreementError(f"{name}@{version} was never agreed; agreed versions of {name}: {known or 'none'}")
    return read(versions.file_of(name, version))[0]


def history(name: str) -> list[Agreement]:
    """Every version that was agreed, oldest first."""
    return [agreed(name, version) for version in versions.committed(name)]


def violations(now: Agreement, earlier: Sequence[Agreement]) -> list[str]:
    """What is wrong with the version number of an agreement, given what was agreed before; empty when nothing is.

    A breaking change asks for a new major version, any other change of terms for a new minor one, words for none.
    """
    number = versions.number(now.version)
    later = [one.label for one in earlier if versions.number(one.version) > number]
    found = [f"{now.label} is older than {label}, which was agreed" for label in later]
    for one in [one for one in earlier if versions.number(one.version) <= number][-2:]:
        comparison = compare(one, now)
        least = _least(one.version, comparison.verdict)
        if number < least:
            found.append(
                f"{now.label} has {comparison.verdict} changes since {one.label} ({_first(comparison)}): set its "
                f"version in contracts/versions/__init__.py to {least[0]}.{least[1]}, then {COMMIT}"
            )
    return found


def _least(version: str, verdict: Verdict) -> tuple[int, int]:
    """The lowest version that may follow one, given what changed."""
    major, minor = versions.number(version)
    return {
        Verdict.breaking: (major + 1, 0),
        Verdict.compatible: (major, minor + 1),
        Verdict.editorial: (major, minor),
    }[verdict]


def _first(comparison: Comparison) -> str:
    worst = [change for change in comparison.changes if change.verdict == comparison.verdict]
    more = f" and {len(worst) - 1} more" if worst[1:] else ""
    return f"{worst[0].place}: {worst[0].what}{more}"


def commit() -> list[str]:
    """Write the current versions beside those agreed before; returns what stands in the way, having written nothing."""
    in_the_way = [text for name in NAMES for text in violations(current(name), history(name))]
    if not in_the_way:
        for name in NAMES:
            now = current(name)
            versions.file_of(name, now.version).write_text(write(now), encoding="utf-8")
        versions.committed.cache_clear()
    return in_the_way


def unsettled() -> list[str]:
    """What keeps the contracts of this installation from being the agreed ones; empty when they are."""
    absent = [f"{name}@{now}" for name, now in versions.CURRENT.items() if now not in versions.committed(name)]
    found = [text for name in NAMES for text in violations(current(name), history(name))]
    return found + [f"{label} is not committed: {COMMIT}" for label in absent]


if __name__ == "__main__":
    sys.exit("\n".join(commit()) or 0)

"""Which version of each agreement is in force, and which were agreed: one YAML file a version beside this module.

Belongs here: numbers and files. Does not belong here: what an agreement says (contracts/agreement.py). Terms that were
agreed never change: `python -m contracts.agreement_versions` writes the next version (docs/agreements.md).
"""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
SUFFIX = ".odcs.yaml"
_FILE = re.compile(rf"(?P<name>[a-z]+)@(?P<version>\d+\.\d+){re.escape(SUFFIX)}")

CURRENT = {"ind": "1.0", "coa": "1.0", "rvr": "1.0", "marts": "1.0"}
"""Agreement -> version that the contracts of this installation state; `contract` of a manifest names it."""


def number(version: str) -> tuple[int, int]:
    """Major and minor, to compare by: 1.10 comes after 1.9."""
    major, minor = version.split(".")
    return int(major), int(minor)


def file_of(name: str, version: str) -> Path:
    """Where a version is committed."""
    return FOLDER / f"{name}@{version}{SUFFIX}"


@cache
def committed(name: str) -> tuple[str, ...]:
    """The versions of an agreement that were agreed, oldest first."""
    matches = (_FILE.fullmatch(file.name) for file in FOLDER.iterdir())
    return tuple(sorted((one["version"] for one in matches if one and one["name"] == name), key=number))


def accepted(partner: str) -> tuple[str, ...]:
    """The versions that a delivery may name: those of the current major version, up to the current one.

    A minor version only loosens, so what was made for an earlier one keeps the current one too.
    """
    major, minor = number(CURRENT[partner])
    return tuple(one for one in committed(partner) if (major, 0) <= number(one) <= (major, minor))

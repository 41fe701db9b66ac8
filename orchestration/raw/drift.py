"""What a delivery has otherwise than agreed, beside its rows: columns, and files that were delivered before.

Belongs here: from headers and hashes to refusals and anomalies. Does not belong here: rows (`raw.judging`).
"""

import re
from collections.abc import Iterator, Sequence

from contracts.base import Extract
from orchestration.deliveries import Delivery
from orchestration.raw.files import CheckedFile, UnusableFileError
from orchestration.raw.reading import MUTATION

COLUMN_NAME = re.compile(r"[a-z_][a-z_ -]{0,40}[0-9]{0,2}")
REPEATED = "repeated_file"


def refuse_header(file: CheckedFile, extract: type[Extract], *, is_delta: bool) -> None:
    """Raises UnusableFileError when a required column is absent or a column occurs twice."""
    where, header = file.resource.path, list(file.header)
    required = [name for name, info in extract.columns.items() if not info.nullable]
    missing = [name for name in [MUTATION] * is_delta + required if name not in header]
    if missing:
        hint = "; is dialect.delimiter of the manifest right?" if len(header) == 1 else ""
        raise UnusableFileError(
            f"{where}: line 1: required column {', '.join(missing)} is missing: deliver it again{hint}"
        )
    if doubled := sorted({shown(name) for name in header if name and header.count(name) > 1}):
        raise UnusableFileError(f"{where}: line 1: column {', '.join(doubled)} occurs twice: deliver it again")


def drift(file: CheckedFile, extract: type[Extract], *, is_delta: bool) -> list[str]:
    """Columns that the contract does not know (kept out), and nullable ones that are absent (read as empty)."""
    known = [*extract.columns, *([MUTATION] if is_delta else [])]
    unknown = [f"unknown_column:{shown(name)}" for name in file.header if name not in known]
    return unknown + [f"absent_column:{name}" for name in extract.columns if name not in file.header]


def shown(name: str) -> str:
    """The name of a column or extract as it may be told: what does not look like one can be a cell of a person."""
    return name if COLUMN_NAME.fullmatch(name) else "?"


def repeated(resolved: Sequence[Delivery]) -> Iterator[tuple[str, str]]:
    """Folder and extract of files in force that are yesterday's again: no file of their delivery has anything new.

    One file alone that equals the one in force before it is none: locations change seldom.
    """
    last: dict[str, str] = {}
    for delivery in resolved:
        if delivery.state == "in_force" and delivery.manifest:
            files = [resource for resource in delivery.manifest.resources if resource.rows]
            if all(last.get(resource.name) == resource.sha256 for resource in files):
                yield from ((delivery.folder.name, resource.name) for resource in files)
            last |= {resource.name: resource.sha256 for resource in delivery.manifest.resources}

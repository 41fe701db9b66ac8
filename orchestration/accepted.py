"""The record of drops that a person took: which deliveries are in force although many rows are gone.

Belongs here: the file, beside the deliveries, because nothing in them tells what a person decided. Does not belong
here: what a drop is (`raw.drop_guard`). Imports neither DuckDB nor Dagster: the record is part of the fingerprint.
"""

import hashlib
import json
from pathlib import Path

from orchestration import durable
from orchestration.deliveries import Delivery

Content = tuple[str, str, str]
"""Partner, folder name, and hash of the manifest: another content under the same name is judged anew."""


class AcceptanceError(Exception):
    """The record cannot be read: going on without it could take back what a person decided."""


class Acceptance:
    """Which contents are taken in spite of the drop guard: those on record, or with `accept_all` any."""

    def __init__(self, path: Path, *, accept_all: bool = False) -> None:
        """Raises AcceptanceError."""
        self.path, self.accept_all = path, accept_all
        self.contents = _read(path)

    def takes(self, delivery: Delivery) -> bool:
        """Whether a delivery with a drop comes into force; what is accepted now is on record before this returns."""
        content = (delivery.partner, delivery.folder.name, delivery.content_id)
        if self.accept_all and content not in self.contents:
            self.contents.add(content)
            _write(self.path, self.contents)
        return content in self.contents


def digest(path: Path) -> str:
    """Hash of the record as it lies on disk, for the fingerprint."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "none"


def _read(path: Path) -> set[Content]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return {(entry["partner"], entry["delivery"], entry["content_id"]) for entry in entries}
    except FileNotFoundError:
        return set()
    except (OSError, ValueError, TypeError, KeyError) as error:
        why = error.strerror if isinstance(error, OSError) else "damaged"
        raise AcceptanceError(
            f"cannot read {path}, which says which drops were accepted ({why}): put it back from the "
            "backup, or remove it and run `ketenzicht refresh --accept-drop`"
        ) from error


def _write(path: Path, contents: set[Content]) -> None:
    entries = [dict(zip(("partner", "delivery", "content_id"), one, strict=True)) for one in sorted(contents)]
    durable.replace(path, json.dumps(entries, indent=1), "accepted_drops")

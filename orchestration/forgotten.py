"""The record of who was forgotten: keyed hashes beside the deliveries, so that deleting `work/` loses none of them.

Belongs here: the file, the hash, which numbers it comes to. Does not belong here: rows (`raw.setting_apart`), the
command (`forget`). Imports neither DuckDB nor Dagster: the record is part of the fingerprint.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from orchestration import durable
from orchestration.settings import Paths

V_NUMBER = "v_nummer"
PATTERNS = {
    V_NUMBER: re.compile(r"[0-9]{10}"),
    "zaaknummer": re.compile(r"Z[0-9]{9}"),
    "coa_nummer": re.compile(r"C[0-9]{8}"),
    "toevoegingsnummer": re.compile(r"[0-9][A-Z]{2}[0-9]{4}"),
}
"""The kinds of number that a person's rows are known by, and how one looks when it is normalised."""

BLANKS_AND_DOTS = re.compile(r"[\s.]")


class RecordError(Exception):
    """The record of who was forgotten cannot be used: going on could bring persons back."""


@dataclass(frozen=True)
class Record:
    """What the controller had forgotten, as keyed hashes."""

    persons: frozenset[str] = field(default_factory=frozenset)
    """Numbers of persons: what is delivered under another number of the same person is forgotten too."""
    numbers: frozenset[str] = field(default_factory=frozenset)
    """Cases, receptions and certificates that had ended: forgotten themselves, and nothing else with them."""

    def __or__(self, other: "Record") -> "Record":
        return Record(self.persons | other.persons, self.numbers | other.numbers)

    def reaches(self, links: Mapping[str, Iterable[str]]) -> frozenset[str]:
        """All hashes to be forgotten; `links` leads from the hash of a number to those of the same person."""
        found, waiting = set(self.persons), list(self.persons)
        while waiting:
            fresh = set(links.get(waiting.pop(), ())) - found
            found |= fresh
            waiting += fresh
        return frozenset(found) | self.numbers


def normalised(kind: str, text: str) -> str | None:
    """The number that a cell of its column holds, however it is typed: blanks and dots out, a v_nummer padded to ten.

    None when the cell holds none of that kind.
    """
    number = BLANKS_AND_DOTS.sub("", text).upper()
    if kind == V_NUMBER and number.isdecimal():
        number = number.zfill(10)
    return number if PATTERNS[kind].fullmatch(number) else None


def written_out(text: str) -> tuple[str, str] | None:
    """Kind and number of a cell of any column: only a number written out in full, since `2` may be anything."""
    number = text.strip().upper()
    return next(((kind, number) for kind, pattern in PATTERNS.items() if pattern.fullmatch(number)), None)


def hash_of(key: bytes, kind: str, number: str) -> str:
    """Keyed hash of a normalised number; its domain is not that of the pseudonyms, so the two cannot be joined."""
    return hmac.digest(key, f"forgotten:{kind}:{number}".encode(), "sha256")[:16].hex()


def read(paths: Paths, key: bytes) -> Record:
    """The record of a home; empty when nobody was forgotten.

    Raises:
        RecordError: unreadable, or made under another key, so that it would recognise nobody.
    """
    try:
        content = json.loads(paths.forgotten.read_text())
        check, record = content["key"], Record(frozenset(content["persons"]), frozenset(content["numbers"]))
    except FileNotFoundError:
        return Record()
    except (OSError, ValueError, TypeError, KeyError) as error:
        why = error.strerror if isinstance(error, OSError) else "damaged"
        raise RecordError(
            f"cannot read {paths.forgotten}, which says who was forgotten ({why}): put it back from the backup"
        ) from error
    if not hmac.compare_digest(str(check), _key_check(key)):
        raise RecordError(
            f"{paths.forgotten} was made under another key, so that those forgotten would come back: give that key, or "
            "move the file away and run `ketenzicht forget` again for each of them"
        )
    return record


def write(paths: Paths, key: bytes, record: Record) -> None:
    """Replace the record of a home, on disk before this returns."""
    content = {"key": _key_check(key), "persons": sorted(record.persons), "numbers": sorted(record.numbers)}
    durable.replace(paths.forgotten, json.dumps(content, indent=0), "forgotten")


def digest(paths: Paths) -> str:
    """Hash of the record as it lies on disk, for the fingerprint."""
    return hashlib.sha256(paths.forgotten.read_bytes()).hexdigest() if paths.forgotten.exists() else "nobody"


def _key_check(key: bytes) -> str:
    return hash_of(key, "key", "check")

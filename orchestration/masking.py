"""What may be shown of a row: never a value, since one that broke may hold anybody's number in any column.

Belongs here: masks. Does not belong here: which rows are bad (`quarantine`).
"""

import re

from contracts.base import Extract
from orchestration.raw.pseudonyms import kind_of, pseudonym

VALUES = re.compile(r"'[^']*'|\"[^\"]*\"|\b\w*\d{4,}\w*\b")
"""What an error of the database may quote of a row: text in quotes, and numbers."""
MASK = 8
"""Hex digits of a pseudonym that stand for a key: enough to tell rows apart."""
SHOWN = 40
"""Characters of the shape of a value."""


def without_values(message: str) -> str:
    """An error of the database without the values that it quotes."""
    return VALUES.sub("…", message)


def columns_of(extract: type[Extract], rule: str) -> tuple[str, ...]:
    """The columns that a rule is reported under; none for a line that could not be read."""
    check, _, column = rule.partition(":")
    if column:
        return (column,)
    if check in {"exists_in", "parent_quarantined"}:
        return tuple(reference.column for reference in extract.references)
    overlapping = {name for one in extract.overlaps if one.rule == check for name in (one.by, one.begins, one.ends)}
    if overlapping:
        return tuple(name for name in extract.columns if name in overlapping)
    return extract.key if check == "duplicate_key" else ()


def masked_key(extract: type[Extract], parts: list[str] | None, key: bytes) -> str | None:
    """A key as the beginning of its pseudonyms, by which equal ones are known; None where it could not be read."""
    if parts is None:
        return None
    named = zip(extract.key, parts, strict=True)
    return "/".join(pseudonym(key, kind_of(extract, name) or name, part)[:MASK] for name, part in named)


def shape(value: str | None) -> str:
    """What a value looks like: every digit a 9, every letter an a or A."""
    if value is None:
        return "(empty)"
    looks = re.sub(r"\d", "9", re.sub(r"[^\W\d_]", lambda letter: "A" if letter[0].isupper() else "a", value))
    looks = "".join(sign if sign.isprintable() else "?" for sign in looks)
    return looks if len(looks) <= SHOWN else f"{looks[:SHOWN]}... ({len(looks)} characters)"

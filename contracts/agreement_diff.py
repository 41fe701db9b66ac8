"""Two versions of an agreement compared: every change, whether it breaks the other party, and why.

Belongs here: the verdicts. Does not belong here: what a change does to a set of values
(agreement_effect.py), reading agreements (agreement_odcs.py).

A change narrows (some rows that kept the old terms break the new ones), widens (the other way about), or does neither
surely. What a partner delivers may only be widened: narrower terms would refuse what is delivered today. What readers
get may only be narrowed: wider terms show them values that they were promised never to see. What disappears, and what a
row or a number means, breaks both.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from contracts.agreement import Agreement, AgreementError, Column, Direction, Limit, Rule, Table
from contracts.agreement_effect import BOUNDS, Effect, bound_effect, type_effect

NAMED = 10
"""Values of a domain that a change names; of more it says how many."""


class Verdict(StrEnum):
    """What a change asks of the other party; `editorial` changes words only."""

    breaking = "breaking"
    compatible = "compatible"
    editorial = "editorial"


@dataclass(frozen=True)
class Change:
    """One change: where, what, and what it means for the other party."""

    place: str
    what: str
    verdict: Verdict
    why: str


@dataclass(frozen=True)
class Comparison:
    """All changes between two versions of one agreement."""

    old: str
    new: str
    changes: tuple[Change, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of the changes; `editorial` also when there are none."""
        found = {change.verdict for change in self.changes}
        return next((one for one in (Verdict.breaking, Verdict.compatible) if one in found), Verdict.editorial)


REASONS = {
    ("incoming", Effect.narrower): "what is delivered today would be refused or quarantined",
    ("incoming", Effect.wider): "what is delivered today still fits",
    ("incoming", Effect.unclear): "nothing says that what is delivered today still fits",
    ("outgoing", Effect.narrower): "readers meet nothing that was not promised before",
    ("outgoing", Effect.wider): "readers meet what they were promised not to meet",
    ("outgoing", Effect.unclear): "nothing says that readers meet only what was promised before",
}
HARMLESS = {"incoming": Effect.wider, "outgoing": Effect.narrower}
GONE = {
    "incoming": "what is still delivered in it is kept out, and lost",
    "outgoing": "what reads it fails",
}
ADDED = {"incoming": "it may be left out of a delivery", "outgoing": "what reads the other columns goes on"}


def compare(old: Agreement, new: Agreement) -> Comparison:
    """Every change from one version to another. Raises AgreementError when they are not versions of one agreement."""
    if (old.name, old.direction) != (new.name, new.direction):
        raise AgreementError(
            f"{old.label} ({old.direction}) and {new.label} ({new.direction}) are not versions of one agreement"
        )
    return Comparison(old.label, new.label, tuple(_agreement(old, new)))


def compare_all(old: Sequence[Agreement], new: Sequence[Agreement]) -> list[Comparison]:
    """Agreements compared by name; one that is on one side only has all its tables removed or added."""
    if len(old) == len(new) == 1:
        return [compare(old[0], new[0])]
    before, after = ({one.name: one for one in side} for side in (old, new))
    return [
        compare(before.get(name) or _empty(after[name]), after.get(name) or _empty(before[name]))
        for name in sorted(before.keys() | after.keys())
    ]


def _empty(agreement: Agreement) -> Agreement:
    return Agreement(agreement.name, "none", agreement.direction, {})


def _agreement(old: Agreement, new: Agreement) -> Iterator[Change]:
    side = new.direction
    for name in _names(old.tables, new.tables):
        before, after = old.tables.get(name), new.tables.get(name)
        if after is None:
            yield Change(name, "table removed", Verdict.breaking, GONE[side])
        elif before is None:
            yield Change(name, "table added", Verdict.compatible, ADDED[side])
        else:
            yield from _table(before, after, side)


def _table(old: Table, new: Table, side: Direction) -> Iterator[Change]:
    if set(old.key) != set(new.key):
        what = f"key {', '.join(old.key) or 'none'} became {', '.join(new.key) or 'none'}"
        yield Change(new.name, what, Verdict.breaking, "what one row is changes")
    for name in _names(old.columns, new.columns):
        place, before, after = f"{new.name}.{name}", old.columns.get(name), new.columns.get(name)
        if after is None:
            yield Change(place, "column removed", Verdict.breaking, GONE[side])
        elif before is None:
            yield _added(place, after, side)
        else:
            yield from _column(place, before, after, side)
    yield from _rules(old, new, side)
    if old.grain != new.grain:
        yield _words(new.name, "description of the table")


def _added(place: str, column: Column, side: Direction) -> Change:
    if side == "incoming" and column.required:
        return Change(place, "required column added", Verdict.breaking, "a delivery without it is refused")
    return Change(place, "column added", Verdict.compatible, ADDED[side])


def _column(place: str, old: Column, new: Column, side: Direction) -> Iterator[Change]:
    if old.type != new.type:
        yield _judged(place, f"type {old.type} became {new.type}", type_effect(old.type, new.type, side), side)
    if old.required != new.required:
        what, effect = ("now required", Effect.narrower) if new.required else ("may now be empty", Effect.wider)
        yield _judged(place, what, effect, side)
    if old.unit != new.unit:
        yield Change(
            place, f"unit {old.unit} became {new.unit}", Verdict.breaking, "the same number means something else"
        )
    for name in BOUNDS:
        yield from _bound(place, name, getattr(old, name), getattr(new, name), side)
    yield from _allowed(place, old.allowed, new.allowed, side)
    if (old.description, old.source, old.formula) != (new.description, new.source, new.formula):
        yield _words(place, "description, source or formula")


def _bound(place: str, name: str, old: Any, new: Any, side: Direction) -> Iterator[Change]:
    if old != new:
        what = f"{name.replace('_', ' ')} {_shown(old)} became {_shown(new)}"
        yield _judged(place, what, bound_effect(name, old, new), side)


def _allowed(place: str, old: tuple[Any, ...] | None, new: tuple[Any, ...] | None, side: Direction) -> Iterator[Change]:
    if old is None and new is not None:
        yield _judged(place, f"limited to {_values(new)}", Effect.narrower, side)
    elif old is not None and new is None:
        yield _judged(place, "no longer limited to a list of values", Effect.wider, side)
    elif old is not None and new is not None:
        gone, added = [one for one in old if one not in new], [one for one in new if one not in old]
        if gone:
            yield _judged(place, f"{_values(gone)} no longer allowed", Effect.narrower, side)
        if added:
            yield _judged(place, f"{_values(added)} now allowed", Effect.wider, side)


def _rules(old: Table, new: Table, side: Direction) -> Iterator[Change]:
    before, after = ({_frozen(rule): rule for rule in table.rules} for table in (old, new))
    gone = [rule for key, rule in before.items() if key not in after]
    fresh = [rule for key, rule in after.items() if key not in before]
    for rule in gone:
        other = next((one for one in fresh if one.identity == rule.identity), None)
        if other is None:
            yield _judged(_place(new, rule), f"rule {rule.kind} removed ({rule.terms})", Effect.wider, side)
        else:
            fresh.remove(other)
            what = f"rule {rule.kind} became ({other.terms}), was ({rule.terms})"
            yield _judged(_place(new, rule), what, Effect.unclear, side)
    for rule in fresh:
        yield _judged(_place(new, rule), f"rule {rule.kind} added ({rule.terms})", Effect.narrower, side)


def _place(table: Table, rule: Rule) -> str:
    return f"{table.name}.{rule.identity[1]}"


def _frozen(rule: Rule) -> str:
    return json.dumps([rule.kind, rule.statistics], sort_keys=True, default=str)


def _judged(place: str, what: str, effect: Effect, side: Direction) -> Change:
    verdict = Verdict.compatible if effect == HARMLESS[side] else Verdict.breaking
    return Change(place, what, verdict, REASONS[side, effect])


def _words(place: str, what: str) -> Change:
    return Change(place, f"{what} changed", Verdict.editorial, "words only")


def _shown(value: Any) -> str:
    if isinstance(value, Limit):
        return f"{value.value}{' (exclusive)' if value.exclusive else ''}"
    return "none" if value is None else str(value)


def _values(values: Sequence[Any]) -> str:
    shown = ", ".join(str(value) for value in values[:NAMED])
    return f"{shown} and {len(values) - NAMED} more" if len(values) > NAMED else shown


def _names(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Names of both sides, in the order of the new one, what is gone behind."""
    return [*new, *(name for name in old if name not in new)]

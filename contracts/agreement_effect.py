"""What a change of one term does to the set of values that keep it: narrower, wider, or neither surely.

Belongs here: the order of types and of bounds. Does not belong here: whom a change breaks (agreement_diff.py).
"""

from enum import StrEnum
from typing import Any

from contracts.agreement import Direction, Limit


class Effect(StrEnum):
    """What a change does to the set of rows that keep the terms."""

    narrower = "narrower"
    wider = "wider"
    unclear = "unclear"


BOUNDS = ("pattern", "refers_to", "min_length", "max_length", "minimum", "maximum")
"""Terms of a column of which there is one or none; the first two cannot be ordered."""


def bound_effect(name: str, old: Any, new: Any) -> Effect:
    """The effect of another bound; none at all allows everything."""
    if old is None or new is None:
        return Effect.narrower if old is None else Effect.wider
    if name in {"pattern", "refers_to"}:
        return Effect.unclear
    is_upper = name.startswith("max")
    before, after = (_position(one, is_upper) for one in (old, new))
    return Effect.narrower if (after < before) == is_upper else Effect.wider


def _position(bound: Any, is_upper: bool) -> tuple[Any, int]:
    """A bound on the axis of values: an exclusive one lies inside an inclusive one of the same value."""
    if not isinstance(bound, Limit):
        return bound, 0
    return bound.value, (-1 if is_upper else 1) * bound.exclusive


def type_effect(old: str, new: str, side: Direction) -> Effect:
    """Decimals nest. Any other type is read otherwise, though a partner's values of any type can be kept as text."""
    before, after = _digits(old), _digits(new)
    if before and after:
        if after[0] >= before[0] and after[1] >= before[1]:
            return Effect.wider
        if after[0] <= before[0] and after[1] <= before[1]:
            return Effect.narrower
    if side == "outgoing":
        return Effect.unclear
    return Effect.wider if new == "VARCHAR" else Effect.narrower


def _digits(type_: str) -> tuple[int, int] | None:
    """Digits before and behind the point of a decimal; a whole number has 19 and none."""
    if type_ == "BIGINT":
        return 19, 0
    if not type_.startswith("DECIMAL("):
        return None
    precision, scale = (int(part) for part in type_.removeprefix("DECIMAL(").rstrip(")").split(","))
    return precision - scale, scale

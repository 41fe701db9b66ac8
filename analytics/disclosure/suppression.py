"""Which further cells are hidden so that every hidden count keeps at least three possible values.

Belongs here: the choice, for one count of one table and month. Does not belong here: paths (`network`).

Who attacks knows every published cell of this release and of the one before it, that cells add up to their totals,
and, as the worst case, which cells did not change between the two. A value is possible when a world with it gives
the same two releases. Two kinds of worlds are tried, both sound: those in which a cell differs by as much in both
releases, and those in which only cells that changed differ, in one release. Hiding more never narrows a cell, so one
pass over the hidden cells, those hidden on the way included, is enough.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analytics.disclosure.network import Arc, Residual, Shape
from analytics.disclosure.profile import Amounts, Profile, Room, Status

POSSIBLE_VALUES = 3
"""Values that every hidden count must keep (marts.md, Open data)."""

RENAMING = 1000
"""What it costs to say no longer that a hidden count is small, as against hiding a shown one: its value. Four counts
called small in a total called small are 1 each, so it cannot be ruled out; but it is not to be preferred."""


@dataclass(frozen=True)
class Published:
    """What a release said of one count of one table and month: true values by position, and how they were shown."""

    counts: Sequence[int]
    statuses: Sequence[Status]
    profile: Profile | Amounts

    def rooms(self) -> dict[int, Room]:
        """The room of every position that is not 0; zeros are shown."""
        return {
            position: self.profile.room(self.statuses[position], count)
            for position, count in enumerate(self.counts)
            if count
        }


class _World(NamedTuple):
    """A kind of worlds: the room in it, and the positions whose room hiding can widen (none: not to be widened)."""

    residual: Residual
    widened_by_hiding: frozenset[int]
    limits: dict[int, Room] | None
    """What the release before leaves of the room, by position; None: everything."""


class _Offer(NamedTuple):
    cost: int
    positions: list[int]


def protect(
    shape: Shape,
    counts: Sequence[int],
    statuses: Sequence[Status],
    profile: Profile | Amounts,
    *,
    before: Published | None = None,
    structural: frozenset[int] = frozenset(),
) -> list[Status] | None:
    """The statuses with as many cells hidden as it takes, or None where the release before makes that impossible.

    `counts` and `statuses` go by position of `shape`, totals included. `structural` positions are 0 to everybody.
    """
    return _Protection(shape, counts, statuses, profile, before, structural).run()


class _Protection:
    def __init__(
        self,
        shape: Shape,
        counts: Sequence[int],
        statuses: Sequence[Status],
        profile: Profile | Amounts,
        before: Published | None,
        structural: frozenset[int],
    ) -> None:
        self.shape, self.counts, self.profile = shape, counts, profile
        self.statuses = list(statuses)
        self.known = structural or frozenset(p for p, count in enumerate(counts) if not count)
        self.position = {arc: position for position, arc in enumerate(shape.arcs)}
        own = {p: self.room(p) for p in range(len(counts)) if p not in self.known}
        if before is None:
            self.now = [_World(Residual(shape, own), frozenset(own), None)]
            self.then: list[_World] = []
            self.hidden_before: list[int] = []
        else:
            self._add_before(before, own)

    def _add_before(self, before: Published, own: dict[int, Room]) -> None:
        earlier = before.rooms()
        changed = [p for p, count in enumerate(self.counts) if count != before.counts[p]]
        both = {p: _least(room, earlier[p]) for p, room in own.items() if p in earlier}
        together = _World(Residual(self.shape, both), frozenset(both), earlier)
        alone = {p: own[p] for p in changed if p in own}
        alone_before = {p: earlier[p] for p in changed if p in earlier}
        self.now = [together, _World(Residual(self.shape, alone), frozenset(alone), None)]
        self.then = [together, _World(Residual(self.shape, alone_before), frozenset(), None)]
        self.hidden_before = [p for p, status in enumerate(before.statuses) if status != Status.SHOWN]

    def room(self, position: int) -> Room:
        return self.profile.room(self.statuses[position], self.counts[position])

    def run(self) -> list[Status] | None:
        """Settle every hidden count, of this release and of the one before, and those hidden on the way."""
        waiting = deque((p, self.now) for p, status in enumerate(self.statuses) if status != Status.SHOWN)
        waiting.extend((p, self.then) for p in self.hidden_before)
        while waiting:
            position, worlds = waiting.popleft()
            while not self._keeps_enough(position, worlds):
                offers = [offer for offer in self._offers(position, worlds) if offer is not None]
                if not offers:
                    return None
                for bought in min(offers).positions:
                    if self.statuses[bought] == Status.SHOWN:
                        waiting.append((bought, self.now))
                    self._hide(bought)
        return self.statuses

    def _arcs(self, position: int) -> tuple[Arc, Arc]:
        """Up and down."""
        start, end = self.shape.arcs[position]
        return (start, end), (end, start)

    def _keeps_enough(self, position: int, worlds: Sequence[_World]) -> bool:
        alternatives = 0
        for arc in self._arcs(position):
            alternatives += max(world.residual.push(arc, POSSIBLE_VALUES - 1 - alternatives)[0] for world in worlds)
            if alternatives >= POSSIBLE_VALUES - 1:
                return True
        return False

    def _offers(self, position: int, worlds: Sequence[_World]) -> Iterator[_Offer | None]:
        """Per kind of worlds and direction the cheapest cells to hide that let the position go one further."""
        for world in worlds:
            for arc in self._arcs(position):
                own_price: int | None = 0
                pushed, left = world.residual.push(arc, POSSIBLE_VALUES - 1)
                if pushed == world.residual.capacity.get(arc, 0):
                    own_price = self._price(arc, world)
                if own_price is None:
                    continue
                found = left.cheapest(arc, lambda step, world=world: self._price(step, world))  # type: ignore[misc]
                if found is not None:
                    cost, path = found
                    paid = [step for step in path if left.capacity.get(step, 0) <= 0]
                    paid += [arc] if own_price else []
                    yield _Offer(cost + own_price, sorted({self._at(step)[0] for step in paid}))

    def _at(self, arc: Arc) -> tuple[int, bool]:
        """The position of an arc or its reverse, and whether it is the arc itself: up."""
        return (self.position[arc], True) if arc in self.position else (self.position[arc[::-1]], False)

    def _price(self, arc: Arc, world: _World) -> int | None:
        """What hiding costs that gives a step room: the value hidden, or RENAMING to call a small count suppressed."""
        if arc not in self.position and arc[::-1] not in self.position:
            return None
        position, is_up = self._at(arc)
        status = self.statuses[position]
        if status == Status.SUPPRESSED or position not in world.widened_by_hiding:
            return None
        after = self.profile.room(Status.SUPPRESSED, self.counts[position])
        after = _least(after, world.limits[position]) if world.limits is not None else after
        if (after.up if is_up else after.down) <= 0:
            return None
        return RENAMING - self.counts[position] if status == Status.SMALL else max(1, self.counts[position])

    def _hide(self, position: int) -> None:
        self.statuses[position] = Status.SUPPRESSED
        room = self.room(position)
        for world in self.now:
            if position in world.widened_by_hiding:
                limited = room if world.limits is None else _least(room, world.limits[position])
                world.residual.put(position, limited)


def _least(one: Room, other: Room) -> Room:
    return Room(min(one.down, other.down), min(one.up, other.up))

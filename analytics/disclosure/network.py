"""A table with totals as a flow network: what could be otherwise, cell by cell, without anything published telling.

Belongs here: paths. Does not belong here: what a status means (`profile`), which cells to hide (`suppression`).

The counts of a table with its row totals, column totals and total are a circulation: the total flows from the sink
to the source, on through rows, cells and columns. Another table with the same published form is another circulation,
so a cell can be one higher exactly when a path leads back from its head to its tail along arcs that have room
(Castro 2012, Recent advances in optimization techniques for statistical tabular data protection, EJOR 216).
The matrix is totally unimodular: the bounds of the linear programme are reached by whole numbers, and every whole
number between them is possible.
"""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from analytics.disclosure.profile import PLENTY, Room

Arc = tuple[int, int]
"""From node, to node."""


@dataclass(frozen=True)
class Shape:
    """A table of `rows` x `columns` cells with totals; `columns` = 0 is a list of cells with its total.

    Positions count row by row through `rows + 1` lines of `columns + 1` values, totals last.
    """

    rows: int
    columns: int

    @cached_property
    def nodes(self) -> int:
        """Source, one per row, one per column, sink."""
        return self.rows + self.columns + 2

    @cached_property
    def arcs(self) -> tuple[Arc, ...]:
        """The arc of every position."""
        source, sink = 0, self.nodes - 1
        width = self.columns + 1
        found: list[Arc] = []
        for position in range((self.rows + 1) * width):
            row, column = divmod(position, width)
            if row == self.rows and column == self.columns:
                found.append((sink, source))
            elif column == self.columns:
                found.append((source, 1 + row))
            elif row == self.rows:
                found.append((1 + self.rows + column, sink))
            else:
                found.append((1 + row, 1 + self.rows + column))
        return tuple(found)

    @cached_property
    def free(self) -> tuple[Arc, ...]:
        """Arcs that stand for nothing published: in a list, from each cell to the total."""
        return () if self.columns else tuple((1 + row, self.nodes - 1) for row in range(self.rows))


class Residual:
    """The room on every arc, in both directions: `push` says how far a position can go."""

    def __init__(self, shape: Shape, rooms: Mapping[int, Room]) -> None:
        """`rooms` holds the positions that have any room."""
        self.shape = shape
        self.capacity: dict[Arc, int] = {}
        self.reach = [0] * shape.nodes
        for start, end in shape.free:
            self._set(start, end, PLENTY)
            self._set(end, start, PLENTY)
        for position, room in rooms.items():
            self.put(position, room)

    def put(self, position: int, room: Room) -> None:
        """Give a position its room."""
        start, end = self.shape.arcs[position]
        self._set(start, end, room.up)
        self._set(end, start, room.down)

    def _set(self, start: int, end: int, capacity: int) -> None:
        self.capacity[start, end] = capacity
        self.reach[start] = self.reach[start] | 1 << end if capacity > 0 else self.reach[start] & ~(1 << end)

    def push(self, arc: Arc, wanted: int) -> tuple[int, "Residual"]:
        """By how much, at most `wanted`, the flow on `arc` in its direction can grow; and the room left after that."""
        pushed, left = 0, self
        wanted = min(wanted, self.capacity.get(arc, 0))
        while pushed < wanted:
            path = left._path(arc)
            if path is None:
                break
            amount = min(wanted - pushed, *(left.capacity[step] for step in path))
            pushed += amount
            if pushed < wanted:
                left = left._after(path, amount)
        return pushed, left

    def _after(self, path: list[Arc], amount: int) -> "Residual":
        """The room that is left when `amount` flows along the path."""
        left = Residual(self.shape, {})
        left.capacity, left.reach = dict(self.capacity), list(self.reach)
        for start, end in path:
            left._set(start, end, left.capacity[start, end] - amount)
            left._set(end, start, left.capacity.get((end, start), 0) + amount)
        return left

    def _path(self, arc: Arc) -> list[Arc] | None:
        """A shortest path from the arc's head back to its tail that does not use the arc itself."""
        tail, head = arc
        before = {head: head}
        seen, level = 1 << head, [head]
        while level:
            following = []
            for node in level:
                new = self.reach[node] & ~seen & ~(1 << tail if node == head else 0)
                seen |= new
                while new:
                    lowest = new & -new
                    found = lowest.bit_length() - 1
                    before[found] = node
                    if found == tail:
                        return _steps(before, head, tail)
                    following.append(found)
                    new ^= lowest
            level = following
        return None

    def cheapest(self, arc: Arc, price: Callable[[Arc], int | None]) -> tuple[int, list[Arc]] | None:
        """The path back from head to tail whose arcs without room cost least; `price` None is not for sale."""
        tail, head = arc
        before, settled = {head: head}, set[int]()
        queue = [(0, head, head)]
        while queue:
            cost, node, parent = heapq.heappop(queue)
            if node in settled:
                continue
            settled.add(node)
            before[node] = parent
            if node == tail:
                return cost, _steps(before, head, tail)
            for following in range(self.shape.nodes):
                if following in settled or (node == head and following == tail):
                    continue
                extra = 0 if self.reach[node] >> following & 1 else price((node, following))
                if extra is not None:
                    heapq.heappush(queue, (cost + extra, following, node))
        return None


def _steps(before: Mapping[int, int], head: int, tail: int) -> list[Arc]:
    path, node = [], tail
    while node != head:
        path.append((before[node], node))
        node = before[node]
    return path[::-1]

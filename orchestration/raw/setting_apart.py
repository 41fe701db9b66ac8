"""Rows of persons who were forgotten: recognised as they arrive, counted, and kept out of history and quarantine.

Belongs here: which rows are a forgotten person's, and which numbers one of them leads to. Does not belong here: the
record (`forgotten`), the counts (`raw.counting`).
"""

import json
import re
from collections.abc import Iterator, Sequence

from contracts.base import Extract
from contracts.checks import identifier
from orchestration import forgotten
from orchestration.forgotten import PATTERNS, V_NUMBER
from orchestration.raw.pseudonyms import kind_of
from orchestration.raw.pseudonyms import normalised as normalised_sql
from orchestration.raw.store import Store

SCRATCH_TABLES = {
    "intake.forgotten": "extract text, no integer, line integer",
    "intake.forgotten_link": "no integer, since text, leads_to text",
}
CELL = "\x1f"
BETWEEN_CELLS = re.compile(rf'[,;|"<>\t\r\n{CELL}]')
NAMES_A_PERSON = frozenset({"zaaknummer", "coa_nummer"})
"""What one person carries: two v_numbers that one of these has carried are one person (linking.md, Exact)."""


class Forgotten:
    """The numbers that a history is built without, by keyed hash."""

    def __init__(self, key: bytes, hashes: frozenset[str]) -> None:
        self.key, self.hashes = key, hashes
        self.rows = 0
        """Rows set apart so far."""
        self._others: dict[str, set[str]] = {kind: set() for kind in PATTERNS}

    def hash_of(self, kind: str, text: str) -> str | None:
        """The hash of the number that a cell holds, however it is typed; None when it holds none of that kind."""
        number = forgotten.normalised(kind, text)
        return None if number is None else forgotten.hash_of(self.key, kind, number)

    def knows(self, kind: str, text: str) -> bool:
        """Whether a cell holds a number that was forgotten."""
        return self.hash_of(kind, text) in self.hashes

    def among(self, kind: str, cells: set[str]) -> list[str]:
        """The cells that hold a forgotten number; what was looked at once, in another extract, is not hashed again."""
        found = [cell for cell in cells - self._others[kind] if self.knows(kind, cell)]
        self._others[kind] |= cells.difference(found)
        return sorted(found)

    def named_in(self, text: str) -> bool:
        """Whether any cell of a line holds such a number written out, in whichever column."""
        named = map(forgotten.written_out, BETWEEN_CELLS.split(text))
        return any(forgotten.hash_of(self.key, *number) in self.hashes for number in named if number)


def numbers_of(extract: type[Extract]) -> list[tuple[str, str]]:
    """The columns of an extract that hold a person's numbers, with their kinds."""
    kinds = ((name, kind_of(extract, name)) for name in extract.columns)
    return [(name, kind) for name, kind in kinds if kind in PATTERNS]


def links(store: Store) -> dict[str, list[str]]:
    """Which number leads to which of the same person, as hashes, by what the deliveries in force say."""
    found: dict[str, list[str]] = {}
    for since, leads_to in store.rows("select distinct since, leads_to from raw.forgotten_link order by all"):
        found.setdefault(since, []).append(leads_to)
    return found


def set_apart(store: Store, extract: type[Extract], judged: str, numbers: Sequence[int], without: Forgotten) -> None:
    """`intake.forgotten`: forgotten persons' rows among all judged ones, before these are compared with one another.

    A row is theirs when one of its numbers is; a row that breaks a rule, or cannot be read, also when any other cell
    holds such a number: what stands in the wrong column must not reach the quarantine.
    """
    if not without.hashes:
        return
    before = store.rows("select count(*) from intake.forgotten")[0][0]
    batch = [extract.extract, list(numbers)]
    for column, kind in numbers_of(extract):
        _note_rows(store, extract, judged, batch, column, kind, without)
    _note_broken_rows(store, extract, judged, batch, without)
    _note_unreadable_lines(store, batch, without)
    _note_links(store, extract, judged, batch, without)
    without.rows += store.rows("select count(*) from intake.forgotten")[0][0] - before


def keep_links(store: Store, partner: str) -> None:
    """Move what the deliveries in force of this intake say of forgotten persons' numbers to `raw.forgotten_link`."""
    store.run(
        """insert into raw.forgotten_link
        select distinct ?, batch.reference_on, link.since, link.leads_to
        from intake.forgotten_link as link inner join intake.batch as batch on link.no = batch.no and batch.in_force
        order by all""",
        [partner],
    )


def cut_back(store: Store, partner: str, from_on: str) -> None:
    """Drop what deliveries of reference date `from_on` and later said."""
    store.run(
        "delete from raw.forgotten_link where partner = ? and reference_on >= cast(? as date)", [partner, from_on]
    )


def _note_rows(
    store: Store,
    extract: type[Extract],
    judged: str,
    batch: Sequence[object],
    column: str,
    kind: str,
    without: Forgotten,
) -> None:
    """Rows by one column. What is in the map of pseudonyms need not be hashed: no forgotten number ever gets there."""
    number = normalised_sql(kind, identifier(column))
    arrived = store.run(
        f"""select distinct {number} as number from {judged}
        where list_contains(?, _no) and {number} is not null and {number} not in (
            select identifier from raw.pseudonym where kind = '{kind}'
        )""",
        [batch[1]],
    ).to_arrow_table()
    theirs = without.among(kind, set(arrived.column("number").to_pylist()))
    if theirs:
        store.run(
            f"""insert into intake.forgotten
            select ?, _no, _line from {judged}
            where list_contains(?, _no) and {number} in (select unnest(?))
            except from intake.forgotten""",
            [*batch, theirs],
        )


def _note_broken_rows(
    store: Store, extract: type[Extract], judged: str, batch: Sequence[object], without: Forgotten
) -> None:
    broken = store.rows(
        f"""select judged._no, judged._line, judged._text from {judged} as judged
        anti join (from intake.forgotten where extract = ?) as theirs
            on judged._no = theirs.no and judged._line = theirs.line
        where list_contains(?, judged._no) and judged._broken is not null""",
        batch,
    )
    cells = ((no, line, (cell for cell in json.loads(text).values() if cell)) for no, line, text in broken)
    _note(store, extract, ((no, line) for no, line, texts in cells if without.named_in(CELL.join(texts))))


def _note_unreadable_lines(store: Store, batch: Sequence[object], without: Forgotten) -> None:
    lines = store.rows(
        """select skipped.rowid, file.no, skipped.line, skipped.content
        from intake.skipped as skipped inner join intake.file as file on skipped.path = file.path
        where file.extract = ? and list_contains(?, file.no) and skipped.content is not null""",
        batch,
    )
    theirs = [(row, no, line) for row, no, line, content in lines if without.named_in(content)]
    if theirs:
        store.run(
            "update intake.skipped set content = null where list_contains(?, rowid)", [[row for row, *_ in theirs]]
        )
        store.append("intake.forgotten", [{"extract": batch[0], "no": no, "line": line} for _, no, line in theirs])


def _note(store: Store, extract: type[Extract], rows: Iterator[tuple[int, int]]) -> None:
    store.append("intake.forgotten", [{"extract": extract.extract, "no": no, "line": line} for no, line in rows])


def _note_links(store: Store, extract: type[Extract], judged: str, batch: Sequence[object], without: Forgotten) -> None:
    """Which other numbers of the person a forgotten row shows.

    Its key (case, reception, certificate) is the person's. The v_number beside a case or reception that is the
    person's is another number of the same person, when the row breaks no rule. Nothing is told by rows of one delivery
    that give one key two v_numbers.
    """
    others = [(name, kind) for name, kind in numbers_of(extract) if name not in extract.key]
    key_kind = kind_of(extract, extract.key[0])
    if len(extract.key) > 1 or key_kind not in PATTERNS:
        return
    key = identifier(extract.key[0])
    for column, kind in others:
        other = normalised_sql(kind, identifier(column))
        shown = store.rows(
            f"""with theirs as (
                select _no, {key} as key, {other} as other, _broken is null as ok
                from {judged}
                semi join (from intake.forgotten where extract = ?) as apart on _no = apart.no and _line = apart.line
                where list_contains(?, _no) and _mutation is distinct from 'V'
            ),
            contradicted as (
                select _no, {key} as key from {judged} where {key} in (select key from theirs)
                group by all having count(distinct {other}) > 1
            )
            select _no, key, other, bool_and(ok)
            from theirs anti join contradicted using (_no, key)
            where key is not null and other is not null
            group by all""",
            batch,
        )
        hashed = [(no, without.hash_of(kind, one), without.hash_of(key_kind, its), ok) for no, its, one, ok in shown]
        pairs = [pair for pair in hashed if None not in pair]
        rows = [{"no": no, "since": one, "leads_to": its} for no, one, its, _ in pairs]
        if kind == V_NUMBER and key_kind in NAMES_A_PERSON:
            rows += [{"no": no, "since": its, "leads_to": one} for no, one, its, ok in pairs if ok]
        store.append("intake.forgotten_link", rows)

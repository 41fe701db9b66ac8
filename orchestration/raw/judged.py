"""The judged rows of an intake: where they stand, on which lines of their files, which of their keys repeat.

Belongs here: the tables, the views and the hashes by which rows are compared. Does not belong here: what makes a row
bad (`raw.judging`), or what it means for history (`raw.events`).
"""

from collections.abc import Callable, Sequence
from itertools import accumulate

from contracts.base import Extract
from contracts.checks import identifier
from orchestration.raw import reading
from orchestration.raw.reading import MUTATION, Files, Incoming, Layout
from orchestration.raw.setting_apart import Forgotten
from orchestration.raw.store import Store, stored_type

DUPLICATE = "duplicate"
DUPLICATE_KEY = "duplicate_key"
UNREADABLE = "unreadable_row"


def judged_table(extract: type[Extract]) -> str:
    """The judged rows of an extract during an intake, without those of forgotten persons: a view that adds `_line`."""
    return f"intake.{extract.partner}__{extract.extract}"


def repeated_table(extract: type[Extract]) -> str:
    """Hashes of the keys that stand in more than one judged row of an extract, whatever became of these rows."""
    return f"{judged_table(extract)}__repeated"


def kept_table(extract: type[Extract]) -> str:
    """The rows of the view in the order of files and lines; never updated, so that a rowid says where a row lies."""
    return f"{judged_table(extract)}__kept"


def lined_table(extract: type[Extract]) -> str:
    """A view of all of them, forgotten persons' too, with their lines."""
    return f"{judged_table(extract)}__lined"


def _moved(extract: type[Extract]) -> str:
    """The rows behind lines that are no rows, and how many of these lie before each."""
    return f"{judged_table(extract)}__moved"


def create_judged_table(store: Store, extract: type[Extract], without: Forgotten) -> None:
    """An empty table of judged rows, and the views of it.

    `_broken`: the rules that a row breaks, null when there are none; such a row alone has its text, `_text`, as JSON.
    `_unread`: of a row with cells that have no value in this table, a hash of what they say. The view adds `_line`, and
    of the key the hash `_key`, null when a part of it is absent.
    """
    types = ", ".join(f"{identifier(name)} {stored_type(extract, name)}" for name in extract.columns)
    store.run(
        f"""create table {kept_table(extract)} (_no integer, _reference_on date, _mutation text, {types},
        _broken text[], _text text, _unread ubigint)"""
    )
    store.run(f"create table {repeated_table(extract)} (_key ubigint, _may_be_doubled boolean)")
    _create_views(store, extract, without, has_moved=False)


def _create_views(store: Store, extract: type[Extract], without: Forgotten, *, has_moved: bool) -> None:
    skipped, join = ("0", "")
    if has_moved:
        skipped, join = (
            "coalesce(moved.skipped_before, 0)",
            f"left join {_moved(extract)} as moved on kept.rowid = moved._row",
        )
    store.run(
        f"""create or replace view {lined_table(extract)} as
        select kept.*, {_hash_of_key(extract)} as _key, kept.rowid as _row,
            cast(kept.rowid - file.first_row + 2 + {skipped} as integer) as _line
        from {kept_table(extract)} as kept
        inner join intake.file as file on kept._no = file.no and file.extract = '{extract.extract}'
        {join}"""
    )
    theirs = f"""anti join (from intake.forgotten where extract = '{extract.extract}') as theirs
        on lined._no = theirs.no and lined._line = theirs.line"""
    store.run(
        f"""create or replace view {judged_table(extract)} as
        select lined.* from {lined_table(extract)} as lined {theirs if without.hashes else ""}"""
    )


def countable(extract: type[Extract], without: Forgotten) -> str:
    """The rows of the view for who asks for no line of them: reading the table alone costs a fifth."""
    return judged_table(extract) if without.hashes else kept_table(extract)


def move_lines(store: Store, extract: type[Extract], without: Forgotten) -> None:
    """Lines that are no rows move the rows behind them: line l, the n-th of them, lies before ordinal l - n."""
    files = f"select no, path, first_row, rows from intake.file where extract = '{extract.extract}'"
    if not store.rows(f"select count(*) from intake.skipped semi join ({files}) using (path)")[0][0]:
        return
    store.run(
        f"""create or replace table {_moved(extract)} as
        with
        files as ({files}),
        skipped as (
            select no, line - nth as first_ordinal, max(nth) as skipped_before
            from (
                select no, line, row_number() over (partition by path order by line) as nth
                from intake.skipped inner join files using (path)
            )
            group by all
        ),
        -- of the files that have such lines alone: the join sorts every row that it is given
        later as (
            select kept.rowid as _row, kept._no as no, kept.rowid - first_row + 1 as ordinal
            from {kept_table(extract)} as kept
            inner join (from files semi join skipped using (no)) as files on kept._no = files.no
        )
        select later._row, skipped.skipped_before
        from later asof inner join skipped on later.no = skipped.no and later.ordinal >= skipped.first_ordinal"""
    )
    _create_views(store, extract, without, has_moved=True)


def find_repeated_keys(store: Store, extract: type[Extract]) -> None:
    """Fill the table of repeated keys from all rows that are judged so far.

    `_may_be_doubled`: one delivery may have several of them. Of deliveries told apart by a bit, as many as there are
    rows: then none has.
    """
    store.run(f"delete from {repeated_table(extract)}")
    store.run(
        f"""insert into {repeated_table(extract)}
        select {key_hash(extract)} as _key, bit_count(bit_or(cast(1 as bigint) << (_no % 62))) < count(*)
        from {kept_table(extract)} where {key_is_known(extract)}
        group by _key having count(*) > 1"""
    )


def names(extract: type[Extract]) -> str:
    """The columns of a key, as SQL."""
    return ", ".join(identifier(name) for name in extract.key)


def _hash_of_key(extract: type[Extract]) -> str:
    """SQL of the hash of a row's key; null when a part of it is absent."""
    return f"case when {key_is_known(extract)} then {key_hash(extract)} end"


def key_hash(extract: type[Extract]) -> str:
    """SQL of the hash of a key: two keys may have the same, so that it tells what must be looked at, never what is."""
    return f"hash({names(extract)})"


def content_hash(extract: type[Extract]) -> str:
    """SQL of the hash of all cells of a row."""
    return f"hash({', '.join(identifier(name) for name in extract.columns)})"


def key_is_known(extract: type[Extract]) -> str:
    """SQL of whether every part of a row's key is there."""
    return " and ".join(f"{identifier(name)} is not null" for name in extract.key)


def text_as_json(extract: type[Extract], cell: Callable[[str], str]) -> str:
    """SQL of what a row's line says, by column, as the quarantine keeps it; `cell` is SQL of the text of a column."""
    cells = ", ".join(f"{identifier(name)} := {cell(name)}" for name in [*extract.columns, MUTATION])
    return f"cast(to_json(struct_pack({cells})) as text)"


def keep_text_of_flagged(store: Store, extract: type[Extract], incoming: Sequence[Incoming]) -> None:
    """`intake.flagged_text`: as JSON, the text of rows that break a rule over several rows or tables alone.

    Such rows are few, and nothing of their text was kept: the files that have one are read once more.
    """
    store.run(
        f"""create or replace temp table flagged_row as
        select judged._no as no, judged._line as line, judged._row - file.first_row as place
        from {judged_table(extract)} as judged
        inner join intake.file as file on judged._no = file.no and file.extract = '{extract.extract}'
        inner join intake.batch as batch on judged._no = batch.no and batch.in_force
        semi join (from intake.flag where extract = '{extract.extract}' and rule <> '{DUPLICATE}') as flag
            on judged._no = flag.no and judged._line = flag.line
        anti join (from intake.flagged_text where extract = '{extract.extract}') as known
            on judged._no = known.no and judged._line = known.line"""
    )
    rows = dict(
        store.rows(
            f"""select no, rows from intake.file
            where extract = '{extract.extract}' and no in (select no from flagged_row)"""
        )
    )
    if rows:
        mine = reading.files_of(extract, [batch for batch in incoming if batch.no in rows])
        for layout, files in reading.by_layout(mine).items():
            _keep_text(store, extract, layout, files, [rows[batch.no] for batch, _ in files])


def _keep_text(store: Store, extract: type[Extract], layout: Layout, files: Files, rows: Sequence[int]) -> None:
    """`rows`: of each file. A scan is numbered through: the place of a row counts the rows of the files before."""
    text = text_as_json(extract, lambda name: f"read.{identifier(name)}")
    reading.run_scan(
        store,
        files,
        f"""insert into intake.flagged_text
        with read as (select *, row_number() over () as place from {reading.scan(extract, layout)}),
        wanted as (
            -- as one list: the engine takes a file for few rows, and would hold all its text rather than this
            select unnest(list(flagged), recursive := true) from (
                select no, line, place + 1 + list_extract($before, list_position($numbers, no)) as place
                from flagged_row where list_contains($numbers, no)
            ) as flagged
        )
        select '{extract.extract}', wanted.no, wanted.line, {text}
        from read inner join wanted on read.place = wanted.place""",
        numbers=[batch.no for batch, _ in files],
        before=list(accumulate(rows[:-1], initial=0)),
    )
    reading.drop_rejects(store, layout)

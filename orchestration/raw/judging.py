"""Rows against their contract: text becomes typed cells, and every row gets the list of rules it breaks.

Belongs here: what can be told from one delivery alone. Does not belong here: what needs other deliveries: references,
overlaps, what a row replaces (`raw.history`).

One scan reads, casts and judges: the text of a row that breaks no rule is never kept.
"""

from collections.abc import Sequence
from functools import partial
from itertools import accumulate

from contracts.base import Extract
from contracts.cells import cast_sql
from contracts.checks import identifier, literal
from contracts.compile import RowRule, broken_list, row_rules
from orchestration.raw import reading
from orchestration.raw.reading import FILE, MUTATION, Files, Incoming, Layout
from orchestration.raw.setting_apart import Forgotten, set_apart
from orchestration.raw.store import Store

DUPLICATE = "duplicate"
DUPLICATE_KEY = "duplicate_key"
UNREADABLE = "unreadable_row"


def judged_table(extract: type[Extract]) -> str:
    """The judged rows of an extract during an intake, without those of forgotten persons: a view that adds `_line`."""
    return f"intake.{extract.partner}__{extract.extract}"


def repeated_table(extract: type[Extract]) -> str:
    """Hashes of the keys that stand in more than one judged row of an extract, whatever became of these rows."""
    return f"{judged_table(extract)}__repeated"


def _kept(extract: type[Extract]) -> str:
    """The rows of the view in the order of files and lines; never updated, so that a rowid says where a row lies."""
    return f"{judged_table(extract)}__kept"


def _lined(extract: type[Extract]) -> str:
    """A view of all of them, forgotten persons' too, with their lines."""
    return f"{judged_table(extract)}__lined"


def _moved(extract: type[Extract]) -> str:
    """The rows behind lines that are no rows, and how many of these lie before each."""
    return f"{judged_table(extract)}__moved"


def create_judged_table(store: Store, extract: type[Extract], without: Forgotten) -> None:
    """An empty table of judged rows, and the views of it.

    `_broken`: the rules that a row breaks, null when there are none; such a row alone has its text, `_text`, as JSON.
    `_unread`: hash of the text of a row with cells that cannot be read. The view adds `_line`, and of the key the hash
    `_key`, null when a part of it is absent.
    """
    types = ", ".join(f"{identifier(name)} {info.type}" for name, info in extract.columns.items())
    store.run(
        f"""create table {_kept(extract)} (_no integer, _reference_on date, _mutation text, {types},
        _broken text[], _text text, _unread ubigint)"""
    )
    store.run(f"create table {repeated_table(extract)} (_key ubigint)")
    _create_views(store, extract, without, has_moved=False)


def _create_views(store: Store, extract: type[Extract], without: Forgotten, *, has_moved: bool) -> None:
    skipped, join = ("0", "")
    if has_moved:
        skipped, join = (
            "coalesce(moved.skipped_before, 0)",
            f"left join {_moved(extract)} as moved on kept.rowid = moved._row",
        )
    store.run(
        f"""create or replace view {_lined(extract)} as
        select kept.*, {_hash_of_key(extract)} as _key, kept.rowid as _row,
            cast(kept.rowid - file.first_row + 2 + {skipped} as integer) as _line
        from {_kept(extract)} as kept
        inner join intake.file as file on kept._no = file.no and file.extract = '{extract.extract}'
        {join}"""
    )
    theirs = f"""anti join (from intake.forgotten where extract = '{extract.extract}') as theirs
        on lined._no = theirs.no and lined._line = theirs.line"""
    store.run(
        f"""create or replace view {judged_table(extract)} as
        select lined.* from {_lined(extract)} as lined {theirs if without.hashes else ""}"""
    )


def judge(store: Store, extract: type[Extract], incoming: Sequence[Incoming], without: Forgotten) -> dict[int, str]:
    """Read the files of an extract, cast every cell and name every broken rule, in one scan per layout.

    Rows of persons who were forgotten are set apart then: they are compared with no other row. `intake.flag` gets what
    one row alone cannot tell: `duplicate` (a further copy of an equal row) and `duplicate_key`. Returns, by number of
    the delivery, why it must be refused.
    """
    files = reading.files_of(extract, incoming)
    damaged: dict[int, str] = {}
    for layout, alike in reading.by_layout(files).items():
        damaged |= reading.unreadable(partial(_judge_files, store, extract, layout), alike)
    reading.describe_files(store, extract, files, _kept(extract))
    swallowed = reading.lines_that_do_not_add_up(store, extract, files)
    _move_lines(store, extract, without)
    numbers = [batch.no for batch, _ in files]
    set_apart(store, extract, _lined(extract), numbers, without)
    _find_repeated_keys(store, extract)
    _mark_duplicates(store, extract, numbers)
    return swallowed | damaged


def _judge_files(store: Store, extract: type[Extract], layout: Layout, files: Files) -> None:
    reading.run_scan(
        store,
        files,
        _judge_sql(extract, layout),
        numbers=[batch.no for batch, _ in files],
        reference_dates=[batch.reference_on for batch, _ in files],
    )
    reading.note_skipped(store, layout)


def _judge_sql(extract: type[Extract], layout: Layout) -> str:
    names = [identifier(name) for name in extract.columns]
    cells = [f"t.{name} as {_as_written(name)}" for name in [*extract.columns, MUTATION]]
    casts = [
        f"{cast_sql(extract, name, f't.{identifier(name)}', layout.date_format, layout.decimal_char)} "
        f"as {identifier(name)}"
        for name in extract.columns
    ]
    # one case in another, so that the text of empty cells alone is looked at
    unread = {
        name: f"{identifier(name)} is null and case when {identifier(name)} is null "
        f"then coalesce(trim({_as_written(name)}) <> '', false) end"
        for name in extract.columns
    }
    wrong = [f"case when {unread[name]} then {_type_rule(name)} end" for name in extract.columns]
    mutation = f"coalesce(upper(trim(t.{identifier(MUTATION)})), '?')" if layout.is_delta else "cast(null as text)"
    written = ", ".join(_as_written(name) for name in [*extract.columns, MUTATION])
    as_json = ", ".join(f"{identifier(name)} := {_as_written(name)}" for name in [*extract.columns, MUTATION])
    rules = _of_readable_cells(extract)
    key_rules = [f"{rule}:{name}" for name in extract.key for rule in ("type", "not_null", "str_matches")]
    return f"""insert into {_kept(extract)} by name
    with
    typed as (
        select cast(list_extract($numbers, {FILE}) as integer) as _no,
            cast(list_extract($reference_dates, {FILE}) as date) as _reference_on,
            {mutation} as _mutation, {", ".join(casts)}, {", ".join(cells)}
        from {reading.scan(extract, layout)} as t
    ),
    looked_at as (
        -- lists are made for the few rows that break anything
        select *, {" or ".join(f"({condition})" for condition in unread.values())} as _is_mistyped,
            _is_mistyped or coalesce(_mutation not in ('T', 'G', 'V'), false)
            or {" or ".join(f"({rule.sql})" for rule in row_rules(extract))} as _is_bad
        from typed
    ),
    mistyped as (
        select *, case
            when _is_mistyped then list_filter([{", ".join(wrong)}], rule -> rule is not null) else cast([] as text[])
        end as _mistyped
        from looked_at
    ),
    judged as (
        select *, case when _is_bad then list_concat(
            if(_mutation not in ('T', 'G', 'V'), ['isin:{MUTATION}'], cast([] as text[])),
            _mistyped,
            {broken_list(rules)}
        ) end as _all_broken
        from mistyped
    ),
    held as (
        select *, case
            -- a removal needs its key only
            when _mutation = 'V'
                then list_filter(_all_broken, rule -> rule in ({", ".join(f"'{rule}'" for rule in key_rules)}))
            else _all_broken
        end as _held
        from judged
    )
    select _no, _reference_on, _mutation, {", ".join(names)}, case when len(_held) > 0 then _held end as _broken,
        case when len(_held) > 0 then cast(to_json(struct_pack({as_json})) as text) end as _text,
        -- of a cell that cannot be read, the text tells two rows apart
        case when _is_mistyped then hash({written}) end as _unread
    from held"""


def _hash_of_key(extract: type[Extract]) -> str:
    """SQL of the hash of a row's key; null when a part of it is absent."""
    return f"case when {key_is_known(extract)} then {key_hash(extract)} end"


def key_hash(extract: type[Extract]) -> str:
    """SQL of the hash of a key: two keys may have the same, so that it tells what must be looked at, never what is."""
    return f"hash({', '.join(identifier(name) for name in extract.key)})"


def content_hash(extract: type[Extract]) -> str:
    """SQL of the hash of all cells of a row."""
    return f"hash({', '.join(identifier(name) for name in extract.columns)})"


def key_is_known(extract: type[Extract]) -> str:
    """SQL of whether every part of a row's key is there."""
    return " and ".join(f"{identifier(name)} is not null" for name in extract.key)


def _as_written(name: str) -> str:
    """The column of a cell's text beside the typed one."""
    return identifier(f"_text_{name}")


def _of_readable_cells(extract: type[Extract]) -> list[RowRule]:
    """The rules of a row; one that uses an unreadable cell says nothing beside that cell's `type:` rule."""
    return [
        rule._replace(sql=f"({rule.sql}) and not list_has_any(_mistyped, [{', '.join(map(_type_rule, rule.uses))}])")
        for rule in row_rules(extract)
    ]


def _type_rule(column: str) -> str:
    return literal(f"type:{column}")


def _move_lines(store: Store, extract: type[Extract], without: Forgotten) -> None:
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
            from {_kept(extract)} as kept
            inner join (from files semi join skipped using (no)) as files on kept._no = files.no
        )
        select later._row, skipped.skipped_before
        from later asof inner join skipped on later.no = skipped.no and later.ordinal >= skipped.first_ordinal"""
    )
    _create_views(store, extract, without, has_moved=True)


def _find_repeated_keys(store: Store, extract: type[Extract]) -> None:
    store.run(f"delete from {repeated_table(extract)}")
    store.run(
        f"""insert into {repeated_table(extract)}
        select {key_hash(extract)} as _key from {_kept(extract)} where {key_is_known(extract)}
        group by _key having count(*) > 1"""
    )


def _mark_duplicates(store: Store, extract: type[Extract], numbers: Sequence[int]) -> None:
    """Rows of one delivery with the same key: equal ones count once, different ones are all quarantined.

    The first of them stands for the key (`is_word`): what the partner said is at least that the key exists.
    """
    key = ", ".join(identifier(name) for name in extract.key)
    store.run(
        f"""insert into intake.flag
        with alike as (
            select _no, {key}, _line, hash({content_hash(extract)}, _mutation, _unread) as identity
            from {judged_table(extract)} semi join {repeated_table(extract)} using (_key)
            where list_contains(?, _no)
        ),
        doubled as (
            select _no, {key}, min(_line) as first_line, min(identity) <> max(identity) as differ
            from alike group by _no, {key} having count(*) > 1
        )
        select '{extract.extract}', _no, _line, if(differ, '{DUPLICATE_KEY}', '{DUPLICATE}'), _line = first_line
        from alike inner join doubled using (_no, {key})
        where differ or _line > first_line""",
        [list(numbers)],
    )


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
    as_json = ", ".join(f"{identifier(name)} := read.{identifier(name)}" for name in [*extract.columns, MUTATION])
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
        select '{extract.extract}', wanted.no, wanted.line, cast(to_json(struct_pack({as_json})) as text)
        from read inner join wanted on read.place = wanted.place""",
        numbers=[batch.no for batch, _ in files],
        before=list(accumulate(rows[:-1], initial=0)),
    )
    reading.drop_rejects(store, layout)

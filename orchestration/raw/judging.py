"""Rows against their contract: text becomes typed cells, and every row gets the list of rules it breaks.

Belongs here: what can be told from one delivery alone. Does not belong here: where judged rows stand (`raw.judged`),
and what needs other deliveries: references, overlaps, what a row replaces (`raw.events`, `raw.history`).

One scan reads, casts and judges: the text of a row that breaks no rule is never kept.
"""

from collections.abc import Sequence
from functools import partial

from contracts.base import Extract
from contracts.cells import cast_sql
from contracts.checks import identifier, literal
from contracts.compile import RowRule, broken_list, row_rules
from orchestration.raw import reading
from orchestration.raw.judged import (
    DUPLICATE,
    DUPLICATE_KEY,
    content_hash,
    find_repeated_keys,
    judged_table,
    kept_table,
    lined_table,
    move_lines,
    names,
    repeated_table,
    text_as_json,
)
from orchestration.raw.reading import FILE, MUTATION, Files, Incoming, Layout
from orchestration.raw.setting_apart import Forgotten, set_apart
from orchestration.raw.store import Store, stored_type


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
    reading.describe_files(store, extract, files, kept_table(extract))
    swallowed = reading.lines_that_do_not_add_up(store, extract, files)
    move_lines(store, extract, without)
    numbers = [batch.no for batch, _ in files]
    set_apart(store, extract, lined_table(extract), numbers, without)
    find_repeated_keys(store, extract)
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
    coded = {name: f"try_cast({identifier(name)} as {stored_type(extract, name)})" for name in _codes(extract)}
    columns = ", ".join(
        f"{coded[name]} as {identifier(name)}" if name in coded else identifier(name) for name in extract.columns
    )
    is_unknown = " or ".join(f"({identifier(name)} is not null and {code} is null)" for name, code in coded.items())
    as_typed = f"when _is_bad and ({is_unknown}) then hash({', '.join(map(identifier, coded))})" if coded else ""
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
    rules = _of_readable_cells(extract)
    key_rules = [f"{rule}:{name}" for name in extract.key for rule in ("type", "not_null", "str_matches")]
    return f"""insert into {kept_table(extract)} by name
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
    select _no, _reference_on, _mutation, {columns}, case when len(_held) > 0 then _held end as _broken,
        case when len(_held) > 0 then {text_as_json(extract, _as_written)} end as _text,
        -- of a cell that cannot be read, or a code that no list has, the text tells two rows apart
        case when _is_mistyped then hash({written}) {as_typed} end as _unread
    from held"""


def _codes(extract: type[Extract]) -> list[str]:
    """The columns that are stored otherwise than they are typed: as codes of a list."""
    return [name for name, info in extract.columns.items() if stored_type(extract, name) != info.type]


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


def _mark_duplicates(store: Store, extract: type[Extract], numbers: Sequence[int]) -> None:
    """Rows of one delivery with the same key: equal ones count once, different ones are all quarantined.

    The first of them stands for the key (`is_word`): what the partner said is at least that the key exists.
    """
    key = names(extract)
    store.run(
        f"""insert into intake.flag
        with alike as (
            select _no, {key}, _line, hash({content_hash(extract)}, _mutation, _unread) as identity
            from {judged_table(extract)}
            semi join (from {repeated_table(extract)} where _may_be_doubled) using (_key)
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

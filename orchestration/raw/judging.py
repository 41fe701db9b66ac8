"""Rows against their contract: text becomes typed cells, and every row gets the list of rules it breaks.

Belongs here: what can be told from one delivery alone. Does not belong here: what needs other deliveries: references,
overlaps, what a row replaces (`raw.history`).
"""

from collections.abc import Sequence

from contracts.base import Extract
from contracts.cells import cast_sql
from contracts.checks import identifier, literal
from contracts.compile import RowRule, broken_list, row_rules
from orchestration.raw.reading import MUTATION, text_table
from orchestration.raw.setting_apart import Forgotten, set_apart
from orchestration.raw.store import Store

DUPLICATE = "duplicate"
DUPLICATE_KEY = "duplicate_key"
UNREADABLE = "unreadable_row"


def judged_table(extract: type[Extract]) -> str:
    """Where the judged rows of an extract stand during an intake."""
    return f"intake.{extract.partner}__{extract.extract}"


def create_judged_table(store: Store, extract: type[Extract]) -> None:
    """An empty table of judged rows: origin, typed cells, rules that are broken, hashes to compare by."""
    types = ", ".join(f"{identifier(name)} {info.type}" for name, info in extract.columns.items())
    store.run(
        f"""create table {judged_table(extract)} (_no integer, _line integer, _text_row bigint, _reference_on date,
        _mutation text, {types}, _broken text[], _content ubigint, _identity ubigint)"""
    )


def judge(store: Store, extract: type[Extract], numbers: Sequence[int], without: Forgotten) -> None:
    """Cast every cell, name every broken rule in one scan per way of writing dates and decimals, and mark duplicates.

    Rows of persons who were forgotten are set apart in between: they are compared with no other row.

    `intake.flag` gets what one row alone cannot tell: `duplicate` (a further copy of an equal row) and `duplicate_key`.
    """
    formats = store.rows(
        """select distinct date_format, decimal_char from intake.file
        where extract = ? and list_contains(?, no) order by all""",
        [extract.extract, list(numbers)],
    )
    for date_format, decimal_char in formats:
        store.run(
            _judge_sql(extract, date_format, decimal_char),
            [extract.extract, list(numbers), date_format, decimal_char],
        )
    set_apart(store, extract, judged_table(extract), numbers, without)
    if formats:
        _mark_duplicates(store, extract, numbers)


def _judge_sql(extract: type[Extract], date_format: str, decimal_char: str) -> str:
    names = [identifier(name) for name in extract.columns]
    cells = [f"t.{name} as {_as_written(name)}" for name in [*extract.columns, MUTATION]]
    casts = [
        f"{cast_sql(extract, name, f't.{identifier(name)}', date_format, decimal_char)} as {identifier(name)}"
        for name in extract.columns
    ]
    wrong = [
        # one case in another, so that the text of empty cells alone is looked at
        f"case when {identifier(name)} is null "
        f"then case when trim({_as_written(name)}) <> '' then {_type_rule(name)} end end"
        for name in extract.columns
    ]
    written = ", ".join(_as_written(name) for name in [*extract.columns, MUTATION])
    key_rules = [f"{rule}:{name}" for name in extract.key for rule in ("type", "not_null", "str_matches")]
    return f"""insert into {judged_table(extract)} by name
    with
    delivered as (
        select file.path, file.first_row, batch.no, batch.reference_on, batch.is_delta
        from intake.file as file inner join intake.batch as batch on file.no = batch.no
        where file.extract = ? and list_contains(?, file.no) and file.date_format = ? and file.decimal_char = ?
    ),
    skipped as (
        -- a skipped line moves the rows behind it: line l, the n-th skipped, lies before ordinal l - n
        select path, line - nth as first_ordinal, max(nth) as skipped_before
        from (select path, line, row_number() over (partition by path order by line) as nth from intake.skipped)
        group by all
    ),
    moved as (
        -- of the files that have such lines alone: the join sorts every row that it is given
        select later._text_row, skipped.skipped_before
        from (
            select t.rowid as _text_row, path, t.rowid - first_row + 1 as ordinal
            from {text_table(extract)} as t
            inner join (from delivered semi join skipped using (path)) on t._path = path
        ) as later
        asof inner join skipped on later.path = skipped.path and later.ordinal >= skipped.first_ordinal
    ),
    typed as (
        select delivered.no as _no, t.rowid as _text_row, delivered.reference_on as _reference_on,
            cast(t.rowid - first_row + 2 + coalesce(skipped_before, 0) as integer) as _line,
            if(is_delta, coalesce(upper(trim(t.{identifier(MUTATION)})), '?'), null) as _mutation,
            {", ".join(casts)}, {", ".join(cells)}
        from {text_table(extract)} as t
        inner join delivered on t._path = delivered.path
        left join moved on t.rowid = moved._text_row
    ),
    mistyped as (
        select *, list_filter([{", ".join(wrong)}], rule -> rule is not null) as _mistyped from typed
    ),
    judged as (
        select _no, _line, _text_row, _reference_on, _mutation, {", ".join(names)},
            hash({", ".join(names)}) as _content,
            -- of a cell that cannot be read, the text tells two rows apart
            if(len(_mistyped) > 0, hash({written}), null) as _unread,
            list_concat(
                if(_mutation not in ('T', 'G', 'V'), ['isin:{MUTATION}'], cast([] as text[])),
                _mistyped,
                {broken_list(_of_readable_cells(extract))}
            ) as _all_broken
        from mistyped
    )
    select * exclude (_all_broken, _unread), hash(_content, _mutation, _unread) as _identity,
        -- a removal needs its key only
        if(_mutation = 'V', list_filter(_all_broken, rule -> rule in ({", ".join(f"'{rule}'" for rule in key_rules)})),
            _all_broken) as _broken
    from judged"""


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
    key = ", ".join(identifier(name) for name in extract.key)
    known = " and ".join(f"{identifier(name)} is not null" for name in extract.key)
    table = judged_table(extract)
    store.run(
        f"""insert into intake.flag
        with doubled as (
            select _no, {key}, min(_line) as first_line, min(_identity) <> max(_identity) as differ
            from {table} where {known} and list_contains(?, _no) group by _no, {key} having count(*) > 1
        )
        select '{extract.extract}', _no, _line, if(differ, '{DUPLICATE_KEY}', '{DUPLICATE}'), _line = first_line
        from {table} inner join doubled using (_no, {key})
        where differ or _line > first_line""",
        [list(numbers)],
    )

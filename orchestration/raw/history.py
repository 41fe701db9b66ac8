"""The partner's word on every key over time, and which of it is in force: docs/architecture.md, "Deliveries are a set".

Belongs here: cutting history back, words out of events, references. Does not belong here: what deliveries say
(`raw.events`), reading files, counting (`raw.counting`). Every function runs as many statements for one delivery as for
a thousand.
"""

from contracts.base import Extract
from contracts.checks import identifier
from orchestration.raw import drop_guard
from orchestration.raw.events import gather_events, mark_overlaps, note_absences, only_words
from orchestration.raw.judged import judged_table, names
from orchestration.raw.store import OPEN, Store


def cut_back(store: Store, extract: type[Extract], from_on: str) -> None:
    """Forget what deliveries of reference date `from_on` and later said of an extract."""
    table, since = extract.table, f"date '{from_on}'"
    store.run(f"delete from {table} where _word_from >= {since}")
    store.run(
        f"""update {table} set
            _word_to = if(_word_to >= {since}, {OPEN}, _word_to),
            _valid_from = if(_valid_from >= {since}, null, _valid_from),
            _valid_to = if(_valid_to >= {since}, {OPEN}, _valid_to)
        where _word_to >= {since} or _valid_to >= {since}"""
    )


def walk(store: Store, extract: type[Extract], *, is_single: bool, has_full: bool) -> None:
    """Write the words that the deliveries in force of this intake bring on the keys of an extract.

    `is_single`: one delivery speaks of the extract, so a row equal to the open word changes nothing. `has_full`: a key
    that is absent may have been withdrawn; else only keys that are named are looked at.

    Where history has no open word yet, most rows are the only word on their key: these are written as they come. All
    others are events, which windows put in order.
    """
    has_words = store.rows(f"select count(*) > 0 from (from {extract.table} where _word_to = {OPEN} limit 1)")[0][0]
    lone = None if has_words or extract.overlaps else only_words(extract)
    note_absences(store, extract)
    gather_events(
        store,
        extract,
        only_repeated=lone is not None,
        only_differing=is_single and has_words and not extract.overlaps,
        only_named=not has_full,
    )
    if has_full:
        drop_guard.count_gone(store, extract, lone, is_single=is_single)
    if extract.overlaps:
        mark_overlaps(store, extract)
    _merge_into_words(store, extract)
    _write_words(store, extract, lone)


def settle(store: Store, extract: type[Extract]) -> None:
    """From when a word is good that waited for its parent, and until when each word of a touched key is in force."""
    key = names(extract)
    if extract.references:
        store.run(f"insert into touched select distinct {key} from {extract.table} where _ok and _valid_from is null")
        store.run(
            f"""update {extract.table} as child set _valid_from = good.good_on
            from (
                select child.rowid as id, min(greatest(child._word_from, parent._valid_from)) as good_on
                from {extract.table} as child
                inner join {_parent(extract)} as parent
                    on {_refers(extract)}
                    and parent._valid_from < child._word_to and parent._valid_to > child._word_from
                where child._ok and child._valid_from is null
                group by child.rowid
            ) as good
            where child.rowid = good.id"""
        )
    store.run(
        f"""update {extract.table} as word set _valid_to = settled.until_on
        from (
            with
            touched_words as (
                select w.rowid as id, {key}, _word_from, _word_to, _valid_from, _valid_to,
                    lag(_word_to) over (partition by {key} order by _word_from) is distinct from _word_from
                        as is_after_gap
                from {extract.table} as w semi join touched using ({key})
            ),
            runs as (
                select *, sum(cast(is_after_gap as integer)) over (partition by {key} order by _word_from) as run_no
                from touched_words
            ),
            bounded as (
                -- a word is in force until the next good one of an unbroken run, or the end of the run: stale meanwhile
                select id, _valid_to, least(
                    max(_word_to) over (partition by {key}, run_no),
                    coalesce(min(_valid_from) over (
                        partition by {key}, run_no order by _word_from rows between 1 following and unbounded following
                    ), {OPEN})
                ) as until_on
                from runs
            )
            select id, until_on from bounded where until_on <> _valid_to
        ) as settled
        where word.rowid = settled.id"""
    )


def mark_broken_references(store: Store, extract: type[Extract]) -> None:
    """Flag the rows of this intake whose parent is not in force on their reference date, or contradicts them."""
    if not extract.references:
        return
    reference = extract.references[0]
    child, parent = f"child.{identifier(reference.column)}", identifier(reference.parent_column)
    contradicts = [
        f"when child.{identifier(one.later)} < parent.{identifier(one.earlier)} then '{one.rule}'"
        for one in extract.parent_comparisons
    ]
    store.run(
        f"""insert into intake.flag
        with judged as (
            select child._no, child._line, case
                when parent.{parent} is null and bad.{parent} is not null then 'parent_quarantined'
                when parent.{parent} is null then 'exists_in'
                {" ".join(contradicts)}
            end as rule
            from {judged_table(extract)} as child
            inner join intake.batch as batch on child._no = batch.no and batch.in_force
            left join {_parent(extract)} as parent
                on {child} = parent.{parent} and parent._valid_from <= child._reference_on
                and child._reference_on < parent._valid_to
            left join (select * from {_parent(extract)} where not _ok) as bad
                on {child} = bad.{parent}
                and bad._word_from <= child._reference_on and child._reference_on < bad._word_to
            where {child} is not null and child._mutation is distinct from 'V'
        )
        select '{extract.extract}', _no, _line, rule, true from judged where rule is not null"""
    )


def _merge_into_words(store: Store, extract: type[Extract]) -> None:
    """`word`: unbroken periods of equal content and judgement; the first row of one is where it came from.

    `is_only`: what alone is said of its key, and what was said of it before, if anything, has ended.
    """
    key = names(extract)
    store.run(
        f"""create or replace temp table word as
        with
        repeating as (select distinct {key} from event where repeats),
        marked as (
            select *, coalesce(repeats and lag(ok) over (partition by {key} order by no) = ok, false) as continues
            from event semi join repeating using ({key})
        ),
        numbered as (
            select *, sum(cast(not continues as integer)) over (partition by {key} order by no) as word_no
            from marked where not is_removal
        )
        select {key}, min(on_date) as from_on, max(until_on) as until_on, arg_min(row, no) as row, bool_and(ok) as ok,
            max(stored) as stored, false as is_only
        from numbered
        group by {key}, word_no
        union all
        select {key}, on_date, until_on, row, ok, stored, is_only and stored is null
        from event anti join repeating using ({key}) where not is_removal"""
    )


def _write_words(store: Store, extract: type[Extract], lone: str | None) -> None:
    """End stored words that ended, add new ones; `touched` holds the keys of which something else must be settled."""
    key, table = names(extract), extract.table
    closed = f"(from {table} where _word_to <> {OPEN})"
    store.run(
        f"""insert into touched
        -- new words that are all good follow on each other as they were written
        select {key} from word where not is_only and (stored is not null or not ok)
        union
        select {key} from word semi join {closed} using ({key})"""
    )
    store.run(
        f"""update {table} as kept set _word_to = word.until_on
        from word where kept.rowid = word.stored and kept._word_to <> word.until_on"""
    )
    if lone:
        store.run(f"insert into touched select {key} from {lone} semi join {closed} using ({key})")
        _insert(store, extract, lone)
    _insert(
        store,
        extract,
        f"""(
            select judged.*, word.ok, word.from_on as word_from, word.until_on as word_to,
                batch.reference_on, batch.sequence
            from {judged_table(extract)} as judged
            inner join word on judged._row = word.row
            inner join intake.batch as batch on judged._no = batch.no
            where word.stored is null
        )""",
    )


def _insert(store: Store, extract: type[Extract], words: str) -> None:
    """Add words to history; a good one is in force at once when its parent is there."""
    columns = ", ".join(f"word.{identifier(name)}" for name in extract.columns)
    parent_is_there, join = "true", ""
    if extract.references:
        # a comparison with the parent inside the outer join would cost the hash join
        parent_is_there = f"coalesce({_refers(extract, 'word')}, false)"
        join = f"""left join {_parent(extract)} as parent on {_same_parent(extract, "word")}
            and parent._valid_from <= word.word_from and word.word_from < parent._valid_to"""
    store.run(
        f"""insert into {extract.table}
        select {columns}, word.reference_on, word.sequence, word._line, word.ok, word.word_from, word.word_to,
            if(word.ok and {parent_is_there}, word.word_from, null), word.word_to
        from {words} as word {join}"""
    )


def start_settling(store: Store, extract: type[Extract]) -> None:
    """An empty `touched` for the keys of an extract."""
    types = ", ".join(f"{identifier(name)} {extract.columns[name].type}" for name in extract.key)
    store.run(f"create or replace temp table touched ({types})")


def _parent(extract: type[Extract]) -> str:
    return extract.references[0].parent


def _refers(extract: type[Extract], child: str = "child") -> str:
    """The condition under which a parent row makes a child row good."""
    conditions = [_same_parent(extract, child)]
    conditions += [
        f"coalesce({child}.{identifier(one.later)} >= parent.{identifier(one.earlier)}, true)"
        for one in extract.parent_comparisons
    ]
    return " and ".join(conditions)


def _same_parent(extract: type[Extract], child: str) -> str:
    reference = extract.references[0]
    return f"{child}.{identifier(reference.column)} = parent.{identifier(reference.parent_column)}"

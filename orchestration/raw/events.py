"""What the deliveries of an intake say of each key, and when: the events that the words of history are made of.

Belongs here: rows and open words in order of reference date, what of them differs, overlaps. Does not belong here:
what stays in force (`raw.history`). Every function runs as many statements for one delivery as for a thousand.
"""

from contracts.base import Extract
from contracts.checks import identifier
from orchestration.raw.judged import (
    DUPLICATE,
    DUPLICATE_KEY,
    content_hash,
    judged_table,
    key_hash,
    key_is_known,
    names,
    repeated_table,
)
from orchestration.raw.store import OPEN, Store


def note_absences(store: Store, extract: type[Extract]) -> None:
    """`absence`: a delivery of this intake (0: history), and the day of the next full one, which ends what it omits."""
    store.run(
        f"""create or replace temp table absence as
        with speaks as (
            select file.no, batch.reference_on, batch.is_delta
            from intake.file as file
            inner join intake.batch as batch on file.no = batch.no and batch.in_force
            where file.extract = '{extract.extract}'
        ),
        starts as (select 0 as no union all select no from speaks)
        select starts.no, coalesce(min(speaks.reference_on), {OPEN}) as absent_on
        from starts left join speaks on speaks.no > starts.no and not speaks.is_delta
        group by starts.no"""
    )


def only_words(extract: type[Extract]) -> str:
    """The rows in force whose key stands in no other judged row, with the days between which each is a word."""
    return f"""(
        select judged.*, judged._broken is null as ok, batch.reference_on as word_from, absence.absent_on as word_to,
            batch.reference_on, batch.sequence
        from {judged_table(extract)} as judged
        inner join intake.batch as batch on judged._no = batch.no and batch.in_force
        inner join absence on judged._no = absence.no
        anti join {repeated_table(extract)} as repeated on judged._key = repeated._key
        where judged._key is not null and judged._mutation is distinct from 'V'
    )"""


def gather_events(
    store: Store, extract: type[Extract], *, only_repeated: bool, only_differing: bool, only_named: bool
) -> None:
    """`event`: what each delivery says of each key, until when, and the open words from before (no = 0, no row).

    `only_repeated`: of keys in more than one row. `only_differing`: neither rows that repeat the open word nor those.
    `only_named`: open words of keys in rows alone. `is_only`: nothing else is left to be said of the key; `repeats`: it
    says what was said until then.
    """
    key = names(extract)
    period = "".join(f", {identifier(name)} as {alias}" for name, alias in _period_columns(extract))
    repeated = f"semi join {repeated_table(extract)} using (_key)" if only_repeated else ""
    # hashes of key and content together: as likely to be alike by chance as those of a content alone
    state = f"_key, {content_hash(extract)} as content"
    found = f"""from {judged_table(extract)} {repeated}
        inner join intake.batch as batch on _no = batch.no and batch.in_force
        left join (
            from intake.flag where extract = '{extract.extract}' and rule in ('{DUPLICATE}', '{DUPLICATE_KEY}')
        ) as flag on _no = flag.no and _line = flag.line"""
    of_found = f"{key_is_known(extract)} and coalesce(flag.is_word, true)"
    is_ok, is_removal = "_broken is null and flag.rule is null as ok", "coalesce(_mutation = 'V', false) as is_removal"
    named = f"semi join (select _key from {judged_table(extract)}) as named on {key_hash(extract)} = named._key"
    stored = f"from {extract.table} {named if only_named else ''}"
    found_differing = stored_differing = ""
    if only_differing:
        store.run(
            f"""create or replace temp table differing as
            select found.row, stored.id
            from (select _row as row, {state}, {is_ok}, {is_removal} {found} where {of_found}) as found
            full join (
                select rowid as id, {key_hash(extract)} as _key, {content_hash(extract)} as content, _ok as ok,
                    false as is_removal
                {stored} where _word_to = {OPEN}
            ) as stored using (_key, content, ok, is_removal)
            where found.row is null or stored.id is null"""
        )
        found_differing = "and _row in (select row from differing where row is not null)"
        stored_differing = "and rowid in (select id from differing where id is not null)"
    store.run(
        f"""create or replace temp table event as
        with
        said as (
            select _no as no, {key}, _reference_on as on_date, _row as row, {is_removal}, {is_ok},
                {content_hash(extract)} as content, cast(null as bigint) as stored{period}
            {found} where {of_found} {found_differing}
            union all
            select 0, {key}, _word_from, null, false, _ok, {content_hash(extract)}, rowid{period}
            {stored} where _word_to = {OPEN} {stored_differing}
        )
        select said.*,
            least(lead(on_date, 1, {OPEN}) over by_key, absent_on) as until_on,
            absent_on < lead(on_date, 1, {OPEN}) over by_key as is_withdrawn,
            coalesce(lag(no) over by_key, lead(no) over by_key) is null as is_only,
            coalesce(
                lag(absent_on) over by_key >= on_date and not lag(is_removal) over by_key
                and lag(content) over by_key = content, false
            ) as repeats
        from said inner join absence using (no)
        window by_key as (partition by {key} order by no)"""
    )


def mark_overlaps(store: Store, extract: type[Extract]) -> None:
    """A row is bad when its period overlaps, on its reference date, another of its holder by more than end days."""
    differs = " or ".join(f"this.{identifier(name)} <> other.{identifier(name)}" for name in extract.key)
    store.run(
        f"""create or replace temp table overlapping as
        select distinct this.row
        from event as this
        inner join event as other
            on this.holder = other.holder and ({differs})
            and other.on_date <= this.on_date and this.on_date < other.until_on
        where this.row is not null and not this.is_removal and not other.is_removal
            and this.begins < coalesce(other.ends, {OPEN}) and other.begins < coalesce(this.ends, {OPEN})"""
    )
    store.run(
        f"""insert into intake.flag
        select '{extract.extract}', _no, _line, '{extract.overlaps[0].rule}', true
        from {judged_table(extract)} where _row in (from overlapping)"""
    )
    store.run("update event set ok = false where row in (from overlapping)")


def _period_columns(extract: type[Extract]) -> list[tuple[str, str]]:
    return [
        pair for one in extract.overlaps for pair in ((one.by, "holder"), (one.begins, "begins"), (one.ends, "ends"))
    ]

"""Nothing is dropped in silence: the quarantine, and the counts of every delivery and extract.

Belongs here: delivered = accepted + quarantined + duplicates + forgotten, the limits that refuse a delivery, what a
later good row resolves. Does not belong here: what makes a row bad (`raw.judging`, `raw.history`).
"""

from collections.abc import Sequence

from contracts.base import Extract
from contracts.checks import identifier
from orchestration.raw.judged import DUPLICATE, UNREADABLE, countable, judged_table
from orchestration.raw.setting_apart import Forgotten
from orchestration.raw.store import OPEN, Store

PARENT_QUARANTINED = "parent_quarantined"
UNKNOWN_EXTRACT = "unknown_extract"


def gather_bad_rows(store: Store, extract: type[Extract]) -> None:
    """`intake.bad`: every row of this intake that breaks a rule, with its rules and what the file says.

    Reads `intake.flagged_text` (`judged.keep_text_of_flagged`).
    """
    key = ", ".join(f"cast(judged.{identifier(name)} as text)" for name in extract.key)
    store.run(
        f"""insert into intake.bad
        with flagged as (
            select no, line, list(rule order by rule) as rules
            from intake.flag where extract = '{extract.extract}' and rule <> '{DUPLICATE}' group by no, line
        ),
        bad as (
            select judged._no as no, judged._line as line, judged._text as text, [{key}] as key,
                list_concat(coalesce(judged._broken, []), coalesce(flagged.rules, [])) as rules
            from {judged_table(extract)} as judged
            inner join intake.batch as batch on judged._no = batch.no and batch.in_force
            left join flagged on judged._no = flagged.no and judged._line = flagged.line
            anti join (from intake.flag where extract = '{extract.extract}' and rule = '{DUPLICATE}') as further
                on judged._no = further.no and judged._line = further.line
            where judged._broken is not null or flagged.no is not null
        )
        select '{extract.extract}', bad.no, file.file, bad.line, bad.rules, if(list_contains(key, null), null, key),
            coalesce(bad.text, flagged_text.text)
        from bad
        left join (from intake.flagged_text where extract = '{extract.extract}') as flagged_text
            on bad.no = flagged_text.no and bad.line = flagged_text.line
        inner join intake.file as file on bad.no = file.no and file.extract = '{extract.extract}'
        union all
        select '{extract.extract}', file.no, file.file, skipped.line, ['{UNREADABLE}'], null,
            cast(to_json(struct_pack(line := skipped.content)) as text)
        from intake.file as file
        inner join intake.batch as batch on file.no = batch.no and batch.in_force
        inner join intake.skipped as skipped on file.path = skipped.path and skipped.content is not null
        where file.extract = '{extract.extract}'"""
    )


def too_many_bad(store: Store, max_rows: int, max_share: float) -> list[tuple[int, str]]:
    """Deliveries of this intake with more bad rows than allowed, earliest first, and why: file, rules, first line."""
    return store.rows(
        f"""with
        counted as (
            select extract, no, file, count(*) as bad
            from intake.bad where rules <> ['{PARENT_QUARANTINED}'] group by all
        ),
        exceeding as (
            select counted.*, file.data_lines from counted inner join intake.file as file using (extract, no, file)
            where bad > {max_rows} and bad > {max_share} * file.data_lines
        ),
        ruled as (
            select extract, no, unnest(rules) as rule, line from intake.bad semi join exceeding using (extract, no)
        ),
        by_rule as (
            select extract, no, rule, count(*) as broken, min(line) as first_line from ruled group by all
        )
        select no, string_agg(
            format('{{}}: {{}} of {{}} rows are bad (', file, bad, data_lines) || listed || ')', '; ' order by file)
        from exceeding inner join (
            select extract, no, string_agg(format('{{}} {{}} times, first on line {{}}', rule, broken, first_line), ', '
                order by broken desc, rule) as listed
            from by_rule group by all
        ) using (extract, no)
        group by no order by no"""
    )


def count_rows(store: Store, extract: type[Extract], partner: str, without: Forgotten) -> None:
    """`raw.delivery_count`: delivered, accepted, quarantined, duplicate, forgotten, stale, broken rules, anomalies."""
    table, name = judged_table(extract), extract.extract
    same_key = " and ".join(
        f"kept.{identifier(column)} = try_cast(bad.key[{at}] as {extract.columns[column].type})"
        for at, column in enumerate(extract.key, start=1)
    )
    key = [identifier(column) for column in extract.key]
    was_known = " and ".join(f"kept.{column} = judged.{column}" for column in key)
    was_known += " and kept._word_from < judged.reference_on and judged.reference_on <= kept._word_to"
    # reading history for what no row asks is most of the work of a delivery that has neither
    has_bad, has_mutations = store.rows(
        f"""select exists (from intake.bad where extract = '{name}' and key is not null),
            exists (
                from intake.file as file inner join intake.batch as batch on file.no = batch.no and batch.in_force
                where file.extract = '{name}' and batch.is_delta
            )"""
    )[0]
    stale = f"""
            union all
            select bad.no, 'stale', count(distinct bad.key) from intake.bad as bad
            inner join intake.batch as batch on bad.no = batch.no and batch.in_force
            inner join {extract.table} as kept on {same_key}
                and kept._valid_from <= batch.reference_on and batch.reference_on < kept._valid_to
            where bad.extract = '{name}' and bad.key is not null group by bad.no"""
    unexpected = f"""
            union all
            select no, 'added_known', count(*)
            from judged semi join {extract.table} as kept on {was_known}
            where mutation = 'T' group by no
            union all
            select no, if(mutation = 'V', 'removed_unknown', 'changed_unknown'), count(*)
            from judged anti join {extract.table} as kept on {was_known}
            where mutation in ('G', 'V') group by no, mutation"""
    store.run(
        f"""insert into raw.delivery_count
        with
        files as (
            select file.*
            from intake.file as file inner join intake.batch as batch on file.no = batch.no and batch.in_force
            where file.extract = '{name}'
        ),
        flagged as (select distinct no, line from intake.flag where extract = '{name}'),
        -- read for few rows: kept in between, it would cost more than it holds
        judged as not materialized (
            select judged._no as no, judged._line as line, judged._mutation as mutation, judged._broken is null as ok,
                judged._reference_on as reference_on, {", ".join(f"judged.{column}" for column in key)}
            from {table} as judged inner join files on judged._no = files.no
        ),
        counted as (
            select no, unnest(['delivered', 'accepted']) as rule, unnest([data_lines, 0]) as row_count from files
            union all
            select _no, 'accepted', count(*) from {countable(extract, without)}
            where _broken is null and _no in (select no from files) group by _no
            union all
            select no, 'accepted', -count(*) from judged semi join flagged using (no, line) where ok group by no
            union all
            select no, 'quarantined', count(*)
            from intake.bad semi join files using (no) where extract = '{name}' group by no
            union all
            select no, '{DUPLICATE}', count(*) from intake.flag semi join files using (no)
            where extract = '{name}' and rule = '{DUPLICATE}' group by no
            union all
            select no, 'forgotten', count(*)
            from intake.forgotten semi join files using (no) where extract = '{name}' group by no
            union all
            select no, unnest(rules), 1 from intake.bad semi join files using (no) where extract = '{name}'
            {stale if has_bad else ""}
            {unexpected if has_mutations else ""}
            union all
            select no, 'rows_not_as_promised', abs(data_lines - promised_rows)
            from files where data_lines <> promised_rows
            union all
            select no, anomaly, 1 from intake.anomaly semi join files using (no) where extract = '{name}'
        )
        select '{partner}', batch.reference_on, batch.sequence, '{name}', rule, cast(sum(row_count) as bigint)
        from counted inner join intake.batch as batch using (no)
        group by all
        having sum(row_count) > 0 or rule in ('delivered', 'accepted')
        order by all"""
    )


def count_unknown_extracts(store: Store, partner: str) -> None:
    """`raw.delivery_count`: files of deliveries in force that no contract knows, and that are kept out."""
    store.run(
        f"""insert into raw.delivery_count
        select '{partner}', batch.reference_on, batch.sequence, anomaly.extract, anomaly.anomaly, count(*)
        from intake.anomaly as anomaly inner join intake.batch as batch on anomaly.no = batch.no and batch.in_force
        where anomaly.anomaly = '{UNKNOWN_EXTRACT}'
        group by all order by all"""
    )


def fill_quarantine(store: Store, partner: str) -> None:
    """Move the bad rows of this intake to the quarantine; `first_seen_on` is the first date of an unchanged bad row."""
    store.run(
        f"""insert into raw.quarantine
        select '{partner}', batch.reference_on, batch.sequence, bad.extract, bad.file, bad.line, bad.rules, bad.key,
            bad.raw_values, batch.contract_version, least(
                seen.first_seen_on, min(batch.reference_on) over (partition by bad.extract, bad.raw_values)
            ), null, null, null
        from intake.bad as bad
        inner join intake.batch as batch on bad.no = batch.no and batch.in_force
        left join (
            select extract, raw_values, min(first_seen_on) as first_seen_on
            from raw.quarantine where partner = '{partner}' group by all
        ) as seen on bad.extract = seen.extract and bad.raw_values = seen.raw_values
        order by batch.no, bad.extract, bad.line"""
    )


def resolve_quarantine(store: Store, extracts: Sequence[type[Extract]]) -> None:
    """Mark what a later good row of the key resolves, and what is no longer the partner's word."""
    for extract in extracts:
        same_key = " and ".join(
            f"word.{identifier(column)} = try_cast(bad.key[{at}] as {extract.columns[column].type})"
            for at, column in enumerate(extract.key, start=1)
        )
        store.run(
            f"""update raw.quarantine as bad set resolved_on = found.resolved_on, ended_on = found.ended_on
            from (
                select bad.rowid as id,
                    min(word._valid_from) filter (word._valid_from > bad.reference_on) as resolved_on,
                    nullif(min(word._word_to) filter (word._word_to > bad.reference_on), {OPEN}) as ended_on
                from raw.quarantine as bad inner join {extract.table} as word on {same_key}
                where bad.partner = '{extract.partner}' and bad.extract = '{extract.extract}'
                    and bad.resolved_on is null
                group by bad.rowid
            ) as found
            where bad.rowid = found.id"""
        )
    store.run(
        """update raw.quarantine as bad set ended_on = following.reference_on
        from (
            select bad.rowid as id, min(delivery.reference_on) as reference_on
            from raw.quarantine as bad
            inner join raw.delivery_count as counted on counted.partner = bad.partner and counted.extract = bad.extract
                and counted.rule = 'delivered' and counted.reference_on > bad.reference_on
            inner join raw.delivery as delivery on delivery.partner = counted.partner and delivery.state = 'in_force'
                and delivery.reference_on = counted.reference_on and delivery.mode = 'full'
            where bad.key is null and bad.ended_on is null
            group by bad.rowid
        ) as following
        where bad.rowid = following.id"""
    )
    store.run(
        """update raw.quarantine as bad set resolved_by = delivery.name
        from raw.delivery as delivery
        where bad.resolved_on is not null and bad.resolved_by is null and delivery.partner = bad.partner
            and delivery.reference_on = bad.resolved_on and delivery.state = 'in_force'"""
    )


def cut_back(store: Store, partner: str, from_on: str) -> None:
    """Forget what was counted, quarantined and resolved by deliveries of reference date `from_on` and later."""
    for table in ("raw.delivery_count", "raw.quarantine"):
        store.run(f"delete from {table} where partner = ? and reference_on >= cast(? as date)", [partner, from_on])
    store.run(
        f"""update raw.quarantine set
            resolved_on = if(resolved_on >= date '{from_on}', null, resolved_on),
            resolved_by = if(resolved_on >= date '{from_on}', null, resolved_by),
            ended_on = if(ended_on >= date '{from_on}', null, ended_on)
        where partner = ?""",
        [partner],
    )

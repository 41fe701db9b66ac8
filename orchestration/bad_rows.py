"""What counts as one bad row that stands open: the SQL that every count of the quarantine begins with.

Belongs here: that one definition; nothing is imported, since `status` answers at once. Does not belong here: what is
counted (`quarantine`, `status`, `outcome`, `checks`).

A bad row that is delivered again is one row, of the newest delivery that has it: there it is to be corrected. It stands
open until its key comes again and is good (resolved), or is no longer the partner's word (ended).
"""

ROWS = """
    named as (
        select
            *,
            reference_on || case when sequence > 1 then '.' || sequence else '' end as delivery,
            coalesce(cast(key as text), raw_values) as row_id,
            case
                when resolved_on is not null then 'resolved'
                when ended_on is not null then 'ended'
                else 'open'
            end as state
        from raw.quarantine
    ),

    quarantined as (
        select
            *,
            min(first_seen_on) over same_row as since_on,
            rank() over (
                partition by partner, extract, row_id, state = 'open'
                order by reference_on desc, sequence desc
            ) = 1 as is_newest
        from named
        window same_row as (partition by partner, extract, row_id, state = 'open')
    )
"""
"""CTEs: `quarantined` is raw.quarantine with `delivery`, `state`, `since_on`; `is_newest` leaves one of equal rows."""

-- How sure are we of these figures?
--
-- Four kinds of evidence. identity: what must add up, off = does not (0, else nothing is published).
-- published: our figure against the one a partner published, off = differs by more than its rounding, and the
-- median difference. delivered: rows that partners delivered, off = quarantined, and what could not be
-- linked. restated: figures of past months at the newest knowledge date, off = changed since they were first
-- known, and the largest change. fresh: days behind, per partner.
--
-- columns: evidence, subject, checked, off, off_share, remark
-- marts: fct_reconciliation, fct_data_quality, fct_restatement, fct_freshness
with identity as (
    select
        'identity' as evidence,
        identity as subject,
        count(*) as checked,
        count(*) filter (where not passes) as off,
        'largest residual ' || max(abs(residual)) as remark
    from marts.fct_reconciliation
    where passes is not null
    group by identity
),

published as (
    select
        'published' as evidence,
        regexp_replace(identity, ' \(.*', '') as subject,
        count(residual) as checked,
        count(*) filter (where residual <> 0) as off,
        'median difference '
        || coalesce(
            round(100 * quantile_cont(abs(residual) / nullif(right_hand, 0), 0.5), 1) || '%', 'unknown'
        )
        || ', not comparable ' || count(*) filter (where residual is null) as remark
    from marts.fct_reconciliation
    where identity like 'published%'
    group by subject
),

delivered as (
    select
        'delivered' as evidence,
        partner as subject,
        cast(sum(if(rule = 'delivered', row_count, 0)) as bigint) as checked,
        cast(sum(if(rule = 'quarantined', row_count, 0)) as bigint) as off,
        'duplicate ' || sum(if(rule = 'duplicate', row_count, 0))
        || ', unlinked ' || sum(if(suffix(rule, '_unlinked'), row_count, 0)) as remark
    from marts.fct_data_quality
    group by partner
),

known as (
    select
        *,
        min(knowledge_on) over (partition by figure, period) as first_known_on,
        max(knowledge_on) over (partition by figure) as last_known_on
    from marts.fct_restatement
),

restated as (
    select
        'restated' as evidence,
        figure as subject,
        count(*) as checked,
        count(*) filter (where revision <> 0) as off,
        'largest change ' || max(abs(revision)) || ', largest figure ' || max(value) as remark
    from known
    where knowledge_on = last_known_on and first_known_on < knowledge_on
    group by figure
),

fresh as (
    select
        'fresh' as evidence,
        partner as subject,
        1 as checked,
        if(status = 'on_time', 0, 1) as off,
        status || ', ' || coalesce(days_behind || ' days behind', 'never delivered') as remark
    from marts.fct_freshness
),

every as (
    select * from identity
    union all
    select * from published
    union all
    select * from delivered
    union all
    select * from restated
    union all
    select * from fresh
)

select
    evidence,
    subject,
    checked,
    off,
    round(off / nullif(checked, 0), 4) as off_share,
    remark
from every
order by evidence, subject

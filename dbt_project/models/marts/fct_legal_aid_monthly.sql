-- Every certificate counts for its kind and for all.
with certificate as (
    select
        counts_for.kind,
        certificate.link_method <> 'unlinked' as is_linked,
        certificate.decision = 'VERLEEND' as is_granted,
        certificate.decision = 'AFGEWEZEN' as is_refused,
        certificate.decided_on - certificate.requested_on as days_to_decision,
        certificate.decided_on < step.heard_on as is_before_hearing,
        certificate.points,
        certificate.amount_eur,
        date_trunc('month', certificate.requested_on)::date as requested_in,
        date_trunc('month', certificate.decided_on)::date as decided_in,
        date_trunc(
            'month', coalesce(certificate.settled_on, certificate.decided_on, certificate.requested_on)
        )::date as settled_in
    from {{ ref('certificate') }} as certificate
    left join {{ ref('case_step') }} as step on certificate.case_id = step.case_id
    cross join unnest([certificate.kind, 'all']) as counts_for (kind)
),

requested as (
    select
        requested_in as month_start,
        kind,
        count(*) as requested,
        count_if(is_linked) as linked
    from certificate
    group by requested_in, kind
),

decided as (
    select
        decided_in as month_start,
        kind,
        count_if(is_granted) as granted,
        count_if(is_refused) as refused,
        quantile_cont(days_to_decision, 0.5) filter (where is_granted) as median_days_to_grant,
        count_if(is_granted and is_before_hearing is not null) as granted_and_heard,
        count_if(is_granted and is_before_hearing) as granted_before_hearing
    from certificate
    where decided_in is not null
    group by decided_in, kind
),

settled as (
    select
        settled_in as month_start,
        kind,
        sum(points) as points,
        sum(amount_eur) as amount_eur
    from certificate
    where points is not null or amount_eur is not null
    group by settled_in, kind
),

roster as (
    select
        date_trunc('month', week_start)::date as month_start,
        'all' as kind,
        sum(sessions_available)::bigint as sessions_available,
        sum(sessions_planned)::bigint as sessions_planned,
        sum(sessions_used)::bigint as sessions_used
    from {{ ref('rvr__rooster') }}
    group by date_trunc('month', week_start)
),

active as (
    {%- for activity in ['requested', 'decided', 'settled', 'roster'] %}
    select
        month_start,
        kind
    from {{ activity }}
    {{ 'union' if not loop.last }}
    {%- endfor %}
)

select
    active.month_start,
    active.kind,
    coalesce(requested.requested, 0) as requested,
    coalesce(decided.granted, 0)::bigint as granted,
    coalesce(decided.refused, 0)::bigint as refused,
    round(decided.median_days_to_grant, 6) as median_days_to_grant,
    round(
        decided.granted_before_hearing / nullif(decided.granted_and_heard, 0), 6
    ) as granted_before_hearing_share,
    coalesce(settled.points, 0)::decimal(18, 2) as points,
    coalesce(settled.amount_eur, 0)::decimal(18, 2) as amount_eur,
    round(requested.linked / nullif(requested.requested, 0), 6) as linked_share,
    roster.sessions_available,
    roster.sessions_planned,
    roster.sessions_used
from active
left join requested on active.month_start = requested.month_start and active.kind = requested.kind
left join decided on active.month_start = decided.month_start and active.kind = decided.kind
left join settled on active.month_start = settled.month_start and active.kind = settled.kind
left join roster on active.month_start = roster.month_start and active.kind = roster.kind
order by active.month_start, active.kind

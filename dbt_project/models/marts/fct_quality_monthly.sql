with decision as (
    select
        beslissing.case_id,
        beslissing.decision_no,
        beslissing.decided_on,
        coalesce(beslissing.pool, 'unknown') as pool,
        coalesce(beslissing.hours, 0) as hours,
        row_number() over by_time as decision_rank,
        lag(beslissing.decided_on) over by_time as previous_decided_on,
        lead(beslissing.decided_on) over by_time as next_decided_on
    from {{ ref('ind__beslissing') }} as beslissing
    window by_time as (
        partition by beslissing.case_id order by beslissing.decided_on, beslissing.decision_no
    )
),

-- A remedy belongs to the latest decision on or before the day that it was lodged.
remedied as (
    select
        decision.case_id,
        decision.decision_no,
        bool_or(remedy.ruled_on is not null) as is_ruled,
        coalesce(bool_or(remedy.ruling = 'GEGROND' and remedy.lodged_by <> 'IND'), false) as is_overturned
    from decision
    inner join {{ ref('ind__rechtsmiddel') }} as remedy
        on
            decision.case_id = remedy.case_id
            and decision.decided_on <= remedy.lodged_on
            and coalesce(decision.next_decided_on, date '9999-12-31') > remedy.lodged_on
    where remedy.kind in ('BEROEP', 'HOGER_BEROEP')
    group by decision.case_id, decision.decision_no
),

-- The work since the decision before is this decision's, so that every hour counts once.
worked as (
    select
        decision.case_id,
        decision.decision_no,
        sum(step.hours) as hours
    from decision
    inner join {{ ref('ind__processtap') }} as step
        on
            decision.case_id = step.case_id
            and decision.decided_on >= step.realised_on
            and coalesce(decision.previous_decided_on, date '0001-01-01') < step.realised_on
    where step.status = 'GEREALISEERD' and step.hours is not null
    group by decision.case_id, decision.decision_no
),

judged as (
    select
        date_trunc('month', decision.decided_on)::date as month_start,
        decision.pool,
        application.procedure,
        coalesce(step.hearing_mode, 'unknown') as hearing_mode,
        decision.decided_on - application.applied_on as days,
        remedied.case_id is not null as is_appealed,
        coalesce(remedied.is_ruled, false) as is_ruled,
        coalesce(remedied.is_overturned, false) as is_overturned,
        decision.next_decided_on is not null as is_redecided,
        -- the term is that of the first decision
        case when decision.decision_rank = 1 then decision.decided_on <= legal_clock.deadline_as_applied end
            as is_in_term,
        decision.decided_on + 365 <= known.as_of_on as is_followed_up,
        decision.hours + coalesce(worked.hours, 0) as hours
    from decision
    inner join {{ ref('application') }} as application on decision.case_id = application.case_id
    inner join {{ ref('legal_clock') }} as legal_clock on decision.case_id = legal_clock.case_id
    left join {{ ref('case_step') }} as step on decision.case_id = step.case_id
    left join remedied
        on decision.case_id = remedied.case_id and decision.decision_no = remedied.decision_no
    left join worked on decision.case_id = worked.case_id and decision.decision_no = worked.decision_no
    cross join {{ source('raw', 'as_of') }} as known
)

select
    month_start,
    pool,
    procedure,
    hearing_mode,
    count(*) as decisions,
    round(count_if(is_appealed)::bigint / count(*), 6) as appealed_share,
    count_if(is_ruled)::bigint as ruled_count,
    round(count_if(is_overturned)::bigint / nullif(count_if(is_ruled)::bigint, 0), 6) as overturned_share,
    round(count_if(is_redecided)::bigint / count(*), 6) as redecided_share,
    round(count_if(is_in_term)::bigint / nullif(count(is_in_term), 0), 6) as in_term_share,
    round(quantile_cont(days, 0.5), 6) as median_days,
    case
        when bool_and(is_followed_up)
            then round(count_if(is_in_term and not is_overturned)::bigint / nullif(count(is_in_term), 0), 6)
    end as timely_and_sustained_share,
    bool_and(is_followed_up) as is_follow_up_complete,
    round(sum(hours) / nullif(count_if(not is_overturned)::bigint, 0), 6) as hours_per_sustained_decision
from judged
group by month_start, pool, procedure, hearing_mode
order by month_start, pool, procedure, hearing_mode

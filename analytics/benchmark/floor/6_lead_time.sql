-- fct_lead_time: intervals of twelve segments, in nine kinds of groups, seen as cohort, period and stock.

create temp table group_of_case as
with known as (
    select
        application.case_no,
        application.application_kind, application.nationality_group, application.track, application.procedure,
        coalesce(step.hearing_mode, 'unknown') as hearing_mode,
        coalesce(application.pool, 'unknown') as pool,
        application.complexity, application.project
    from application
    left join case_step as step on application.case_no = step.case_no
    union all
    -- what belongs to no case
    select -1, 'unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown'
)

select case_no, dense_rank() over (
    order by application_kind, nationality_group, track, procedure, hearing_mode, pool, complexity, project
)::integer as profile_no, * exclude (case_no)
from known;

create temp table profile_group as
with profile as (
    select distinct * exclude (case_no) from group_of_case
),

named as (
    select profile_no, 'all' as group_kind, 'all' as group_value from profile
    union all
    unpivot profile
    on application_kind, nationality_group, track, procedure, hearing_mode, pool, complexity, project
    into name group_kind value group_value
)

select *, dense_rank() over (order by group_kind, group_value)::integer as group_no
from named;

-- numbers under their names: millions of rows are grouped and sorted by them
create type segment_name as enum (
    'registration_to_application', 'application_to_first_interview', 'first_interview_to_hearing',
    'hearing_to_decision', 'application_to_decision', 'intention_to_view', 'grant_to_housing',
    'application_to_irrevocable', 'application_to_housing', 'first_interview_to_legal_aid', 'appeal_to_ruling',
    'legal_aid_request_to_grant'
);

create temp table interval_begun as
with left_since as (
    select
        application.case_no,
        min(moved.happened_on) as left_since_application_on,
        min(moved.happened_on) filter (where moved.happened_on >= application.granted_on) as left_since_grant_on
    from left_reception as moved
    inner join application
        on moved.case_no = application.case_no and moved.happened_on >= application.applied_on
    group by application.case_no
),

known as (
    select
        application.*,
        step.first_interview_on, step.heard_on, step.intended_on, step.viewed_on,
        legal_aid.granted_on as aid_on, case_stage.irrevocable_on, first_housed.housed_on,
        left_since.left_since_application_on, left_since.left_since_grant_on,
        coalesce(application.decided_on, date '9999-12-31') as last_on
    from application
    left join case_step as step on application.case_no = step.case_no
    left join legal_aid on application.case_no = legal_aid.case_no
    left join case_stage on application.case_no = case_stage.case_no
    left join first_housed on application.case_no = first_housed.case_no
    left join left_since on application.case_no = left_since.case_no
),

-- an event later than the first decision counts in no segment that the decision ends
bounded as (
    select
        * exclude (first_interview_on, heard_on, intended_on, viewed_on, aid_on),
        case when first_interview_on <= last_on then first_interview_on end as interviewed_on,
        case when heard_on <= last_on then heard_on end as heard_on,
        case when intended_on <= last_on then intended_on end as intended_on,
        case when viewed_on <= last_on then viewed_on end as viewed_on,
        case when aid_on <= last_on then aid_on end as aid_on
    from known
),

stretch as (
    select 'registration_to_application' as segment, case_no, registered_on as begins_on, applied_on as ends_on,
        null::date as exits_on
    from bounded
    union all
    select 'application_to_first_interview', case_no, applied_on, interviewed_on, decided_on from bounded
    union all
    select 'first_interview_to_hearing', case_no, interviewed_on, heard_on, decided_on from bounded
    union all
    select 'hearing_to_decision', case_no, heard_on, decided_on, null from bounded
    union all
    select 'application_to_decision', case_no, applied_on, decided_on, null from bounded
    union all
    select 'intention_to_view', case_no, intended_on, viewed_on, decided_on from bounded
    union all
    select 'grant_to_housing', case_no, granted_on, housed_on, left_since_grant_on from bounded
    union all
    select 'application_to_irrevocable', case_no, applied_on, irrevocable_on, null from bounded
    union all
    select 'application_to_housing', case_no, applied_on, housed_on,
        least(case when outcome_group <> 'granted' then decided_on end, left_since_application_on)
    from bounded
    union all
    select 'first_interview_to_legal_aid', case_no, interviewed_on, aid_on, decided_on from bounded
    union all
    select 'appeal_to_ruling', case_no, lodged_on, ruled_on, null
    from remedy
    where kind in ('BEROEP', 'HOGER_BEROEP')
    union all
    select 'legal_aid_request_to_grant', coalesce(case_no, -1), requested_on,
        case when decision = 'VERLEEND' then decided_on end, case when decision <> 'VERLEEND' then decided_on end
    from certificate_case
)

select
    stretch.segment::segment_name as segment, group_of_case.profile_no, stretch.begins_on,
    case when stretch.ends_on <= coalesce(stretch.exits_on, stretch.ends_on) then stretch.ends_on end as ends_on,
    least(stretch.ends_on, stretch.exits_on) as left_on
from stretch
inner join group_of_case on stretch.case_no = group_of_case.case_no
where stretch.begins_on is not null and coalesce(stretch.ends_on >= stretch.begins_on, true);

-- Counts of equal intervals, then per group: what follows works on these.
create temp table tally as
with equal_interval as (
    select
        segment, profile_no, begins_on, left_on, left_on is not null and ends_on is null as is_exit, count(*) as n
    from interval_begun
    group by all
)

select
    equal_interval.segment, profile_group.group_no, equal_interval.begins_on, equal_interval.left_on,
    equal_interval.is_exit, sum(equal_interval.n)::integer as n
from equal_interval
inner join profile_group on equal_interval.profile_no = profile_group.profile_no
group by all;

create macro kind_of(months) as case months when 1 then 'month' when 3 then 'quarter' else 'year' end;
create macro period_of(months, day) as date_trunc(kind_of(months), day)::date;

-- Rank q (n - 1) between two neighbours on a straight line; of rows with days, how many, and how many up to here.
create macro quantile_of(days, n, up_to, total, percent) as round(
    min(days) filter (where n > 0 and up_to > percent * (total - 1) // 100)
    + max(percent * (total - 1) % 100) / 100
    * (
        min(days) filter (where n > 0 and up_to > (percent * (total - 1) + 99) // 100)
        - min(days) filter (where n > 0 and up_to > percent * (total - 1) // 100)
    ),
    6
);

create temp table cohort as
with month_cell as (
    select
        segment, group_no, date_trunc('month', begins_on)::date as month_start,
        (coalesce(left_on, getvariable('as_of_on')) - begins_on)::integer as days,
        sum(n)::integer as n,
        coalesce(sum(n) filter (where left_on is not null and not is_exit), 0)::integer as ended,
        coalesce(sum(n) filter (where is_exit), 0)::integer as exited
    from tally
    group by all
),

cell as (
    select
        segment, group_no, length.months, period_of(length.months, month_start) as period_start, days,
        sum(n)::integer as n, sum(ended)::integer as ended, sum(exited)::integer as exited
    from month_cell
    cross join unnest([1, 3, 12]) as length (months)
    group by all
),

at_risk as (
    select
        *,
        (sum(n) over whole - sum(n) over so_far + n)::integer as risk,
        (sum(ended) over so_far)::integer as ended_so_far,
        (sum(ended) over whole)::integer as ended_in_all
    from cell
    window
        whole as (partition by segment, group_no, months, period_start),
        so_far as (partition by segment, group_no, months, period_start order by days rows unbounded preceding)
),

survival as (
    select
        *,
        product(1 - ended / risk) over so_far as s,
        coalesce(product(1 - (ended + exited) / risk) over before, 1) as unresolved,
        sum(case when ended < risk then ended / (risk::double * (risk - ended)) end) over so_far as greenwood,
        lead(days) over by_days as next_days
    from at_risk
    window
        by_days as (partition by segment, group_no, months, period_start order by days),
        so_far as (partition by segment, group_no, months, period_start order by days rows unbounded preceding),
        before as (
            partition by segment, group_no, months, period_start
            order by days rows between unbounded preceding and 1 preceding
        )
),

banded as (
    select
        *,
        case
            when s in (0, 1) then s
            else exp(-exp(ln(-ln(s)) - 1.959963984540054 * sqrt(greenwood) / ln(s)))
        end as s_low,
        case
            when s in (0, 1) then s
            else exp(-exp(ln(-ln(s)) + 1.959963984540054 * sqrt(greenwood) / ln(s)))
        end as s_high
    from survival
)

select
    segment, group_no, months, period_start,
    sum(n)::bigint as started_count, sum(ended)::bigint as completed_count, sum(exited)::bigint as exited_count,
    round(sum(days * ended)::bigint / nullif(max(ended_in_all), 0), 6) as mean_days,
    quantile_of(days, ended, ended_so_far, ended_in_all, 50) as median_days,
    quantile_of(days, ended, ended_so_far, ended_in_all, 80) as p80_days,
    quantile_of(days, ended, ended_so_far, ended_in_all, 90) as p90_days,
    quantile_of(days, ended, ended_so_far, ended_in_all, 95) as p95_days,
    (min(days) filter (where s <= 0.5 + 1e-12))::bigint as km_median_days,
    (min(days) filter (where s <= 0.2 + 1e-12))::bigint as km_p80_days,
    (min(days) filter (where s <= 0.1 + 1e-12))::bigint as km_p90_days,
    (min(days) filter (where s_low <= 0.5 + 1e-12))::bigint as km_median_low,
    (min(days) filter (where s_high <= 0.5 + 1e-12))::bigint as km_median_high,
    case
        when max(days) >= 730 or min(s) = 0
            then round(
                round(
                    least(min(days), 730) + coalesce(
                        sum((s * (least(coalesce(next_days, 730), 730) - days))::decimal(38, 15))
                        filter (where days < 730),
                        0
                    ),
                    9
                )::double,
                6
            )
    end as km_mean_to_730_days,
    case
        when max(days) >= 365 or min(risk - ended - exited) = 0
            then round(
                round(
                    coalesce(sum((unresolved * ended / risk)::decimal(38, 18)) filter (where days <= 365), 0), 9
                )::double,
                6
            )
    end as incidence_365_share
from banded
group by segment, group_no, months, period_start;

create temp table flow as
with started as (
    select segment, group_no, length.months, period_of(length.months, begins_on) as period_start, sum(n) as n
    from tally
    cross join unnest([1, 3, 12]) as length (months)
    group by all
),

left_in_month as (
    select
        segment, group_no, date_trunc('month', left_on)::date as month_start,
        (left_on - begins_on)::integer as days,
        coalesce(sum(n) filter (where not is_exit), 0)::integer as ended,
        coalesce(sum(n) filter (where is_exit), 0)::integer as exited
    from tally
    where left_on is not null
    group by all
),

finished as (
    select
        segment, group_no, length.months, period_of(length.months, month_start) as period_start, days,
        sum(ended)::integer as ended, sum(exited)::integer as exited
    from left_in_month
    cross join unnest([1, 3, 12]) as length (months)
    group by all
),

cumulated as (
    select
        *,
        (sum(ended) over whole)::integer as ended_in_all,
        (sum(ended) over (whole order by days rows unbounded preceding))::integer as up_to
    from finished
    window whole as (partition by segment, group_no, months, period_start)
),

left_in as (
    select
        segment, group_no, months, period_start,
        sum(ended)::bigint as completed_count, sum(exited)::bigint as exited_count,
        sum(days * ended)::bigint as total_days,
        quantile_of(days, ended, up_to, ended_in_all, 50) as median_days,
        quantile_of(days, ended, up_to, ended_in_all, 80) as p80_days,
        quantile_of(days, ended, up_to, ended_in_all, 90) as p90_days,
        quantile_of(days, ended, up_to, ended_in_all, 95) as p95_days
    from cumulated
    group by segment, group_no, months, period_start
)

select
    segment, group_no, months, period_start,
    coalesce(started.n, 0)::bigint as started_count,
    coalesce(left_in.completed_count, 0) as completed_count,
    coalesce(left_in.exited_count, 0) as exited_count,
    round(left_in.total_days / nullif(left_in.completed_count, 0), 6) as mean_days,
    left_in.median_days, left_in.p80_days, left_in.p90_days, left_in.p95_days
from started
full join left_in using (segment, group_no, months, period_start);

create temp table stock as
with movement as (
    select segment, group_no, begins_on, date_trunc('month', begins_on)::date as month_start, n as change
    from tally
    where left_on is null or date_trunc('month', left_on) > begins_on
    union all
    select segment, group_no, begins_on, date_trunc('month', left_on)::date, -n
    from tally
    where date_trunc('month', left_on) > begins_on
),

changed as (
    select segment, group_no, begins_on, month_start, sum(change)::integer as change
    from movement
    group by all
),

level as (
    select
        segment, group_no, begins_on, month_start,
        (sum(change) over of_day)::integer as n,
        coalesce(
            lead(month_start) over of_day,
            (date_trunc('month', getvariable('as_of_on')) + interval 1 month)::date
        ) as next_month
    from changed
    window of_day as (partition by segment, group_no, begins_on order by month_start)
),

standing as (
    select
        segment, group_no, begins_on, n,
        unnest(generate_series(month_start, next_month - 1, interval 1 month))::date as month_start
    from level
    where n > 0
),

aged as (
    select
        segment, group_no, month_start, n,
        (least(last_day(month_start), getvariable('as_of_on')) - begins_on)::integer as days
    from standing
),

cumulated as (
    select
        *,
        (sum(n) over whole)::integer as total,
        (sum(n) over (whole order by days rows unbounded preceding))::integer as up_to
    from aged
    window whole as (partition by segment, group_no, month_start)
)

select
    segment, group_no, month_start,
    sum(n)::bigint as open_count,
    round(sum(days * n)::bigint / max(total), 6) as mean_days,
    quantile_of(days, n, up_to, total, 50) as median_days,
    quantile_of(days, n, up_to, total, 80) as p80_days,
    quantile_of(days, n, up_to, total, 90) as p90_days,
    quantile_of(days, n, up_to, total, 95) as p95_days
from cumulated
group by segment, group_no, month_start;

create table marts.fct_lead_time as
with stock_period as (
    -- a period shows the month in which it ends, A's in the last one
    select stock.*, length.months, period_of(length.months, stock.month_start) as period_start
    from stock
    cross join unnest([1, 3, 12]) as length (months)
    where
        stock.month_start = least(
            period_of(length.months, stock.month_start) + to_months((length.months - 1)::integer),
            date_trunc('month', getvariable('as_of_on'))
        )
),

counted as (
    select
        segment, group_no, months, period_start,
        coalesce(flow.started_count, 0) as started_count,
        coalesce(flow.completed_count, 0) as completed_count,
        coalesce(flow.exited_count, 0) as exited_count,
        coalesce(standing.open_count, 0) as open_count,
        flow.mean_days as completed_mean, flow.median_days as completed_median, flow.p80_days as completed_p80,
        flow.p90_days as completed_p90, flow.p95_days as completed_p95,
        standing.mean_days as open_mean, standing.median_days as open_median, standing.p80_days as open_p80,
        standing.p90_days as open_p90, standing.p95_days as open_p95
    from flow
    full join stock_period as standing using (segment, group_no, months, period_start)
),

viewed as (
    select
        'cohort' as view, segment, group_no, months, period_start, started_count, completed_count, exited_count,
        started_count - completed_count - exited_count as open_count, mean_days, median_days, p80_days, p90_days,
        p95_days,
        km_median_days, km_p80_days, km_p90_days, km_median_low, km_median_high, km_mean_to_730_days,
        incidence_365_share
    from cohort
    union all
    select
        'period', segment, group_no, months, period_start, started_count, completed_count, exited_count, open_count,
        completed_mean, completed_median, completed_p80, completed_p90, completed_p95, null, null, null, null, null, null, null
    from counted
    union all
    select
        'stock', segment, group_no, months, period_start, started_count, completed_count, exited_count, open_count,
        open_mean, open_median, open_p80, open_p90, open_p95, null, null, null, null, null, null, null
    from counted
),

named as (
    select distinct group_no, group_kind, group_value from profile_group
)

select
    viewed.segment::varchar as segment,
    viewed.view,
    kind_of(viewed.months) as period_kind,
    viewed.period_start,
    named.group_kind,
    named.group_value,
    viewed.started_count,
    viewed.completed_count,
    viewed.exited_count,
    viewed.open_count,
    viewed.mean_days,
    viewed.median_days,
    viewed.p80_days,
    viewed.p90_days,
    viewed.p95_days,
    viewed.km_median_days,
    viewed.km_p80_days,
    viewed.km_p90_days,
    viewed.km_median_low,
    viewed.km_median_high,
    viewed.km_mean_to_730_days,
    viewed.incidence_365_share
from viewed
inner join named on viewed.group_no = named.group_no;

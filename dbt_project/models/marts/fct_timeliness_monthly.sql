{%- set levels = ['open', 'open_over_term', 'open_over_term_in_hindsight', 'open_with_deadline'] -%}
{%- set flows = ['decided', 'decided_in_term', 'decided_in_term_in_hindsight', 'decided_with_deadline'] -%}
with clocked as (
    select
        application.case_id,
        application.applied_on,
        application.decided_on,
        legal_clock.deadline_as_applied,
        legal_clock.deadline_in_hindsight
    from {{ ref('application') }} as application
    inner join {{ ref('legal_clock') }} as legal_clock on application.case_id = legal_clock.case_id
),

span as (
    select
        case_id,
        unnest(case
            when deadline_as_applied is null then ['open']
            else ['open', 'open_with_deadline']
        end) as measure,
        applied_on as from_on,
        decided_on as until_on
    from clocked
    union all
    select
        case_id,
        case clock when 'as_applied' then 'open_over_term' else 'open_over_term_in_hindsight' end as measure,
        from_on,
        until_on
    from {{ ref('over_term_span') }}
),

movement as (
    select
        case_id,
        measure,
        from_on as day,
        1 as change
    from span
    union all
    select
        case_id,
        measure,
        until_on as day,
        -1 as change
    from span
    where until_on is not null
    union all
    select
        case_id,
        unnest(list_filter(
            [
                'decided',
                case when deadline_as_applied is not null then 'decided_with_deadline' end,
                case when decided_on <= deadline_as_applied then 'decided_in_term' end,
                case when decided_on <= deadline_in_hindsight then 'decided_in_term_in_hindsight' end,
            ],
            lambda measure: measure is not null
        )) as measure,
        decided_on as day,
        1 as change
    from clocked
    where decided_on is not null
),

-- What happens within a month shows in its end: a level at month end is the sum of all changes up to it.
monthly as (
    select
        {% for measure in levels + flows -%}
        sum(case movement.measure when '{{ measure }}' then movement.change else 0 end) as {{ measure }},
        {% endfor -%}
        application.application_kind,
        application.procedure,
        application.nationality_group,
        date_trunc('month', movement.day)::date as month_start
    from movement
    inner join {{ ref('application') }} as application on movement.case_id = application.case_id
    inner join {{ source('raw', 'as_of') }} as known on movement.day <= known.as_of_on
    group by all
),

combination as (
    select distinct
        application_kind,
        procedure,
        nationality_group
    from monthly
),

standing as (
    select
        {% for level in levels -%}
        sum(coalesce(monthly.{{ level }}, 0)) over so_far::bigint as {{ level }},
        {% endfor -%}
        {% for flow in flows -%}
        coalesce(monthly.{{ flow }}, 0)::bigint as {{ flow }},
        {% endfor -%}
        month.month_start,
        combination.application_kind,
        combination.procedure,
        combination.nationality_group
    from {{ ref('month') }} as month
    cross join combination
    left join monthly
        on
            month.month_start = monthly.month_start
            and combination.application_kind = monthly.application_kind
            and combination.procedure = monthly.procedure
            and combination.nationality_group = monthly.nationality_group
    window so_far as (
        partition by combination.application_kind, combination.procedure, combination.nationality_group
        order by month.month_start
    )
)

select
    month_start,
    application_kind,
    procedure,
    nationality_group,
    decided,
    decided_in_term,
    round(decided_in_term / nullif(decided_with_deadline, 0), 6) as in_term_share,
    open,
    open_over_term,
    round(1 - open_over_term / nullif(open_with_deadline, 0), 6) as open_in_term_share,
    decided_in_term_in_hindsight,
    round(decided_in_term_in_hindsight / nullif(decided_with_deadline, 0), 6) as in_term_share_in_hindsight,
    open_over_term_in_hindsight,
    round(1 - open_over_term_in_hindsight / nullif(open_with_deadline, 0), 6)
        as open_in_term_share_in_hindsight,
    decided_with_deadline,
    open_with_deadline
from standing
where decided > 0 or open > 0
order by month_start, application_kind, procedure, nationality_group

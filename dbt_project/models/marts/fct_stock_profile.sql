{%- set age_bands = [('0-3', 3), ('3-6', 6), ('6-9', 9), ('9-15', 15), ('15-21', 21)] -%}
with undecided as (
    select
        dim_case.* replace (dim_case.case_id::uuid as case_id, dim_case.family_id::uuid as family_id),
        known.as_of_on,
        dim_case.deadline_as_applied - known.as_of_on as days_left
    from {{ ref('dim_case') }} as dim_case
    cross join {{ source('raw', 'as_of') }} as known
    where dim_case.decided_on is null
),

-- What is still to be done for a case: every step with a norm that it has not had.
realised as (
    select distinct
        case_id,
        step
    from {{ ref('ind__processtap') }}
    where status = 'GEREALISEERD'
),

norm as (
    select
        step,
        {{ english('complexity', {
            'STANDAARD': 'standard',
            'COMPLEX': 'complex',
            'ZEER_COMPLEX': 'very_complex',
        }) }} as complexity,
        hours
    from {{ ref('norm_hours') }}
),

expected as (
    select
        undecided.case_id,
        sum(norm.hours) as hours_left
    from undecided
    inner join norm
        on
            case undecided.complexity when 'unknown' then 'standard' else undecided.complexity end
            = norm.complexity
    left join realised on undecided.case_id = realised.case_id and norm.step = realised.step
    where realised.case_id is null
    group by undecided.case_id
),

-- The first row of the file that matches: rowid is the order of the file.
suitability_row as (
    select
        rowid as row_no,
        *
    from {{ ref('written_suitability') }}
),

suitable as (
    select
        undecided.case_id,
        arg_min(rule.suitability, rule.row_no) as written_suitability
    from undecided
    inner join suitability_row as rule
        on
            rule.application_kind in (undecided.application_kind, '*')
            and rule.nationality_group in (undecided.nationality_group, '*')
            and rule.complexity in (undecided.complexity, '*')
    group by undecided.case_id
),

profiled as (
    select
        undecided.*,
        case
            {% for band, months in age_bands -%}
            when undecided.as_of_on < {{ add_months('undecided.applied_on', months) }} then '{{ band }}'
            {% endfor -%}
            else '21+'
        end as age_band,
        case
            when undecided.is_suspended then 'suspended'
            when undecided.days_left is null then 'no_deadline'
            when undecided.days_left < 0 then 'over_term'
            when undecided.days_left < 30 then 'in_term_0_30'
            when undecided.days_left < 90 then 'in_term_30_90'
            else 'in_term_90_plus'
        end as term_status,
        case
            when undecided.is_impeded then 'impeded'
            when undecided.file_ready_on is not null or undecided.heard_on is not null then 'ready'
            else 'waiting_for_file'
        end as readiness,
        suitable.written_suitability,
        coalesce(expected.hours_left, 0) as hours_left
    from undecided
    left join suitable on undecided.case_id = suitable.case_id
    left join expected on undecided.case_id = expected.case_id
)

select
    application_kind,
    nationality_group,
    track,
    procedure,
    complexity,
    project,
    age_band,
    term_status,
    stage,
    readiness,
    written_suitability,
    count(*) as cases,
    count(distinct coalesce(family_id, case_id)) as families,
    round(sum(as_of_on - applied_on) / count(*), 6) as mean_age_days,
    sum(hours_left)::decimal(18, 2) as expected_hours_left
from profiled
group by all
order by all

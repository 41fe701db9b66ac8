{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
{%- set steps = {
    'FIRST_INTERVIEW': ('first_interview_on', 3, 3),
    'PREPARED': ('prepared_on', 4, 4),
    'HEARD': ('heard_on', 5, 5),
} -%}
{%- set repeated_steps = {'INTENDED': ('VOORNEMEN', 6), 'VIEWED': ('ZIENSWIJZE', 7)} -%}
-- enters_stage_no says where an event leads when nothing forbids it; case_state decides whether it does.
with registered as (
    select
        case_id,
        registered_on as happened_on,
        1 as event_no,
        1 as event_rank,
        'REGISTERED' as event,
        1 as enters_stage_no
    from {{ of_touched(ref('application'), 'case') }}
),

applied as (
    select
        case_id,
        applied_on as happened_on,
        2 as event_no,
        1 as event_rank,
        'APPLIED' as event,
        -- family reunification has no interview and waits for its decision at once
        case when application_kind = 'family_reunification' then 7 else 2 end as enters_stage_no
    from {{ of_touched(ref('application'), 'case') }}
),
{% for event, (column, event_no, stage_no) in steps.items() %}
{{ event | lower }} as (
    select
        case_id,
        {{ column }} as happened_on,
        {{ event_no }} as event_no,
        1 as event_rank,
        '{{ event }}' as event,
        {{ stage_no }} as enters_stage_no
    from {{ of_touched(ref('case_step'), 'case') }}
    where {{ column }} is not null
),
{% endfor %}

repeated as (
    select
        case_id,
        realised_on as happened_on,
        case step
            {%- for step, event_no in repeated_steps.values() %}
            when '{{ step }}' then {{ event_no }}
            {%- endfor %}
        end as event_no,
        step_no as event_rank,
        case step
            {%- for event, (step, event_no) in repeated_steps.items() %}
            when '{{ step }}' then '{{ event }}'
            {%- endfor %}
        end as event,
        -- either leads to the stage of its own number
        event_no as enters_stage_no
    from {{ of_touched(ref('ind__processtap'), 'case') }}
    where step in ('VOORNEMEN', 'ZIENSWIJZE') and status = 'GEREALISEERD'
),

decided as (
    select
        case_id,
        decided_on as happened_on,
        8 as event_no,
        decision_no as event_rank,
        'DECIDED' as event,
        case outcome_group when 'granted' then 8 when 'refused' then 9 else 12 end as enters_stage_no
    from {{ of_touched(ref('ind__beslissing'), 'case') }}
),

remedy as (
    select remedy.*
    from {{ of_touched(ref('ind__rechtsmiddel'), 'case') }} as remedy
    inner join {{ of_touched(ref('application'), 'case') }} as application
        on remedy.case_id = application.case_id and remedy.lodged_on >= application.decided_on
    where remedy.kind in ('BEROEP', 'HOGER_BEROEP')
),

appealed as (
    select
        case_id,
        lodged_on as happened_on,
        9 as event_no,
        remedy_no as event_rank,
        'APPEALED' as event,
        10 as enters_stage_no
    from remedy
),

ruled as (
    select
        case_id,
        ruled_on as happened_on,
        10 as event_no,
        remedy_no as event_rank,
        'RULED' as event,
        -- a remedy of IND upholds the refusal when it succeeds
        case when ruling = 'GEGROND' and lodged_by <> 'IND' then 11 else 12 end as enters_stage_no
    from remedy
    where ruled_on is not null
),

person_moved as (
    select
        reception.person_id,
        housing.moved_on
    from {{ of_touched(ref('coa__huisvesting'), 'resident') }} as housing
    inner join {{ ref('reception') }} as reception on housing.resident_id = reception.resident_id
    where housing.status = 'VERHUISD' and housing.moved_on is not null
),

housed as (
    select
        application.case_id,
        person_moved.moved_on as happened_on,
        11 as event_no,
        row_number() over (partition by application.case_id order by person_moved.moved_on) as event_rank,
        'HOUSED' as event,
        13 as enters_stage_no
    from person_moved
    inner join {{ of_touched(ref('application'), 'case') }} as application
        on person_moved.person_id = application.person_id and person_moved.moved_on >= application.granted_on
),

person_left as (
    select distinct
        reception.person_id,
        reception.until_on as left_on
    from {{ of_touched(ref('reception'), 'person') }} as reception
    left join {{ ref('reception_spell') }} as spell
        on
            reception.person_id = spell.person_id
            and reception.until_on >= spell.from_on
            and reception.until_on < spell.until_on
    where reception.until_on is not null and spell.person_id is null
),

left_reception as (
    select
        application.case_id,
        person_left.left_on as happened_on,
        12 as event_no,
        1 as event_rank,
        'LEFT_RECEPTION' as event,
        13 as enters_stage_no
    from person_left
    inner join {{ of_touched(ref('application'), 'case') }} as application
        on person_left.person_id = application.person_id and person_left.left_on >= application.registered_on
),

-- Kept before it is sorted: with the sort beside them, the joins of all branches do not fit into memory.
together as materialized (
    {%- for event in [
        'registered', 'applied', 'first_interview', 'prepared', 'heard', 'repeated', 'decided', 'appealed', 'ruled',
        'housed', 'left_reception',
    ] %}
    select * from {{ event }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    together.case_id,
    together.happened_on,
    together.event_no::bigint as event_no,
    together.event_rank::bigint as event_rank,
    together.event,
    together.enters_stage_no::bigint as enters_stage_no
from together
cross join {{ source('raw', 'as_of') }} as known
where together.happened_on <= known.as_of_on
order by together.case_id, together.happened_on, together.event_no, together.event_rank

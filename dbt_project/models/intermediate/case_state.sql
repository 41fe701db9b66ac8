{{ config(materialized='kept', touched_by={'case_id': 'case'}) }}
-- Before the first decision the highest stage reached holds: a running maximum, no recursion needed.
with recursive before_decision as (
    select
        event.case_id,
        event.happened_on as entered_on,
        row_number() over by_time as moment_no,
        event.enters_stage_no as stage_no,
        max(event.enters_stage_no) over (
            by_time rows between unbounded preceding and 1 preceding
        ) as stage_no_before
    from {{ of_touched(ref('case_event'), 'case') }} as event
    inner join {{ ref('application') }} as application on event.case_id = application.case_id
    where
        event.event_no < 8
        and (application.decided_on is null or event.happened_on <= application.decided_on)
    window by_time as (
        partition by event.case_id order by event.happened_on, event.event_no, event.event_rank
    )
),

refusal as (
    select
        case_id,
        'DECIDED' as event,
        decision_no,
        last_on + 1 as window_ends_on
    from {{ of_touched(ref('appeal_window'), 'case') }}
),

deciding as (
    select
        event.case_id,
        event.happened_on,
        event.event_no,
        event.event_rank,
        event.event,
        event.enters_stage_no,
        refusal.window_ends_on,
        sum(case event.event when 'APPEALED' then 1 when 'RULED' then -1 else 0 end) over (
            partition by event.case_id order by event.happened_on, event.event_no, event.event_rank
        ) as open_remedies
    from {{ of_touched(ref('case_event'), 'case') }} as event
    inner join {{ ref('application') }} as application
        on
            event.case_id = application.case_id
            and (
                event.happened_on > application.decided_on
                or (event.happened_on = application.decided_on and event.event_no >= 8)
            )
    left join refusal
        on
            event.case_id = refusal.case_id
            and event.event = refusal.event
            and event.event_rank = refusal.decision_no
    where event.event_no >= 6
),

window_end as (
    select distinct
        deciding.case_id,
        deciding.window_ends_on as happened_on
    from deciding
    cross join {{ source('raw', 'as_of') }} as known
    where deciding.window_ends_on <= known.as_of_on
),

-- The only days on which a case can close: something happened to it or to its person's reception.
eventful_day as (
    select
        case_id,
        happened_on
    from deciding
    union
    select
        case_id,
        happened_on
    from window_end
),

day_end as (
    select
        eventful_day.case_id,
        eventful_day.happened_on,
        spell.person_id is not null as is_in_reception,
        coalesce(bool_or(housed.happened_on is not null), false) as is_housed
    from eventful_day
    inner join {{ ref('application') }} as application on eventful_day.case_id = application.case_id
    left join {{ ref('reception_spell') }} as spell
        on
            application.person_id = spell.person_id
            and eventful_day.happened_on >= spell.from_on
            and eventful_day.happened_on < spell.until_on
    left join {{ ref('case_event') }} as housed
        on
            housed.event = 'HOUSED'
            and eventful_day.case_id = housed.case_id
            and eventful_day.happened_on >= housed.happened_on
    group by eventful_day.case_id, eventful_day.happened_on, spell.person_id
),

-- What the fold below walks: window ends before, judgements of reception after the other events of a day.
moment as (
    select
        case_id,
        happened_on,
        0 as event_no,
        0 as event_rank,
        'WINDOW_ENDED' as event,
        12 as enters_stage_no,
        null as window_ends_on,
        null as is_in_reception,
        null as is_housed
    from window_end
    union all
    select
        case_id,
        happened_on,
        event_no,
        event_rank,
        event,
        -- while another remedy is open a ruling leads nowhere
        case when event = 'RULED' and open_remedies > 0 then null else enters_stage_no end as enters_stage_no,
        window_ends_on,
        null as is_in_reception,
        null as is_housed
    from deciding
    where event_no <= 10
    union all
    select
        case_id,
        happened_on,
        99 as event_no,
        0 as event_rank,
        'DAY_ENDED' as event,
        13 as enters_stage_no,
        null as window_ends_on,
        is_in_reception,
        is_housed
    from day_end
    -- in reception and not housed a case stays where it is
    where is_housed or not is_in_reception
),

ranked_moment as (
    select
        *,
        row_number() over (partition by case_id order by happened_on, event_no, event_rank) as moment_no
    from moment
),

-- has_grant: the stage is 8, or was when the case closed; then only a decision moves it.
from_decision as (
    select
        case_id,
        moment_no,
        happened_on as entered_on,
        enters_stage_no as stage_no,
        -- the first decision leads where no stage before it does
        null::bigint as stage_no_before,
        enters_stage_no = 8 as has_grant,
        window_ends_on
    from ranked_moment
    where moment_no = 1
    union all
    select
        moved.case_id,
        moved.moment_no,
        moved.entered_on,
        moved.stage_no,
        moved.stage_no_before,
        moved.stage_no = 8 or (moved.stage_no = 13 and moved.has_grant) as has_grant,
        moved.window_ends_on
    from (
        select
            state.case_id,
            moment.moment_no,
            moment.happened_on as entered_on,
            state.stage_no as stage_no_before,
            state.has_grant,
            coalesce(moment.window_ends_on, state.window_ends_on) as window_ends_on,
            case
                when moment.event = 'DECIDED' then moment.enters_stage_no
                when moment.event in ('INTENDED', 'VIEWED') and state.stage_no in (11, 6, 7)
                    then moment.enters_stage_no
                when
                    moment.event = 'WINDOW_ENDED'
                    and state.stage_no = 9
                    and state.window_ends_on = moment.happened_on
                    then moment.enters_stage_no
                when moment.event = 'APPEALED' and not state.has_grant then moment.enters_stage_no
                when
                    moment.event = 'RULED' and not state.has_grant
                    and (state.stage_no <> 13 or moment.enters_stage_no = 11)
                    then coalesce(moment.enters_stage_no, state.stage_no)
                when
                    moment.event = 'DAY_ENDED'
                    and (
                        (state.stage_no in (8, 12) and not moment.is_in_reception)
                        or (state.stage_no = 8 and moment.is_housed)
                    )
                    then moment.enters_stage_no
                else state.stage_no
            end as stage_no
        from from_decision as state
        inner join ranked_moment as moment
            on state.case_id = moment.case_id and state.moment_no + 1 = moment.moment_no
    ) as moved
),

entered as (
    select
        case_id,
        entered_on,
        0 as phase,
        moment_no,
        stage_no
    from before_decision
    where stage_no_before is null or stage_no_before < stage_no
    union all
    select
        case_id,
        entered_on,
        1 as phase,
        moment_no,
        stage_no
    from from_decision
    where stage_no_before is null or stage_no_before <> stage_no
)

select
    case_id,
    row_number() over (partition by case_id order by phase, moment_no) as state_no,
    entered_on,
    stage_no::bigint as stage_no
from entered
order by case_id, state_no

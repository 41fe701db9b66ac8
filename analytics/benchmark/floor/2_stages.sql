-- How every case moved through the stages (timeline.md): the events, the fold over them, the visits.

create temp table spell as
with numbered as (
    select
        person_no,
        from_on,
        until_on,
        max(until_on) over (
            partition by person_no
            order by from_on, until_on rows between unbounded preceding and 1 preceding
        ) as latest_before
    from reception
    where until_on > from_on
),

grouped as (
    select
        *,
        sum((latest_before is null or from_on > latest_before)::integer) over (
            partition by person_no order by from_on, until_on rows unbounded preceding
        ) as spell_no
    from numbered
)

select person_no, min(from_on) as from_on, max(until_on) as until_on
from grouped
group by person_no, spell_no;

create temp table counted_remedy as
select remedy.*
from remedy
inner join application on remedy.case_no = application.case_no and remedy.lodged_on >= application.decided_on
where remedy.kind in ('BEROEP', 'HOGER_BEROEP');

create temp table housed as
select application.case_no, person_moved.moved_on as happened_on
from person_moved
inner join application
    on person_moved.person_no = application.person_no and person_moved.moved_on >= application.granted_on
where person_moved.moved_on <= getvariable('as_of_on');

create temp table left_reception as
select distinct application.case_no, reception.until_on as happened_on
from reception
inner join application
    on reception.person_no = application.person_no and reception.until_on >= application.registered_on
left join spell
    on
        reception.person_no = spell.person_no
        and reception.until_on >= spell.from_on
        and reception.until_on < spell.until_on
where reception.until_on <= getvariable('as_of_on') and spell.person_no is null;

-- Events 1 to 7, 9 and 10 of timeline.md in its order; decisions carry their appeal window.
create temp table event as
with refused as (
    select
        decision.case_no,
        decision.decision_no,
        decision.notified_on + arg_min(
            rule.days::integer,
            (
                case
                    when rule.applies_to like 'outcome:%' then 1
                    when rule.applies_to like 'procedure:%' then 2
                    else 3
                end,
                rule.applies_to
            )
        ) as last_on
    from decision
    inner join application on decision.case_no = application.case_no
    inner join rule_table('appeal_windows') as rule
        on rule.applies_to in ('outcome:' || decision.outcome, 'procedure:' || application.procedure, 'all')
    where decision.outcome_group = 'refused'
    group by decision.case_no, decision.decision_no, decision.notified_on
),

happened as (
    select case_no, registered_on as happened_on, 1 as event_no, 1 as event_rank, 1 as stage_no,
        null as window_on
    from application
    union all
    select case_no, applied_on, 2, 1, if(application_code = 'NAREIS', 7, 2), null from application
    union all
    select case_no, first_interview_on, 3, 1, 3, null from case_step
    union all
    select case_no, prepared_on, 4, 1, 4, null from case_step
    union all
    select case_no, heard_on, 5, 1, 5, null from case_step
    union all
    select case_no, realised_on, if(step = 'VOORNEMEN', 6, 7), step_no, if(step = 'VOORNEMEN', 6, 7), null
    from step
    where step in ('VOORNEMEN', 'ZIENSWIJZE')
    union all
    select
        decision.case_no,
        decision.decided_on,
        8,
        decision.decision_no,
        case decision.outcome_group when 'granted' then 8 when 'refused' then 9 else 12 end,
        calendar.next_working_on + 1
    from decision
    left join refused on decision.case_no = refused.case_no and decision.decision_no = refused.decision_no
    left join calendar on refused.last_on = calendar.day
    union all
    select case_no, lodged_on, 9, remedy_no, 10, null from counted_remedy
    union all
    select case_no, ruled_on, 10, remedy_no, if(ruling = 'GEGROND' and lodged_by <> 'IND', 11, 12), null
    from counted_remedy
)

select * from happened
where happened_on <= getvariable('as_of_on');

-- Before the first decision the highest stage reached holds.
create temp table before_decision as
select
    event.case_no,
    event.happened_on as entered_on,
    event.event_no,
    event.event_rank,
    max(event.stage_no) over (
        partition by event.case_no order by event.happened_on, event.event_no, event.event_rank
    ) as stage_no
from event
inner join application on event.case_no = application.case_no
where event.event_no < 8 and event.happened_on <= coalesce(application.decided_on, event.happened_on);

-- From it on: what the fold walks. 0 ends an appeal window, 99 judges reception at day's end.
create temp table moment as
with deciding as (
    select
        event.*,
        sum(case event.event_no when 9 then 1 when 10 then -1 else 0 end) over (
            partition by event.case_no order by event.happened_on, event.event_no, event.event_rank
        ) as open_remedies
    from event
    inner join application
        on
            event.case_no = application.case_no
            and (
                event.happened_on > application.decided_on
                or (event.happened_on = application.decided_on and event.event_no >= 8)
            )
    where event.event_no >= 6
),

since_decision as (
    select moved.case_no, moved.happened_on
    from (select * from housed union all select * from left_reception) as moved
    inner join application
        on moved.case_no = application.case_no and moved.happened_on >= application.decided_on
),

window_end as (
    select distinct case_no, window_on as happened_on
    from deciding
    where window_on <= getvariable('as_of_on')
),

eventful as (
    select case_no, happened_on from deciding
    union
    select case_no, happened_on from window_end
    union
    select case_no, happened_on from since_decision
),

first_housed as (
    select case_no, min(happened_on) as housed_on from housed group by case_no
),

together as (
    select case_no, happened_on, 0 as event_no, 0 as event_rank, 12 as stage_no, null as window_on,
        false as is_in_reception, false as is_housed
    from window_end
    union all
    select case_no, happened_on, event_no, event_rank,
        case when event_no <> 10 or open_remedies = 0 then stage_no end, window_on, false, false
    from deciding
    union all
    select eventful.case_no, eventful.happened_on, 99, 0, 13, null,
        spell.person_no is not null, coalesce(first_housed.housed_on <= eventful.happened_on, false)
    from eventful
    inner join application on eventful.case_no = application.case_no
    left join spell
        on
            application.person_no = spell.person_no
            and eventful.happened_on >= spell.from_on
            and eventful.happened_on < spell.until_on
    left join first_housed on eventful.case_no = first_housed.case_no
)

select
    *,
    row_number() over (partition by case_no order by happened_on, event_no, event_rank)::integer as moment_no
from together;

create temp table from_decision as
with recursive fold as (
    select case_no, moment_no, happened_on as entered_on, stage_no, stage_no = 8 as has_grant, window_on
    from moment
    where moment_no = 1
    union all
    select
        case_no, moment_no, entered_on, stage_no,
        stage_no = 8 or (stage_no = 13 and had_grant) as has_grant,
        window_on
    from (
        select
            state.case_no,
            moment.moment_no,
            moment.happened_on as entered_on,
            state.has_grant as had_grant,
            coalesce(moment.window_on, state.window_on) as window_on,
            case
                when moment.event_no = 8 then moment.stage_no
                when moment.event_no in (6, 7) and state.stage_no in (11, 6, 7) then moment.stage_no
                when moment.event_no = 0 and state.stage_no = 9 and state.window_on = moment.happened_on
                    then moment.stage_no
                when moment.event_no = 9 and not state.has_grant then moment.stage_no
                when
                    moment.event_no = 10 and not state.has_grant
                    and (state.stage_no <> 13 or moment.stage_no = 11)
                    then coalesce(moment.stage_no, state.stage_no)
                when
                    moment.event_no = 99
                    and (
                        (state.stage_no in (8, 12) and not moment.is_in_reception)
                        or (state.stage_no = 8 and moment.is_housed)
                    )
                    then moment.stage_no
                else state.stage_no
            end as stage_no
        from fold as state
        inner join moment on state.case_no = moment.case_no and state.moment_no + 1 = moment.moment_no
    )
)

select * from fold;

create temp table period as
with at_days_end as (
    select case_no, entered_on, max_by(stage_no, (phase, event_no, event_rank, moment_no)) as stage_no
    from (
        select case_no, entered_on, 0 as phase, event_no, event_rank, 0 as moment_no,
            stage_no from before_decision
        union all
        select case_no, entered_on, 1, 0, 0, moment_no, stage_no from from_decision
    )
    group by case_no, entered_on
),

changed as (
    select *
    from at_days_end
    qualify stage_no is distinct from lag(stage_no) over (partition by case_no order by entered_on)
)

select
    changed.case_no,
    stage.stage,
    stage.holder,
    changed.entered_on,
    lead(changed.entered_on) over (partition by changed.case_no order by changed.entered_on) as left_on
from changed
inner join rule_table('stages') as stage on changed.stage_no = stage.stage_no::integer;

create temp table case_stage as
with settled as (
    select
        *,
        bool_and(stage in ('awaiting_housing', 'departure', 'closed')) over (
            partition by case_no order by entered_on desc
        ) as is_settled
    from period
)

select
    case_no,
    max(stage) filter (where left_on is null) as stage,
    max(holder) filter (where left_on is null) as holder,
    max(entered_on) filter (where left_on is null) as stage_since,
    min(entered_on) filter (where is_settled) as irrevocable_on
from settled
group by case_no;

-- The delivered files as typed tables under short numbers, and the rule tables. No rule is checked, no
-- version kept.
-- Variables: ind, coa, rvr (folders of one full delivery each), seeds, as_of_on, inner_pad, outer_pad (of
-- the key).

create macro pseudonym(kind, number) as left(
    sha256(
        getvariable('outer_pad')
        || unhex(sha256(getvariable('inner_pad') || encode(kind || ':' || number)))
    ),
    32
);
create macro case_number(zaaknummer) as substr(zaaknummer, 2)::integer;
create macro delivered(file) as table
select * from read_csv(file, delim = ';', header = true, all_varchar = true);
create macro rule_table(name) as table
select * from read_csv(getvariable('seeds') || '/' || name || '.csv', header = true, all_varchar = true);

create temp table calendar as
with days as (
    select unnest(generate_series(date '1990-01-01', date '2100-12-31', interval 1 day))::date as day
),

holidays as (
    select easter.easter_on + rule.easter_offset_days::integer as day
    from easter
    inner join rule_table('public_holidays') as rule
        on
            rule.easter_offset_days is not null
            and easter.year between coalesce(rule.from_year::integer, easter.year)
            and coalesce(rule.to_year::integer, easter.year)
    union
    select days.day + case when isodow(days.day) = 7 then rule.sunday_shift_days::integer else 0 end as day
    from days
    inner join rule_table('public_holidays') as rule
        on
            month(days.day) = rule.month::integer
            and day(days.day) = rule.day_of_month::integer
            and year(days.day) between coalesce(rule.from_year::integer, year(days.day))
            and coalesce(rule.to_year::integer, year(days.day))
    union
    select day::date from rule_table('equated_days')
)

select
    days.day,
    coalesce(
        min(case when isodow(days.day) < 6 and holidays.day is null then days.day end)
            over (order by days.day rows between current row and unbounded following),
        days.day
    ) as next_working_on
from days
left join holidays on days.day = holidays.day;

create temp table decision as
select
    case_number(zaaknummer) as case_no,
    volgnummer::integer as decision_no,
    datum_beslissing::date as decided_on,
    coalesce(datum_bekendmaking, datum_beslissing)::date as notified_on,
    uitkomst as outcome,
    case
        when uitkomst like 'INWILLIGING%' then 'granted'
        when uitkomst in ('NIET_IN_BEHANDELING', 'NIET_ONTVANKELIJK', 'KENNELIJK_ONGEGROND', 'ONGEGROND')
            then 'refused'
        else 'other'
    end as outcome_group,
    pool,
    uren::decimal(18, 2) as hours
from delivered(getvariable('ind') || '/beslissing.csv');

create temp table case_decision as
select
    case_no,
    min_by(d, (decided_on, decision_no)) as first,
    max_by(d, (decided_on, decision_no)) as last,
    count(*) as decision_count,
    min(decided_on) filter (where outcome_group = 'granted') as granted_on,
    sum(hours) as decision_hours
from decision as d
group by case_no;

create temp table step as
select
    case_number(zaaknummer) as case_no,
    volgnummer::integer as step_no,
    stap as step,
    datum_gerealiseerd::date as realised_on,
    case vorm
        when 'MONDELING' then 'oral' when 'SCHRIFTELIJK' then 'written' when 'VIDEO' then 'video'
    end as mode,
    uren::decimal(18, 2) as hours
from delivered(getvariable('ind') || '/processtap.csv')
where status = 'GEREALISEERD';

create temp table case_step as
select
    case_no,
    min(realised_on) filter (where step = 'AANMELDGEHOOR') as first_interview_on,
    min(realised_on) filter (where step = 'RVT_EINDE') as prepared_on,
    min(realised_on) filter (where step = 'DOSSIER_GEREED') as file_ready_on,
    min(realised_on) filter (where step = 'NADER_GEHOOR') as heard_on,
    min_by(mode, (realised_on, step_no)) filter (where step = 'NADER_GEHOOR') as hearing_mode,
    min(realised_on) filter (where step = 'VOORNEMEN') as intended_on,
    min(realised_on) filter (where step = 'ZIENSWIJZE') as viewed_on,
    sum(hours) as step_hours
from step
group by case_no;

create temp table application as
with delivered_case as (
    select *, case_number(zaaknummer) as case_no
    from delivered(getvariable('ind') || '/aanvraag.csv')
)

select
    delivered.case_no,
    delivered.v_nummer::bigint as person_no,
    delivered.gezin_id as family,
    pseudonym('zaaknummer', delivered.zaaknummer) as case_id,
    delivered.soort_aanvraag as application_code,
    case delivered.soort_aanvraag
        when 'EERSTE' then 'first'
        when 'HERHAALD' then 'repeat'
        when 'NAREIS' then 'family_reunification'
        when 'HERVESTIGING' then 'resettlement'
        when 'HERPLAATSING' then 'relocation'
    end as application_kind,
    nationality.iso3 as nationality_code,
    coalesce(named.nationality_group, rest.nationality_group) as nationality_group,
    nullif(try_cast(left(delivered.geboortedatum, 4) as bigint), 0) as birth_year,
    delivered.geslacht as sex,
    delivered.amv = 'J' as is_unaccompanied_minor,
    coalesce('spoor_' || delivered.spoor, 'unknown') as track,
    coalesce(delivered.procedure, 'unknown') as procedure,
    case delivered.complexiteit
        when 'STANDAARD' then 'standard' when 'COMPLEX' then 'complex' when 'ZEER_COMPLEX' then 'very_complex'
        else 'unknown'
    end as complexity,
    delivered.team,
    coalesce(delivered.project, 'none') as project,
    coalesce(delivered.datum_aanmelding, delivered.datum_aanvraag)::date as registered_on,
    delivered.datum_loopbrief::date as loopbrief_on,
    delivered.datum_aanvraag::date as applied_on,
    delivered.datum_nl_verantwoordelijk::date as nl_responsible_on,
    delivered.schriftelijk_aangeboden::date as written_offered_on,
    decision.first.decided_on as decided_on,
    decision.first.outcome as outcome,
    decision.first.outcome_group as outcome_group,
    decision.first.pool as pool,
    decision.granted_on
from delivered_case as delivered
left join rule_table('nationalities') as nationality on delivered.nationaliteit = nationality.brp_code
left join rule_table('nationality_groups') as named on nationality.iso3 = named.iso3
left join rule_table('nationality_groups') as rest on rest.iso3 = '*'
left join case_decision as decision on delivered.case_no = decision.case_no;

create temp table remedy as
select
    case_number(zaaknummer) as case_no,
    volgnummer::integer as remedy_no,
    soort as kind,
    coalesce(indiener, 'VREEMDELING') as lodged_by,
    datum_ingesteld::date as lodged_on,
    datum_uitspraak::date as ruled_on,
    uitspraak as ruling
from delivered(getvariable('ind') || '/rechtsmiddel.csv');

create temp table term_change as
select
    case_number(zaaknummer) as case_no,
    volgnummer::integer as change_no,
    soort as kind,
    grondslag as legal_basis,
    maanden::integer as months,
    datum_vanaf::date as from_on,
    datum_tot::date as last_on
from delivered(getvariable('ind') || '/termijnmutatie.csv');

-- A resident without a number is a person of its own, with no application.
create temp table reception as
select
    coa_nummer,
    v_nummer::bigint as person_no,
    datum_instroom::date as from_on,
    coalesce(datum_uitstroom::date, date '9999-12-31') as until_on
from delivered(getvariable('coa') || '/bewoner.csv')
where v_nummer is not null;

create temp table person_moved as
select
    reception.person_no,
    housing.datum_verhuizing::date as moved_on
from delivered(getvariable('coa') || '/huisvesting.csv') as housing
inner join reception on housing.coa_nummer = reception.coa_nummer
where housing.status = 'VERHUISD' and housing.datum_verhuizing is not null;

create temp table certificate as
with typed as (
    select
        *,
        regexp_replace(v_nummer, '[^0-9]', '', 'g') as digits
    from delivered(getvariable('rvr') || '/toevoeging.csv')
)

select
    toevoegingsnummer as certificate_no,
    -- more than ten digits are nobody's number
    case when length(digits) between 1 and 10 then digits::bigint end as person_no,
    case_number(zaaknummer) as named_case_no,
    soort as kind,
    datum_ontvangst::date as requested_on,
    datum_besluit::date as decided_on,
    besluit as decision
from typed;

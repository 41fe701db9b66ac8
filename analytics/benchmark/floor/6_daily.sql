-- fct_backlog_daily and fct_ind_stock_daily: +1/-1 changes and a running sum.

create temp table combination as
select
    application.case_no,
    dense_rank() over (
        order by application.application_kind, application.nationality_group, application.track,
        application.project
    )::integer as combination_no,
    application.application_kind, application.nationality_group, application.track, application.project
from application;

create temp table backlog_level as
with stretch as (
    select
        combination.combination_no, visit.case_no, visit.stage, visit.holder, visit.entered_on,
        visit.norm_days,
        coalesce(visit.left_on, date '9999-12-31') as until_on
    from visit
    inner join combination on visit.case_no = combination.case_no
),

movement as (
    select combination_no, stage, holder, entered_on as day, 1 as stock, 1 as entered, 0 as leaving,
        0 as over_norm,
        0 as impeded
    from stretch
    union all
    select combination_no, stage, holder, until_on, -1, 0, 1, 0, 0 from stretch
    union all
    select combination_no, stage, holder, unnest([entered_on + norm_days::integer + 1, until_on]), 0, 0, 0,
        unnest([1, -1]), 0
    from stretch
    where entered_on + norm_days::integer + 1 < until_on
    union all
    select
        stretch.combination_no, stretch.stage, stretch.holder,
        unnest([greatest(stretch.entered_on, impeded.from_on), least(stretch.until_on, impeded.until_on)]),
        0, 0, 0, 0,
        unnest([1, -1])
    from stretch
    inner join impeded
        on
            stretch.case_no = impeded.case_no
            and greatest(stretch.entered_on, impeded.from_on) < least(stretch.until_on, impeded.until_on)
),

changed as (
    select
        combination_no, stage, holder, day, sum(stock) as stock, sum(entered) as entered,
        sum(leaving) as leaving,
        sum(over_norm) as over_norm, sum(impeded) as impeded
    from movement
    where day <= getvariable('as_of_on')
    group by combination_no, stage, holder, day
)

select
    combination_no, stage, holder, day, entered, leaving,
    sum(stock) over of_combination as stock,
    sum(stock) over of_combination - stock as stock_before,
    sum(over_norm) over of_combination as over_norm,
    sum(impeded) over of_combination as impeded,
    coalesce(lead(day) over of_combination, getvariable('as_of_on') + 1) as next_on
from changed
window of_combination as (partition by combination_no, stage order by day);

create table marts.fct_backlog_daily as
with named as (
    select distinct combination_no, application_kind, nationality_group, track, project from combination
),

daily as (
    select *, unnest(generate_series(day, next_on - 1, interval 1 day))::date as stands_on
    from backlog_level
    where stock <> 0
    union all
    select *, day as stands_on
    from backlog_level
    where stock = 0 and (stock_before <> 0 or entered + leaving > 0)
)

select
    daily.stands_on as day,
    daily.stage,
    daily.holder,
    named.application_kind,
    named.nationality_group,
    named.track,
    named.project,
    daily.stock::bigint as stock,
    if(daily.stands_on = daily.day, daily.entered, 0)::bigint as entered_count,
    if(daily.stands_on = daily.day, daily.leaving, 0)::bigint as left_count,
    daily.over_norm::bigint as over_norm,
    daily.impeded::bigint as impeded
from daily
inner join named on daily.combination_no = named.combination_no;

create temp table ind_level as
with undecided as (
    select
        combination.combination_no, application.case_no, application.applied_on as from_on,
        coalesce(application.decided_on, date '9999-12-31') as until_on
    from application
    inner join combination on application.case_no = combination.case_no
),

span as (
    select combination_no, 'stock' as measure, from_on, until_on from undecided
    union all
    select
        combination_no, 'over_' || age.months || '_months', add_months(from_on, age.months) + 1, until_on
    from undecided
    cross join unnest([6, 15, 21]) as age (months)
    union all
    select undecided.combination_no, over_term.clock, over_term.from_on, over_term.until_on
    from undecided
    inner join over_term on undecided.case_no = over_term.case_no
    union all
    select
        undecided.combination_no, 'impeded', greatest(undecided.from_on, impeded.from_on),
        least(undecided.until_on, impeded.until_on)
    from undecided
    inner join impeded on undecided.case_no = impeded.case_no
    union all
    select
        undecided.combination_no, 'suspended', greatest(undecided.from_on, suspended.from_on),
        least(undecided.until_on, suspended.until_on)
    from undecided
    inner join suspended on undecided.case_no = suspended.case_no
),

movement as (
    select combination_no, measure, unnest([from_on, until_on]) as day, unnest([1, -1]) as change
    from span
    where from_on < until_on
    union all
    select
        combination_no, unnest(['applications', 'first_decisions']), unnest([from_on, until_on]), 1
    from undecided
),

changed as (
    select
        combination_no, day,
        sum(if(measure = 'stock', change, 0)) as stock,
        sum(if(measure = 'as_applied', change, 0)) as over_term,
        sum(if(measure = 'in_hindsight', change, 0)) as over_term_in_hindsight,
        sum(if(measure = 'over_6_months', change, 0)) as over_6_months,
        sum(if(measure = 'over_15_months', change, 0)) as over_15_months,
        sum(if(measure = 'over_21_months', change, 0)) as over_21_months,
        sum(if(measure = 'impeded', change, 0)) as impeded,
        sum(if(measure = 'suspended', change, 0)) as suspended,
        sum(if(measure = 'applications', change, 0)) as applications,
        sum(if(measure = 'first_decisions', change, 0)) as first_decisions
    from movement
    where day <= getvariable('as_of_on')
    group by combination_no, day
)

select
    combination_no, day, applications, first_decisions,
    sum(stock) over of_combination as stock,
    sum(stock) over of_combination - stock as stock_before,
    sum(over_term) over of_combination as over_term,
    sum(over_term_in_hindsight) over of_combination as over_term_in_hindsight,
    sum(over_6_months) over of_combination as over_6_months,
    sum(over_15_months) over of_combination as over_15_months,
    sum(over_21_months) over of_combination as over_21_months,
    sum(impeded) over of_combination as impeded,
    sum(suspended) over of_combination as suspended,
    coalesce(lead(day) over of_combination, getvariable('as_of_on') + 1) as next_on
from changed
window of_combination as (partition by combination_no order by day);

create table marts.fct_ind_stock_daily as
with named as (
    select distinct combination_no, application_kind, nationality_group, track, project from combination
),

daily as (
    select *, unnest(generate_series(day, next_on - 1, interval 1 day))::date as stands_on
    from ind_level
    where stock <> 0
    union all
    select *, day as stands_on
    from ind_level
    where stock = 0 and (stock_before <> 0 or applications + first_decisions > 0)
)

select
    daily.stands_on as day,
    named.application_kind,
    named.nationality_group,
    named.track,
    named.project,
    daily.stock::bigint as stock,
    if(daily.stands_on = daily.day, daily.applications, 0)::bigint as applications,
    if(daily.stands_on = daily.day, daily.first_decisions, 0)::bigint as first_decisions,
    if(
        daily.stands_on = daily.day,
        daily.stock - daily.stock_before - daily.applications + daily.first_decisions, 0
    )::bigint as residual,
    daily.over_term::bigint as over_term,
    daily.over_term_in_hindsight::bigint as over_term_in_hindsight,
    daily.over_6_months::bigint as over_6_months,
    daily.over_15_months::bigint as over_15_months,
    daily.over_21_months::bigint as over_21_months,
    daily.impeded::bigint as impeded,
    daily.suspended::bigint as suspended,
    round(1 - daily.over_term::bigint / nullif(daily.stock::bigint, 0), 6) as on_time_share
from daily
inner join named on daily.combination_no = named.combination_no;

-- Intervals by the period in which they began: Kaplan-Meier with exits censored, Aalen-Johansen with exits
-- competing.

create macro kind_of(months) as case months when 1 then 'month' when 3 then 'quarter' else 'year' end;
create macro period_of(months, day) as date_trunc(kind_of(months), day)::date;

-- Rank q (n - 1) between two neighbours on a straight line; of rows with days, how many, and how many up
-- to here.
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
        so_far as (partition by segment, group_no, months,
        period_start order by days rows unbounded preceding)
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
        so_far as (partition by segment, group_no, months,
        period_start order by days rows unbounded preceding),
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
    sum(n)::bigint as started_count, sum(ended)::bigint as completed_count,
        sum(exited)::bigint as exited_count,
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
                    coalesce(sum((unresolved * ended / risk)::decimal(38, 18)) filter (where days <= 365),
                        0), 9
                )::double,
                6
            )
    end as incidence_365_share
from banded
group by segment, group_no, months, period_start;

{%- set z = 1.959963984540054 -%}
-- Intervals begun in a period: exits censor in Kaplan-Meier, compete in Aalen-Johansen.
with begun as (
    select
        series_no,
        begun_month as period_start,
        days,
        interval_count,
        ended_count,
        exited_count
    from {{ ref('lead_time_histogram') }}
),

{{ cells_by_period('begun', ['interval_count', 'ended_count', 'exited_count']) }},

at_risk as (
    select
        *,
        (
            sum(interval_count) over of_cohort - sum(interval_count) over to_here + interval_count
        )::integer as risk_count,
        (sum(ended_count) over to_here)::integer as cumulative_ended,
        (sum(ended_count) over of_cohort)::integer as total_ended
    from cell
    window
        of_cohort as (partition by series_no, period_months, period_start),
        to_here as (
            partition by series_no, period_months, period_start
            order by days rows between unbounded preceding and current row
        )
),

-- On one day ends and exits come before open intervals are censored.
survival as (
    select
        *,
        product(1 - ended_count / risk_count) over to_here as survival,
        coalesce(
            product(1 - (ended_count + exited_count) / risk_count) over before_here, 1
        ) as unresolved_before,
        sum(
            case
                when ended_count < risk_count
                    then ended_count / (risk_count::double * (risk_count - ended_count))
            end
        ) over to_here as greenwood,
        lead(days) over by_days as next_days
    from at_risk
    window
        by_days as (partition by series_no, period_months, period_start order by days),
        to_here as (
            partition by series_no, period_months, period_start
            order by days rows between unbounded preceding and current row
        ),
        before_here as (
            partition by series_no, period_months, period_start
            order by days rows between unbounded preceding and 1 preceding
        )
),

-- Limits on the scale of ln(-ln S); without an event yet there is no width, at S = 0 nobody is left.
banded as (
    select
        *,
        case
            when survival = 0 then 0
            when survival = 1 then 1
            else exp(-exp(ln(-ln(survival)) - {{ z }} * sqrt(greenwood) / ln(survival)))
        end as survival_low,
        case
            when survival = 0 then 0
            when survival = 1 then 1
            else exp(-exp(ln(-ln(survival)) + {{ z }} * sqrt(greenwood) / ln(survival)))
        end as survival_high
    from survival
)

select
    series_no::bigint as series_no,
    {{ period_kind('period_months') }} as period_kind,
    period_start,
    sum(interval_count)::bigint as started_count,
    sum(ended_count)::bigint as completed_count,
    sum(exited_count)::bigint as exited_count,
    {{ weighted_days('days', 'ended_count', 'cumulative_ended', 'total_ended') }},
    (min(days) filter (where survival <= 0.5 + 1e-12))::bigint as km_median_days,
    (min(days) filter (where survival <= 0.2 + 1e-12))::bigint as km_p80_days,
    (min(days) filter (where survival <= 0.1 + 1e-12))::bigint as km_p90_days,
    (min(days) filter (where survival_low <= 0.5 + 1e-12))::bigint as km_median_low,
    (min(days) filter (where survival_high <= 0.5 + 1e-12))::bigint as km_median_high,
    -- Decimals: no order of summing can matter. The last bits of a running product depend on how the engine
    -- splits the rows, and 123 of 128 lies half-way between two published values: nine digits, then six.
    case
        when max(days) >= 730 or min(survival) = 0
            then round(
                round(
                    least(min(days), 730) + coalesce(
                        sum((survival * (least(coalesce(next_days, 730), 730) - days))::decimal(38, 15))
                        filter (where days < 730),
                        0
                    ),
                    9
                )::double,
                6
            )
    end as km_mean_to_730_days,
    case
        when max(days) >= 365 or min(risk_count - ended_count - exited_count) = 0
            then round(
                round(
                    coalesce(
                        sum((unresolved_before * ended_count / risk_count)::decimal(38, 18))
                        filter (where days <= 365),
                        0
                    ),
                    9
                )::double,
                6
            )
    end as incidence_365_share
from banded
group by series_no, period_months, period_start

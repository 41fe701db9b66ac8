-- Which share is decided within the legal term, month by month?
--
-- The last twelve months, the last one up to the as-of date: first decisions in the month, and what was still
-- undecided at its end. Shares are of cases with a deadline. The two move apart: deciding the oldest cases
-- first makes the share of decisions in term worse while the stock gets better.
--
-- columns: stock_kind, month_start, decided, in_term_share, in_term_share_in_hindsight, undecided, over_term,
--     undecided_in_term_share, undecided_in_term_share_in_hindsight
-- marts: fct_timeliness_monthly, _metadata
with as_of as (
    select cast(value as date) as as_of_on
    from marts._metadata
    where key = 'as_of_on'
),

monthly as (
    select
        timeliness.*,
        case
            when timeliness.application_kind = 'family_reunification' then 'family_reunification'
            else 'ind_stock'
        end as stock_kind
    from marts.fct_timeliness_monthly as timeliness
    cross join as_of
    where timeliness.month_start >= date_trunc('month', as_of.as_of_on) - interval 11 month
)

select
    stock_kind,
    month_start,
    cast(sum(decided) as bigint) as decided,
    round(sum(decided_in_term) / nullif(sum(decided_with_deadline), 0), 3) as in_term_share,
    round(sum(decided_in_term_in_hindsight) / nullif(sum(decided_with_deadline), 0), 3)
        as in_term_share_in_hindsight,
    cast(sum(open) as bigint) as undecided,
    cast(sum(open_over_term) as bigint) as over_term,
    round(1 - sum(open_over_term) / nullif(sum(open_with_deadline), 0), 3) as undecided_in_term_share,
    round(1 - sum(open_over_term_in_hindsight) / nullif(sum(open_with_deadline), 0), 3)
        as undecided_in_term_share_in_hindsight
from monthly
group by stock_kind, month_start
order by stock_kind desc, month_start asc

{#-
    Over months a figure steps where a case begins to count and where it ends, over knowledge where a version does:
    four corners a version, and running sums both ways.
-#}
with counted_case as (
    select
        version_id,
        known_from,
        known_until,
        applied_on,
        decided_on
    from {{ ref('restated_case') }}
    where application_code <> 'NAREIS'
),

-- From the first month end (or month) that counts it to before the first that does not.
stretch as (
    select
        'ind_stock' as figure,
        known_from,
        known_until,
        {{ month_no('applied_on') }} as first_month,
        {{ month_no('decided_on') }} as end_month
    from counted_case
    union all
    select
        'over_term' as figure,
        counted_case.known_from,
        counted_case.known_until,
        {{ month_no('over_term.from_on') }} as first_month,
        {{ month_no('over_term.until_on') }} as end_month
    from {{ ref('restated_over_term') }} as over_term
    inner join counted_case on over_term.version_id = counted_case.version_id
    union all
    select
        'residents' as figure,
        known_from,
        known_until,
        {{ month_no('from_on') }} as first_month,
        {{ month_no('until_on') }} as end_month
    from {{ ref('restated_presence') }}
    union all
    select
        'applications' as figure,
        known_from,
        known_until,
        {{ month_no('applied_on') }} as first_month,
        {{ month_no('applied_on') }} + 1 as end_month
    from counted_case
    union all
    select
        'first_decisions' as figure,
        known_from,
        known_until,
        {{ month_no('decided_on') }} as first_month,
        {{ month_no('decided_on') }} + 1 as end_month
    from counted_case
    where decided_on is not null
),

corner as (
    select
        figure,
        first_month as month_no,
        known_from as knowledge_no,
        1 as change
    from stretch
    union all
    select
        figure,
        first_month as month_no,
        known_until as knowledge_no,
        -1 as change
    from stretch
    union all
    select
        figure,
        end_month as month_no,
        known_from as knowledge_no,
        -1 as change
    from stretch
    where end_month is not null
    union all
    select
        figure,
        end_month as month_no,
        known_until as knowledge_no,
        1 as change
    from stretch
    where end_month is not null
),

changed as (
    select
        figure,
        month_no,
        knowledge_no,
        sum(change) as change
    from corner
    group by figure, month_no, knowledge_no
),

grid as (
    select
        first.figure,
        first.month_no,
        knowledge.knowledge_no,
        knowledge.knowledge_on,
        knowledge.is_reception_known
    from (
        select
            bound.figure,
            unnest(generate_series(min(bound.month_no), max(last.knowledge_no))) as month_no
        from changed as bound
        cross join {{ ref('knowledge_date') }} as last
        group by bound.figure
    ) as first
    cross join {{ ref('knowledge_date') }} as knowledge
),

known_so_far as (
    select
        grid.*,
        sum(coalesce(changed.change, 0)) over (
            partition by grid.figure, grid.month_no order by grid.knowledge_no
        ) as change
    from grid
    left join changed
        on
            grid.figure = changed.figure
            and grid.month_no = changed.month_no
            and grid.knowledge_no = changed.knowledge_no
),

summed as (
    select
        *,
        (sum(change) over (partition by figure, knowledge_no order by month_no))::bigint as value
    from known_so_far
),

known as (
    select
        figure,
        ({{ month_end('month_no - 1') }} + 1) as period,
        knowledge_on,
        value
    from summed
    where month_no <= knowledge_no and (figure <> 'residents' or is_reception_known)
)

select
    figure,
    period,
    knowledge_on,
    value,
    first_value(value) over of_period as first_value,
    value - first_value(value) over of_period as revision
from known
window of_period as (partition by figure, period order by knowledge_on)
order by figure, period, knowledge_on

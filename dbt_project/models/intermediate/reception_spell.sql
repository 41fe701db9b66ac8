{{ config(materialized='kept', touched_by={'person_id': 'person'}) }}
with periods as (
    select
        person_id,
        from_on,
        coalesce(until_on, date '9999-12-31') as until_on
    from {{ of_touched(ref('reception'), 'person') }}
    -- somebody who left on the day of arrival is there at no day's end
    where until_on is null or until_on > from_on
),

begun as (
    select
        *,
        -- the first is after a gap too: count_if over nulls alone is null, a group of its own
        coalesce(
            from_on > max(until_on) over (
                partition by person_id
                order by from_on, until_on rows between unbounded preceding and 1 preceding
            ), true
        ) as is_after_gap
    from periods
),

numbered as (
    select
        *,
        -- of two equal periods the one after the gap opens the spell
        count_if(is_after_gap) over (
            partition by person_id
            order by from_on asc, until_on asc, is_after_gap desc
            rows between unbounded preceding and current row
        ) as spell_no
    from begun
)

select
    person_id,
    min(from_on) as from_on,
    max(until_on) as until_on
from numbered
group by person_id, spell_no
order by person_id, from_on

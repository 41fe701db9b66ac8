with recursive used as materialized (
    select
        carrier_id,
        v_number_id
    from {{ ref('v_number_use') }}
),

shared as (
    select carrier_id
    from used
    group by carrier_id
    having count(*) > 1
),

shared_use as materialized (
    select
        used.carrier_id,
        used.v_number_id
    from used
    inner join shared on used.carrier_id = shared.carrier_id
),

together as (
    select distinct
        one.v_number_id,
        other.v_number_id as same_person_id
    from shared_use as one
    inner join shared_use as other
        on one.carrier_id = other.carrier_id and one.v_number_id <> other.v_number_id
),

-- Only numbers that share a carrier are walked: few, whatever the size of the chain.
reached as (
    select
        v_number_id,
        same_person_id
    from together
    union
    select
        reached.v_number_id,
        together.same_person_id
    from reached
    inner join together on reached.same_person_id = together.v_number_id
),

smallest as (
    select
        v_number_id,
        min(same_person_id) as person_id
    from reached
    group by v_number_id
),

numbers as (
    select distinct v_number_id from used
)

select
    numbers.v_number_id,
    least(numbers.v_number_id, smallest.person_id) as person_id
from numbers
left join smallest on numbers.v_number_id = smallest.v_number_id
order by numbers.v_number_id

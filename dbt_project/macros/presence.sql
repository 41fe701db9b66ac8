{#-
    Where a resident is at the end of each day: stays, and what of the reception no stay covers. CTEs that end in
    `presence`: `key`, `location_code` (null without a stay), `from_on`, `until_on` (exclusive), disjoint per key.
    `receptions` has one row a key with `from_on`, `until_on`; `stays` the key, `location_code`, `from_on`, `until_on`;
    until_on is exclusive, 9999-12-31 while open. Of two stays that overlap (a contract forbids it, a stale row may) the
    later arrival holds, so that nobody is counted twice.
-#}

{% macro presence(receptions, stays, key) -%}
stay as (
    select
        {{ key }},
        location_code,
        from_on,
        least(
            until_on,
            coalesce(
                lead(from_on) over (partition by {{ key }} order by from_on, until_on, location_code), until_on
            )
        ) as until_on
    from {{ stays }}
    where from_on < until_on
),

-- Before, between and after the stays the reception runs on without one.
boundary as (
    select
        {{ key }},
        coalesce(
            lag(until_on) over (partition by {{ key }} order by from_on, until_on), date '0001-01-01'
        ) as left_on,
        from_on as arrives_on
    from stay
    union all
    select
        {{ key }},
        max(until_on) as left_on,
        date '9999-12-31' as arrives_on
    from stay
    group by {{ key }}
),

gap as (
    select
        reception.{{ key }},
        greatest(reception.from_on, coalesce(boundary.left_on, reception.from_on)) as from_on,
        least(reception.until_on, coalesce(boundary.arrives_on, reception.until_on)) as until_on
    from {{ receptions }} as reception
    left join boundary on reception.{{ key }} = boundary.{{ key }}
),

presence as (
    select
        {{ key }},
        location_code,
        from_on,
        until_on
    from stay
    where from_on < until_on
    union all
    select
        {{ key }},
        null as location_code,
        from_on,
        until_on
    from gap
    where from_on < until_on
)
{%- endmacro %}

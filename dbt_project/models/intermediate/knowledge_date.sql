{#- Month ends up to A at which a refresh would have published: IND had delivered. -#}
with setting as (
    select value::integer as months
    from {{ source('raw', 'setting') }}
    where name = 'restatement_months'
),

span as (
    select
        -- the month of A counts when A is its last day
        {{ month_no('known.as_of_on + 1') }} - 1 as last_no,
        setting.months
    from {{ source('raw', 'as_of') }} as known
    cross join setting
),

first_delivered as (
    select
        min(case when partner = 'ind' then reference_on end) as ind_on,
        min(case when partner = 'coa' then reference_on end) as coa_on
    from {{ source('raw', 'delivery') }}
    where state = 'in_force'
),

numbered as (
    select unnest(generate_series(last_no - months + 1, last_no)) as knowledge_no
    from span
)

select
    numbered.knowledge_no,
    {{ month_end('numbered.knowledge_no') }} as knowledge_on,
    coalesce({{ month_end('numbered.knowledge_no') }} >= first_delivered.coa_on, false) as is_reception_known
from numbered
inner join first_delivered on first_delivered.ind_on <= {{ month_end('numbered.knowledge_no') }}
order by numbered.knowledge_no

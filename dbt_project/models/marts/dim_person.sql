{%- set methods = "['v_number', 'case', 'probabilistic', 'unlinked']" -%}
-- Applications are read out of dim_case, which has all of them, so that dbt does not begin with both:
-- at three million cases both at once do not fit into 2 GB.
with seen as (
    select
        person_id::uuid as person_id,
        1 as partner_rank,
        applied_on as said_on,
        case_id::uuid as row_id,
        birth_year,
        sex,
        nationality_code,
        registered_on as seen_on,
        'v_number' as link_method
    from {{ ref('dim_case') }}
    union all
    select
        reception.person_id,
        2 as partner_rank,
        reception.from_on as said_on,
        reception.resident_id as row_id,
        nullif(try_cast(left(bewoner.birth_date, 4) as bigint), 0) as birth_year,
        bewoner.sex,
        bewoner.nationality_code,
        reception.from_on as seen_on,
        reception.link_method
    from {{ ref('reception') }} as reception
    inner join {{ ref('coa__bewoner') }} as bewoner on reception.resident_id = bewoner.resident_id
    union all
    select
        certificate.person_id,
        3 as partner_rank,
        certificate.requested_on as said_on,
        certificate.certificate_id as row_id,
        nullif(try_cast(left(certificate.birth_date, 4) as bigint), 0) as birth_year,
        certificate.sex,
        nationality.iso3 as nationality_code,
        certificate.requested_on as seen_on,
        certificate.link_method
    from {{ ref('certificate') }} as certificate
    left join {{ ref('nationalities') }} as nationality
        on lower(certificate.nationality_name) = lower(nationality.name_nl)
),

-- Whom to believe: IND before COA before RvR, and of one partner the latest row.
believed as (
    select
        *,
        row_number() over (
            partition by person_id order by partner_rank asc, said_on desc, row_id asc
        ) as belief
    from seen
)

select
    {{ pseudonym_text('believed.person_id') }} as person_id,
    arg_min(birth_year, belief) as birth_year,
    arg_min(sex, belief) as sex,
    arg_min(nationality_code, belief) as nationality_code,
    count_if(partner_rank = 1)::bigint as case_count,
    count_if(partner_rank = 2)::bigint as reception_count,
    count_if(partner_rank = 3)::bigint as certificate_count,
    min(seen_on) as first_seen_on,
    -- the weakest link that the person's line hangs on
    {{ methods }}[max(list_position({{ methods }}, link_method))] as link_method
from believed
group by believed.person_id
order by believed.person_id

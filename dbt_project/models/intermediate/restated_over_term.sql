{#- The legal clock as applied (macros/legal_clock.sql) of every version, as of its last knowledge date. -#}
with version as (
    select
        *,
        null::date as loopbrief_on,
        version_id as case_id
    from (select * exclude (case_id) from {{ ref('restated_case') }})
),

known_change as (
    {{ known_versions('ind__termijnmutatie_version') }}
),

term_change as (
    select
        known_change.* exclude (case_id),
        restated.version_id as case_id
    from known_change
    inner join {{ ref('restated_case') }} as restated
        on
            known_change.case_id = restated.case_id
            and known_change.known_from <= restated.known_from
            and known_change.known_until > restated.known_from
),

base_term as (
    {{ decision_term('version', ['as_applied'], 'version') }}
),

extension as (
    {{ general_extension('base_term', 'version') }}
),

clock as (
    {{ legal_clock('version', 'base_term', 'extension', 'term_change', 'version') }}
),

suspension_period as (
    {{ suspension_span('term_change') }}
),

over_term as (
    {{ over_term_span('version', 'clock', 'suspension_period', ['as_applied'], 'version') }}
)

select
    case_id as version_id,
    from_on,
    until_on
from over_term
order by version_id, from_on

{#- When residents were there (macros/presence.sql), by spans of knowledge in which nothing changes. -#}
with reception as (
    {{ known_versions('coa__bewoner_version') }}
),

stayed as (
    {{ known_versions('coa__verblijf_version') }}
),

{{ knowledge_segments('resident_id', ['reception', 'stayed']) }},

version as (
    select
        row_number() over (order by segment.resident_id, segment.known_from) as version_id,
        segment.resident_id,
        segment.known_from,
        segment.known_until,
        reception.arrived_on as from_on,
        coalesce(reception.left_on, date '9999-12-31') as until_on
    from segment
    inner join reception
        on
            segment.resident_id = reception.resident_id
            and segment.known_from >= reception.known_from
            and segment.known_from < reception.known_until
),

version_stay as (
    select
        version.version_id,
        stayed.location_code,
        stayed.arrived_on as from_on,
        coalesce(stayed.left_on, date '9999-12-31') as until_on
    from version
    inner join stayed
        on
            version.resident_id = stayed.resident_id
            and version.known_from >= stayed.known_from
            and version.known_from < stayed.known_until
),

{{ presence('version', 'version_stay', 'version_id') }}

select
    version.version_id,
    version.known_from::bigint as known_from,
    version.known_until::bigint as known_until,
    presence.from_on,
    presence.until_on
from presence
inner join version on presence.version_id = version.version_id
order by version.version_id, presence.from_on

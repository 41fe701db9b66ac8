{#- rule: partner, extract, the rows that break it, the rows looked at; all over the state on A -#}
{%- set anomalies = {
    'reception_unlinked': (
        'coa', 'bewoner', "count_if(link_method = 'unlinked')", ref('reception')
    ),
    'stay_outside_reception': (
        'coa', 'verblijf', 'count_if(is_outside_reception)', ref('stay_check')
    ),
    'stay_at_unknown_location': (
        'coa', 'verblijf', 'count_if(is_at_unknown_location)', ref('stay_check')
    ),
    'certificate_unlinked': (
        'rvr', 'toevoeging', "count_if(link_method = 'unlinked')", ref('certificate')
    ),
    'certificate_without_case': (
        'rvr', 'toevoeging', "count_if(link_method <> 'unlinked' and case_id is null)", ref('certificate')
    ),
} -%}
with delivery as (
    select
        delivery.partner,
        delivery.reference_on,
        delivery.sequence
    from {{ source('raw', 'delivery') }} as delivery
    inner join {{ source('raw', 'as_of') }} as known on delivery.reference_on <= known.as_of_on
    where delivery.state = 'in_force'
),

counted as (
    select
        counted.partner,
        counted.reference_on,
        counted.sequence,
        counted.extract,
        counted.rule,
        counted.row_count
    from {{ source('raw', 'delivery_count') }} as counted
    inner join delivery
        on
            counted.partner = delivery.partner
            and counted.reference_on = delivery.reference_on
            and counted.sequence = delivery.sequence
),

delivered as (
    select
        partner,
        reference_on,
        sequence,
        extract,
        row_count,
        row_number() over (
            partition by partner, extract order by reference_on desc, sequence desc
        ) as age_rank
    from counted
    where rule = 'delivered'
),

-- The five that add up stand there also when nothing fell under them.
delivery_rule as (
    select
        delivered.partner,
        delivered.reference_on,
        delivered.sequence,
        delivered.extract,
        rule.rule,
        coalesce(counted.row_count, 0) as row_count,
        delivered.row_count as denominator
    from delivered
    cross join (
        values ('delivered'), ('accepted'), ('quarantined'), ('duplicate'), ('forgotten')
    ) as rule (rule)
    left join counted
        on
            delivered.partner = counted.partner
            and delivered.reference_on = counted.reference_on
            and delivered.sequence = counted.sequence
            and delivered.extract = counted.extract
            and rule.rule = counted.rule
    union all
    select
        counted.partner,
        counted.reference_on,
        counted.sequence,
        counted.extract,
        counted.rule,
        counted.row_count,
        delivered.row_count as denominator
    from counted
    inner join delivered
        on
            counted.partner = delivered.partner
            and counted.reference_on = delivered.reference_on
            and counted.sequence = delivered.sequence
            and counted.extract = delivered.extract
    where counted.rule not in ('delivered', 'accepted', 'quarantined', 'duplicate', 'forgotten')
),

-- What the models find is in no one delivery: it stands at the newest one of its extract.
anomaly as (
    {%- for rule, (partner, extract, broken, table) in anomalies.items() %}
    select
        '{{ partner }}' as partner,
        '{{ extract }}' as extract,
        '{{ rule }}' as rule,
        {{ broken }} as row_count,
        count(*) as denominator
    from {{ table }}
    union all
    {%- endfor %}
    select
        case when segment = 'legal_aid_request_to_grant' then 'rvr' else 'ind' end as partner,
        case
            when segment = 'legal_aid_request_to_grant' then 'toevoeging'
            when segment = 'appeal_to_ruling' then 'rechtsmiddel'
            else 'aanvraag'
        end as extract,
        'reversed_' || segment as rule,
        count_if(is_reversed) as row_count,
        count(*) as denominator
    from {{ ref('lead_time_stretch') }}
    group by segment
),

all_rules as (
    select * from delivery_rule
    union all
    select
        delivered.partner,
        delivered.reference_on,
        delivered.sequence,
        delivered.extract,
        anomaly.rule,
        anomaly.row_count,
        anomaly.denominator
    from anomaly
    inner join delivered
        on
            anomaly.partner = delivered.partner
            and anomaly.extract = delivered.extract
            and delivered.age_rank = 1
    where anomaly.row_count > 0
)

select
    partner,
    reference_on,
    sequence::bigint as sequence,
    extract,
    rule,
    row_count::bigint as row_count,
    round(row_count / nullif(denominator, 0), 6) as share
from all_rules
order by partner, reference_on, sequence, extract, rule

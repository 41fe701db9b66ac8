{#- Versions of a case as the knowledge dates see it: whatever its stock and legal clock depend on. -#}
with application as (
    {{ known_versions('ind__aanvraag_version') }}
),

decision as (
    {{ known_versions('ind__beslissing_version') }}
),

term_change as (
    {{ known_versions('ind__termijnmutatie_version') }}
),

-- A rule that could apply changes the clock when it is announced.
announced as (
    select
        application.case_id,
        {{ month_no('rule.announced_on') }} as known_from,
        application.known_until
    from application
    inner join {{ ref('statutory_terms') }} as rule
        on
            {{ month_no('rule.announced_on') }} > application.known_from
            and {{ month_no('rule.announced_on') }} < application.known_until
            and (
                (
                    {{ term_start('application') }} >= coalesce(rule.filed_from, date '0001-01-01')
                    and {{ term_start('application') }} <= coalesce(rule.filed_to, date '9999-12-31')
                )
                or {{ term_start('application') }} <= rule.open_on
            )
),

{{ knowledge_segments('case_id', ['application', 'decision', 'term_change', 'announced']) }},

first_decision as (
    select
        segment.case_id,
        segment.known_from,
        min(decision.decided_on) as decided_on,
        arg_min(decision.outcome, (decision.decided_on, decision.decision_no)) as outcome
    from segment
    inner join decision
        on
            segment.case_id = decision.case_id
            and segment.known_from >= decision.known_from
            and segment.known_from < decision.known_until
    group by segment.case_id, segment.known_from
)

select
    row_number() over (order by segment.case_id, segment.known_from) as version_id,
    segment.case_id,
    segment.known_from::bigint as known_from,
    segment.known_until::bigint as known_until,
    -- within a version no knowledge date gives another clock than its last
    {{ month_end('segment.known_until - 1') }} as as_of_on,
    application.application_code,
    application.applied_on,
    application.nl_responsible_on,
    application.track,
    application.procedure,
    first_decision.decided_on,
    first_decision.outcome
from segment
inner join application
    on
        segment.case_id = application.case_id
        and segment.known_from >= application.known_from
        and segment.known_from < application.known_until
left join first_decision
    on segment.case_id = first_decision.case_id and segment.known_from = first_decision.known_from
order by segment.case_id, segment.known_from

select
    term.case_id,
    term.clock,
    rule.rule_id,
    -- a rule without family is a family of its own
    coalesce(rule.family, rule.rule_id) as family,
    rule.months,
    rule.matches
from {{ ref('decision_term') }} as term
inner join {{ ref('statutory_terms') }} as rule
    on
        rule.kind = 'extension'
        and {{ applies_to_case('rule', 'term') }}
        and (
            (term.starts_on >= rule.filed_from and term.starts_on <= rule.filed_to)
            or (
                term.base_deadline >= rule.open_on
                and term.starts_on <= rule.open_on
                and (term.decided_on is null or term.decided_on > rule.open_on)
            )
        )
inner join {{ source('raw', 'as_of') }} as known
    on
        rule.announced_on <= known.as_of_on
        and (term.clock <> 'in_hindsight' or rule.withdrawn_on is null or rule.withdrawn_on > known.as_of_on)
order by term.case_id, term.clock, rule.rule_id

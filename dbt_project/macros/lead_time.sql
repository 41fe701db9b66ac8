{#- The dimensions that lead times are given for, as text: split it. -#}
{% macro lead_time_group_kinds() -%}
    application_kind nationality_group track procedure hearing_mode pool complexity project
{%- endmacro %}

{#- The segments that begin and end with a case, and the columns of lead_time_case that give begin, end and exit. -#}
{% macro lead_time_case_segments() -%}
    {{ return({
        'registration_to_application': ('registered_on', 'applied_on', 'null::date'),
        'application_to_first_interview': ('applied_on', 'first_interview_on', 'decided_on'),
        'first_interview_to_hearing': ('first_interview_on', 'heard_on', 'decided_on'),
        'hearing_to_decision': ('heard_on', 'decided_on', 'null::date'),
        'application_to_decision': ('applied_on', 'decided_on', 'null::date'),
        'intention_to_view': ('intended_on', 'viewed_on', 'decided_on'),
        'grant_to_housing': ('granted_on', 'housed_on', 'left_since_grant_on'),
        'application_to_irrevocable': ('applied_on', 'irrevocable_on', 'null::date'),
        'application_to_housing': ('applied_on', 'housed_on', 'least(not_granted_on, left_since_application_on)'),
        'first_interview_to_legal_aid': ('first_interview_on', 'legal_aid_granted_on', 'decided_on'),
    }) }}
{%- endmacro %}

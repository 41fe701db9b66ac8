{#-
    A table by one statement; of a model with `touched_by`, a build of touched keys only replaces their rows and leaves
    the others. `touched_by` gives for each column that names what a row is of the kind of key: {'case_id': 'case'}.
-#}
{% materialization kept, adapter='duckdb' %}
    {%- set table = this.incorporate(type='table') -%}
    {% call statement('main') %}
        {#- texts of these tables are codes that repeat, which a dictionary holds: to try FSST as well costs a fifteenth -#}
        set disabled_compression_methods = 'fsst';
        {%- if var('only_touched', false) %}
            {%- for column, kind in config.require('touched_by').items() %}
            delete from {{ table }} where {{ column }} in (select {{ kind }}_id from {{ ref('touched_' ~ kind) }});
            {%- endfor %}
            insert into {{ table }} by name {{ compiled_code }}
        {%- else %}
            create or replace table {{ table }} as {{ compiled_code }}
        {%- endif %}
    {% endcall %}
    {% do adapter.commit() %}
    {{ return({'relations': [table]}) }}
{% endmaterialization %}

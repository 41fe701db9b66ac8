{#-
    A table made in four statements, each for a quarter of the cases by their pseudonym: joins and the sort of wide rows, one a case, then need a
    quarter of the memory. The model reads its inputs through `of_slice` and orders its rows by case_id, so that the
    quarters follow on each other as they would in one statement.
-#}
{% materialization sliced, adapter='duckdb' %}
    {%- set table = this.incorporate(type='table') -%}
    {%- set whole = (slice_bound('0', '0'), slice_bound('f', 'f')) -%}
    {% call statement('main') %}
        {%- for first, last in [('0', '3'), ('4', '7'), ('8', 'b'), ('c', 'f')] %}
        {{ ('create or replace table ' ~ table ~ ' as') if loop.first else ('insert into ' ~ table) }}
        {{ compiled_code | replace(whole[0], slice_bound(first, '0')) | replace(whole[1], slice_bound(last, 'f')) }};
        {%- endfor %}
    {% endcall %}
    {% do adapter.commit() %}
    {{ return({'relations': [table]}) }}
{% endmaterialization %}

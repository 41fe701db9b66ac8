from typing import Any

import duckdb

from analytics.daily_counts import DailyCounts


def model(dbt: Any, session: Any) -> duckdb.DuckDBPyRelation:
    """Running sums over all days are not what SQL is the tool for (docs/decisions/0010)."""
    dbt.config(materialized="table")
    ((as_of,),) = dbt.source("raw", "as_of").fetchall()
    visit = dbt.ref("fct_stage_visit")
    impediment = dbt.ref("impediment_span")
    combination = session.sql(
        """
        select
            row_number() over (
                order by stage, application_kind, nationality_group, track, project
            ) - 1 as combination_no,
            stage,
            holder,
            application_kind,
            nationality_group,
            track,
            project
        from visit
        group by stage, holder, application_kind, nationality_group, track, project
        order by combination_no
        """
    ).to_arrow_table()
    visited = session.sql(
        """
        select
            combination.combination_no,
            visit.case_id,
            visit.entered_on,
            coalesce(visit.left_on, date '9999-12-31') as until_on,
            visit.norm_days
        from visit
        inner join combination
            on
                visit.stage = combination.stage
                and visit.application_kind = combination.application_kind
                and visit.nationality_group = combination.nationality_group
                and visit.track = combination.track
                and visit.project = combination.project
        """
    )
    impeded = session.sql(
        """
        select
            visited.combination_no,
            greatest(visited.entered_on, impediment.from_on) as from_on,
            least(visited.until_on, impediment.until_on) as until_on
        from visited
        inner join impediment
            -- the mart has pseudonyms as text, what it is made from as UUID
            on visited.case_id = replace(impediment.case_id::varchar, '-', '')
        """
    )
    # who leaves before entering leaves first
    ((first,),) = visit.aggregate("least(min(entered_on), min(left_on))").fetchall()

    counts = DailyCounts(combination.drop_columns("combination_no"), first, as_of)
    counts.count(
        visited,
        stock=("entered_on", "until_on"),
        stock_before=("entered_on + 1", "until_on + 1"),
        entered_count=("entered_on", "entered_on + 1"),
        left_count=("until_on", "until_on + 1"),
        over_norm=("entered_on + norm_days::integer + 1", "until_on"),
    )
    counts.count(impeded, impeded=("from_on", "until_on"))
    daily = session.from_arrow(counts.rows(["stock", "stock_before", "entered_count", "left_count"]))
    return daily.project(
        """
        day,
        stage,
        holder,
        application_kind,
        nationality_group,
        track,
        project,
        stock,
        entered_count,
        left_count,
        over_norm,
        impeded
        """
    )

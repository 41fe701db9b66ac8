from typing import Any

import duckdb

from analytics.daily_counts import DailyCounts


def model(dbt: Any, session: Any) -> duckdb.DuckDBPyRelation:
    """Running sums over all days are not what SQL is the tool for (docs/decisions/0010)."""
    dbt.config(materialized="table")
    ((as_of,),) = dbt.source("raw", "as_of").fetchall()
    application = dbt.ref("application")
    combination = session.sql(
        """
        select
            row_number() over (order by application_kind, nationality_group, track, project) - 1 as combination_no,
            application_kind,
            nationality_group,
            track,
            project
        from application
        group by application_kind, nationality_group, track, project
        order by combination_no
        """
    ).to_arrow_table()
    undecided = session.sql(
        """
        select
            combination.combination_no,
            application.case_id,
            application.applied_on,
            coalesce(application.decided_on, date '9999-12-31') as until_on
        from application
        inner join combination
            on
                application.application_kind = combination.application_kind
                and application.nationality_group = combination.nationality_group
                and application.track = combination.track
                and application.project = combination.project
        """
    )
    # a decision before its application is counted on its day, and shows as a residual
    ((first,),) = application.aggregate("least(min(applied_on), min(decided_on))").fetchall()

    # the stock goes by periods, its flows are counted apart from it: only so can the residual fail
    counts = DailyCounts(combination.drop_columns("combination_no"), first, as_of)
    counts.count(
        undecided,
        stock=("applied_on", "until_on"),
        stock_before=("applied_on + 1", "until_on + 1"),
        applications=("applied_on", "applied_on + 1"),
        first_decisions=("until_on", "until_on + 1"),
        over_6_months=("(applied_on + interval 6 months)::date + 1", "until_on"),
        over_15_months=("(applied_on + interval 15 months)::date + 1", "until_on"),
        over_21_months=("(applied_on + interval 21 months)::date + 1", "until_on"),
    )
    within = {
        "over_term": dbt.ref("over_term_span").filter("clock = 'as_applied'"),
        "over_term_in_hindsight": dbt.ref("over_term_span").filter("clock = 'in_hindsight'"),
        "impeded": dbt.ref("impediment_span"),
        "suspended": dbt.ref("suspension_span"),
    }
    for measure, span in within.items():
        counts.count(_within(session, undecided, span), **{measure: ("from_on", "until_on")})
    daily = session.from_arrow(counts.rows(["stock", "stock_before", "applications", "first_decisions"]))
    return daily.project(
        """
        day,
        application_kind,
        nationality_group,
        track,
        project,
        stock,
        applications,
        first_decisions,
        stock - stock_before - applications + first_decisions as residual,
        over_term,
        over_term_in_hindsight,
        over_6_months,
        over_15_months,
        over_21_months,
        impeded,
        suspended,
        round(1 - over_term / nullif(stock, 0), 6) as on_time_share
        """
    )


def _within(session: Any, undecided: duckdb.DuckDBPyRelation, span: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Periods of cases, so far as the cases are in stock."""
    return session.sql(
        """
        select
            undecided.combination_no,
            greatest(undecided.applied_on, span.from_on) as from_on,
            least(undecided.until_on, span.until_on) as until_on
        from undecided
        inner join span on undecided.case_id = span.case_id
        """
    )

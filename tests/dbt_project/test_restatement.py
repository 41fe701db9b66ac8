"""fct_restatement against real builds: the value at K is what a build as of K gives from the same deliveries."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration import raw
from orchestration.settings import load
from tests.chains import history
from tests.dbt_project.compiled import DATABASE, build_history, run_models

REAL = """
    with month as (
        select unnest(generate_series(date '2010-01-01', $known::date, interval 1 month))::date as period
    ),
    stock as (
        select day, sum(stock) as stock, sum(over_term) as over_term, sum(applications) as applications,
            sum(first_decisions) as first_decisions
        from chain.marts.fct_ind_stock_daily where application_kind <> 'family_reunification' group by day
    ),
    reception as (
        select day, sum(residents) as residents
        from chain.marts.fct_reception_daily where resident_status = 'all' group by day
    )
    select 'ind_stock' as figure, period, coalesce(max(stock), 0)::bigint as value
    from month left join stock on day = last_day(period) group by period
    union all
    select 'over_term', period, coalesce(max(over_term), 0)::bigint
    from month left join stock on day = last_day(period) group by period
    union all
    select 'residents', period, coalesce(max(residents), 0)::bigint
    from month left join reception on day = last_day(period) group by period
    union all
    select 'applications', period, coalesce(sum(applications), 0)::bigint
    from month left join stock on date_trunc('month', day) = period group by period
    union all
    select 'first_decisions', period, coalesce(sum(first_decisions), 0)::bigint
    from month left join stock on date_trunc('month', day) = period group by period
"""


@pytest.fixture(params=[5, 11, 14])
def built(request: pytest.FixtureRequest, home: Path, key: bytes) -> Iterator[duckdb.DuckDBPyConnection]:
    """A history of deliveries with late, corrected and withdrawn rows, taken in, and its restatements."""
    for delivery in history(request.param, cases=40, deliveries=8):
        delivery.write(home, delta=request.param % 2 == 1)
    settings = load(home)
    settings.paths.work.mkdir(parents=True)
    taken = raw.take(settings, key, as_of=None)
    assert taken.as_of
    with build_history(settings.paths.database, ["marts.fct_restatement"]) as database:
        yield database


def test_what_was_known_at_a_month_end_is_what_a_build_of_that_day_gives(built: duckdb.DuckDBPyConnection) -> None:
    assert revised(built) >= {"ind_stock", "over_term", "applications"}, "where nothing is revised, nothing is tested"
    restated: dict[date, dict[tuple[str, date], int]] = {}
    for figure, period, known, value in built.execute(
        "select figure, period, knowledge_on, value from chain.marts.fct_restatement"
    ).fetchall():
        restated.setdefault(known, {})[figure, period] = value
    for known in knowledge_dates(built, restated):
        built.execute(f"update {DATABASE}.raw.as_of set as_of_on = ?", [known])
        run_models(built, ["marts.fct_ind_stock_daily", "marts.fct_reception_daily"])
        real = {(figure, period): value for figure, period, value in built.execute(REAL, {"known": known}).fetchall()}
        assert {key: real[key] for key in restated[known]} == restated[known]
        # nothing is left out that a build of that day shows
        assert {key for key, value in real.items() if value} <= restated[known].keys()


def knowledge_dates(built: duckdb.DuckDBPyConnection, restated: dict[date, dict[tuple[str, date], int]]) -> list[date]:
    """The three at which the most was revised: where nothing was, they could agree by chance."""
    most_revised = built.execute(
        """select knowledge_on from chain.marts.fct_restatement
        group by knowledge_on order by count_if(revision <> 0) desc, knowledge_on limit 3"""
    ).fetchall()
    assert len(most_revised) == 3 <= len(restated)
    return [known for (known,) in most_revised]


def revised(built: duckdb.DuckDBPyConnection) -> set[str]:
    """The figures that were revised at some month end."""
    found = built.execute("select distinct figure from chain.marts.fct_restatement where revision <> 0").fetchall()
    return {figure for (figure,) in found}

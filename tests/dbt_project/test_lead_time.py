"""fct_lead_time: a golden case by hand, its statistics against a survival library, its intervals against the oracle."""

import warnings
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.utils import qth_survival_time, restricted_mean_survival_time

from tests.chains import chain, merge
from tests.dbt_project import raw_tables
from tests.dbt_project.compiled import DATABASE, build, project, read_csv, read_rows
from tests.oracle.compare import Published, told
from tests.oracle.compare_lead_time import lead_time_differences
from tests.oracle.reading import SEEDS
from tests.oracle.reading import read_rows as read_oracle
from tests.oracle.rulebook import Rulebook

GOLDEN = Path(__file__).parents[1] / "golden" / "fct_lead_time"
AS_OF = date(2022, 3, 31)
GROUP_KINDS = (
    "application_kind", "nationality_group", "track", "procedure", "hearing_mode", "pool", "complexity", "project",
)  # fmt: skip
Followed = tuple[int, str]
"""Days, and how the interval was left: end, exit or open."""


def answer(database: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = database.execute(query)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_the_golden_cases_have_the_lead_times_worked_out_by_hand() -> None:
    database = build(read_rows(GOLDEN / "rows"), AS_OF, ["marts.fct_lead_time"])
    keys = ("segment", "view", "period_kind", "period_start")
    ours = {
        tuple(str(row[key]) for key in keys): row
        for row in answer(database, "from marts.fct_lead_time where group_kind = 'all'")
    }
    for row in read_csv(GOLDEN / "expected.csv"):
        published = ours[tuple(row[key] for key in keys)]
        expected = {name: float(value) if value else None for name, value in row.items() if name not in keys}
        assert {name: published[name] for name in expected} == expected, row


@pytest.mark.parametrize("seeds", [range(0, 20), range(300, 320)])
def test_every_row_equals_the_oracle_on_generated_chains(seeds: range) -> None:
    as_of = date(2025, 7, 31)
    chains = merge(chain(seed, cases=4, block=seed, as_of=as_of) for seed in seeds)
    partner = {"bewoner": "coa", "verblijf": "coa", "locatie": "coa", "huisvesting": "coa"} | dict.fromkeys(
        ("toevoeging", "rooster"), "rvr"
    )
    rows = {
        f"{partner.get(extract, 'ind')}__{extract}": [
            {name: cell(value) for name, value in row.items()} for row in content
        ]
        for extract, content in chains.rows.items()
    }
    database = build(rows, as_of, ["marts.fct_lead_time"])
    reading = read_oracle(chains.rows, as_of, Rulebook.read(SEEDS))
    found = lead_time_differences(Published(database, raw_tables.pseudonym), reading)
    assert not found, told(found)


def cell(value: Any) -> str | None:
    """A cell as a delivery writes it."""
    return {True: "J", False: "N"}[value] if isinstance(value, bool) else None if value is None else str(value)


groups = st.lists(
    st.lists(
        st.tuples(
            st.one_of(st.integers(0, 6), st.integers(0, 900), st.sampled_from([364, 365, 366, 729, 730, 731])),
            st.sampled_from(["end", "end", "exit", "open"]),
        ),
        min_size=1,
        max_size=40,
    )
    | st.lists(st.tuples(st.integers(0, 900), st.just("open")), min_size=1, max_size=5),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(groups)
def test_every_statistic_of_a_cohort_equals_the_survival_library(cohorts: list[list[Followed]]) -> None:
    for row, followed in zip(published_cohorts(cohorts), cohorts, strict=True):
        days = [d for d, left in followed if left == "end"]
        expected = quantiles(days) | from_lifelines(followed)
        for name, value in expected.items():
            assert row[name] == (None if value is None else pytest.approx(value, abs=1.1e-6)), (name, followed)


def test_a_share_half_way_between_two_published_values_is_rounded_alike_wherever_its_rows_lie() -> None:
    """Found on the demo: 123 of 128 was 0.960937 in one build and 0.960938 in another."""
    half_way: list[Followed] = [(3 * day, "end") for day in range(1, 122)] + [(366 + day, "end") for day in range(7)]
    padded: list[list[Followed]] = []
    for before in range(1, 13):
        padded += [[(day, "end") for day in range(before)], half_way]
    rows = published_cohorts(padded)[1::2]
    shares = {(row["incidence_365_share"], row["km_mean_to_730_days"]) for row in rows}
    assert shares == {(0.945313, quantiles([day for day, _ in half_way])["mean_days"])}


def quantiles(days: Sequence[int]) -> dict[str, float | None]:
    """Mean and quantiles as numpy gives them."""
    shares = {"median_days": 0.5, "p80_days": 0.8, "p90_days": 0.9, "p95_days": 0.95}
    if not days:
        return dict.fromkeys(["mean_days", *shares])
    return {"mean_days": float(np.mean(days))} | {
        name: float(np.quantile(days, share)) for name, share in shares.items()
    }


def from_lifelines(followed: Sequence[Followed]) -> dict[str, float | None]:
    """The columns that only the cohort view has."""
    durations = np.array([d for d, _ in followed], dtype=float)
    ended = np.array([left == "end" for _, left in followed])
    km = KaplanMeierFitter().fit(durations, ended)
    band = km.confidence_interval_survival_function_
    survival, low, high = km.survival_function_.iloc[:, 0], band.iloc[:, 0], band.iloc[:, 1]
    found: dict[str, float | None] = {
        "km_median_days": reached(qth_survival_time(0.5 + 1e-12, survival)),
        "km_p80_days": reached(qth_survival_time(0.2 + 1e-12, survival)),
        "km_p90_days": reached(qth_survival_time(0.1 + 1e-12, survival)),
        "km_median_low": reached(qth_survival_time(0.5 + 1e-12, low)),
        "km_median_high": reached(qth_survival_time(0.5 + 1e-12, high)),
    }
    is_known = durations.max() >= 730 or survival.iloc[-1] < 1e-12
    found["km_mean_to_730_days"] = restricted_mean_survival_time(km, t=730) if is_known else None
    found["incidence_365_share"] = incidence(followed)
    return found


def reached(day: float) -> float | None:
    return None if np.isinf(day) else float(day)


def incidence(followed: Sequence[Followed]) -> float | None:
    """Aalen-Johansen at 365 days; the library wants no ties, so what comes later on a day comes a little later."""
    longest = max(d for d, _ in followed)
    if longest < 365 and any(left == "open" for d, left in followed if d == longest):
        return None
    ordered = sorted(followed, key=lambda one: (one[0], one[1] == "open"))
    durations = pd.Series([d + (rank + 1) * 1e-4 for rank, (d, _) in enumerate(ordered)])
    kinds = pd.Series([{"open": 0, "end": 1, "exit": 2}[left] for _, left in ordered])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = AalenJohansenFitter(calculate_variance=False).fit(durations, kinds, event_of_interest=1)
    curve = fitted.cumulative_density_
    return float(curve[curve.index < 366].iloc[-1, 0])


def published_cohorts(cohorts: Sequence[Sequence[Followed]]) -> list[dict[str, Any]]:
    """The cohort rows of intervals that all begin on one day; every cohort is a project of its own."""
    begin = date(2019, 10, 1)
    as_of = begin + timedelta(days=900)
    database = duckdb.connect(config={"threads": 1})
    database.execute(f"attach ':memory:' as {DATABASE}; use {DATABASE}; create schema raw; create schema intermediate")
    database.execute("create table raw.as_of as select ?::date as as_of_on", [as_of])
    words = ", ".join(f"{kind} varchar" for kind in GROUP_KINDS)
    database.execute(
        "create table intermediate.lead_time_interval (segment varchar, begins_on date, ends_on date, exits_on date,"
        f" is_reversed boolean, {words})"
    )
    rows = []
    for number, followed in enumerate(cohorts):
        for days, left in followed:
            # what is open was begun so many days before A
            first = as_of - timedelta(days=days) if left == "open" else begin
            last = first + timedelta(days=days)
            rows.append(
                ["application_to_housing", first, last if left == "end" else None, last if left == "exit" else None,
                 False, *["x"] * 7, f"{number:03d}"]
            )  # fmt: skip
    marks = ", ".join("?" for _ in range(5 + len(GROUP_KINDS)))
    database.executemany(f"insert into intermediate.lead_time_interval values ({marks})", rows)
    models = project().models
    for table in ("lead_time_series", "lead_time_histogram"):
        database.execute(f"create table intermediate.{table} as {models[f'{DATABASE}.intermediate.{table}']}")
    # one cohort of everything, whatever the day of its begin
    database.execute("update intermediate.lead_time_histogram set begun_month = date '2019-10-01'")
    cohort = models[f"{DATABASE}.intermediate.lead_time_cohort"]
    return answer(
        database,
        f"select cohort.* from ({cohort}) as cohort join intermediate.lead_time_series using (series_no)"
        " where group_kind = 'project' and period_kind = 'month' order by group_value",
    )


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.integers(0, 400), st.sampled_from(["end", "exit", "open"])),
        min_size=1,
        max_size=40,
    )
)
def test_the_ages_of_the_stock_equal_those_counted_case_by_case(intervals: list[tuple[int, int, str]]) -> None:
    as_of, first = date(2021, 5, 12), date(2019, 11, 7)
    dated = []
    for offset, days, left in intervals:
        begin = first + timedelta(days=offset)
        end = begin + timedelta(days=days)
        dated.append((begin, None if left == "open" or end > as_of else end, left))
    ours = published_stock(dated, as_of)
    months = [d.date() for d in pd.date_range("2019-11-01", "2021-05-01", freq="MS")]
    for month in months:
        last = min((pd.Timestamp(month) + pd.offsets.MonthEnd(0)).date(), as_of)
        ages = [(last - b).days for b, e, _ in dated if b <= last and (e is None or e > last)]
        expected = quantiles(ages) | {"open_count": len(ages)} if ages else None
        found = ours.get(month)
        assert (found is None) == (expected is None)
        if found is not None and expected is not None:
            assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1.1e-6)


def published_stock(dated: Sequence[tuple[date, date | None, str]], as_of: date) -> dict[date, dict[str, Any]]:
    """lead_time_stock of `all` by month."""
    database = duckdb.connect(config={"threads": 1})
    database.execute(f"attach ':memory:' as {DATABASE}; use {DATABASE}; create schema raw; create schema intermediate")
    database.execute("create table raw.as_of as select ?::date as as_of_on", [as_of])
    words = ", ".join(f"'x' as {kind}" for kind in GROUP_KINDS)
    database.execute("create table given (begins_on date, ends_on date, exits_on date)")
    database.executemany(
        "insert into given values (?, ?, ?)",
        [(b, e if left == "end" else None, e if left == "exit" else None) for b, e, left in dated],
    )
    database.execute(
        "create table intermediate.lead_time_interval as"
        f" select 'grant_to_housing' as segment, *, false as is_reversed, {words} from given"
    )
    models = project().models
    for table in ("lead_time_series", "lead_time_stock"):
        database.execute(f"create table intermediate.{table} as {models[f'{DATABASE}.intermediate.{table}']}")
    rows = answer(
        database,
        "select stock.* from intermediate.lead_time_stock as stock"
        " join intermediate.lead_time_series using (series_no) where group_kind = 'all'",
    )
    return {row["month_start"]: row for row in rows}

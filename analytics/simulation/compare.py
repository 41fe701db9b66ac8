"""Simulated against published: the series of docs/simulation.md.

Belongs here: counting a chain the way a source counts. Does not belong here: drawing (`plot.py`), choosing anchors.
"""

from datetime import date

import numpy as np
import polars as pl

from analytics.simulation.calendar import SEEDS, day, month_index, month_start, to_date, year_of
from analytics.simulation.chain import Chain
from analytics.simulation.figures import FIGURES, FIRST, OUTCOME_COLUMNS, REPEAT, Figures, months_between
from analytics.simulation.inflow import DECIDED
from analytics.simulation.outcomes import GRANT_A, GRANT_B, is_refused

SIMULATED = "simulated"


def _points(measure: str, source: str, days: list[date], values: list[float]) -> pl.DataFrame:
    return pl.DataFrame(
        {"measure": [measure] * len(days), "source": [source] * len(days), "day": days, "value": values},
        schema={"measure": pl.String, "source": pl.String, "day": pl.Date, "value": pl.Float64},
    )


def _published() -> pl.DataFrame:
    return pl.read_csv(SEEDS / "published_figures.csv", schema_overrides={"value": pl.Float64, "rounding": pl.Float64})


def _month_ends(chain: Chain) -> np.ndarray:
    months = np.array(months_between(chain.parameters.start, chain.parameters.end))
    return np.minimum(month_start(months + 1) - 1, day(chain.parameters.end))


def stock(chain: Chain) -> pl.DataFrame:
    """Undecided applications at month end, without family reunification, beside three published series."""
    applied, decided = (np.sort(days[chain.cases.asylum]) for days in (chain.cases.applied, chain.decided))
    ends = _month_ends(chain)
    counts = np.searchsorted(applied, ends, "right") - np.searchsorted(decided, ends, "right")
    unhcr = Figures().annual("pending_year_end").sum(axis=1)
    ind = {date(2020, 3, 31): 15350, date(2021, 11, 30): 12590, date(2024, 12, 31): 50910, date(2025, 5, 31): 51160}
    eurostat = {date(2022, 12, 31): 37295, date(2023, 12, 31): 49860}
    return pl.concat(
        [
            _points("stock", SIMULATED, [to_date(d) for d in ends], counts.tolist()),
            _points("stock", "UNHCR pending", [date(y, 12, 31) for y in range(2018, 2026)], unhcr.tolist()),
            _points("stock", "IND (one track or kind)", list(ind), list(map(float, ind.values()))),
            _points("stock", "Eurostat pending", list(eurostat), list(map(float, eurostat.values()))),
        ]
    )


def inflow(chain: Chain) -> pl.DataFrame:
    """First applications a month."""
    cases = chain.cases
    months = months_between(chain.parameters.start, chain.parameters.end)
    month = month_index(cases.applied[(cases.kind == FIRST) & (cases.opening == -1)])
    counts = np.bincount(month - months[0], minlength=len(months))
    total = pl.read_csv(FIGURES / "applications_monthly.csv").filter(pl.col("citizenship") == "TOTAL")
    days = [date.fromisoformat(f"{month}-01") for month in total["month"]]
    starts = [to_date(int(month_start(m))) for m in months]
    return pl.concat(
        [
            _points("first applications a month", SIMULATED, starts, counts.tolist()),
            _points("first applications a month", "CBS, IND", days, total["first_applications"].to_list()),
        ]
    )


def decisions(chain: Chain) -> pl.DataFrame:
    """First decisions a year on asylum, by what they say; grants and refusals beside UNHCR's."""
    cases, figures = chain.cases, Figures()
    years = list(range(chain.parameters.start.year, chain.parameters.end.year + 1))
    inside = (cases.kind == FIRST) | (cases.kind == REPEAT)
    inside &= (cases.opening != DECIDED) & (chain.decided <= day(chain.parameters.end))
    year = year_of(chain.decided)
    merits = is_refused(chain.outcome) & (cases.track != 1)
    groups = {"grants a year": np.isin(chain.outcome, (GRANT_A, GRANT_B)), "refusals on the merits a year": merits}
    columns = {"grants a year": OUTCOME_COLUMNS[:2], "refusals on the merits a year": OUTCOME_COLUMNS[2:3]}
    parts = []
    for measure, group in groups.items():
        counts = [float((inside & group & (year == y)).sum()) for y in years]
        published = [float(sum(figures.annual(c)[y - 2018].sum() for c in columns[measure])) for y in range(2018, 2026)]
        parts.append(_points(measure, SIMULATED, [date(y, 7, 1) for y in years], counts))
        parts.append(_points(measure, "UNHCR", [date(y, 7, 1) for y in range(2018, 2026)], published))
    return pl.concat(parts)


def occupancy(chain: Chain) -> pl.DataFrame:
    """Residents in reception, beside COA's figures."""
    ends = _month_ends(chain)
    begun, left = np.sort(chain.receptions.begin), np.sort(chain.receptions.until)
    counts = np.searchsorted(begun, ends, "right") - np.searchsorted(left, ends, "right")
    seed = _published().filter(
        (pl.col("figure") == "residents") & (pl.col("group") == "all") & (pl.col("period") >= "2018")
    )
    days = [date.fromisoformat(text) for text in seed["period"]]
    return pl.concat(
        [
            _points("residents", SIMULATED, [to_date(d) for d in ends], counts.tolist()),
            _points("residents", "COA", days, seed["value"].to_list()),
        ]
    )


def lead_time(chain: Chain) -> pl.DataFrame:
    """Mean weeks from application to first decision of spoor 4, by year of decision."""
    members = (chain.cases.track == 4) & (chain.cases.opening != DECIDED)
    years = list(range(chain.parameters.start.year, chain.parameters.end.year + 1))
    weeks = (chain.decided - chain.cases.applied) / 7
    means = [round(float(weeks[members & (year_of(chain.decided) == y)].mean()), 1) for y in years]
    seed = _published().filter(pl.col("figure").str.starts_with("mean_weeks"))
    days = [date(int(text), 7, 1) for text in seed["period"]]
    measure = "mean weeks to decision, spoor 4"
    return pl.concat(
        [
            _points(measure, SIMULATED, [date(y, 7, 1) for y in years], means),
            _points(measure, "IND", days, seed["value"].to_list()),
        ]
    )


def taskforce(chain: Chain) -> pl.DataFrame:
    """Undecided cases of TASKFORCE_2020 at month end."""
    first = day(date(2020, 4, 1))
    members = chain.cases.asylum & (chain.cases.applied < first)
    ends = _month_ends(chain)
    ends = ends[(ends >= first - 1) & (ends < first + 730)]
    decided = np.sort(chain.decided[members])
    counts = len(decided) - np.searchsorted(decided, ends, "right")
    seed = _published().filter(pl.col("figure") == "project_stock")
    return pl.concat(
        [
            _points("Taskforce 2020, undecided", SIMULATED, [to_date(d) for d in ends], counts.tolist()),
            _points(
                "Taskforce 2020, undecided",
                "IND, letters",
                [date.fromisoformat(text) for text in seed["period"]],
                seed["value"].to_list(),
            ),
        ]
    )


def series(chain: Chain) -> pl.DataFrame:
    """All series: measure, source, day, value."""
    return pl.concat([part(chain) for part in (stock, inflow, decisions, occupancy, lead_time, taskforce)])

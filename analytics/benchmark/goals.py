"""What the benchmark should find: the goals of the project, and the bounds above which `make bench-quick` fails.

Belongs here: numbers with their reason. Does not belong here: measuring.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

MILLION = 1_000_000


@dataclass(frozen=True)
class Goal:
    """A ratio (`ratios.of_size`) or figure that should be at most, or `at_least`, a limit at a number of cases."""

    text: str
    name: str
    limit: float
    cases: int = MILLION
    at_least: bool = False
    only_there: bool = False
    """a smaller number of cases says nothing about it"""
    reason: str = ""
    """why a bound lies where it lies"""

    def is_reached(self, value: float) -> bool:
        """Whether a measured value is on the good side."""
        return value >= self.limit if self.at_least else value <= self.limit


GOALS = (
    Goal("full build, to the floor", "full_to_floor", 2),
    Goal("96 monthly deliveries, to one full delivery", "deltas_to_full", 1.5),
    Goal("a day in full, to a full build (fixed cost apart)", "daily_full_to_full_beside_fixed", 0.5),
    Goal("a day as delta, to a full build (fixed cost apart)", "daily_delta_to_full_beside_fixed", 0.25),
    Goal("contracts, share of a full build", "contracts_share", 0.2),
    Goal("nothing new, seconds", "nothing_new_seconds", 3),
    Goal("one changed row, seconds", "one_row_seconds", 25, cases=10_000),
    Goal("peak memory, GB", "peak_gb", 8),
    Goal("pandas, to DuckDB", "pandas_to_duckdb", 5, at_least=True),
    Goal("PostgreSQL, to DuckDB", "postgres_to_duckdb", 5, at_least=True),
    Goal("pm4py, to DuckDB", "pm4py_to_duckdb", 10, at_least=True),
    Goal("Polars, to DuckDB", "polars_to_duckdb", 1, at_least=True),
    Goal("1M cases, to 100k", "growth_100000_to_1000000", 12),
    Goal("3M cases with memory_limit 2 GB: peak memory, GB", "peak_gb", 3, cases=3_000_000, only_there=True),
    Goal("ketenzicht --help, seconds", "help_seconds", 0.5, cases=0),
    Goal("dagster definitions validate, seconds", "validate_seconds", 8, cases=0),
)
"""The goals of issue 7; `cases` 0 depends on no size."""

QUICK_CASES = 100_000
QUICK_BOUNDS = (
    Goal(
        "full build, to the floor, in processor time",
        "full_to_floor_cpu",
        2.5,
        cases=QUICK_CASES,
        reason="2.0 there; a quarter above it. Processor time, not seconds: those wander on a machine that others use",
    ),
    Goal(
        "contracts, share of a full build",
        "contracts_share",
        0.2,
        cases=QUICK_CASES,
        reason="the goal itself: 5 to 7% from 2,000 to 100,000 cases",
    ),
    Goal(
        "nothing new, to a full build",
        "nothing_new_to_full",
        0.05,
        cases=QUICK_CASES,
        reason="0.3 s, decided before Dagster or dbt is imported; importing either would be ten times as much",
    ),
    Goal(
        "Polars, to DuckDB",
        "polars_to_duckdb",
        0.9,
        cases=QUICK_CASES,
        at_least=True,
        reason="1.5 to 2.0 where both take a tenth of a second to a quarter",
    ),
    Goal(
        "pandas, to DuckDB",
        "pandas_to_duckdb",
        1.5,
        cases=QUICK_CASES,
        at_least=True,
        reason="2.3 to 2.9 where both take a tenth of a second to half a second",
    ),
)
"""Above these `make bench-quick` fails. They only ever get tighter."""


@dataclass(frozen=True)
class Verdict:
    """What became of a goal: the value, and the size it was measured at; no value when nothing measured it."""

    goal: Goal
    value: float | None
    cases: int | None

    @property
    def word(self) -> str:
        """`reached`, `not reached` or `not measured`; at another size than the goal's it is only an indication."""
        if self.value is None:
            return "not measured"
        return "reached" if self.goal.is_reached(self.value) else "not reached"


def judge(document: dict[str, Any], goals: Iterable[Goal] = GOALS) -> list[Verdict]:
    """Each goal at its own size, else at the largest smaller one that was measured."""
    return [_judge(document, goal) for goal in goals]


def _judge(document: dict[str, Any], goal: Goal) -> Verdict:
    if goal.cases == 0:
        return Verdict(goal, document["process"].get(goal.name), 0)
    if goal.name.startswith("growth_"):
        return Verdict(goal, document["growth"].get(goal.name.removeprefix("growth_")), goal.cases)
    sizes: Sequence[dict[str, Any]] = sorted(document["sizes"], key=lambda one: -int(one["cases"]))
    for size in sizes:
        fits = size["cases"] == goal.cases if goal.only_there else size["cases"] <= goal.cases
        if fits and goal.name in size["ratios"]:
            return Verdict(goal, size["ratios"][goal.name], size["cases"])
    return Verdict(goal, None, None)


def broken(document: dict[str, Any], bounds: Iterable[Goal] = QUICK_BOUNDS) -> list[str]:
    """The bounds that a document is above, as sentences. A bound that was not measured is broken: it would hide."""
    return [
        f"{one.goal.text}: {'not measured' if one.value is None else f'{one.value:.3g}'}, "
        f"bound {'at least' if one.goal.at_least else 'at most'} {one.goal.limit:g}"
        for one in judge(document, bounds)
        if one.word != "reached"
    ]


def mismatches(document: dict[str, Any]) -> list[str]:
    """The figures on which a reference and the platform disagree, as sentences."""
    return [
        f"{size['cases']:,} cases: {name} differs in {rows:,} rows"
        for size in document["sizes"]
        for name, rows in size["differing_rows"].items()
        if rows
    ]

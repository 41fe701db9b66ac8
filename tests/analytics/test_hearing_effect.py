"""The bootstrap interval covers a true gain that is known, and rows in another order change nothing."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from lifelines import KaplanMeierFitter

from analytics.hearing_effect import OVERLAP, effects, restricted_mean

SEEDS = range(40)
COMPLEXITIES = ("standard", "complex", "very_complex")


def simulated(seed: int, gain: int, easy_are_offered: bool, count: int = 600) -> pl.DataFrame:
    """Cases whose wait depends on complexity and, by exactly `gain` days, on the offer."""
    chance = np.random.default_rng([20251123, seed])
    complexity = chance.integers(3, size=count)
    probability = np.array([0.8, 0.5, 0.2])[complexity] if easy_are_offered else np.full(count, 0.5)
    offered = chance.random(count) < probability
    wait = 90 + 70 * complexity + chance.integers(0, 120, size=count) - gain * offered
    return pl.DataFrame(
        {
            "case_id": [f"{number:06d}" for number in range(count)],
            "application_kind": ["first"] * count,
            "nationality_group": chance.choice(["syria", "other"], size=count),
            "complexity": [COMPLEXITIES[level] for level in complexity],
            "quarter_start": [date(2021, 1, 1)] * count,
            "is_offered": offered,
            "is_fallback": offered & (chance.random(count) < 0.2),
            "days_to_decision": wait,
            "days_to_hearing": wait - 20,
            "hearing_followed_days": wait - 20,
            "ind_hours": pl.Series(20 - 3 * offered).cast(pl.Decimal(18, 2)),
            "legal_aid_points": pl.Series(np.full(count, 8)).cast(pl.Decimal(18, 2)),
            "is_overturned": chance.random(count) < 0.1,
        }
    )


def covers(low: float, high: float, gain: int) -> bool:
    return low <= gain <= high


def naive(cases: pl.DataFrame) -> tuple[float, float]:
    """The difference of the means of who was and who was not offered, with its usual 95% interval."""
    arms = [cases.filter(pl.col("is_offered") == offered)["days_to_decision"].to_numpy() for offered in (False, True)]
    gain = arms[0].mean() - arms[1].mean()
    error = np.sqrt(sum(arm.var(ddof=1) / len(arm) for arm in arms))
    return gain - 1.96 * error, gain + 1.96 * error


@pytest.mark.parametrize("gain", [0, 60])
@pytest.mark.parametrize("easy_are_offered", [False, True])
def test_the_interval_covers_the_true_gain(gain: int, easy_are_offered: bool) -> None:
    covered = naively_covered = 0
    for seed in SEEDS:
        cases = simulated(seed, gain, easy_are_offered)
        pooled = effects(cases).row(-1, named=True)
        assert pooled["stratum"] == "pooled"
        assert pooled["gain_low"] < pooled["gain_days"] < pooled["gain_high"]
        covered += covers(pooled["gain_low"], pooled["gain_high"], gain)
        naively_covered += covers(*naive(cases), gain)
    assert covered >= 34
    if easy_are_offered:
        assert naively_covered < 34


def test_rows_in_any_order_give_the_same_table() -> None:
    cases = simulated(1, 60, easy_are_offered=True)
    assert effects(cases.sample(fraction=1.0, shuffle=True, seed=3)).equals(effects(cases))


def test_a_stratum_has_its_interval_whatever_other_strata_there_are() -> None:
    cases = simulated(2, 60, easy_are_offered=False)
    alone = effects(cases.filter(pl.col("complexity") == "complex"))
    together = effects(cases).filter(pl.col("complexity") == "complex")
    assert alone.filter(pl.col("stratum") == "cell").equals(together)


def test_without_overlap_there_are_counts_and_no_effect() -> None:
    cases = simulated(3, 60, easy_are_offered=False)
    few = cases.filter(pl.col("is_offered")).head(OVERLAP - 1)
    table = effects(pl.concat([few, cases.filter(~pl.col("is_offered"))]))
    assert not table["overlap"].any()
    assert table["offered_count"].to_list()[-1] == 0
    for name in ("gain_days", "gain_low", "gain_high", "hearing_gain_days", "ind_hours_gain"):
        assert table[name].null_count() == len(table)


def test_without_cases_there_is_a_pooled_row_of_nothing() -> None:
    table = effects(simulated(4, 0, easy_are_offered=False).head(0))
    assert table.select("stratum", "offered_count", "overlap").rows() == [("pooled", 0, False)]


def test_the_restricted_mean_is_that_of_a_survival_library() -> None:
    chance = np.random.default_rng(5)
    for _ in range(50):
        days = chance.choice([1, 5, 50, 200, 364, 365, 366, 700], size=chance.integers(1, 30))
        happened = chance.random(len(days)) < 0.7
        curve = KaplanMeierFitter().fit(days, happened).survival_function_.iloc[:, 0]
        daily = curve.reindex(range(366)).ffill()
        assert restricted_mean(days, happened) == pytest.approx(daily.iloc[:365].sum())


def test_a_last_case_decided_unheard_leaves_the_curve_of_hearings_at_its_height() -> None:
    # S = 1 to day 100, a half from there to the horizon: 100 + 265 / 2
    assert restricted_mean(np.array([100, 200]), np.array([True, False])) == 232.5

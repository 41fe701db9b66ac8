"""The figures by Polars, lazily: one query a figure, planned as a whole."""

from datetime import date
from pathlib import Path

import polars as pl

from analytics.benchmark.references import timing
from analytics.benchmark.references.inputs import GROUPS, SEGMENTS, STEPS, STOCK_DIMENSIONS

Tables = dict[str, pl.DataFrame]


def load(folder: Path) -> Tables:
    """The tables in memory, texts of few values as categories."""
    return {
        name: pl.read_parquet(folder / f"{name}.parquet").with_columns(pl.col(pl.String).cast(pl.Categorical))
        for name in ("application", "step", "decision")
    }


def _case_days(tables: Tables) -> pl.LazyFrame:
    done = tables["step"].lazy().filter(pl.col("status") == "GEREALISEERD")
    days = done.group_by("case_no").agg(
        pl.col("realised_on").filter(pl.col("step") == step).min().alias(column) for column, step in STEPS.items()
    )
    mode = (
        done.filter(pl.col("step") == "NADER_GEHOOR")
        .group_by("case_no")
        .agg(pl.col("mode").sort_by("realised_on", "step_no").first().alias("hearing_mode"))
    )
    decision = (
        tables["decision"]
        .lazy()
        .group_by("case_no")
        .agg(pl.col("decided_on", "pool").sort_by("decided_on", "decision_no").first())
    )
    cases = tables["application"].lazy()
    for part in (days, mode, decision):
        cases = cases.join(part, on="case_no", how="left")
    in_time = [
        pl.when(pl.col(column) <= pl.col("decided_on").fill_null(pl.col(column))).then(pl.col(column)).alias(column)
        for column in STEPS
    ]
    return cases.with_columns(*in_time, pl.col("hearing_mode", "pool").fill_null("unknown"))


def lead_time(tables: Tables, _: date) -> pl.DataFrame:
    """Days that ended in each month, per segment and group."""
    cases = _case_days(tables)
    ended = pl.concat(
        cases.filter(pl.col(end) >= pl.col(begin)).select(
            *GROUPS,
            segment=pl.lit(segment, pl.Categorical),
            month_start=pl.col(end).dt.truncate("1mo"),
            days=(pl.col(end) - pl.col(begin)).dt.total_days(),
        )
        for segment, (begin, end) in SEGMENTS.items()
    ).with_columns(all=pl.lit("all", pl.Categorical))
    parts = [
        ended.group_by("segment", "month_start", pl.col(kind).alias("group_value")).agg(
            group_kind=pl.lit(kind),
            completed_count=pl.len(),
            mean_days=pl.col("days").mean(),
            median_days=pl.col("days").median(),
            p90_days=pl.col("days").quantile(0.9, "linear"),
        )
        for kind in ("all", *GROUPS)
    ]
    return pl.concat(parts).collect()


def stock(tables: Tables, as_of_on: date) -> pl.DataFrame:
    """Undecided cases, applications and first decisions a day and combination of dimensions."""
    dimensions = list(STOCK_DIMENSIONS)
    decided = tables["decision"].lazy().group_by("case_no").agg(pl.col("decided_on").min())
    cases = tables["application"].lazy().join(decided, on="case_no", how="left")
    flows = pl.concat(
        [
            cases.select(*dimensions, day="applied_on", applications=pl.lit(1), first_decisions=pl.lit(0)),
            cases.filter(pl.col("decided_on").is_not_null()).select(
                *dimensions, day="decided_on", applications=pl.lit(0), first_decisions=pl.lit(1)
            ),
        ]
    )
    changed = flows.group_by(*dimensions, "day").agg(pl.col("applications", "first_decisions").sum())
    change = pl.col("applications") - pl.col("first_decisions")
    level = changed.sort(*dimensions, "day").with_columns(
        stock=change.cum_sum().over(dimensions),
        until=pl.col("day").shift(-1).over(dimensions).fill_null(pl.lit(as_of_on) + pl.duration(days=1)),
    )
    lasts_one_day = pl.col("day").dt.offset_by("1d")
    daily = level.with_columns(
        stands_on=pl.date_ranges(
            "day", pl.when(pl.col("stock") == 0).then(lasts_one_day).otherwise(pl.col("until")), closed="left"
        )
    ).explode("stands_on")
    first = pl.col("stands_on") == pl.col("day")
    return daily.select(
        *dimensions,
        "stock",
        *(pl.when(first).then(pl.col(name)).otherwise(0).alias(name) for name in ("applications", "first_decisions")),
        day="stands_on",
    ).collect()


def write(figure: pl.DataFrame, file: Path) -> None:
    """The figure as a file."""
    figure.write_parquet(file)


if __name__ == "__main__":
    timing.main(load, {"lead_time": lead_time, "stock": stock}, write, "polars")

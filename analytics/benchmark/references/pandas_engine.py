"""The figures by pandas, as somebody who knows pandas would write them: no loop over cases or months."""

from datetime import date
from pathlib import Path

import pandas as pd

from analytics.benchmark.references import timing
from analytics.benchmark.references.inputs import DIMENSIONS, GROUPS, SEGMENTS, STEPS, STOCK_DIMENSIONS

Tables = dict[str, pd.DataFrame]


def load(folder: Path) -> Tables:
    """Days as datetime64, texts of few values as categories."""
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in ("application", "step", "decision")}
    for table in tables.values():
        for column in table.columns:
            if column.endswith("_on"):
                table[column] = pd.to_datetime(table[column])
            elif not pd.api.types.is_numeric_dtype(table[column]):
                table[column] = table[column].astype("category")
    return tables


def _case_days(tables: Tables) -> pd.DataFrame:
    done = tables["step"].loc[lambda step: step["status"] == "GEREALISEERD"]
    first = done.groupby(["case_no", "step"], observed=True)["realised_on"].min().unstack()
    days = first[list(STEPS.values())].rename(columns={step: column for column, step in STEPS.items()})
    hearing = done[done["step"] == "NADER_GEHOOR"].sort_values(["case_no", "realised_on", "step_no"])
    mode = hearing.drop_duplicates("case_no").set_index("case_no")["mode"].rename("hearing_mode")
    decision = tables["decision"].sort_values(["case_no", "decided_on", "decision_no"]).drop_duplicates("case_no")
    decision = decision.set_index("case_no")[["decided_on", "pool"]]
    cases = tables["application"].set_index("case_no").join([days, mode, decision])
    for column in ("hearing_mode", "pool"):
        cases[column] = cases[column].cat.add_categories("unknown").fillna("unknown")
    for column in STEPS:
        cases[column] = cases[column].where(cases["decided_on"].isna() | (cases[column] <= cases["decided_on"]))
    return cases


def lead_time(tables: Tables, _: date) -> pd.DataFrame:
    """Days that ended in each month, per segment and group."""
    cases = _case_days(tables)
    stretches = []
    for segment, (begin, end) in SEGMENTS.items():
        stretch = cases.loc[cases[end] >= cases[begin], [*GROUPS]].copy()
        stretch["days"] = (cases[end] - cases[begin]).dt.days
        stretch["month_start"] = cases[end].dt.to_period("M").dt.to_timestamp()
        stretch["segment"] = segment
        stretches.append(stretch)
    ended = pd.concat(stretches, ignore_index=True).astype({"segment": "category"})
    ended["all"] = pd.Categorical(["all"] * len(ended))
    parts = []
    for kind in ("all", *GROUPS):
        grouped = ended.groupby(["segment", "month_start", kind], observed=True)["days"]
        part = pd.DataFrame(grouped.agg(completed_count="count", mean_days="mean", median_days="median"))
        part["p90_days"] = grouped.quantile(0.9)
        parts.append(part.reset_index().rename(columns={kind: "group_value"}).assign(group_kind=kind))
    return pd.concat(parts, ignore_index=True)


def stock(tables: Tables, as_of_on: date) -> pd.DataFrame:
    """Undecided cases, applications and first decisions a day and combination of dimensions."""
    dimensions = list(STOCK_DIMENSIONS)
    decided = tables["decision"].groupby("case_no")["decided_on"].min()
    cases = tables["application"].set_index("case_no")[["applied_on", *DIMENSIONS]].join(decided)
    flows = []
    for name, column in (("applications", "applied_on"), ("first_decisions", "decided_on")):
        counted = cases.dropna(subset=[column]).groupby([*dimensions, column], observed=True).size().rename(name)
        flows.append(counted.rename_axis([*dimensions, "day"]))
    changed = pd.concat(flows, axis=1).fillna(0).astype("int64").sort_index().reset_index()
    grouped = changed.groupby(dimensions, observed=True)
    changed["stock"] = changed["applications"] - changed["first_decisions"]
    changed["stock"] = grouped["stock"].cumsum()
    until = grouped["day"].shift(-1).fillna(pd.Timestamp(as_of_on) + pd.Timedelta(days=1))
    lasts = (until - changed["day"]).dt.days.where(changed["stock"] != 0, 1)
    daily = changed.loc[changed.index.repeat(lasts)].copy()
    offset = daily.groupby(level=0).cumcount()
    daily["day"] += pd.to_timedelta(offset, unit="D")
    for name in ("applications", "first_decisions"):
        daily[name] = daily[name].where(offset == 0, 0)
    return daily.reset_index(drop=True)


def write(figure: pd.DataFrame, file: Path) -> None:
    """The figure as a file."""
    figure.to_parquet(file, index=False)


if __name__ == "__main__":
    timing.main(load, {"lead_time": lead_time, "stock": stock}, write, "pandas")

"""The public figures and our yearly assumptions, read once, as arrays the other modules index.

Belongs here: reading `figures/*.csv` and the seeds; filling what a source leaves blank (a blank is unknown, never
zero). Does not belong here: scaling, drawing, or anything about one case.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import SEEDS, day, month_index

FIGURES = Path(__file__).parent / "figures"
KINDS = ("EERSTE", "HERHAALD", "NAREIS", "HERVESTIGING", "HERPLAATSING")
FIRST, REPEAT, REUNION, RESETTLED, RELOCATED = range(5)
TOP_SEVEN = ("SYR", "ERI", "TUR", "IRQ", "AFG", "YEM", "SOM")
OUTCOME_COLUMNS = ("decided_recognised", "decided_other_positive", "decided_rejected", "closed_otherwise")
UNLISTED = {"UNK": "XXX", "PSE": "XXA"}
"""Citizenships of the figures that the BRP table does not have: unknown, and Palestinians as stateless."""
YEARS = range(2017, 2026)


def clamp_year(year: npt.ArrayLike) -> npt.NDArray[np.int32]:
    """The nearest year the figures cover: earlier and later ones repeat the edge."""
    return np.clip(np.asarray(year, dtype=np.int32), 2018, 2025)


def clamp_month(month: int) -> tuple[int, int]:
    """Year and month of the figures for a month counted since 1970-01."""
    return int(clamp_year(1970 + month // 12)), month % 12 + 1


@dataclass(frozen=True)
class Nationalities:
    """Citizenships that occur, with the three ways in which the partners code them."""

    iso3: list[str]
    brp: list[str]
    dutch: list[str]
    group: npt.NDArray[np.int8]
    group_names: list[str]

    def index(self, iso3: str) -> int:
        """Position of a citizenship."""
        return self.iso3.index(iso3)


class Figures:
    """Everything published that the chain is calibrated on."""

    @cached_property
    def _annual(self) -> pl.DataFrame:
        frame = pl.read_csv(FIGURES / "decisions_annual.csv")
        return (
            frame.with_columns(pl.col("citizenship").replace(UNLISTED))
            .group_by("year", "citizenship", maintain_order=True)
            .agg(pl.exclude("year", "citizenship").sum())
            .sort("year", "citizenship")
        )

    @cached_property
    def _monthly(self) -> pl.DataFrame:
        return pl.read_csv(FIGURES / "applications_monthly.csv")

    @cached_property
    def yearly(self) -> dict[int, dict[str, float]]:
        """Assumptions per year, by column of yearly.csv."""
        rows = pl.read_csv(FIGURES / "yearly.csv").to_dicts()
        return {int(row["year"]): row for row in rows}

    @cached_property
    def nationalities(self) -> Nationalities:
        """Citizenships of the figures, by name, with BRP code and group."""
        names = sorted(set(self._annual["citizenship"].to_list()) | set(TOP_SEVEN))
        table = pl.read_csv(SEEDS / "nationalities.csv", schema_overrides={"brp_code": pl.String})
        open_rows = table.filter(pl.col("valid_to").is_null() & pl.col("iso3").is_in(names)).sort("brp_code")
        first = open_rows.unique("iso3", keep="first", maintain_order=True)
        code = dict(zip(first["iso3"], first["brp_code"], strict=True))
        dutch = dict(zip(first["iso3"], first["name_nl"], strict=True))
        groups = pl.read_csv(SEEDS / "nationality_groups.csv")
        named = dict(zip(groups["iso3"], groups["nationality_group"], strict=True))
        group_names = list(dict.fromkeys(groups["nationality_group"].to_list()))
        return Nationalities(
            iso3=names,
            brp=[code[n] for n in names],
            dutch=[dutch[n] for n in names],
            group=np.array([group_names.index(named.get(n, named["*"])) for n in names], dtype=np.int8),
            group_names=group_names,
        )

    def annual(self, column: str) -> npt.NDArray[np.float64]:
        """A column of decisions_annual as year (2018 first) by citizenship; a blank is the citizenship's mean."""
        names = self.nationalities.iso3
        table = np.full((8, len(names)), np.nan)
        for row in self._annual.iter_rows(named=True):
            if row[column] is not None:
                table[row["year"] - 2018, names.index(row["citizenship"])] = row[column]
        known = np.where(np.isnan(table), 0.0, table)
        count = np.maximum((~np.isnan(table)).sum(axis=0), 1)
        return np.where(np.isnan(table), known.sum(axis=0) / count, table)

    def first_applications(self, month: int) -> npt.NDArray[np.float64]:
        """First applications of a month by citizenship: CBS for seven, the rest of its total split as UNHCR's year."""
        year, number = clamp_month(month)
        rows = self._monthly.filter(pl.col("month") == f"{year}-{number:02d}")
        counts = dict(zip(rows["citizenship"], rows["first_applications"], strict=True))
        shares = self.annual("first_applications")[year - 2018].copy()
        names = self.nationalities.iso3
        for name in TOP_SEVEN:
            shares[names.index(name)] = 0
        seven = sum(counts[name] for name in TOP_SEVEN)
        result: npt.NDArray[np.float64] = shares / shares.sum() * (counts["TOTAL"] - seven)
        for name in TOP_SEVEN:
            result[names.index(name)] = counts[name]
        return result

    def repeat_applications(self, month: int) -> npt.NDArray[np.float64]:
        """Repeat applications: IND's month where published, else what is left of UNHCR's year over the blanks."""
        year, number = clamp_month(month)
        total = self._monthly.filter((pl.col("citizenship") == "TOTAL") & pl.col("month").str.starts_with(f"{year}-"))
        known = total["repeat_applications"]
        by_citizenship = self.annual("repeat_applications")[year - 2018]
        value = known[number - 1]
        if value is None:
            left = by_citizenship.sum() - (known.sum() or 0)
            value = max(left / known.null_count(), 20.0)
        return by_citizenship / by_citizenship.sum() * value

    def reunion_grants(self, month: int) -> npt.NDArray[np.float64]:
        """Family reunification granted: CBS for seven citizenships, IND's total or the year's ratio to them."""
        year, number = clamp_month(month)
        rows = self._monthly.filter(pl.col("month") == f"{year}-{number:02d}")
        counts = dict(zip(rows["citizenship"], rows["family_reunification"], strict=True))
        seven = np.array([counts[name] or 0 for name in TOP_SEVEN], dtype=np.float64)
        total = counts["TOTAL"] or seven.sum() * self.yearly[year]["nareis_total_ratio"]
        names = self.nationalities.iso3
        result = np.zeros(len(names))
        rest = self.annual("first_applications")[year - 2018] * np.isin(names, ["IRN", "SDN", "ETH", "XXA", "PAK"])
        result += rest / rest.sum() * max(total - seven.sum(), 0.0)
        for name, value in zip(TOP_SEVEN, seven, strict=True):
            result[names.index(name)] += value
        return result

    @cached_property
    def _anchors(self) -> pl.DataFrame:
        return pl.read_csv(FIGURES / "anchors.csv", try_parse_dates=True)

    def anchors(self, group: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
        """Days and values of the chosen stock anchors of a group, by day."""
        rows = self._anchors.filter(pl.col("group") == group).sort("month_end")
        days = np.array([day(value) for value in rows["month_end"]], dtype=np.int32)
        return days, rows["value"].cast(pl.Float64).to_numpy()

    def anchor_on(self, group: str, when: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Anchor value on days, linear in between, flat outside."""
        days, values = self.anchors(group)
        return np.interp(np.asarray(when), days, values)


def months_between(start: date, end: date) -> range:
    """Months since 1970-01 from the one of start to the one of end."""
    first, last = month_index(np.array([day(start), day(end)]))
    return range(int(first), int(last) + 1)


def day_before(value: date) -> int:
    """Day number of the day before a date."""
    return day(value - timedelta(days=1))

"""Who the persons are, in the three ways in which the partners write them down.

Belongs here: numbers, birth dates, nationality codes, families, and how they differ between partners. Does not belong
here: what happens to a case.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import Days
from analytics.simulation.cases import Cases
from analytics.simulation.draws import Draws
from analytics.simulation.figures import REUNION, Nationalities
from analytics.simulation.outcomes import Codes, is_granted
from analytics.simulation.tables import coded

_PRIME = 2_999_999_929
"""v_nummers are a permutation modulo a prime below 3,000,000,000: unique, with leading zeros in a third."""
SEXES = ("M", "V", "O")


def v_number(person: npt.NDArray[np.int32], offset: int = 0) -> npt.NDArray[np.int64]:
    """The v_nummer of a person; another offset gives the number of a second registration."""
    return (person.astype(np.int64) + 1 + offset) * 1_734_567_811 % _PRIME


def v_text(person: npt.NDArray[np.int32]) -> pl.Series:
    """The v_nummer as written: ten digits, leading zeros kept."""
    return pl.Series(v_number(person)).cast(pl.String).str.zfill(10)


def birth_text(born: Days, unknown: npt.NDArray[np.int8]) -> pl.Series:
    """`YYYY-MM-DD`, with `00` for an unknown day (1) or day and month (2); 1 January instead (3); swapped (4)."""
    dates = pl.Series("born", born).cast(pl.Date)
    frame = pl.DataFrame({"born": dates, "unknown": unknown}).with_columns(
        y=pl.col("born").dt.to_string("%Y"), m=pl.col("born").dt.to_string("%m"), d=pl.col("born").dt.to_string("%d")
    )
    both = pl.col("y") + "-" + pl.col("m") + "-" + pl.col("d")
    swapped = (
        pl.when(pl.col("d").cast(pl.Int8) <= 12)
        .then(pl.col("y") + "-" + pl.col("d") + "-" + pl.col("m"))
        .otherwise(both)
    )
    text = (
        pl.when(pl.col("unknown") == 1)
        .then(pl.col("y") + "-" + pl.col("m") + "-00")
        .when(pl.col("unknown") == 2)
        .then(pl.col("y") + "-00-00")
        .when(pl.col("unknown") == 3)
        .then(pl.col("y") + "-01-01")
        .when(pl.col("unknown") == 4)
        .then(swapped)
        .otherwise(both)
    )
    return frame.select(text.alias("geboortedatum"))["geboortedatum"]


def _sponsors(cases: Cases, decided: Days, outcome: Codes, draws: Draws) -> npt.NDArray[np.int32]:
    """Unit whose grant a family reunification follows: of the same citizenship, not long before; else its own."""
    unit = cases.unit.copy()
    source = np.flatnonzero(cases.asylum & is_granted(outcome) & (cases.place == 0))
    slot = cases.nationality[source].astype(np.int64) * 100_000 + decided[source]
    order = np.argsort(slot, kind="stable")
    source, slot = source[order], slot[order]
    leaders = np.flatnonzero((cases.kind == REUNION) & (cases.place == 0))
    base = cases.nationality[leaders].astype(np.int64) * 100_000
    high = np.searchsorted(slot, base + cases.applied[leaders])
    low = np.searchsorted(slot, base)
    back = np.floor(draws.uniform("sponsor", len(leaders)) * np.minimum(high - low, 200)).astype(np.int64)
    found = high > low
    of_unit = np.arange(int(cases.unit[-1]) + 1, dtype=np.int32)
    of_unit[cases.unit[leaders[found]]] = cases.unit[source[(high - 1 - back)[found]]]
    return of_unit[unit]


@dataclass(frozen=True)
class People:
    """Personal data by case; every case of a person shows the same."""

    person: npt.NDArray[np.int32]
    nationality: npt.NDArray[np.int16]
    sex: npt.NDArray[np.int8]
    family: npt.NDArray[np.int32]
    """family as IND sees it: family members who follow carry their sponsor's"""
    born: Days
    ind_birth: pl.Series
    coa_birth: pl.Series
    rvr_birth: pl.Series
    codes: Nationalities

    def coa_view(self, case: npt.NDArray[np.int32]) -> pl.DataFrame:
        """Columns of bewoner about the person."""
        families = int(self.family.max()) + 1
        return pl.DataFrame(
            {
                "v_nummer": v_number(self.person[case]),
                "geboortedatum": self.coa_birth.gather(case),
                "nationaliteit": coded(self.nationality[case], self.codes.iso3),
                "geslacht": coded(self.sex[case], SEXES),
                "gezin_id": (families - self.family[case]).astype(np.int32),
            }
        )


def make_people(
    cases: Cases,
    person: npt.NDArray[np.int32],
    decided: Days,
    outcome: Codes,
    codes: Nationalities,
    seed: int,
    mess: bool,
) -> People:
    """Personal data, with the differences between partners that extracts.md calls known mess."""
    draws = Draws(seed)
    n = len(cases)
    born = cases.born[person]
    grown = cases.applied - born > 3 * 366
    rate = 1.0 if mess else 0.0
    unknown = draws.pick("birth unknown", [1 - 0.05 * rate, 0.015 * rate, 0.035 * rate], n)[person]
    unknown = np.where(grown, unknown, 0).astype(np.int8)
    coa = np.where(unknown > 0, 3, np.where(grown & draws.chance("coa birth", 0.012 * rate, n)[person], 4, 0)).astype(
        np.int8
    )
    rvr = np.where(unknown > 0, 3, np.where(grown & draws.chance("rvr birth", 0.02 * rate, n)[person], 4, 0)).astype(
        np.int8
    )
    sex = np.where(cases.female, 1, 0).astype(np.int8)
    sex[draws.chance("sex unknown", 0.002, n)] = 2
    return People(
        person=person,
        nationality=cases.nationality[person],
        sex=sex[person],
        family=_sponsors(cases, decided, outcome, draws),
        born=born,
        ind_birth=birth_text(born, unknown),
        coa_birth=birth_text(born, coa),
        rvr_birth=birth_text(born, rvr),
        codes=codes,
    )

"""What a user of the simulator can choose. Belongs here: parameters, their defaults and what they mean.

Does not belong here: published figures and assumptions per year (`figures/*.csv`).
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

Plan = Literal["full", "history", "monthly"]


@dataclass(frozen=True)
class Parameters:
    """One synthetic chain; equal parameters give equal bytes.

    `cases` scales every flow and stock alike (all kinds, family reunification and the opening stock included);
    None is the size that the public figures imply.
    """

    out: Path
    """folder that gets `deliveries/` and `truth/`"""
    cases: int | None = None
    start: date = date(2018, 1, 1)
    end: date = date(2025, 12, 31)
    """reference date of the last delivery"""
    seed: int = 1
    faults: tuple[str, ...] = ()
    """names of `faults.REGISTRY`, or `all`: a delivery each after the last; or one name of `faults.SITUATIONS`"""
    plan: Plan = "history"
    """`full`: one full delivery a partner at `end`; `history`: a full one first, then deltas; `monthly`: the same with
    nothing but month ends, and nothing delivered twice"""
    hearing_gain_days: int = 60
    """true days that the offer of a written hearing brings the first decision forward"""
    easy_offers: bool = False
    """offer written hearings mostly to the groups that are decided fast anyway (confounding by group)"""
    damaged_v_numbers: float = 0.3
    """share of RvR rows whose v_nummer is absent or damaged"""
    steps_per_case: float | None = None
    """mean procedural steps an asylum case, reached with hearings planned and moved; None: what follows by itself"""
    mess: bool = True
    """late registration, backdated corrections, withdrawn rows, double v_numbers"""

    def __post_init__(self) -> None:
        if self.cases is not None and self.cases < 1:
            raise ValueError("cases must be at least 1")
        if self.start >= self.end:
            raise ValueError(f"start {self.start} must lie before end {self.end}")
        if not 0 <= self.damaged_v_numbers <= 1:
            raise ValueError("damaged_v_numbers is a share between 0 and 1")


@dataclass(frozen=True)
class Summary:
    """What one simulation wrote."""

    cases: int
    asylum_cases: int
    deliveries: int
    rows: int
    """rows in all files of all deliveries"""
    bytes: int

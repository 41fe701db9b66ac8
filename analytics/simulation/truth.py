"""What really happened, beside the deliveries: to test linking, stages, effects and restatements against.

Belongs here: the files of `truth/`. Does not belong here: anything that the platform may read.
"""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import polars as pl

from analytics.simulation.calendar import NEVER, Days, day
from analytics.simulation.chain import Chain
from analytics.simulation.hearings import LANDMARK_DAYS
from analytics.simulation.outcomes import Codes
from analytics.simulation.people import v_text
from analytics.simulation.recording import Recorded
from analytics.simulation.stages import STAGES, stage_visits, stock_per_day
from analytics.simulation.tables import coded

_HORIZON = 365


def _dates(days: Days) -> pl.Series:
    series = pl.Series(days.astype(np.int32))
    return series.set(series >= NEVER, None).cast(pl.Date)


def persons(chain: Chain) -> pl.DataFrame:
    """One row a case: its person, the number of that person, and the family that filed together."""
    n = len(chain.cases)
    return pl.DataFrame(
        {
            "case": np.arange(1, n + 1, dtype=np.int32),
            "person": chain.people.person + 1,
            "v_number": v_text(chain.people.person),
            "unit": chain.cases.unit + 1,
            "decided_on": _dates(np.where(chain.decided <= day(chain.parameters.end), chain.decided, NEVER)),
        }
    )


def receptions(chain: Chain) -> pl.DataFrame:
    """One row a resident: the case and person behind the COA number."""
    case = chain.receptions.case
    numbers = np.arange(1, len(case) + 1, dtype=np.int32)
    return pl.DataFrame({"resident": numbers, "case": case + 1, "person": chain.people.person[case] + 1})


def offers(chain: Chain) -> pl.DataFrame:
    """One row a case that could be offered a written hearing: landmark, offer, and both potential decision days."""
    found = np.flatnonzero(chain.hearings.eligible)
    hearings = chain.hearings
    return pl.DataFrame(
        {
            "case": (found + 1).astype(np.int32),
            "landmark_on": _dates(hearings.prepared[found] + LANDMARK_DAYS),
            "offered_on": _dates(hearings.offered[found]),
            "decided_if_offered_on": _dates(hearings.decided_if_offered[found]),
            "decided_if_not_on": _dates(hearings.decided_if_not[found]),
        }
    )


def effects(chain: Chain) -> pl.DataFrame:
    """The true gain of the offer over those offered: in days, and of the wait from the landmark within 365 days."""
    rows = offers(chain).filter(pl.col("offered_on").is_not_null())
    waits = [
        (rows[c] - rows["landmark_on"]).dt.total_days().clip(0, _HORIZON)
        for c in ("decided_if_not_on", "decided_if_offered_on")
    ]
    return pl.DataFrame(
        {
            "effect": ["written_hearing_offer"],
            "unit": ["days from landmark to first decision"],
            "offered": [len(rows)],
            "true_gain": [float(chain.parameters.hearing_gain_days)],
            "true_gain_within_365": [round(float((waits[0] - waits[1]).mean() or 0.0), 6) if len(rows) else None],  # type: ignore[arg-type]
        }
    )


def visits(chain: Chain, procedure: Codes) -> pl.DataFrame:
    """Stage visits of every case as they truly were, up to the end."""
    last = day(chain.parameters.end)
    rows = stage_visits(
        chain.cases,
        chain.people.person,
        chain.course,
        chain.decided,
        chain.outcome,
        chain.remedies,
        chain.receptions,
        procedure,
    )
    return rows.filter(pl.col("entered") <= last).with_columns(
        pl.when(pl.col("left") <= last).then(pl.col("left")).otherwise(NEVER).alias("left")
    )


def write_truth(chain: Chain, recorded: Recorded, folder: Path) -> None:
    """Write every file of `truth/`; csv, so that equal seeds give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    first, last = day(chain.parameters.start), day(chain.parameters.end)
    true_visits = visits(chain, recorded.procedure)
    shown = true_visits.select(
        "case",
        coded(true_visits["stage_no"] - 1, STAGES).alias("stage"),
        pl.col("entered").cast(pl.Date).alias("entered_on"),
        pl.when(pl.col("left") < NEVER).then(pl.col("left")).cast(pl.Date).alias("left_on"),
    )
    double = recorded.double_numbers
    if len(double):
        double = double.with_columns(pl.col("merged_on").cast(pl.Int32).cast(pl.Date))
    files = {
        "persons": persons(chain),
        "receptions": receptions(chain),
        "certificates": recorded.certificates,
        "double_numbers": double,
        "corrections": recorded.corrections,
        "offers": offers(chain),
        "effects": effects(chain),
        "stage_visits": shown,
        "stages_per_day": stock_per_day(true_visits, first, last),
    }
    for name, frame in files.items():
        frame.write_csv(folder / f"{name}.csv")
    settings = {
        k: str(v) if not isinstance(v, (int, float, bool, type(None))) else v
        for k, v in asdict(chain.parameters).items()
        if k != "out"
    }
    summary = {
        "parameters": settings,
        "cases": len(chain.cases),
        "asylum_cases": int(chain.cases.asylum.sum()),
        "scale": chain.cases.scale,
    }
    (folder / "parameters.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")

"""Days as whole numbers since 1970-01-01, months, and working days of the Act's calendar.

Belongs here: arithmetic on days that the other modules share. Does not belong here: any law beyond the calendar.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
from dateutil.easter import easter

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"

Days = npt.NDArray[np.int32]
NEVER = 2_000_000
"""A day that does not come (year 7445): written as null, and later than every other day."""
_EPOCH = date(1970, 1, 1)


def day(value: date) -> int:
    """Days since 1970-01-01."""
    return (value - _EPOCH).days


def to_date(value: int) -> date:
    """The date of a day number."""
    return _EPOCH + timedelta(days=int(value))


def month_index(days: npt.ArrayLike) -> npt.NDArray[np.int32]:
    """Months since 1970-01 of day numbers."""
    return np.asarray(days).astype("datetime64[D]").astype("datetime64[M]").astype(np.int32)


def year_of(days: npt.ArrayLike) -> npt.NDArray[np.int32]:
    """Calendar year of day numbers."""
    return 1970 + np.asarray(days).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int32)


def month_start(month: npt.ArrayLike) -> npt.NDArray[np.int32]:
    """First day of months counted since 1970-01."""
    return np.asarray(month).astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)


def add_months(days: npt.NDArray[np.int32], months: npt.ArrayLike) -> Days:
    """Day of the month kept, or the month's last day."""
    target = month_index(days) + np.asarray(months, dtype=np.int32)
    into = days - month_start(month_index(days))
    return np.minimum(month_start(target) + into, month_start(target + 1) - 1).astype(np.int32)


def _holidays() -> Iterator[date]:
    with (SEEDS / "public_holidays.csv").open(encoding="utf-8") as file:
        rules = list(csv.DictReader(file))
    for year in range(1990, 2060):
        for rule in rules:
            if int(rule["from_year"] or 0) <= year <= int(rule["to_year"] or 9999):
                if rule["easter_offset_days"]:
                    holiday = easter(year) + timedelta(days=int(rule["easter_offset_days"]))
                else:
                    holiday = date(year, int(rule["month"]), int(rule["day_of_month"]))
                shift = int(rule["sunday_shift_days"]) if holiday.weekday() == 6 else 0
                yield holiday + timedelta(days=shift)
    with (SEEDS / "equated_days.csv").open(encoding="utf-8") as file:
        yield from (date.fromisoformat(row["day"]) for row in csv.DictReader(file))


_CALENDAR = np.busdaycalendar(holidays=sorted(np.datetime64(h) for h in set(_holidays())))


def working(days: npt.ArrayLike) -> Days:
    """The day itself when it is a working day, else the next one; NEVER stays NEVER."""
    values = np.asarray(days, dtype=np.int32)
    known = np.minimum(values, NEVER - 1).astype("datetime64[D]")
    rolled = np.busday_offset(known, 0, roll="forward", busdaycal=_CALENDAR).astype(np.int32)
    return np.where(values >= NEVER, NEVER, rolled).astype(np.int32)


def working_before(days: npt.ArrayLike) -> Days:
    """The day itself when it is a working day, else the one before it."""
    known = np.asarray(days, dtype=np.int32).astype("datetime64[D]")
    return np.busday_offset(known, 0, roll="backward", busdaycal=_CALENDAR).astype(np.int32)


def is_working(days: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether day numbers are working days."""
    known = np.asarray(days, dtype=np.int32).astype("datetime64[D]")
    return np.asarray(np.is_busday(known, busdaycal=_CALENDAR))

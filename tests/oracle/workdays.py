"""The calendar of timeline.md: working days of the General Extension of Terms Act, months, rolling."""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta

from dateutil.easter import easter

DAY = timedelta(days=1)


class Workdays:
    """Which days are working days, given the days equated by decree (`equated_days.csv`)."""

    def __init__(self, equated: Iterable[date]) -> None:
        self.equated = set(equated)

    def is_working_day(self, day: date) -> bool:
        """Not Saturday, Sunday, nor a day of the Act."""
        return day.weekday() < 5 and not self.is_day_of_the_act(day)

    def is_day_of_the_act(self, day: date) -> bool:
        sunday = easter(day.year)
        return (
            (day.month, day.day) in {(1, 1), (5, 5), (12, 25), (12, 26)}
            or day == sunday - 2 * DAY  # Good Friday
            or day == sunday + 1 * DAY  # Easter Monday
            or day == sunday + 39 * DAY  # Ascension Day
            or day == sunday + 50 * DAY  # Whit Monday
            or day == feast_of_the_sovereign(day.year)
            or day in self.equated
        )

    def rolled(self, day: date) -> date:
        """The day itself when it is a working day, else the next working day."""
        while not self.is_working_day(day):
            day += DAY
        return day


def feast_of_the_sovereign(year: int) -> date:
    """27 April, the 26th when that is a Sunday; before 2014 30 April, or the 29th."""
    day = date(year, 4, 27) if year >= 2014 else date(year, 4, 30)
    return day - DAY if day.weekday() == 6 else day


def add_months(day: date, months: int) -> date:
    """Keeps the day of the month, or takes the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_between(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included; none when `last` lies before `first`."""
    return [first + n * DAY for n in range((last - first).days + 1)]

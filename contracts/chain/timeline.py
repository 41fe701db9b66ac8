"""Intermediate tables about the way of a case through the stages (timeline.md)."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import Pseudonym, column

EVENTS = (
    "REGISTERED",
    "APPLIED",
    "FIRST_INTERVIEW",
    "PREPARED",
    "HEARD",
    "INTENDED",
    "VIEWED",
    "DECIDED",
    "APPEALED",
    "RULED",
    "HOUSED",
    "LEFT_RECEPTION",
)


class Calendar(Contract):
    """Days from 1990 to 2100: one row a day."""

    day: date = column("calendar day in Europe/Amsterdam")
    is_working_day: bool = column("no Saturday, Sunday or day of the General Extension of Terms Act")
    next_working_on: date = column("the day itself when it is a working day, else the next one")

    class Config:
        name = "intermediate.calendar"
        unique = ["day"]
        not_before = {"later": "next_working_on", "earlier": "day"}


class CaseEvent(Contract):
    """Events of cases up to the as-of date: one row an event."""

    case_id: Pseudonym = dim.case_id()
    happened_on: date = column("day of the event")
    event_no: int = column("order within a day", source="timeline.md", in_range=(1, 12))
    event_rank: int = column("order among equal events of a day (volgnummer)")
    event: str = column("event of timeline.md", isin=EVENTS)
    enters_stage_no: int = column("where it leads when nothing forbids it", in_range=(1, 13))

    class Config:
        name = "intermediate.case_event"
        unique = ["case_id", "happened_on", "event_no", "event_rank"]
        exists_in = {"column": "case_id", "parent": "intermediate.application", "parent_column": "case_id"}


class AppealWindow(Contract):
    """Windows to appeal: one row a refusal."""

    case_id: Pseudonym = dim.case_id()
    decision_no: int = column("rank of the decision within the case")
    last_on: date = column("last day of the window, rolled to a working day", source="rules.appeal_windows")

    class Config:
        name = "intermediate.appeal_window"
        unique = ["case_id", "decision_no"]


class CaseState(Contract):
    """States that cases entered: one row a state, several a day possible."""

    case_id: Pseudonym = dim.case_id()
    state_no: int = column("1, 2, ... by time", ge=1)
    entered_on: date = column("day it was entered")
    stage_no: int = column("number of the stage", source="timeline.md", in_range=(1, 13))

    class Config:
        name = "intermediate.case_state"
        unique = ["case_id", "state_no"]


class StagePeriod(Contract):
    """Periods of a case in a stage at day's end, closed among them: one row a period."""

    case_id: Pseudonym = dim.case_id()
    period_no: int = column("1, 2, ... by time", ge=1)
    visit_no: int = column("1, 2, ... by time of those not closed; empty while closed", nullable=True, ge=1)
    stage_no: int = column("number of the stage", in_range=(1, 13))
    stage: str = dim.stage(isin=dim.STAGES)
    holder: str = dim.holder()
    entered_on: date = column("first day in the stage at day's end")
    left_on: date = column("first day no longer; empty = still there", nullable=True)

    class Config:
        name = "intermediate.stage_period"
        unique = ["case_id", "period_no"]
        after = {"later": "left_on", "earlier": "entered_on"}
        no_overlap = {"by": "case_id", "begins": "entered_on", "ends": "left_on", "rule": "overlapping_period"}


class ChainSpell(Contract):
    """Unbroken times of cases in the chain: one row a case and spell; a case that reopens has another."""

    case_id: Pseudonym = dim.case_id()
    spell_no: int = column("1, 2, ... by time", ge=1)
    entered_on: date = column("day it entered its first stage")
    left_on: date = column("day it closed; empty = still open", nullable=True)

    class Config:
        name = "intermediate.chain_spell"
        unique = ["case_id", "spell_no"]
        after = {"later": "left_on", "earlier": "entered_on"}


class CaseStage(Contract):
    """The stage of every case on the as-of date: one row an application."""

    case_id: Pseudonym = dim.case_id()
    stage: str = dim.stage("stage on the as-of date", isin=dim.STAGES)
    holder: str = dim.holder()
    stage_since: date = column("first day in that stage")
    irrevocable_on: date = column(
        "first day of the last unbroken stay in awaiting_housing, departure, closed", nullable=True
    )

    class Config:
        name = "intermediate.case_stage"
        unique = ["case_id"]


class Month(Contract):
    """Months from the first event of the chain to the as-of date: one row a month."""

    month_start: date = column("first day of the month")
    last_on: date = column("last day of the month; in the last one the as-of date")
    days: int = column("days from month_start to last_on", unit="days", in_range=(1, 31))
    is_last: bool = column("the month of the as-of date")

    class Config:
        name = "intermediate.month"
        unique = ["month_start"]
        not_before = {"later": "last_on", "earlier": "month_start"}

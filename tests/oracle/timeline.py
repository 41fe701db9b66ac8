"""timeline.md: the stage of a case at the end of every day.

Belongs here: stages and visits. Not: terms and counts.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from tests.oracle.case import Case
from tests.oracle.rows import Row
from tests.oracle.rulebook import Rulebook
from tests.oracle.workdays import DAY, days_between

EVENTS = [
    "REGISTERED", "APPLIED", "FIRST_INTERVIEW", "PREPARED", "HEARD", "INTENDED", "VIEWED",
    "DECIDED", "APPEALED", "RULED",
]  # fmt: skip
"""Order within a day. HOUSED and LEFT_RECEPTION, the last two, are judged at day's end (rule 7)."""

STAGE_OF_STEP = {
    "REGISTERED": 1, "APPLIED": 2, "FIRST_INTERVIEW": 3, "PREPARED": 4, "HEARD": 5, "INTENDED": 6,
    "VIEWED": 7,
}  # fmt: skip
FIRST_OF_STEP = {"AANMELDGEHOOR": "FIRST_INTERVIEW", "RVT_EINDE": "PREPARED", "NADER_GEHOOR": "HEARD"}
EACH_OF_STEP = {"VOORNEMEN": "INTENDED", "ZIENSWIJZE": "VIEWED"}
REFUSED = {"NIET_IN_BEHANDELING", "NIET_ONTVANKELIJK", "KENNELIJK_ONGEGROND", "ONGEGROND"}
HOUSING, WINDOW, APPEAL, REDECISION, DEPARTURE, CLOSED = 8, 9, 10, 11, 12, 13


def outcome_group(outcome: str) -> str:
    """granted, refused or other (below the table "Stages")."""
    if outcome.startswith("INWILLIGING_"):
        return "granted"
    return "refused" if outcome in REFUSED else "other"


@dataclass(frozen=True)
class Event:
    """One line of the table "Events of a case"."""

    on: date
    name: str
    number: int
    """volgnummer, 0 where there is none."""
    row: Row


def realised(case: Case, stap: str) -> list[Row]:
    """GEREALISEERD steps of one name, by date, then volgnummer."""
    steps = [s for s in case.processtap if s.stap == stap and s.status == "GEREALISEERD"]
    return sorted(steps, key=lambda s: (s.datum_gerealiseerd, s.volgnummer))


def remedies(case: Case) -> list[Row]:
    """BEROEP and HOGER_BEROEP, by the day they were lodged, then volgnummer."""
    found = [r for r in case.rechtsmiddel if r.soort in {"BEROEP", "HOGER_BEROEP"}]
    return sorted(found, key=lambda r: (r.datum_ingesteld, r.volgnummer))


def events(case: Case) -> list[Event]:
    """Rule 1: by date; within one day in the order of the event table, then by volgnummer."""
    found = [
        Event(case.registered_on, "REGISTERED", 0, case.aanvraag),
        Event(case.applied_on, "APPLIED", 0, case.aanvraag),
    ]
    for stap, name in FIRST_OF_STEP.items():
        found += [Event(s.datum_gerealiseerd, name, s.volgnummer, s) for s in realised(case, stap)[:1]]
    for stap, name in EACH_OF_STEP.items():
        found += [Event(s.datum_gerealiseerd, name, s.volgnummer, s) for s in realised(case, stap)]
    found += [Event(b.datum_beslissing, "DECIDED", b.volgnummer, b) for b in case.decisions]
    for remedy in remedies(case):
        found.append(Event(remedy.datum_ingesteld, "APPEALED", remedy.volgnummer, remedy))
        if remedy.datum_uitspraak:
            found.append(Event(remedy.datum_uitspraak, "RULED", remedy.volgnummer, remedy))
    return sorted(found, key=lambda e: (e.on, EVENTS.index(e.name), e.number))


def first_grant(case: Case) -> date | None:
    """Day of the first INWILLIGING."""
    grants = [b.datum_beslissing for b in case.decisions if outcome_group(b.uitkomst) == "granted"]
    return min(grants, default=None)


def housed_on(case: Case) -> date | None:
    """HOUSED: first VERHUISD datum_verhuizing of the person on or after the first grant."""
    grant = first_grant(case)
    moves = [h.datum_verhuizing for h in case.huisvesting if h.status == "VERHUISD" and h.datum_verhuizing is not None]
    return min((m for m in moves if grant is not None and m >= grant), default=None)


@dataclass
class Walk:
    """One case, walked through its days."""

    case: Case
    rules: Rulebook
    stage: int | None = None
    is_decided: bool = False
    window_ends: date = date.min
    open_remedies: set[int] = field(default_factory=set)
    redecision_pending: bool = False
    closed_from: int | None = None

    def start_day(self, day: date) -> None:
        """Rule 4: a case still in 9 at the end of the last day of the window enters 12 on the day after."""
        if self.stage == WINDOW and day > self.window_ends:
            self.stage = DEPARTURE

    def happen(self, event: Event) -> None:
        """Rules 2 and 3: which event moves the case depends on whether it was decided before."""
        if event.name == "DECIDED":
            self.decide(event.row)
        elif not self.is_decided:
            self.advance(event)
        elif event.name == "APPEALED":
            self.appeal(event)
        elif event.name == "RULED":
            self.rule(event)
        elif event.name in {"INTENDED", "VIEWED"}:
            self.redecide(STAGE_OF_STEP[event.name])

    def advance(self, event: Event) -> None:
        """Rule 2: the highest of 1 to 7 whose event has happened; remedies move nothing; NAREIS: 7 at once."""
        reached = STAGE_OF_STEP.get(event.name, 0)
        if event.name == "APPLIED" and self.case.soort == "NAREIS":
            reached = 7
        if reached:
            self.stage = max(self.stage or 0, reached)

    def decide(self, decision: Row) -> None:
        """Rules 3 and 4; a decision opens any closed case (rule 6)."""
        self.is_decided = True
        self.redecision_pending = False
        group = outcome_group(decision.uitkomst)
        self.move({"granted": HOUSING, "refused": WINDOW, "other": DEPARTURE}[group])
        if self.stage == WINDOW:
            days = self.rules.appeal_days(decision.uitkomst, self.case.procedure)
            counted_from = decision.datum_bekendmaking or decision.datum_beslissing
            self.window_ends = self.rules.workdays.rolled(counted_from + days * DAY)

    def appeal(self, event: Event) -> None:
        """Rule 5: lodged on or after the first decision, so it counts. Rule 6: not in 8, or closed from 8."""
        self.open_remedies.add(event.number)
        if self.stage != HOUSING and self.closed_from != HOUSING:
            self.move(APPEAL)

    def rule(self, event: Event) -> None:
        """Rule 5: the ruling of the last open remedy decides. Rule 6: a closed case opens only by GEGROND."""
        if event.number not in self.open_remedies:
            return  # lodged before the first decision: never counted
        self.open_remedies.remove(event.number)
        if self.open_remedies:
            return  # while another is open RULED moves nothing
        if self.stage == HOUSING or self.closed_from == HOUSING:
            return
        upheld = event.row.uitspraak == "GEGROND" and event.row.indiener != "IND"
        if self.stage == CLOSED and not upheld:
            return
        self.redecision_pending = upheld
        self.move(REDECISION if upheld else DEPARTURE)

    def move(self, stage: int) -> None:
        self.stage = stage
        self.closed_from = None

    def redecide(self, stage: int) -> None:
        """Rule 3: while a redecision is pending a case in 11, 6 or 7 goes to 6 or 7; else steps move nothing."""
        if self.redecision_pending and self.stage in {REDECISION, 6, 7}:
            self.stage = stage

    def end_day(self, day: date) -> None:
        """Rule 7: a case in 8 or 12 with no open reception closes that day, as does one in 8 once housed."""
        if self.stage not in {HOUSING, DEPARTURE}:
            return
        moved = housed_on(self.case) if self.stage == HOUSING else None
        if not self.case.in_reception(day) or (moved is not None and moved <= day):
            self.closed_from = self.stage
            self.stage = CLOSED


def stages(case: Case, rules: Rulebook, as_of: date) -> dict[date, int]:
    """The stage at the end of every day from the first one on which the case has a stage to A."""
    of_day = {day: list(group) for day, group in groupby(events(case), key=lambda e: e.on)}
    walk = Walk(case, rules)
    found: dict[date, int] = {}
    for day in days_between(min(of_day), as_of):
        walk.start_day(day)
        for event in of_day.get(day, []):
            walk.happen(event)
        walk.end_day(day)
        if walk.stage is not None:
            found[day] = walk.stage
    return found


@dataclass(frozen=True)
class Visit:
    """A visit: the first day in the stage at day's end, and the first day no longer (None = there on A)."""

    stage: int
    entered_on: date
    left_on: date | None


def visits(stage_on: dict[date, int]) -> list[Visit]:
    """Unbroken runs of days with one stage; the last run has no end. Closed (13) has no visits."""
    runs = [list(run) for _, run in groupby(sorted(stage_on), key=lambda d: stage_on[d])]
    ends = [run[0] for run in runs[1:]] + [None]
    found = [Visit(stage_on[run[0]], run[0], end) for run, end in zip(runs, ends, strict=True)]
    return [v for v in found if v.stage != CLOSED]


def unbroken_since(stage_on: dict[date, int], wanted: set[int]) -> date | None:
    """First day of the last unbroken stay in the wanted stages that lasts on A; None when A is not in one."""
    since = None
    for day in sorted(stage_on, reverse=True):
        if stage_on[day] not in wanted:
            break
        since = day
    return since


def irrevocable_on(stage_on: dict[date, int]) -> date | None:
    """The first day of the last unbroken stay in stages 8, 12, 13 that lasts on A (marts.md, dim_case)."""
    return unbroken_since(stage_on, {HOUSING, DEPARTURE, CLOSED})


def left_before_decision(case: Case, as_of: date) -> bool:
    """Rule 8: on the eve of the first decision, else on A, none is open, and one ended since registration."""
    eve = case.decided_on - DAY if case.decided_on else as_of
    ended = [r.datum_uitstroom for r in case.bewoner if r.datum_uitstroom is not None]
    return not case.in_reception(eve) and any(case.registered_on <= day <= eve for day in ended)

"""rules.md, "Decision term": the deadline of a case, step by step.

Belongs here: deadlines, and being over term on a day. Not: counts.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle.case import Case
from tests.oracle.rows import Row
from tests.oracle.rulebook import Record, Rulebook, closest, covers, day, specificity
from tests.oracle.workdays import DAY, add_months, days_between


@dataclass(frozen=True)
class Clock:
    """The legal clock of one case at one as-of date."""

    case: Case
    rules: Rulebook
    as_of: date

    def deadline_as_applied(self) -> date | None:
        """With every row whose announced_on <= A, withdrawn or not."""
        return self._deadline(self._start(), self._announced(), set(), full=True)

    def deadline_in_hindsight(self) -> date | None:
        """Leaving out rows whose withdrawn_on <= A."""
        left_out = [r for r in self._announced() if r["withdrawn_on"] and day(r["withdrawn_on"]) <= self.as_of]
        kept = [r for r in self._announced() if r not in left_out]
        texts = {r["matches"] for r in left_out if r["kind"] == "extension" and r["matches"]}
        return self._deadline(self._start(), kept, texts, full=True)

    def deadline_from_loopbrief(self) -> date | None:
        """As applied, from datum_loopbrief, steps 1, 2, 4, 6 only; null when it or s is."""
        if self._start() is None:
            return None
        return self._deadline(self.case.aanvraag.datum_loopbrief, self._announced(), set(), full=False)

    def _start(self) -> date | None:
        """s = datum_aanvraag; in spoor 1 the day the Netherlands became responsible."""
        aanvraag = self.case.aanvraag
        return aanvraag.datum_nl_verantwoordelijk if aanvraag.spoor == 1 else aanvraag.datum_aanvraag

    def _announced(self) -> list[Record]:
        return [r for r in self.rules.statutory_terms if day(r["announced_on"]) <= self.as_of]

    def _deadline(self, start: date | None, rows: list[Record], left_out_texts: set[str], *, full: bool) -> date | None:
        if start is None:
            return None
        base = self._base(start, rows)
        if base is None:
            return None
        months, weeks = int(base["months"] or 0), int(base["weeks"] or 0)

        def deadline_with(added: int) -> date:
            """Step 4, cap: months base and weeks base."""
            cap = int(base["cap_months"]) if base["cap_months"] else None
            if weeks:
                extended = add_months(start + timedelta(weeks=weeks), added)
                return extended if cap is None else min(extended, add_months(start, cap))
            return add_months(start, months + added if cap is None else min(months + added, cap))

        counted = self._general(start, deadline_with(0), rows)
        added = sum(months_per_family(counted))
        if full:
            silent = {r["matches"] for r in counted if r["matches"]} | left_out_texts
            added = self._individual(added, deadline_with, silent)
        deadline = deadline_with(added)
        suspended = self._suspended_days(start, deadline) if full else 0
        deadline += suspended * DAY
        rolls = base["rolls"] == "true" or (base["rolls"] == "unextended" and not added and not suspended)
        return self.rules.workdays.rolled(deadline) if rolls else deadline

    def _base(self, start: date, rows: list[Record]) -> Record | None:
        """Step 1: the base row valid on s; the most specific match wins."""
        valid = [r for r in rows if r["kind"] == "base" and covers(r["filed_from"], r["filed_to"], start)]
        case = self.case
        return closest(valid, soort=case.soort, procedure=case.procedure, outcome=case.outcome)

    def _general(self, start: date, base_deadline: date, rows: list[Record]) -> list[Record]:
        """Step 2: the extension rows that apply to the case."""
        case, counted = self.case, []
        for row in rows:
            fits = specificity(row["applies_to"], soort=case.soort, procedure=case.procedure, outcome=case.outcome)
            if row["kind"] != "extension" or fits is None:
                continue
            filed_within = bool(row["filed_from"] and row["filed_to"]) and covers(
                row["filed_from"], row["filed_to"], start
            )
            opened = day(row["open_on"])
            running = opened is not None and base_deadline >= opened and start <= opened and case.is_undecided(opened)
            if filed_within or running:
                counted.append(row)
        return counted

    def _individual(self, added: int, deadline_with, silent: set[str]) -> int:  # type: ignore[no-untyped-def]
        """Step 3: each VERLENGING in order adds its months, unless it is a general extension in the file."""
        for change in self._changes("VERLENGING"):
            if change.datum_vanaf > self.as_of or change.datum_vanaf > deadline_with(added):
                continue
            if not any(text in (change.grondslag or "") for text in silent):
                added += change.maanden
        return added

    def _suspended_days(self, start: date, deadline: date) -> int:
        """Step 5: days of each OPSCHORTING begun on or before the deadline so far, each calendar day once."""
        counted: set[date] = set()
        for change in self._changes("OPSCHORTING"):
            if change.datum_vanaf > deadline + len(counted) * DAY:
                continue
            last = change.datum_tot or self.as_of
            if self.case.decided_on:
                last = min(last, self.case.decided_on - DAY)
            counted.update(days_between(max(change.datum_vanaf, start), last))
        return len(counted)

    def _changes(self, soort: str) -> list[Row]:
        """In order of datum_vanaf, then volgnummer."""
        found = [t for t in self.case.termijnmutatie if t.soort == soort]
        return sorted(found, key=lambda t: (t.datum_vanaf, t.volgnummer))


def months_per_family(rows: list[Record]) -> list[int]:
    """Rows of one family count once (the largest); a row without a family is its own."""
    families: dict[str, int] = {}
    for row in rows:
        family = row["family"] or row["rule_id"]
        families[family] = max(families.get(family, 0), int(row["months"] or 0))
    return list(families.values())


def is_over_term(case: Case, deadline: date | None, on: date) -> bool:
    """Undecided on d, not suspended on d, and deadline < d."""
    return deadline is not None and deadline < on and case.is_undecided(on) and not case.is_suspended(on)

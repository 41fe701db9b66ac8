"""One application with all its rows, and what is open on a day. Not: stages, terms or counts."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from tests.oracle.rows import Row


@dataclass
class Case:
    """One application with all rows that can matter to it."""

    aanvraag: Row
    person: str
    processtap: list[Row] = field(default_factory=list)
    beslissing: list[Row] = field(default_factory=list)
    rechtsmiddel: list[Row] = field(default_factory=list)
    ingebrekestelling: list[Row] = field(default_factory=list)
    termijnmutatie: list[Row] = field(default_factory=list)
    dwangsombetaling: list[Row] = field(default_factory=list)
    bewoner: list[Row] = field(default_factory=list)
    """Receptions of the person."""
    huisvesting: list[Row] = field(default_factory=list)
    """Matching attempts of the person."""

    def __post_init__(self) -> None:
        self.zaaknummer: str = self.aanvraag.zaaknummer
        self.soort: str = self.aanvraag.soort_aanvraag
        self.procedure: str | None = self.aanvraag.procedure
        self.applied_on: date = self.aanvraag.datum_aanvraag
        self.registered_on: date = self.aanvraag.datum_aanmelding or self.aanvraag.datum_aanvraag

    @cached_property
    def decisions(self) -> list[Row]:
        """By date, then volgnummer."""
        return sorted(self.beslissing, key=lambda b: (b.datum_beslissing, b.volgnummer))

    @cached_property
    def decided_on(self) -> date | None:
        """Day of the first decision."""
        return self.decisions[0].datum_beslissing if self.beslissing else None

    @cached_property
    def outcome(self) -> str | None:
        """Outcome of the first decision."""
        return self.decisions[0].uitkomst if self.beslissing else None

    def is_undecided(self, day: date) -> bool:
        """No decision on or before the day (rules.md)."""
        return self.decided_on is None or self.decided_on > day

    def in_reception(self, day: date) -> bool:
        """Open on d when datum_instroom <= d and datum_uitstroom is null or > d (timeline.md, rule 7)."""
        return any(
            r.datum_instroom <= day and (r.datum_uitstroom is None or r.datum_uitstroom > day) for r in self.bewoner
        )

    def is_impeded(self, day: date) -> bool:
        """More BELEMMERING_START than BELEMMERING_EINDE realised on or before the day (timeline.md, 9)."""
        begun = bisect_right(self.realised_on("BELEMMERING_START"), day)
        return begun > bisect_right(self.realised_on("BELEMMERING_EINDE"), day)

    def realised_on(self, stap: str) -> list[date]:
        """The days of the GEREALISEERD steps of one name, in order."""
        return self._realised.get(stap, [])

    @cached_property
    def _realised(self) -> dict[str, list[date]]:
        found: dict[str, list[date]] = {}
        for step in self.processtap:
            if step.status == "GEREALISEERD":
                found.setdefault(step.stap, []).append(step.datum_gerealiseerd)
        return {stap: sorted(days) for stap, days in found.items()}

    def is_suspended(self, day: date) -> bool:
        """Undecided, and an OPSCHORTING covers the day (rules.md, after step 6)."""
        return self.is_undecided(day) and any(
            t.datum_vanaf <= day and (t.datum_tot is None or day <= t.datum_tot) for t in self._suspensions
        )

    @cached_property
    def _suspensions(self) -> list[Row]:
        return [t for t in self.termijnmutatie if t.soort == "OPSCHORTING"]

"""Random, nasty IND cases. Belongs here: what IND writes of one application. Not: the other partners (`partners`).

Dates are drawn from a handful of offsets on purpose: events then fall on equal days, on the edges of terms and windows,
and in the wrong order, far more often than they do in life.
"""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from tests.chains.facts import DAY, Fact

EDGES = [
    date.fromisoformat(day)
    for day in [
        "2018-06-30", "2019-08-31", "2019-11-19", "2019-11-20", "2020-03-31", "2020-04-01", "2020-05-20",
        "2020-07-11", "2021-08-31", "2022-03-26", "2022-03-27", "2022-09-27", "2022-09-28", "2022-12-31",
        "2023-01-01", "2023-11-30", "2023-12-31", "2024-01-01", "2024-02-29", "2024-12-31", "2025-01-01",
        "2025-08-31", "2026-03-31", "2026-06-11", "2026-06-12",
    ]
]  # fmt: skip
"""Days on which a rule begins, ends or looks, and ends of months."""

NATIONALITIES = {"0336": "SYR", "0339": "TUR", "0100": "DZA", "0300": "AFG", "0000": "XXX", "0499": "XXA"}
"""BRP code -> what COA writes."""

GRANTED = ["INWILLIGING_A", "INWILLIGING_B"]
REFUSED = ["NIET_IN_BEHANDELING", "NIET_ONTVANKELIJK", "KENNELIJK_ONGEGROND", "ONGEGROND"]
OTHER = ["BUITEN_BEHANDELING", "INGETROKKEN", "OVERIG"]
RULINGS = ["GEGROND", "GEGROND", "ONGEGROND", "NIET_ONTVANKELIJK", "INGETROKKEN"]
HEARINGS = {"AANMELDGEHOOR", "NADER_GEHOOR", "AANVULLEND_GEHOOR"}
STEPS = [
    "AANMELDGEHOOR", "RVT_START", "RVT_EINDE", "MEDISCH_ADVIES", "DOSSIER_GEREED", "NADER_GEHOOR",
    "AANVULLEND_GEHOOR", "CORRECTIES_AANVULLINGEN", "VOORNEMEN", "ZIENSWIJZE",
]  # fmt: skip
REASONS = ["TOLK", "GEMACHTIGDE", "NIET_VERSCHENEN", "IND_CAPACITEIT", "ZIEKTE", "OVERIG"]
GROUNDS = [
    "Vw 42(4)", "Vw 42(4)", "WBV 2020/12", "WBV 2022/22", "besluit volgens WBV 2023/3", "WBV 2023/26",
]  # fmt: skip
TEAMS = ["T1", "T2", 'Team "Zwolle", hal 2', "Den Bosch; café", None]


class CaseMaker:
    """Makes the facts of one application, with one source of chance."""

    def __init__(self, chance: Random, zaaknummer: str, v_nummer: str, gezin_id: str | None, until: date) -> None:
        self.chance = chance
        self.until = until
        self.zaaknummer = zaaknummer
        self.facts: list[Fact] = []
        self.filed = self.filing_day()
        self.soort = chance.choices(
            ["EERSTE", "HERHAALD", "NAREIS", "HERVESTIGING", "HERPLAATSING"], [55, 15, 20, 5, 5]
        )[0]
        self.spoor = chance.choice([None, 1, 1, 2, 3, 4, 4, 4, 5])
        self.decided: list[date] = []
        self.granted: list[date] = []
        self.application(v_nummer, gezin_id)
        self.decisions()
        self.steps()
        self.impediments()
        self.remedies()
        self.notices()
        self.term_changes()
        self.payments()

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def some_days(self, *offsets: int) -> Any:
        """One of these numbers of days, as a duration."""
        return self.chance.choice(offsets) * DAY

    def filing_day(self) -> date:
        edges = [day for day in EDGES if day <= self.until]
        if edges and self.maybe(0.5):
            return self.chance.choice(edges)
        first = date(2018, 1, 1)
        return first + self.chance.randrange((self.until - first).days + 1) * DAY

    def add(self, extract: str, number: int | None = None, **cells: Any) -> None:
        row = {"zaaknummer": self.zaaknummer} | ({} if number is None else {"volgnummer": number}) | cells
        self.facts.append(Fact(extract, row))

    def staffing(self) -> dict[str, Any]:
        return {
            "pool": self.chance.choice([None, "INTERN", "EXTERN", "TASKFORCE"]),
            "team": self.chance.choice(TEAMS),
            "uren": self.chance.choice([None, Decimal("0.00"), Decimal("6.50"), Decimal("99.25")]),
        }

    def application(self, v_nummer: str, gezin_id: str | None) -> None:
        registered = self.filed - self.some_days(0, 0, 1, 5, 12, 40) if self.maybe(0.6) else None
        earliest = registered or self.filed - 10 * DAY
        letter = earliest + self.chance.randrange((self.filed - earliest).days + 1) * DAY
        responsible = self.filed + self.some_days(-20, 0, 30, 100, 400)
        self.add(
            "aanvraag",
            v_nummer=v_nummer,
            gezin_id=gezin_id,
            soort_aanvraag=self.soort,
            datum_aanmelding=registered,
            datum_loopbrief=letter if self.maybe(0.5) else None,
            datum_aanvraag=self.filed,
            datum_nl_verantwoordelijk=responsible if self.maybe(0.6 if self.spoor == 1 else 0.1) else None,
            nationaliteit=self.chance.choice(list(NATIONALITIES)),
            geboortedatum=self.chance.choice([None, "1990-05-17", "1988-00-00", "2004-02-29", "2010-01-01"]),
            geslacht=self.chance.choice("MVO"),
            amv=self.maybe(0.1),
            spoor=self.spoor,
            procedure=self.chance.choice([None, "AA", "AA+", "VA", "GRENS", "VERSNELD"]),
            complexiteit=self.chance.choice([None, "STANDAARD", "COMPLEX", "ZEER_COMPLEX"]),
            team=self.chance.choice(TEAMS),
            project=self.chance.choice([None, None, "TASKFORCE", "Spoed é"]),
            schriftelijk_aangeboden=self.filed + self.some_days(10, 60, 90) if self.maybe(0.3) else None,
        )

    def decisions(self) -> None:
        day = self.filed + self.some_days(0, 1, 20, 60, 150, 183, 184, 185, 300, 456, 640, 700)
        numbers = self.chance.sample(range(1, 9), self.chance.choice([0, 0, 1, 1, 1, 2, 3, 4]))
        for number in numbers:
            granted = ["INWILLIGING_NAREIS"] if self.soort == "NAREIS" else GRANTED
            outcome = self.chance.choice(self.chance.choices([granted, REFUSED, OTHER], [4, 5, 1])[0])
            self.decided.append(day)
            if outcome in granted:
                self.granted.append(day)
            notified = self.chance.choice([None, day, day, day + 3 * DAY, day + 30 * DAY])
            self.add(
                "beslissing",
                number,
                datum_beslissing=day,
                datum_bekendmaking=notified,
                uitkomst=outcome,
                **self.staffing(),
            )
            day += self.some_days(0, 1, 7, 28, 29, 30, 100, 400)

    def steps(self) -> None:
        number = self.chance.randrange(1, 4)
        day = self.filed + self.some_days(-3, 0, 0, 5, 20)
        for stap in STEPS:
            for _ in range(self.chance.choice([0, 1, 1, 1, 2])):
                day += self.some_days(-30, 0, 0, 1, 7, 20, 60, 200)
                around = self.decided and stap in {"VOORNEMEN", "ZIENSWIJZE"} and self.maybe(0.5)
                on = self.chance.choice(self.decided) + self.some_days(-20, 0, 40, 130, 260) if around else day
                self.step(number, stap, on)
                number += self.chance.choice([1, 1, 3])

    def step(self, number: int, stap: str, on: date) -> None:
        status = self.chance.choices(["GEREALISEERD", "GEPLAND", "GEANNULEERD", "VERZET"], [8, 1, 1, 1])[0]
        done = status == "GEREALISEERD"
        put_off = status in {"GEANNULEERD", "VERZET"}
        held = self.chance.choice(["MONDELING", "SCHRIFTELIJK", "VIDEO"])
        self.add(
            "processtap",
            number,
            stap=stap,
            datum_gepland=self.chance.choice([None, on, on + 5 * DAY]),
            datum_gerealiseerd=on if done else None,
            status=status,
            reden=self.chance.choice([None, *REASONS]) if put_off else None,
            vorm=held if stap in HEARINGS else None,
            **self.staffing(),
        )

    def impediments(self) -> None:
        number, day = 50, self.filed + self.some_days(-5, 0, 30, 100)
        for _ in range(self.chance.choice([0, 0, 0, 1, 2, 3, 5])):
            self.step(number, "BELEMMERING_" + self.chance.choice(["START", "START", "EINDE"]), day)
            day += self.some_days(0, 0, 1, 30, 200)
            number += 1

    def remedies(self) -> None:
        for number in self.chance.sample(range(1, 12), self.chance.choice([0, 0, 1, 2, 3, 4])):
            soort = self.chance.choice(["BEROEP", "BEROEP", "HOGER_BEROEP", "VOVO", "BEROEP_NTB"])
            near = self.chance.choice(self.decided or [self.filed + 200 * DAY])
            lodged = near + self.some_days(-30, -1, 0, 0, 1, 7, 8, 9, 28, 29, 31, 60, 300)
            ruled = self.chance.choice([None, lodged, lodged + 30 * DAY, lodged + 200 * DAY, *self.decided])
            if ruled is not None and ruled < lodged:
                ruled = None
            ruling = self.chance.choice(RULINGS) if ruled else None
            penalised = soort == "BEROEP_NTB" and ruling == "GEGROND"
            self.add(
                "rechtsmiddel",
                number,
                soort=soort,
                indiener=self.chance.choice([None, "VREEMDELING", "VREEMDELING", "IND"]),
                datum_ingesteld=lodged,
                datum_uitspraak=ruled,
                uitspraak=ruling,
                beslistermijn_dagen=self.chance.choice([1, 14, 56, 366]) if penalised else None,
                dwangsom_per_dag=self.chance.choice([Decimal(0), Decimal(100), Decimal("33.33")])
                if penalised
                else None,
                dwangsom_maximum=self.chance.choice([Decimal(0), Decimal(1000), Decimal(7500)]) if penalised else None,
            )

    def notices(self) -> None:
        for number in range(1, self.chance.choice([0, 0, 1, 2, 3]) + 1):
            received = self.filed + self.some_days(100, 181, 184, 185, 190, 274, 456, 458, 480, 640, 645)
            withdrawn = received + self.some_days(0, 13, 14, 15, 16, 18, 60) if self.maybe(0.3) else None
            self.add("ingebrekestelling", number, datum_ontvangst=received, datum_ingetrokken=withdrawn)

    def term_changes(self) -> None:
        number = 0
        for _ in range(self.chance.choice([0, 0, 1, 2])):
            number += 1
            self.add(
                "termijnmutatie",
                number,
                soort="VERLENGING",
                grondslag=self.chance.choice(GROUNDS),
                maanden=self.chance.choice([1, 3, 6, 9, 15]),
                datum_vanaf=self.filed + self.some_days(-1, 0, 60, 181, 184, 186, 300, 455, 457, 640),
                datum_tot=None,
            )
        for _ in range(self.chance.choice([0, 0, 0, 1, 2, 3])):
            number += 1
            begun = self.filed + self.some_days(-20, 0, 80, 100, 110, 183, 186, 300, 456, 460)
            self.add(
                "termijnmutatie",
                number,
                soort="OPSCHORTING",
                grondslag="Vw 42(4)",
                maanden=None,
                datum_vanaf=begun,
                datum_tot=begun + self.some_days(0, 10, 30, 200, 900) if self.maybe(0.75) else None,
            )

    def payments(self) -> None:
        for number in range(self.chance.choice([0, 0, 0, 1, 2])):
            self.add(
                "dwangsombetaling",
                betaling_id=f"B{self.zaaknummer}-{number}",
                soort=self.chance.choice(["BESTUURLIJK", "RECHTERLIJK"]),
                datum_betaling=self.filed + self.some_days(300, 500, 700),
                bedrag_eur=self.chance.choice([Decimal("23.00"), Decimal("1442.00"), Decimal("99.99")]),
            )

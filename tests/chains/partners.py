"""Random, nasty rows of COA and RvR around given cases, and IND's and RvR's weekly rosters.

Belongs here: receptions, stays, housing, certificates, rosters. Does not belong here: the cases (`cases`).
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.chains.cases import NATIONALITIES, CaseMaker
from tests.chains.facts import DAY, Fact, Row

DUTCH = {"0336": "Syrische", "0339": "Turkse", "0100": "Algerijnse", "0300": "Afghaanse"}
EXITS = [
    "HUISVESTING", "ZELFSTANDIG_VERTREK", "GEDWONGEN_VERTREK", "MOB", "DUBLIN_OVERDRACHT", "OVERLEDEN", "OVERIG",
]  # fmt: skip
KINDS_OF_CERTIFICATE = ["AANMELDFASE", "AA", "VA", "DUBLIN", "BEROEP", "HOGER_BEROEP", "VOVO", "BEROEP_NTB"]
KINDS_OF_LOCATION = ["COL", "POL", "AZC", "POA", "NOODOPVANG", "CRISISNOODOPVANG", "HTL", "VBL", "GL"]
CENTRES = ["TER_APEL", "ZEVENAAR", "DEN_BOSCH", "SCHIPHOL", "BUDEL"]


class PartnerMaker:
    """Makes COA's and RvR's facts about the persons of a chain; numbers continue within the chain's block."""

    def __init__(self, chance: Random, block: int, until: date) -> None:
        self.chance = chance
        self.block = block
        self.until = until
        self.facts: list[Fact] = []
        self.residents = 0
        self.certificates = 0
        self.locations = [f"L{block}-{n}" for n in range(3)]
        for code in self.locations:
            self.location(code)

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def some_days(self, *offsets: int) -> timedelta:
        return self.chance.choice(offsets) * DAY

    def location(self, code: str) -> None:
        moved = date(2021, 7, 1) if self.maybe(0.5) else None
        for start, end in [(date(2015, 1, 1), moved and moved - DAY), (moved, None)]:
            if start is not None:
                row = {
                    "locatiecode": code,
                    "geldig_vanaf": start,
                    "geldig_tot": end,
                    "naam": f"Locatie {code}, 't Gooi",
                    "gemeentecode": self.chance.choice(["GM0363", "GM0518", "GM0014"]),
                    "soort": self.chance.choice(KINDS_OF_LOCATION),
                    "capaciteit": self.chance.choice([0, 5, 400]),
                }
                self.facts.append(Fact("locatie", row))

    def person(self, v_nummer: str, cases: list[CaseMaker]) -> None:
        """Everything of one person: receptions that touch, overlap, are empty or never end, and what follows."""
        start = min(case.filed for case in cases) + self.some_days(-30, -1, 0, 0, 0, 5, 200)
        decided = [day for case in cases for day in case.decided]
        for _ in range(self.chance.choice([0, 1, 1, 1, 2, 3])):
            lasting = start + self.some_days(0, 1, 10, 100, 400, 800)
            end = self.chance.choice([None, None, lasting, *decided])
            if end is not None and end < start:
                end = start
            self.reception(v_nummer, start, end, cases)
            start = max((end or start) + self.some_days(0, -20, 1, 30), date(2015, 1, 1))

    def reception(self, v_nummer: str, start: date, end: date | None, cases: list[CaseMaker]) -> None:
        self.residents += 1
        number = f"C{self.block * 1000 + self.residents:08d}"
        aanvraag = self.chance.choice(cases).facts[0].row
        row = {
            "coa_nummer": number,
            "v_nummer": None if self.maybe(0.1) else v_nummer,
            "geboortedatum": aanvraag["geboortedatum"] or "1990-01-01",
            "nationaliteit": NATIONALITIES[aanvraag["nationaliteit"]],
            "geslacht": aanvraag["geslacht"],
            "gezin_id": self.chance.choice([None, f"F{self.block}-{v_nummer[-2:]}"]),
            "datum_instroom": start,
            "datum_uitstroom": end,
            "reden_uitstroom": self.chance.choice(EXITS) if end else None,
        }
        self.facts.append(Fact("bewoner", row))
        self.stays(number, start, end)
        self.housing(number, start, cases)

    def stays(self, coa_nummer: str, start: date, end: date | None) -> None:
        """Stays that touch on their end days, and do not always fill the reception."""
        arrival = start
        for number in range(self.chance.choice([0, 1, 1, 2, 3])):
            departure = arrival + self.some_days(0, 1, 30, 200) if self.maybe(0.7) else end
            if end is not None and (departure is None or departure > end):
                departure = end
            row = {
                "verblijf_id": f"S{coa_nummer}-{number}",
                "coa_nummer": coa_nummer,
                "locatiecode": self.chance.choice(self.locations),
                "datum_aankomst": arrival,
                "datum_vertrek": departure,
            }
            self.facts.append(Fact("verblijf", row))
            if departure is None or departure == end:
                return
            arrival = departure

    def housing(self, coa_nummer: str, start: date, cases: list[CaseMaker]) -> None:
        grants = [day for case in cases for day in case.granted] or [start]
        for number in range(1, self.chance.choice([0, 1, 1, 2, 3]) + 1):
            grant = self.chance.choice(grants)
            matched = grant + self.some_days(0, 14, 40) if self.maybe(0.7) else None
            moved = (matched or grant) + self.some_days(0, 1, 58, 84, 98) if self.maybe(0.6) else None
            row = {
                "coa_nummer": coa_nummer,
                "volgnummer": number,
                "datum_vergunning": grant,
                "datum_koppeling": matched,
                "gemeentecode": "GM0363" if matched else None,
                "datum_verhuizing": moved,
                "status": "VERHUISD" if moved and self.maybe(0.8) else self.unfinished(),
            }
            self.facts.append(Fact("huisvesting", row))

    def unfinished(self) -> str:
        return self.chance.choice(["TE_KOPPELEN", "GEKOPPELD", "GEWEIGERD", "VERVALLEN"])

    def certificates_of(self, case: CaseMaker) -> None:
        """RvR's known mess: damaged or absent v_numbers, unknown case numbers, Dutch nationalities."""
        aanvraag = case.facts[0].row
        for _ in range(self.chance.choice([0, 1, 1, 2, 3])):
            self.certificates += 1
            received = case.filed + self.some_days(-10, 0, 0, 10, 60, 200, 400)
            decided = received + self.some_days(0, 3, 20, 60) if self.maybe(0.8) else None
            settled = decided + self.some_days(0, 100, 300) if decided and self.maybe(0.6) else None
            row = {
                "toevoegingsnummer": certificate_number(self.block * 1000 + self.certificates),
                "v_nummer": self.damaged(aanvraag["v_nummer"]),
                "zaaknummer": self.chance.choice([None, None, case.zaaknummer, "Z999999999"]),
                "geboortedatum": self.chance.choice([None, aanvraag["geboortedatum"]]),
                "nationaliteit": self.chance.choice([None, DUTCH.get(aanvraag["nationaliteit"])]),
                "geslacht": self.chance.choice([None, aanvraag["geslacht"]]),
                "advocaat_code": f"A{self.chance.randrange(20):03d}",
                "zaakcode": self.chance.choice(["V010", "V030", "V041"]),
                "soort": self.chance.choice(KINDS_OF_CERTIFICATE),
                "schriftelijk": self.chance.choice([None, True, False]),
                "datum_ontvangst": received,
                "datum_besluit": decided,
                "besluit": self.chance.choice(["VERLEEND", "VERLEEND", "AFGEWEZEN", "BUITEN_BEHANDELING"])
                if decided
                else None,
                "datum_vaststelling": settled,
                "punten": Decimal("8.50") if settled else None,
                "bedrag_eur": Decimal("1068.12") if settled else None,
            }
            self.facts.append(Fact("toevoeging", row))

    def damaged(self, v_nummer: str) -> str | None:
        at = self.chance.randrange(1, 9)
        return self.chance.choice(
            [
                None,
                v_nummer,
                v_nummer,
                v_nummer.lstrip("0"),
                f"{v_nummer[:4]}.{v_nummer[4:7]} {v_nummer[7:]}",
                v_nummer[:at] + v_nummer[at + 1] + v_nummer[at] + v_nummer[at + 2 :],
            ]
        )

    def rosters(self) -> None:
        """A few weeks of staff and of duty lawyers, some of them still to come."""
        monday = self.until - (self.until.weekday() + 70) * DAY
        for week in (monday + n * 7 * DAY for n in range(12)):
            if self.maybe(0.8):
                self.facts.append(Fact("capaciteit", self.staff(week)))
            row = {
                "week": week,
                "ac_locatie": self.chance.choice(CENTRES),
                "dagdelen_beschikbaar": self.chance.choice([0, 10, 40]),
                "dagdelen_ingepland": self.chance.choice([0, 10, 50]),
                "dagdelen_benut": self.chance.randrange(50) if week <= self.until else None,
            }
            self.facts.append(Fact("rooster", row))

    def staff(self, week: date) -> Row:
        return {
            "week": week,
            "team": self.chance.choice(["T1", "T2", f"T{self.block}"]),
            "pool": self.chance.choice(["INTERN", "EXTERN", "TASKFORCE"]),
            "rol": self.chance.choice(["VOORBEREIDEN", "HOREN", "BESLISSEN"]),
            "fte": Decimal("4.50"),
            "fte_in_opleiding": self.chance.choice([Decimal("0.00"), Decimal("4.50")]),
            "uren_beschikbaar": Decimal("160.00"),
            "uren_productief": self.chance.choice([Decimal("0.00"), Decimal("120.25"), Decimal("160.00")]),
            "gepland_gehoren": self.chance.choice([None, 0, 8]),
            "gepland_beslissingen": self.chance.choice([None, 0, 8]),
        }


def certificate_number(number: int) -> str:
    """Digit, two capitals, four digits: a different one for each number below 67,600,000."""
    rest, tail = divmod(number, 10_000)
    rest, second = divmod(rest, 26)
    lead, first = divmod(rest, 26)
    return f"{lead % 10}{chr(65 + first)}{chr(65 + second)}{tail:04d}"

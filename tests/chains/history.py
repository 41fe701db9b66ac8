"""Successive deliveries of a generated chain: what partners knew, when. Belongs here: lateness, change, withdrawal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from tests.chains.facts import DAY, DROPPED_BEFORE, KEYS, PARTNER_EXTRACTS, Fact, Row, Rows, seen
from tests.chains.generated import facts_of
from tests.chains.writing import PLAIN, Base, Form, write_delivery

FREE = {"dwangsombetaling", "toevoeging"}
"""Extracts whose rows nothing refers to."""


@dataclass(frozen=True)
class Delivery:
    """One delivery of a history; `write` puts it on disk."""

    partner: str
    reference_on: date
    sequence: int
    rows: Rows
    extracts: tuple[str, ...]
    """Those it holds; the others are left out and keep their last content."""
    before: "Delivery | None" = None
    """The newest delivery in force of the partner when this one was made; a delta is made against it."""

    @property
    def name(self) -> str:
        """As a folder and as `base` name it."""
        return f"{self.reference_on}" if self.sequence == 1 else f"{self.reference_on}.{self.sequence}"

    def write(self, home: Path, form: Form = PLAIN, *, delta: bool = False) -> Path:
        """Writes it full, or as a delta against `before` when there is one."""
        base = Base(self.before.name, self.before.content()) if delta and self.before else None
        return write_delivery(
            self.rows,
            home,
            self.partner,
            self.reference_on,
            self.sequence,
            extracts=self.extracts,
            form=form,
            base=base,
        )

    def content(self) -> Rows:
        """What the partner's word is after this delivery: extracts left out keep the content of the one before."""
        earlier = self.before.content() if self.before else {}
        return earlier | {extract: self.rows[extract] for extract in self.extracts}


def history(seed: int, cases: int = 10, deliveries: int = 4, *, block: int = 0) -> list[Delivery]:
    """Deliveries of the three partners over several reference dates, in order of (partner, date, sequence).

    Between them rows are added, changed, withdrawn and come back-dated; v_numbers of a case are replaced; some
    deliveries leave extracts out, some are followed by a corrected redelivery. Every state keeps the contracts at
    its date, also when parents are withdrawn or an extract keeps its older content.
    """
    chance = Random(f"history {seed}")
    last = chance.choice([date(2024, 2, 29), date(2025, 7, 31), date(2026, 11, 20)])
    facts = facts_of(seed, cases, block, last)
    dates = sorted(last - day * DAY for day in {0, *chance.sample(range(1, 1500), deliveries - 1)})
    for fact in facts:
        live_through(fact, chance, dates)
    found: list[Delivery] = []
    for partner in PARTNER_EXTRACTS:
        found += of_partner(partner, facts, dates, chance)
    return found


def live_through(fact: Fact, chance: Random, dates: list[date]) -> None:
    """Recorded late, corrected, withdrawn: each for a share of the facts."""
    first = fact.row.get(DROPPED_BEFORE.get(fact.extract, ""), None)
    if first is not None and chance.random() < 0.3:
        fact.known_from = first + chance.choice([3, 40, 200, 600]) * DAY
    if chance.random() < 0.3:
        fact.changes.append((chance.choice(dates), correction(fact, chance)))
    if chance.random() < 0.05:
        fact.gone_from = chance.choice(dates)


def correction(fact: Fact, chance: Random) -> Row:
    """Other cells for a row, none of which can break its contract."""
    match fact.extract:
        case "aanvraag":
            merged = str(9_000_000_000 + int(fact.row["v_nummer"]))
            return chance.choice(
                [{"v_nummer": merged}, {"nationaliteit": "0339"}, {"spoor": 4}, {"project": "TASKFORCE"}]
            )
        case "beslissing":
            later = {"datum_beslissing": fact.row["datum_beslissing"] + 5 * DAY, "datum_bekendmaking": None}
            return chance.choice([later, {"uitkomst": "ONGEGROND"}, {"uitkomst": "INWILLIGING_A"}])
        case "processtap":
            return {"team": "T9", "uren": None}
        case "rechtsmiddel":
            return {"indiener": "IND"}
        case "bewoner":
            return chance.choice([{"v_nummer": None}, {"datum_uitstroom": None, "reden_uitstroom": None}])
        case "huisvesting":
            return {"status": "VERVALLEN"}
        case "toevoeging":
            return {"v_nummer": None}
        case _:
            return {}


def of_partner(partner: str, facts: list[Fact], dates: list[date], chance: Random) -> Iterator[Delivery]:
    """One partner's deliveries: a few days beside the others', some without an extract, some delivered again."""
    before: Delivery | None = None
    everything = tuple(PARTNER_EXTRACTS[partner])
    for day in dates:
        on = day - chance.choice([0, 0, 0, 1, 6]) * DAY
        if before is not None and (on <= before.reference_on or chance.random() < 0.15):
            continue
        rows = {extract: content for extract, content in seen(facts, on).items() if extract in everything}
        optional = [e for e in everything if not is_referred_to_or_refers(e)]
        left_out = {e for e in optional if before is not None and chance.random() < 0.2}
        held = tuple(e for e in everything if e not in left_out) or everything
        for sequence in (1, 2) if chance.random() < 0.2 else (1,):
            content = mistaken(rows, chance) if sequence == 1 and chance.random() < 0.5 else rows
            delivery = Delivery(partner, on, sequence, content, held, before)
            yield delivery
        before = delivery


def is_referred_to_or_refers(extract: str) -> bool:
    """Extracts that only together keep their references: leaving one out could orphan another's rows."""
    return bool({"zaaknummer", "coa_nummer"} & set(KEYS[extract])) or extract in {"dwangsombetaling", "verblijf"}


def mistaken(rows: Rows, chance: Random) -> Rows:
    """The same without some payments and certificates: rows that nothing refers to."""
    return {
        extract: [row for row in content if extract not in FREE or chance.random() < 0.8]
        for extract, content in rows.items()
    }

"""A whole generated chain. Belongs here: cases and partners of one seed put together. Not: files and deliveries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from random import Random

from tests.chains.cases import CaseMaker
from tests.chains.facts import PARTNER_EXTRACTS, Fact, Rows, key_of, seen
from tests.chains.partners import PartnerMaker

AS_OF = [
    date(2020, 5, 17), date(2022, 9, 27), date(2024, 2, 29), date(2025, 6, 29), date(2025, 7, 31), date(2026, 11, 20),
]  # fmt: skip
"""Days that a chain may be seen on: some lie on the edge of a rule."""


@dataclass(frozen=True)
class Chain:
    """Every extract of all partners as of one day, typed: str, int, bool, Decimal, date, None."""

    as_of: date
    rows: Rows

    def of(self, partner: str) -> Rows:
        """The extracts of one partner."""
        return {extract: self.rows[extract] for extract in PARTNER_EXTRACTS[partner]}


def chain(seed: int, cases: int = 15, *, block: int = 0, as_of: date | None = None) -> Chain:
    """A chain of about `cases` applications; the same arguments give the same chain.

    `block` (0 to 67,000) keeps the numbers of chains apart that are to share a home. `as_of` is drawn when absent.
    """
    seen_on = as_of or Random(f"as of {seed}").choice(AS_OF)
    return Chain(seen_on, seen(facts_of(seed, cases, block, seen_on), seen_on))


def facts_of(seed: int, cases: int, block: int, until: date) -> list[Fact]:
    """Everything that happens in a chain, also what is not yet known on `until`; no application is later."""
    chance = Random(f"chain {seed}")
    partners = PartnerMaker(chance, block, until)
    of_person: dict[str, list[CaseMaker]] = {}
    facts: list[Fact] = []
    for number in range(1, cases + 1):
        v_nummer = f"{block * 1000 + number:010d}"
        if of_person and chance.random() < 0.3:
            v_nummer = chance.choice(sorted(of_person))
        family = chance.choice([None, f"G{block}-{number}", f"G{block}-{chance.randint(1, 4)}"])
        case = CaseMaker(chance, f"Z{block * 1000 + number:09d}", v_nummer, family, until)
        of_person.setdefault(v_nummer, []).append(case)
        facts += case.facts
        partners.certificates_of(case)
    for v_nummer, theirs in of_person.items():
        partners.person(v_nummer, theirs)
    partners.rosters()
    return unique(facts + partners.facts)


def unique(facts: Iterable[Fact]) -> list[Fact]:
    """The first fact of every key."""
    first: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        first.setdefault((fact.extract, *key_of(fact.extract, fact.row)), fact)
    return list(first.values())


def merge(chains: Iterable[Chain]) -> Chain:
    """One chain of several with disjoint blocks and one as-of date; of a roster week named twice the first stays.

    Raises:
        ValueError: the as-of dates differ.
    """
    several = list(chains)
    if len({c.as_of for c in several}) != 1:
        raise ValueError("chains of different as-of dates cannot share a home")
    rows: Rows = {}
    for extract in several[0].rows:
        by_key = {key_of(extract, row): row for c in reversed(several) for row in reversed(c.rows[extract])}
        rows[extract] = list(reversed(by_key.values()))
    return Chain(several[0].as_of, rows)

"""linking.md, step 1: one person, however often registered, and the rows of each case.

Belongs here: which rows belong together. Does not belong here: certificates (`legal_aid`), any figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.oracle.case import Case
from tests.oracle.rows import EXTRACTS, Row, Rows, normalised, note_v_numbers, typed


def persons(carried: Mapping[str, set[str]]) -> dict[str, str]:
    """v_number -> person: those that one zaaknummer or coa_nummer carried are one person (linking.md, 1)."""
    group: dict[str, set[str]] = {}
    for numbers in carried.values():
        together = set(numbers).union(*(group.get(n, set()) for n in numbers))
        for number in together:
            group[number] = together
    return {number: min(members) for number, members in group.items()}


@dataclass(frozen=True)
class Linked:
    """Every case with its rows, and what certificates are linked by."""

    cases: dict[str, Case]
    person_of: dict[str, str]
    """v_number -> person, of everybody with a case or a reception now."""
    certificates: list[Row]


def linked(rows: Rows, carried: Mapping[str, set[str]] | None = None) -> Linked:
    """Every application with its rows, by zaaknummer; `carried`: v_numbers of earlier deliveries."""
    tables = {
        name: [r if isinstance(r, Row) else Row(**{k: typed(k, v) for k, v in r.items()}) for r in content]
        for name, content in rows.items()
    }
    all_carried = {key: set(numbers) for key, numbers in (carried or {}).items()}
    note_v_numbers(tables, all_carried)
    person_of = persons(all_carried)
    cases = {
        a.zaaknummer: Case(a, person_of[normalised(a.v_nummer)])
        for a in sorted(tables["aanvraag"], key=lambda a: a.zaaknummer)
    }
    for extract in EXTRACTS["ind"][1:7]:
        for row in tables.get(extract, []):
            getattr(cases[row.zaaknummer], extract).append(row)
    person_of_resident = {
        b.coa_nummer: person_of[normalised(b.v_nummer)] for b in tables.get("bewoner", []) if b.v_nummer
    }
    cases_of_person: dict[str, list[Case]] = {}
    for case in cases.values():
        cases_of_person.setdefault(case.person, []).append(case)
    for extract in ("bewoner", "huisvesting"):
        for row in tables.get(extract, []):
            for case in cases_of_person.get(person_of_resident.get(row.coa_nummer, ""), []):
                getattr(case, extract).append(row)
    here = {case.person for case in cases.values()} | set(person_of_resident.values())
    known = {number: person for number, person in person_of.items() if person in here}
    return Linked(cases, known, tables.get("toevoeging", []))

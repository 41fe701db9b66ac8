"""Whom a request to forget means: from a v_number, or a day, to all numbers that the history knows of them.

Belongs here: reading them from the working database. Does not belong here: what is done with them.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration import database
from orchestration.forgotten import V_NUMBER, Record, hash_of, normalised
from orchestration.raw.pseudonyms import digits, pseudonym
from orchestration.raw.pseudonyms import normalised as normalised_sql
from orchestration.raw.setting_apart import numbers_of
from orchestration.settings import Settings

KIND_WORDS = {"zaaknummer": "cases", "coa_nummer": "receptions", "toevoegingsnummer": "certificates"}

PERSON = f"""
    with recursive carried as (
        select 'zaaknummer' as kind, zaaknummer as number, v_nummer, _ok from raw.ind__aanvraag
        union
        select 'coa_nummer', coa_nummer, v_nummer, _ok from raw.coa__bewoner
    ),
    person as (
        select $v_number as v_nummer
        union
        select other.v_nummer
        from person
        inner join carried as this on person.v_nummer = this.v_nummer
        inner join carried as other on this.kind = other.kind and this.number = other.number and other._ok
    ),
    carrier as (select distinct kind, number from carried semi join person using (v_nummer) where number is not null)
    select 'v_nummer' as kind, v_nummer as number from person where v_nummer is not null
    union
    select kind, number from carrier
    union
    select 'toevoegingsnummer', toevoegingsnummer from raw.rvr__toevoeging
    where toevoegingsnummer is not null and (
        {normalised_sql(V_NUMBER, "v_nummer")} in (select v_nummer from person)
        or zaaknummer in (select number from carrier where kind = 'zaaknummer')
    )
    order by all
"""

# A number is over when the partner has closed it on A, or withdrawn it; a person when all of its numbers are.
ENDED = f"""
    with known as (select as_of_on from raw.as_of),
    certificate_end as (
        select toevoegingsnummer as number, greatest(datum_ontvangst, datum_besluit, datum_vaststelling) as ended_on
        from raw.rvr__toevoeging cross join known
        where _valid_from <= as_of_on and as_of_on < _valid_to and datum_besluit is not null
    ),
    last_word as (
        select 'zaaknummer' as kind, zaaknummer as number, v_nummer, max(_word_to) as until_on,
            max(_word_from) as said_on
        from raw.ind__aanvraag group by all
        union all
        select 'coa_nummer', coa_nummer, v_nummer, max(_word_to), max(_word_from) from raw.coa__bewoner group by all
        union all
        select 'toevoegingsnummer', toevoegingsnummer, {normalised_sql(V_NUMBER, "v_nummer")}, max(_word_to),
            max(_word_from)
        from raw.rvr__toevoeging group by all
    ),
    word as (
        select kind, number, v_nummer, max(until_on) over of_number as until_on, max(said_on) over of_number as said_on
        from last_word where number is not null window of_number as (partition by kind, number)
    ),
    named as (
        select word.*, own.pseudonym as number_id, typed.pseudonym as v_number_id
        from word
        inner join raw.pseudonym as own on word.kind = own.kind and word.number = own.identifier
        left join raw.pseudonym as typed on typed.kind = 'v_nummer' and word.v_nummer = typed.identifier
    ),
    judged as (
        select named.kind, named.number,
            coalesce(certificate.person_id, same.person_id, named.v_number_id, named.number_id) as person_id,
            case
                when said_on > as_of_on then null
                when stage.stage = 'closed' then stage.stage_since
                when stage.case_id is not null then null
                when reception.resident_id is not null then reception.until_on
                when certificate.certificate_id is not null then certificate_end.ended_on
                when named.until_on <= as_of_on then named.until_on
            end as ended_on
        from named
        cross join known
        left join intermediate.v_number_person as same using (v_number_id)
        left join intermediate.case_stage as stage on named.kind = 'zaaknummer' and named.number_id = stage.case_id
        left join intermediate.reception on named.kind = 'coa_nummer' and named.number_id = reception.resident_id
        left join intermediate.certificate as certificate
            on named.kind = 'toevoegingsnummer' and named.number_id = certificate.certificate_id
        left join certificate_end on named.kind = 'toevoegingsnummer' and named.number = certificate_end.number
    ),
    over as (
        select person_id from judged group by person_id
        having bool_and(coalesce(ended_on < $day, false))
    )
    select distinct kind, number, {digits("person_id")} as person_id
    from judged semi join over using (person_id) order by all
"""


class NothingBuiltError(Exception):
    """What has ended can be told only from a home that was refreshed."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of those to be forgotten, by kind; never printed."""

    numbers: frozenset[tuple[str, str]]
    persons: int
    """How many persons they are of; 0 when nobody is known under the number."""
    rows: int
    """Rows of the history that hold one of them."""
    person_ids: frozenset[str] = frozenset()
    """Pseudonyms of the persons, where their v_numbers stay."""

    def __repr__(self) -> str:
        return f"Numbers({self.summary})"

    @property
    def summary(self) -> str:
        """How many numbers of which kind, in words."""
        found = Counter(kind for kind, _ in self.numbers)
        parts = [f"{found[kind]} {word}" for kind, word in KIND_WORDS.items() if found[kind]]
        return f"{self.persons} person{'s' * (self.persons != 1)}: {', '.join(parts) or 'nothing'}, {self.rows} rows"

    def pseudonyms(self, key: bytes) -> list[str]:
        """What they are called in everything that was published."""
        return sorted(self.person_ids | {pseudonym(key, kind, number) for kind, number in self.numbers})

    def record(self, key: bytes) -> Record:
        """What to write down: a person when there is a v_number, else the numbers that have ended."""
        hashes = frozenset(hash_of(key, kind, number) for kind, number in self.numbers)
        is_person = any(kind == V_NUMBER for kind, _ in self.numbers)
        return Record(persons=hashes) if is_person else Record(numbers=hashes)


def person(settings: Settings, v_number: str) -> Numbers:
    """The numbers of the person with a v_number; only that number when nobody is known under it."""
    number = normalised(V_NUMBER, v_number)
    if number is None:
        raise ValueError("not a v_number: ten digits, leading zeros may be left out")
    if not settings.paths.database.exists():
        return Numbers(frozenset({(V_NUMBER, number)}), 0, 0)
    with _opened(settings) as connection:
        found = frozenset(connection.execute(PERSON, {"v_number": number}).fetchall())
        return Numbers(found, int(len(found) > 1), _rows(connection, found))


def ended_before(settings: Settings, day: date) -> Numbers:
    """The cases, receptions and certificates of persons of whom everything had ended before a day.

    Raises:
        NothingBuiltError: nothing was built yet from which that could be told.
    """
    built = "select count(*) from duckdb_tables() where schema_name = 'intermediate'"
    if not settings.paths.database.exists():
        raise NothingBuiltError(f"nothing is built in {settings.paths.home}: run ketenzicht refresh first")
    with _opened(settings) as connection:
        if not connection.execute(built).fetchall()[0][0]:
            raise NothingBuiltError(f"the last refresh of {settings.paths.home} did not end: run ketenzicht refresh")
        found = connection.execute(ENDED, {"day": day}).fetchall()
        numbers = frozenset((kind, number) for kind, number, _ in found)
        persons = frozenset(one for *_, one in found)
        return Numbers(numbers, len(persons), _rows(connection, numbers), persons)


def _rows(connection: duckdb.DuckDBPyConnection, numbers: frozenset[tuple[str, str]]) -> int:
    """Rows of the history that hold any of the numbers."""
    import contracts

    connection.execute("create or replace temp table meant (kind text, number text)")
    if numbers:
        connection.execute(
            "insert into meant select unnest($kinds), unnest($numbers)",
            {"kinds": [kind for kind, _ in sorted(numbers)], "numbers": [number for _, number in sorted(numbers)]},
        )
    count = 0
    for extract in contracts.extracts().values():
        conditions = [
            f"{normalised_sql(kind, column)} in (select number from meant where kind = '{kind}')"
            for column, kind in numbers_of(extract)
        ]
        if conditions:
            row = connection.execute(f"select count(*) from {extract.table} where {' or '.join(conditions)}").fetchone()
            count += row[0] if row else 0
    return count


@contextmanager
def _opened(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with database.connect(settings, read_only=True) as connection:
        yield connection

"""What is delivered to the platform in a benchmark: a chain in full or by the month, and the days after it.

Belongs here: deliveries. Does not belong here: drawing the chain (`analytics.simulation`), measuring.

A day after the last simulated one has the content of the day before, but for the rows that changed: chosen by a hash
of their key, so that equal sizes give equal days; each gets another value in one column that any case worker may
change. Contracts hold, and every changed row is a new version.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import cast

import duckdb

from analytics.simulation import Parameters, simulate
from analytics.simulation.calendar import day
from analytics.simulation.deliveries import Delivery, resource, write_manifest
from analytics.simulation.parameters import Plan

STEPS = 32.0
"""Mean procedural steps an asylum case: 20 over all cases, of which two in five are family reunification without any"""
SEED = 1
CHANGED_SHARE = 0.005
"""rows of the extracts in EDITS that a day changes"""
BUCKETS = 100_000


@dataclass(frozen=True)
class Edit:
    """How a row of one extract changes: its key, a column, and the new value on a day as SQL."""

    partner: str
    extract: str
    key: tuple[str, ...]
    column: str
    value: str


EDITS = (
    Edit("ind", "aanvraag", ("zaaknummer",), "team", "'DAY-' || {day}"),
    Edit("ind", "processtap", ("zaaknummer", "volgnummer"), "team", "'DAY-' || {day}"),
    Edit("ind", "beslissing", ("zaaknummer", "volgnummer"), "team", "'DAY-' || {day}"),
    Edit("coa", "bewoner", ("coa_nummer",), "gezin_id", "'FDAY' || {day}"),
    Edit("coa", "locatie", ("locatiecode", "geldig_vanaf"), "naam", "'Locatie van dag ' || {day}"),
    Edit("rvr", "toevoeging", ("toevoegingsnummer",), "zaakcode", "'V90' || {day}"),
)
"""Nine in ten rows of a delivery are of these extracts; {day} is 1, 2, ..."""


@dataclass(frozen=True)
class Day:
    """A day after the simulated ones: its number, how it is delivered, and whether only one row of it changed."""

    number: int
    mode: str
    one_row: bool = False


def deliver_chain(out: Path, cases: int, plan: Plan) -> tuple[int, int]:
    """Simulate a chain of `cases` with twenty steps a case into `out/deliveries`; returns its rows and bytes."""
    written = simulate(Parameters(out=out, cases=cases, plan=plan, seed=SEED, steps_per_case=STEPS))
    return written.rows, written.bytes


def deliver_day(source: Path, home: Path, today: Day, before: tuple[Day, ...] = ()) -> int:
    """Write the deliveries of a day into a home: `source` is the folder of the one full delivery a partner.

    `before` are the days between: their changes stay. Returns the rows that changed.
    """
    changed = 0
    for partner in ("ind", "coa", "rvr"):
        if today.one_row and partner != "ind":
            continue
        folder = next((source / partner).iterdir())
        newest = max(path.name for path in (home / "deliveries" / partner).iterdir())
        reference = date.fromisoformat(folder.name) + timedelta(days=today.number)
        base = newest if today.mode == "delta" else None
        delivery = Delivery(partner, day(reference), 1, today.mode, base, today.number)
        target = home / "deliveries" / partner / delivery.name
        target.mkdir(parents=True)
        resources = []
        for file, count in _files(folder, target, partner, today, before):
            resources.append(_resource(file))
            changed += count
        write_manifest(target, delivery, resources)
    return changed


def _files(folder: Path, target: Path, partner: str, today: Day, before: tuple[Day, ...]) -> Iterator[tuple[Path, int]]:
    """The files of one delivery, each with the rows that changed in it."""
    edits = {edit.extract: edit for edit in EDITS if edit.partner == partner}
    with duckdb.connect(config={"threads": 2}) as connection:
        for file in sorted(folder.glob("*.csv")):
            edit = edits.get(file.stem)
            if today.mode == "delta" and (edit is None or (today.one_row and edit is not EDITS[0])):
                continue
            connection.execute(
                f"create or replace temp view delivered as from read_csv('{file}', delim = ';', header = true, "
                "all_varchar = true)"
            )
            count = 0
            rows = "from delivered"
            if edit is not None:
                rows, count = _edited(connection, edit, today, before)
            written = target / file.name
            connection.execute(f"copy ({rows}) to '{written}' (header, delimiter ';')")
            yield written, count


def _edited(connection: duckdb.DuckDBPyConnection, edit: Edit, today: Day, before: tuple[Day, ...]) -> tuple[str, int]:
    """SQL of the rows to deliver, and how many of them changed today."""
    key = " || '/' || ".join(edit.key)
    bucket = f"md5_number_lower({key}) % {BUCKETS}"
    newest_first = sorted((*before, today), key=lambda one: -one.number)
    whens = " ".join(
        f"when {_chosen(edit, one, bucket)} then " + edit.value.format(day=f"'{one.number}'") for one in newest_first
    )
    columns = f"* replace (case {whens} else {edit.column} end as {edit.column})"
    chosen = _chosen(edit, today, bucket)
    counted = connection.execute(f"select count(*) from delivered where {chosen}").fetchone()
    assert counted is not None
    if today.mode == "full":
        return f"select {columns} from delivered", int(counted[0])
    return f"select 'G' as mutatie, {columns} from delivered where {chosen}", int(counted[0])


def _chosen(edit: Edit, one: Day, bucket: str) -> str:
    """Whether a day changes a row: the days have buckets of their own, so that none undoes another."""
    if one.one_row:
        first = f"(select min({edit.key[0]}) from delivered)"
        return f"{edit.key[0]} = {first}" if edit is EDITS[0] else "false"
    width = round(BUCKETS * CHANGED_SHARE)
    return f"{bucket} between {one.number * width} and {(one.number + 1) * width - 1}"


def _resource(file: Path) -> dict[str, object]:
    with file.open("rb") as opened:
        return resource(file, sum(1 for _ in opened) - 1)


if __name__ == "__main__":
    folder, number, delivery_plan = sys.argv[1:]
    sys.stdout.write(json.dumps(deliver_chain(Path(folder), int(number), cast(Plan, delivery_plan))) + "\n")

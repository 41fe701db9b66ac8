"""Tables of which only touched rows were made anew equal those of a build of everything, delivery by delivery."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest

from orchestration import raw, standing
from orchestration.settings import load
from tests.chains import Delivery, chain, history, write_delivery
from tests.dbt_project.compiled import DATABASE, build_history, in_memory, project, run_models, run_touched, take_over

DAY = timedelta(days=1)


def made() -> list[str]:
    """Every table of stage intermediate, but those that say what was touched."""
    prefix = f"{DATABASE}.intermediate."
    return [one for one in project().models if one.startswith(prefix) and not one.startswith(f"{prefix}touched_")]


def unequal(kept: duckdb.DuckDBPyConnection, taken: Path) -> dict[str, object]:
    """Rows that a build of everything makes otherwise, by table: those that it has not, and those that it has more."""
    found = {}
    with build_history(taken, made()) as anew:
        for table in made():
            rows = [Counter(one.execute(f"from {table}").fetchall()) for one in (kept, anew)]
            if rows[0] != rows[1]:
                found[table] = (rows[0] - rows[1], rows[1] - rows[0])
    return found


def arrivals(deliveries: Sequence[Delivery], chance: Random) -> list[tuple[date, list[Delivery]]]:
    """What arrives before each build, and its as-of date: on the day, late, or nothing but days that pass."""
    last = max(one.reference_on for one in deliveries)
    arrive = [(one.reference_on + chance.choice([0, 0, 1, 40]) * DAY, one) for one in deliveries]
    first = min(one.reference_on for one in deliveries if one.partner == "ind")
    possible = sorted({when for when, _ in arrive if first <= when <= last} | {last})
    some = [first, *sorted(chance.sample(possible, min(4, len(possible))))]
    built = sorted({*some, *(day + chance.choice([1, 1, 6, 29]) * DAY for day in some)})
    since = [date.min, *built[:-1]]
    return [
        (day, [one for when, one in arrive if before < when <= day]) for before, day in zip(since, built, strict=True)
    ]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_build_of_touched_keys_only_makes_what_a_build_of_everything_makes(
    home: Path, key: bytes, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETENZICHT_DROP_SHARE", "0.9")
    settings = load(home)
    settings.paths.work.mkdir(parents=True)
    builds = dict.fromkeys(("whole", "of touched keys", "with knowledge standing"), 0)
    with in_memory() as kept:
        for as_of, arrived in arrivals(history(seed, cases=20, deliveries=4), Random(f"touched {seed}")):
            for one in arrived:
                one.write(home, delta=seed % 2 == 1)
            if raw.take(settings, key, as_of=as_of).as_of is None:
                continue
            take_over(kept, settings.paths.database)
            stood = standing.of_history(kept) if any(builds.values()) else standing.NOTHING
            builds["whole"] += not stood.untouched
            builds["of touched keys"] += stood.untouched
            builds["with knowledge standing"] += stood.knowledge
            if stood.untouched:
                knowledge = {f"{DATABASE}.intermediate.{one}" for one in standing.KNOWLEDGE}
                run_touched(kept, made(), knowledge if stood.knowledge else set())
                assert unequal(kept, settings.paths.database) == {}, as_of
            else:
                run_models(kept, made())
            standing.note(kept)
            standing.confirm(kept)
    assert min(builds.values()) > 0, builds


def touched(kept: duckdb.DuckDBPyConnection, kind: str) -> set[str]:
    """The delivered numbers of the keys whose rows the last build made anew."""
    number = {"case": "zaaknummer", "resident": "coa_nummer"}[kind]
    found = kept.execute(
        f"""select identifier from {DATABASE}.raw.pseudonym
        where kind = '{number}' and pseudonym in (select {kind}_id from {DATABASE}.intermediate.touched_{kind})"""
    ).fetchall()
    return {one for (one,) in found}


def test_a_change_reaches_those_whose_rows_it_may_change(home: Path, key: bytes) -> None:
    settings = load(home)
    settings.paths.work.mkdir(parents=True)
    lived = chain(3, 40, as_of=date(2024, 3, 11))
    # the day itself touches a case with a suspension without end
    lived.rows["termijnmutatie"].clear()
    case_of = {row["zaaknummer"]: row for row in lived.rows["aanvraag"]}
    stepped = {row["zaaknummer"] for row in lived.rows["processtap"]}
    decided = {row["zaaknummer"] for row in lived.rows["beslissing"]}

    def of_person(case: str) -> set[str]:
        return {one for one, row in case_of.items() if row["v_nummer"] == case_of[case]["v_nummer"]}

    def of_family(case: str) -> set[str]:
        families = {case_of[one]["gezin_id"] for one in of_person(case)} - {None}
        relatives = (of_person(one) for one, row in case_of.items() if row["gezin_id"] in families)
        return of_person(case).union(*relatives)

    changed = next(one for one in sorted(stepped & decided) if len(of_family(one)) > len(of_person(one)))
    inhabited = lived.rows["verblijf"][0]["locatiecode"]

    def build(partner: str, on: date, extract: str, which: dict[str, object], column: str) -> None:
        for row in lived.rows[extract]:
            if which.items() <= row.items():
                row[column] = f"CHANGED {on}"
        write_delivery(lived, home, partner, on)
        raw.take(settings, key, as_of=on)
        take_over(kept, settings.paths.database)
        assert standing.of_history(kept).untouched
        run_touched(kept, [f"{DATABASE}.intermediate.touched_{kind}" for kind in ("case", "resident")])
        standing.note(kept)
        standing.confirm(kept)

    with in_memory() as kept:
        for partner in ("ind", "coa", "rvr"):
            write_delivery(lived, home, partner, lived.as_of)
        raw.take(settings, key, as_of=lived.as_of)
        take_over(kept, settings.paths.database)
        run_models(kept, made())
        standing.note(kept)
        standing.confirm(kept)

        build("ind", lived.as_of + 1 * DAY, "processtap", {"zaaknummer": changed}, "team")
        assert changed in touched(kept, "case")
        assert not touched(kept, "case") & (of_family(changed) - of_person(changed))

        build("ind", lived.as_of + 2 * DAY, "beslissing", {"zaaknummer": changed}, "team")
        assert of_family(changed) <= touched(kept, "case")

        build("coa", lived.as_of + 3 * DAY, "locatie", {"locatiecode": inhabited}, "naam")
        there = {row["coa_nummer"] for row in lived.rows["verblijf"] if row["locatiecode"] == inhabited}
        assert there <= touched(kept, "resident")
        assert not touched(kept, "case")

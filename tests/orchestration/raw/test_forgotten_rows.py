"""Rows of forgotten persons: counted as delivered, in no table, in no byte of the working database."""

from pathlib import Path

import pytest

from orchestration import forgotten
from orchestration.forgotten import Record, RecordError, hash_of
from orchestration.settings import Paths
from tests.orchestration.raw.conftest import KEY, counts, differences, everything, query, take
from tests.orchestration.raw.test_bad_rows import (
    AANVRAAG,
    BESLISSING,
    BEWONER,
    DELTA,
    VERBLIJF,
    application,
    decision,
    deliver,
    in_force,
    quarantine,
)

CERTIFICATE = (
    "toevoegingsnummer;v_nummer;zaaknummer;geboortedatum;nationaliteit;geslacht;advocaat_code;zaakcode;soort;"
    "schriftelijk;datum_ontvangst;datum_besluit;besluit;datum_vaststelling;punten;bedrag_eur"
)


def certificate(number: str, v_number: str = "", case: str = "") -> str:
    return f"{number};{v_number};{case};;;;A1;V100;AA;;2024-01-12;;;;;"


def forget(home: Path, *v_numbers: int, numbers: tuple[tuple[str, str], ...] = ()) -> None:
    """Write down persons and single numbers, without the command."""
    persons = frozenset(hash_of(KEY, "v_nummer", f"{number:010}") for number in v_numbers)
    forgotten.write(Paths(home), KEY, Record(persons, frozenset(hash_of(KEY, *one) for one in numbers)))


def held(home: Path, number: str) -> bool:
    """Whether any byte of the private work folder is the number."""
    return any(number.encode() in file.read_bytes() for file in (home / "work").rglob("*") if file.is_file())


def closes(home: Path, partner: str, extract: str) -> bool:
    found = counts(home, partner, extract)
    parts = ("accepted", "quarantined", "duplicate", "forgotten")
    return found["delivered"] == sum(found.get(part, 0) for part in parts)


def test_every_row_under_any_number_of_the_person_is_set_apart_and_family_stays(home: Path) -> None:
    forget(home, 2)
    deliver(
        home,
        "2024-01-31",
        {
            "aanvraag": [AANVRAAG, application(1, gezin_id="G1"), application(2, gezin_id="G1"), application(3)],
            "beslissing": [BESLISSING, decision(1, "2024-01-20"), decision(2, "2024-01-20"), decision(2, "", nth=2)],
        },
    )
    residents = [f"C0000000{n};000000000{n};1990-01-01;SYR;M;;2024-01-02;;" for n in (1, 2)]
    stays = [f"S{n};C0000000{n};L1;2024-01-02;" for n in (1, 2)]
    deliver(home, "2024-01-31", {"bewoner": [BEWONER, *residents], "verblijf": [VERBLIJF, *stays]}, partner="coa")
    typed = [certificate("1AA0001", " 2. "), certificate("1AA0002", "", "Z000000002"), certificate("1AA0003", "3")]
    deliver(home, "2024-01-31", {"toevoeging": [CERTIFICATE, *typed]}, partner="rvr")
    take(home)
    assert in_force(home, "raw.ind__aanvraag", "2024-01-31") == ["Z000000001", "Z000000003"]
    assert in_force(home, "raw.ind__beslissing", "2024-01-31") == ["Z000000001"]
    assert in_force(home, "raw.coa__verblijf", "2024-01-31", "verblijf_id") == ["S1"]
    assert in_force(home, "raw.rvr__toevoeging", "2024-01-31", "toevoegingsnummer") == ["1AA0003"]
    assert quarantine(home) == []
    assert counts(home, "ind", "beslissing") == {"delivered": 3, "accepted": 1, "forgotten": 2}
    assert counts(home, "rvr", "toevoeging") == {"delivered": 3, "accepted": 1, "forgotten": 2}
    for partner, extract in (("ind", "aanvraag"), ("coa", "bewoner"), ("coa", "verblijf")):
        assert closes(home, partner, extract)
    for number in ("0000000002", "Z000000002", "C00000002", "1AA0001", "1AA0002"):
        assert not held(home, number), number


def test_nothing_of_the_person_reaches_the_quarantine_not_even_from_a_wrong_column_or_a_broken_line(home: Path) -> None:
    forget(home, 2)
    lines = [
        AANVRAAG,
        application(1),
        application(2, geslacht="X"),
        application(3, team="0000000002", soort_aanvraag="?"),
        application(4, soort_aanvraag="?"),
        application(2, zaaknummer="Z000000009") + ";one cell too many",
    ]
    deliver(home, "2024-01-31", {"aanvraag": lines})
    take(home)
    assert quarantine(home) == [("aanvraag", 5, ["isin:soort_aanvraag"])]
    assert counts(home, "ind", "aanvraag") == {
        "delivered": 5, "accepted": 1, "quarantined": 1, "forgotten": 3, "isin:soort_aanvraag": 1
    }  # fmt: skip
    assert not held(home, "0000000002")


def test_rows_of_a_forgotten_person_are_compared_with_no_other_row(home: Path) -> None:
    payments = "betaling_id;zaaknummer;soort;datum_betaling;bedrag_eur"
    forget(home, 2)
    deliver(
        home,
        "2024-01-31",
        {
            "aanvraag": [AANVRAAG, application(1), application(2), application(2)],
            "dwangsombetaling": [
                payments,
                "B1;Z000000002;BESTUURLIJK;2024-01-20;100.00",
                "B1;Z000000001;BESTUURLIJK;2024-01-20;100.00",
            ],
        },
    )
    take(home)
    assert counts(home, "ind", "aanvraag") == {"delivered": 3, "accepted": 1, "forgotten": 2}
    assert in_force(home, "raw.ind__dwangsombetaling", "2024-01-31") == ["Z000000001"]
    assert quarantine(home) == []


def test_two_v_numbers_that_one_case_carried_are_forgotten_together_from_the_first_delivery_on(home: Path) -> None:
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1), application(2)]})
    take(home)
    forget(home, 7)
    take(home)
    assert in_force(home, "raw.ind__aanvraag", "2024-01-31") == ["Z000000001", "Z000000002"]
    deliver(home, "2024-02-29", {"aanvraag": [AANVRAAG, application(1), application(2, v_nummer="0000000007")]})
    intake = take(home)
    assert intake.message and "forgotten" in intake.message
    assert in_force(home, "raw.ind__aanvraag", "2024-01-31") == ["Z000000001"]
    assert not held(home, "0000000002") and not held(home, "Z000000002")
    assert take(home).message is None


def test_who_is_forgotten_is_a_function_of_the_deliveries_in_force(home: Path, tmp_path: Path) -> None:
    """The case turned out to be somebody else's: a corrected delivery takes the number away, and he comes back."""
    forget(home, 7)
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1), application(2)]})
    take(home)
    before = everything(home)
    deliver(home, "2024-02-29", {"aanvraag": [AANVRAAG, application(1), application(2, v_nummer="0000000007")]})
    take(home)
    assert in_force(home, "raw.ind__aanvraag", "2024-01-31") == ["Z000000001"]
    deliver(home, "2024-02-29.2", {"aanvraag": [AANVRAAG, application(1), application(2)]})
    take(home)
    assert in_force(home, "raw.ind__aanvraag", "2024-02-29") == ["Z000000001", "Z000000002"]
    assert not differences({"a": before["raw.ind__aanvraag"]}, {"a": everything(home)["raw.ind__aanvraag"]})
    incremental = everything(home)
    take(home, full=True)
    assert not differences(incremental, everything(home))


def test_a_row_that_contradicts_another_of_its_delivery_leads_to_nobody_else(home: Path) -> None:
    """Z1 under 1 and under 2 in one delivery: only the row that says 2 is 2's."""
    forget(home, 2)
    doubled = [application(1), application(1, v_nummer="0000000002"), application(3)]
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, *doubled]})
    take(home)
    assert in_force(home, "raw.ind__aanvraag", "2024-01-31") == ["Z000000001", "Z000000003"]
    assert counts(home, "ind", "aanvraag") == {"delivered": 3, "accepted": 2, "forgotten": 1}


def test_a_case_that_had_ended_is_forgotten_alone_and_a_new_one_of_the_same_person_counts(home: Path) -> None:
    forget(home, numbers=(("zaaknummer", "Z000000002"),))
    later = application(5, v_nummer="0000000002", soort_aanvraag="HERHAALD")
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1), application(2), later]})
    take(home)
    assert in_force(home, "raw.ind__aanvraag", "2024-01-31") == ["Z000000001", "Z000000005"]
    assert not held(home, "Z000000002")


@pytest.mark.parametrize("mutation", ["G", "V"])
def test_a_delta_of_a_forgotten_person_changes_nothing(home: Path, mutation: str) -> None:
    forget(home, 2)
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1), application(2)]})
    take(home)
    changed = [f"mutatie;{AANVRAAG}", f"{mutation};{application(2, v_nummer='', team='T')}"]
    deliver(home, "2024-02-29", {"aanvraag": changed}, members=DELTA)
    take(home)
    assert counts(home, "ind", "aanvraag") == {"delivered": 1, "accepted": 0, "forgotten": 1}
    assert in_force(home, "raw.ind__aanvraag", "2024-02-29") == ["Z000000001"]
    assert quarantine(home) == []


def test_an_intake_without_a_row_of_theirs_does_not_rewrite_the_database(home: Path) -> None:
    forget(home, 2)
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1), application(2)]})
    take(home)
    database = Paths(home).database
    inode = database.stat().st_ino
    deliver(home, "2024-02-29", {"aanvraag": [AANVRAAG, application(1)]})
    take(home)
    assert database.stat().st_ino == inode
    deliver(home, "2024-03-31", {"aanvraag": [AANVRAAG, application(1), application(2)]})
    take(home)
    assert database.stat().st_ino != inode
    assert query(home, "select count(*) from raw.ind__aanvraag") == [(1,)]


def test_a_killed_intake_is_written_afresh_by_the_next(home: Path) -> None:
    forget(home, 2)
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]})
    take(home)
    inode = Paths(home).database.stat().st_ino
    Paths(home).unclean.touch()
    (home / "work" / "scratch" / "left").mkdir(parents=True)
    (home / "work" / "scratch" / "left" / "copy.csv").write_text(application(2))
    take(home)
    assert Paths(home).database.stat().st_ino != inode
    assert not held(home, "Z000000002")


def test_a_record_that_is_gone_damaged_or_of_another_key_stops_the_intake(home: Path) -> None:
    forget(home, 2)
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1), application(2)]})
    take(home)
    record = Paths(home).forgotten
    content = record.read_text()
    record.unlink()
    with pytest.raises(RecordError, match="put it back from the backup"):
        take(home, full=True)
    record.write_text("{")
    with pytest.raises(RecordError, match="cannot read"):
        take(home)
    forgotten.write(Paths(home), b"o" * 32, Record())
    with pytest.raises(RecordError, match="another key"):
        take(home)
    record.write_text(content)
    assert take(home).message is None


def test_the_record_is_private_and_holds_hashes_only(home: Path) -> None:
    forget(home, 2, numbers=(("zaaknummer", "Z000000004"),))
    record = Paths(home).forgotten
    assert record.stat().st_mode & 0o777 == 0o600
    assert "0000000002" not in record.read_text() and "Z000000004" not in record.read_text()
    assert forgotten.read(Paths(home), KEY).persons == {hash_of(KEY, "v_nummer", "0000000002")}

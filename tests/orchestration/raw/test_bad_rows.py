"""What is wrong goes to the quarantine with its file line; what is right goes on; nothing is lost."""

import csv
import hashlib
import json
from pathlib import Path

import duckdb
import pytest

from orchestration.raw.pseudonyms import digits, pseudonym
from orchestration.raw.registry import VanishedDeliveryError
from orchestration.settings import Settings
from tests.orchestration.raw.conftest import KEY, counts, differences, everything, in_force, query, states, take

AANVRAAG = (
    "zaaknummer;v_nummer;gezin_id;soort_aanvraag;datum_aanmelding;datum_loopbrief;datum_aanvraag;"
    "datum_nl_verantwoordelijk;nationaliteit;geboortedatum;geslacht;amv;spoor;procedure;complexiteit;team;project;"
    "schriftelijk_aangeboden"
)
BESLISSING = "zaaknummer;volgnummer;datum_beslissing;datum_bekendmaking;uitkomst;pool;team;uren"
VERBLIJF = "verblijf_id;coa_nummer;locatiecode;datum_aankomst;datum_vertrek"
BEWONER = (
    "coa_nummer;v_nummer;geboortedatum;nationaliteit;geslacht;gezin_id;datum_instroom;datum_uitstroom;reden_uitstroom"
)


DELTA = {"mode": "delta", "base": "2024-01-31"}


def application(number: int, **cells: str) -> str:
    """One good line of aanvraag, with other cells where they are given."""
    row = {
        "zaaknummer": f"Z{number:09}",
        "v_nummer": f"{number:010}",
        "soort_aanvraag": "EERSTE",
        "datum_aanvraag": "2024-01-10",
        "nationaliteit": "0339",
        "geslacht": "M",
        "amv": "N",
    } | cells
    return ";".join(row.get(column, "") for column in AANVRAAG.split(";"))


def decision(number: int, decided: str = "2024-06-01", outcome: str = "ONGEGROND", nth: int = 1) -> str:
    """One line of beslissing."""
    return f"Z{number:09};{nth};{decided};;{outcome};;;"


def deliver(
    home: Path,
    name: str,
    files: dict[str, list[str] | bytes],
    partner: str = "ind",
    members: dict[str, str] | None = None,
) -> Path:
    """Write a delivery: lines of each file, header first; the manifest tells the truth but for `members`."""
    folder = home / "deliveries" / partner / name
    folder.mkdir(parents=True, exist_ok=True)
    resources = []
    for extract, lines in files.items():
        content = lines if isinstance(lines, bytes) else ("\n".join(lines) + "\n").encode()
        (folder / f"{extract}.csv").write_bytes(content)
        resources.append(
            {
                "name": extract,
                "path": f"{extract}.csv",
                "format": "csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ";"},
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "rows": max(0, content.count(b"\n") - 1),
            }
        )
    manifest = {
        "name": f"{partner}-{name}",
        "partner": partner,
        "reference_date": name[:10],
        "mode": "full",
        "contract": "1.0",
        "resources": resources,
    } | (members or {})
    (folder / "datapackage.json").write_text(json.dumps(manifest))
    return folder


def quarantine(home: Path) -> list[tuple[str, int, list[str]]]:
    """Extract, line and rules of every quarantined row."""
    return query(home, "select extract, line, rules from raw.quarantine order by reference_on, extract, line")


def test_a_bad_row_is_quarantined_with_its_line_and_every_rule_it_breaks(home: Path) -> None:
    lines = [
        AANVRAAG,
        application(1),
        application(2, geslacht="X", datum_aanvraag="2024-13-01"),
        "",
        application(3, zaaknummer="Z12"),
        application(4, datum_aanvraag="2024-02-01"),
        application(5, datum_aanvraag="", spoor="9"),
        application(6),
    ]
    deliver(home, "2024-01-31", {"aanvraag": lines})
    take(home)
    assert quarantine(home) == [
        ("aanvraag", 3, ["type:datum_aanvraag", "isin:geslacht"]),
        ("aanvraag", 5, ["str_matches:zaaknummer"]),
        ("aanvraag", 6, ["not_future:datum_aanvraag"]),
        ("aanvraag", 7, ["not_null:datum_aanvraag", "in_range:spoor"]),
    ]
    assert in_force(home, "raw.ind__aanvraag", "2024-01-31") == ["Z000000001", "Z000000006"]
    found = counts(home, "ind", "aanvraag")
    assert (found["delivered"], found["accepted"], found["quarantined"]) == (6, 2, 4)
    raw_values = query(home, "select raw_values from raw.quarantine where line = 3")[0][0]
    assert json.loads(raw_values)["datum_aanvraag"] == "2024-13-01"


def test_a_line_of_another_shape_is_quarantined_and_the_lines_behind_it_keep_their_numbers(home: Path) -> None:
    lines = [AANVRAAG, application(1), "Z000000002;too;short", application(3), application(4, geslacht="?")]
    deliver(home, "2024-01-31", {"aanvraag": lines})
    take(home)
    assert quarantine(home) == [("aanvraag", 3, ["unreadable_row"]), ("aanvraag", 5, ["isin:geslacht"])]
    assert in_force(home, "raw.ind__aanvraag", "2024-01-31") == ["Z000000001", "Z000000003"]


def test_a_quote_that_is_not_closed_never_eats_good_lines(home: Path) -> None:
    lines = [AANVRAAG, application(1), application(2, team='"Team A'), application(3), application(4)]
    deliver(home, "2024-01-31", {"aanvraag": lines})
    [refused] = take(home).refused_new
    assert "a quote is not closed" in str(refused)
    assert query(home, "select count(*) from raw.ind__aanvraag") == [(0,)]


def test_a_redelivery_with_an_open_quote_leaves_the_number_before_it_in_force(home: Path) -> None:
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]})
    deliver(home, "2024-01-31.2", {"aanvraag": [AANVRAAG, application(1), application(2, team='"A'), application(3)]})
    intake = take(home)
    assert states(intake) == {"ind/2024-01-31": "in_force", "ind/2024-01-31.2": "refused"}
    assert "aanvraag.csv: line 3: a quote is not closed" in str(intake.refused_new[0])


def test_equal_rows_count_once_and_different_rows_of_a_key_are_both_quarantined(home: Path) -> None:
    lines = [AANVRAAG, application(1), application(1), application(2), application(2, geslacht="V"), application(3)]
    deliver(home, "2024-01-31", {"aanvraag": lines})
    take(home)
    assert quarantine(home) == [("aanvraag", 4, ["duplicate_key"]), ("aanvraag", 5, ["duplicate_key"])]
    found = counts(home, "ind", "aanvraag")
    assert (found["delivered"], found["accepted"], found["quarantined"], found["duplicate"]) == (5, 2, 2, 1)


def test_rows_of_a_key_that_differ_in_a_code_that_no_list_has_are_different(home: Path) -> None:
    unlike = [application(1, geslacht="?"), application(1, geslacht="!")]
    alike = [application(2, geslacht="?"), application(2, geslacht="?")]
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, *unlike, *alike, application(3)]})
    take(home)
    both = ["duplicate_key", "isin:geslacht"]
    assert [(line, sorted(rules)) for _, line, rules in quarantine(home)] == [(2, both), (3, both), (4, both[1:])]
    assert counts(home, "ind", "aanvraag")["duplicate"] == 1


def test_a_bad_row_keeps_its_last_good_content_until_a_good_one_comes(home: Path) -> None:
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1, team="A")]})
    deliver(home, "2024-02-29", {"aanvraag": [AANVRAAG, application(1, team="B", geslacht="?")]})
    deliver(home, "2024-03-31", {"aanvraag": [AANVRAAG, application(1, team="C")]})
    take(home)
    versions = "select team, _valid_from, _valid_to from raw.ind__aanvraag where _valid_from is not null order by 2"
    found = [(team, str(begins), str(ends)) for team, begins, ends in query(home, versions)]
    assert found == [("A", "2024-01-31", "2024-03-31"), ("C", "2024-03-31", "9999-12-31")]
    stale = query(home, "select reference_on::text, row_count from raw.delivery_count where rule = 'stale'")
    assert stale == [("2024-02-29", 1)]
    [(resolved_on, resolved_by)] = query(home, "select resolved_on::text, resolved_by from raw.quarantine")
    assert (resolved_on, resolved_by) == ("2024-03-31", "2024-03-31")


def test_a_key_that_is_absent_from_a_full_delivery_is_withdrawn(home: Path) -> None:
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1), application(2)]})
    deliver(home, "2024-02-29", {"aanvraag": [AANVRAAG, application(2)]})
    take(home)
    assert in_force(home, "raw.ind__aanvraag", "2024-02-28") == ["Z000000001", "Z000000002"]
    assert in_force(home, "raw.ind__aanvraag", "2024-02-29") == ["Z000000002"]


def test_a_delivery_without_anything_new_is_counted_as_repeated(home: Path) -> None:
    files = {"aanvraag": [AANVRAAG, application(1)], "beslissing": [BESLISSING]}
    deliver(home, "2024-01-31", files)
    deliver(home, "2024-02-29", {**files, "beslissing": [BESLISSING, decision(1, "2024-02-01")]})
    deliver(home, "2024-03-31", {**files, "beslissing": [BESLISSING, decision(1, "2024-02-01")]})
    take(home)
    repeated = "select reference_on::text, extract from raw.delivery_count where rule = 'repeated_file' order by all"
    assert query(home, repeated) == [("2024-03-31", "aanvraag"), ("2024-03-31", "beslissing")]


def test_an_extract_that_is_left_out_keeps_its_content(home: Path) -> None:
    deliver(home, "2024-07-31", {"aanvraag": [AANVRAAG, application(1)], "beslissing": [BESLISSING, decision(1)]})
    deliver(home, "2024-08-31", {"aanvraag": [AANVRAAG, application(1)]})
    take(home)
    assert in_force(home, "raw.ind__beslissing", "2024-08-31") == ["Z000000001"]


def test_children_are_judged_again_when_their_parent_comes(home: Path) -> None:
    deliver(home, "2024-07-31", {"aanvraag": [AANVRAAG, application(2)], "beslissing": [BESLISSING, decision(1)]})
    take(home)
    assert quarantine(home) == [("beslissing", 2, ["exists_in"])]
    deliver(home, "2024-08-31", {"aanvraag": [AANVRAAG, application(1), application(2)]})
    take(home)
    assert in_force(home, "raw.ind__beslissing", "2024-08-30") == []
    assert in_force(home, "raw.ind__beslissing", "2024-08-31") == ["Z000000001"]
    assert query(home, "select resolved_on::text from raw.quarantine") == [("2024-08-31",)]


def test_a_child_of_a_quarantined_parent_is_named_so_and_does_not_count_towards_the_limit(home: Path) -> None:
    children = [decision(number) for number in range(1, 60)]
    parents = [application(number, geslacht="?") for number in range(1, 20)]
    parents += [application(number) for number in range(20, 60)]
    deliver(home, "2024-07-31", {"aanvraag": [AANVRAAG, *parents], "beslissing": [BESLISSING, *children]})
    assert states(take(home)) == {"ind/2024-07-31": "in_force"}
    assert counts(home, "ind", "beslissing")["parent_quarantined"] == 19


def test_a_decision_before_its_application_is_bad_until_the_application_is_corrected(home: Path) -> None:
    deliver(
        home,
        "2024-07-31",
        {"aanvraag": [AANVRAAG, application(1)], "beslissing": [BESLISSING, decision(1, "2024-01-01")]},
    )
    deliver(home, "2024-08-31", {"aanvraag": [AANVRAAG, application(1, datum_aanvraag="2023-12-01")]})
    take(home)
    assert quarantine(home) == [("beslissing", 2, ["not_before_parent:datum_beslissing"])]
    assert in_force(home, "raw.ind__beslissing", "2024-08-31") == ["Z000000001"]


def test_stays_that_overlap_are_both_quarantined_and_touching_stays_are_not(home: Path) -> None:
    resident = "C00000001;;1990-01-01;SYR;M;;2024-01-01;;"
    stays = [
        "S1;C00000001;L1;2024-01-01;2024-01-10",
        "S2;C00000001;L2;2024-01-10;2024-02-01",
        "S3;C00000001;L3;2024-01-31;2024-02-05",
        "S4;C00000001;L3;2024-02-05;",
    ]
    deliver(home, "2024-03-31", {"bewoner": [BEWONER, resident], "verblijf": [VERBLIJF, *stays]}, partner="coa")
    take(home)
    assert quarantine(home) == [("verblijf", 3, ["overlapping_stay"]), ("verblijf", 4, ["overlapping_stay"])]


@pytest.mark.parametrize(("bad", "state"), [(20, "in_force"), (21, "refused")])
def test_more_bad_rows_than_number_and_share_refuse_the_delivery(home: Path, bad: int, state: str) -> None:
    rows = [application(number, geslacht="?" if number <= bad else "M") for number in range(1, 400)]
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, *rows]})
    intake = take(home)
    assert states(intake) == {"ind/2024-01-31": state}
    if state == "refused":
        assert "aanvraag.csv: 21 of 399 rows are bad (isin:geslacht 21 times, first on line 2)" in str(
            intake.refused_new[0]
        )


def test_many_bad_rows_below_the_share_do_not_refuse(home: Path) -> None:
    rows = [application(number, geslacht="?" if number <= 21 else "M") for number in range(1, 1100)]
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, *rows]})
    assert states(take(home)) == {"ind/2024-01-31": "in_force"}


def test_refusing_a_delivery_for_its_references_leaves_those_behind_it_to_stand_on_what_is_before(home: Path) -> None:
    good = {"aanvraag": [AANVRAAG, application(1)], "beslissing": [BESLISSING, decision(1)]}
    deliver(home, "2024-07-31", good)
    orphans = [decision(number) for number in range(100, 130)]
    deliver(home, "2024-08-31", {"aanvraag": [AANVRAAG, application(2)], "beslissing": [BESLISSING, *orphans]})
    deliver(home, "2024-09-30", {"beslissing": [BESLISSING, decision(1, outcome="INWILLIGING_A")]})
    assert states(take(home)) == {
        "ind/2024-07-31": "in_force",
        "ind/2024-08-31": "refused",
        "ind/2024-09-30": "in_force",
    }
    assert in_force(home, "raw.ind__aanvraag", "2024-09-30") == ["Z000000001"]


REFUSED = {
    "wrong hash": ({"hash": "sha256:" + "0" * 64}, "its SHA-256 is not the manifest's"),
    "wrong size": ({"bytes": 7}, "the manifest says 7"),
    "a path that leads out": ({"path": "../aanvraag.csv"}, "must be a plain file name"),
    "an absolute path": ({"path": "/etc/passwd"}, "must be a plain file name"),
    "a file that is not there": ({"path": "absent.csv"}, "not there"),
    "an unknown format": ({"format": "json"}, "format"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_manifest_that_does_not_hold_refuses_the_delivery(home: Path, fault: str) -> None:
    folder = deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]})
    member, message = REFUSED[fault]
    manifest = json.loads((folder / "datapackage.json").read_text())
    manifest["resources"][0] |= member
    (folder / "datapackage.json").write_text(json.dumps(manifest))
    [refused] = take(home).refused_new
    assert message in str(refused)


CONTENTS = {
    "a missing column": (BESLISSING.replace("uitkomst;", "").encode() + b"\n", "required column uitkomst is missing"),
    "a doubled column": (BESLISSING.encode() + b";uitkomst\n", "line 1: column uitkomst occurs twice"),
    "an empty file": (b"", "empty"),
    "another encoding": (
        BESLISSING.encode() + b"\nZ000000001;1;2024-01-02;;OVERIG;;Zo\xebtermeer;\n",
        "line 2 is not utf-8",
    ),
    "a NUL byte": (BESLISSING.encode() + b"\nZ0\x00\n", "NUL byte"),
}


@pytest.mark.parametrize("fault", CONTENTS)
def test_a_file_that_cannot_be_read_refuses_the_delivery(home: Path, fault: str) -> None:
    content, message = CONTENTS[fault]
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)], "beslissing": content})
    [refused] = take(home).refused_new
    assert "beslissing.csv" in str(refused)
    assert message in str(refused)
    assert query(home, "select count(*) from raw.ind__aanvraag") == [(0,)]


def test_a_link_that_leads_out_of_the_folder_refuses_the_delivery(home: Path, tmp_path: Path) -> None:
    folder = deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]})
    (folder / "aanvraag.csv").rename(tmp_path / "elsewhere.csv")
    (folder / "aanvraag.csv").symlink_to(tmp_path / "elsewhere.csv")
    [refused] = take(home).refused_new
    assert "leads out of the folder" in str(refused)


@pytest.mark.parametrize("content", ["{", '{"partner": "ind"}', "[]", ""])
def test_an_unreadable_manifest_refuses_the_delivery(home: Path, content: str) -> None:
    folder = deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]})
    (folder / "datapackage.json").write_text(content)
    [refused] = take(home).refused_new
    assert "datapackage.json" in str(refused)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"partner": "coa"}, "partner"),
        ({"reference_date": "2024-01-30"}, "reference_date"),
        ({"contract": "9.0"}, "9.0"),
    ],
)
def test_a_manifest_of_another_delivery_is_refused(home: Path, members: dict[str, str], message: str) -> None:
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]}, members=members)
    [refused] = take(home).refused_new
    assert message in str(refused)


def test_a_refused_delivery_is_judged_again_when_its_files_change(home: Path) -> None:
    folder = deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]})
    whole = (folder / "aanvraag.csv").read_bytes()
    (folder / "aanvraag.csv").write_bytes(whole[:-3])
    assert states(take(home)) == {"ind/2024-01-31": "refused"}
    assert take(home).new == 0
    (folder / "aanvraag.csv").write_bytes(whole)
    assert states(take(home)) == {"ind/2024-01-31": "in_force"}


def test_a_folder_without_manifest_is_left_alone(home: Path) -> None:
    folder = deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]})
    (folder / "datapackage.json").unlink()
    intake = take(home)
    assert (states(intake), intake.new, intake.as_of) == ({"ind/2024-01-31": "incomplete"}, 0, None)


def test_a_delta_waits_for_its_base_and_names_it(home: Path) -> None:
    changes = [f"mutatie;{AANVRAAG}", f"T;{application(2)}", f"V;{application(1)}", f"V;{application(9)}"]
    deliver(home, "2024-02-29", {"aanvraag": changes}, members=DELTA)
    intake = take(home)
    assert "waiting: waits for its base 2024-01-31, which has not arrived" in str(intake.deliveries[0])
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1), application(3)]})
    assert set(states(take(home)).values()) == {"in_force"}
    assert in_force(home, "raw.ind__aanvraag", "2024-02-29") == ["Z000000002", "Z000000003"]
    assert counts(home, "ind", "aanvraag")["removed_unknown"] == 1


def test_a_delta_made_against_another_delivery_than_the_newest_is_refused(home: Path) -> None:
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]})
    deliver(home, "2024-02-29", {"aanvraag": [AANVRAAG, application(1), application(2)]})
    deliver(home, "2024-03-31", {"aanvraag": [f"mutatie;{AANVRAAG}"]}, members=DELTA)
    [refused] = take(home).refused_new
    assert "made against 2024-01-31, but 2024-02-29 is in force since" in str(refused)


def test_upserts_of_a_delta_are_taken_and_counted_as_anomalies(home: Path) -> None:
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]})
    changes = [f"mutatie;{AANVRAAG}", f"T;{application(1, team='B')}", f"G;{application(2)}", f"X;{application(3)}"]
    deliver(home, "2024-02-29", {"aanvraag": changes}, members=DELTA)
    take(home)
    found = counts(home, "ind", "aanvraag")
    assert (found["added_known"], found["changed_unknown"], found["isin:mutatie"]) == (1, 1, 1)
    assert in_force(home, "raw.ind__aanvraag", "2024-02-29") == ["Z000000001", "Z000000002"]


def test_a_redelivery_replaces_the_lower_number_wholly_also_months_later(home: Path) -> None:
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)], "beslissing": [BESLISSING]})
    changes = [f"mutatie;{AANVRAAG}", f"T;{application(5)}"]
    deliver(home, "2024-02-29", {"aanvraag": changes}, members=DELTA)
    take(home)
    deliver(home, "2024-01-31.2", {"aanvraag": [AANVRAAG, application(2)]})
    assert states(take(home)) == {
        "ind/2024-01-31": "superseded",
        "ind/2024-01-31.2": "in_force",
        "ind/2024-02-29": "in_force",
    }
    assert in_force(home, "raw.ind__aanvraag", "2024-02-29") == ["Z000000002", "Z000000005"]


def test_an_unknown_column_is_kept_out_and_reported(home: Path) -> None:
    lines = [f"{AANVRAAG};hobby", f"{application(1)};chess"]
    deliver(home, "2024-01-31", {"aanvraag": lines})
    take(home)
    assert counts(home, "ind", "aanvraag")["unknown_column:hobby"] == 1
    assert in_force(home, "raw.ind__aanvraag", "2024-01-31") == ["Z000000001"]


def test_a_vanished_delivery_stops_the_intake_and_full_goes_on_without_it(home: Path) -> None:
    folder = deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]})
    deliver(home, "2024-02-29", {"aanvraag": [AANVRAAG, application(2)]})
    take(home)
    folder.rename(home / "elsewhere")
    with pytest.raises(VanishedDeliveryError, match="2024-01-31"):
        take(home)
    assert states(take(home, full=True)) == {"ind/2024-02-29": "in_force"}


def test_a_database_of_another_format_is_rebuilt_with_a_message(home: Path) -> None:
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]})
    take(home)
    before = everything(home)
    with duckdb.connect(str(Settings(home=home).paths.database)) as connection:
        # what an older version could have left: another format, and a table of another layout
        connection.execute("update raw.format set format = '0-older'")
        connection.execute("alter table raw.ind__aanvraag drop column _ok")
    intake = take(home)
    assert intake.message is not None
    assert "has format 0-older" in intake.message
    assert "rebuilding it from the deliveries" in intake.message
    assert differences(before, everything(home)) == {}


def test_other_limits_judge_every_delivery_again(home: Path) -> None:
    rows = [application(number, geslacht="?" if number <= 10 else "M") for number in range(1, 100)]
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, *rows]})
    assert states(take(home)) == {"ind/2024-01-31": "in_force"}
    assert states(take(home, max_bad_rows=5)) == {"ind/2024-01-31": "refused"}


def test_the_quarantine_has_the_row_as_the_file_says_it(home: Path) -> None:
    line = application(1, geslacht="?", team=" Zevenaar ")
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, line]})
    take(home)
    [(raw_values,)] = query(home, "select raw_values from raw.quarantine")
    expected = dict(zip(AANVRAAG.split(";"), next(csv.reader([line], delimiter=";")), strict=True))
    assert {name: value or "" for name, value in json.loads(raw_values).items() if name in expected} == expected


@pytest.mark.parametrize(
    ("written", "meant"),
    [("12.34.56", "0000123456"), (" 0000 000 017", "0000000017"), ("12345678901", "12345678901"), ("?", None)],
)
def test_a_v_number_is_hashed_by_its_digits_padded_to_ten(home: Path, written: str, meant: str | None) -> None:
    header = (
        "toevoegingsnummer;v_nummer;zaaknummer;geboortedatum;nationaliteit;geslacht;advocaat_code;zaakcode;soort;"
        "schriftelijk;datum_ontvangst;datum_besluit;besluit;datum_vaststelling;punten;bedrag_eur"
    )
    row = f"1AB2345;{written};;;;;A1;V010;AA;;2024-01-02;;;;;"
    deliver(home, "2024-01-31", {"toevoeging": [header, row]}, partner="rvr")
    take(home)
    found = query(home, f"select identifier, {digits('pseudonym')} from raw.pseudonym where kind = 'v_nummer'")
    assert found == ([(meant, pseudonym(KEY, "v_nummer", meant))] if meant else [])


def test_a_folder_that_is_no_partners_is_refused_and_named(home: Path) -> None:
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]})
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1)]}, partner="IND")
    [refused] = take(home).refused_new
    assert "IND/2024-01-31 refused: unknown partner 'IND'" in str(refused)
    assert take(home).new == 0
    (home / "deliveries/IND").rename(home / "elsewhere")
    assert states(take(home)) == {"ind/2024-01-31": "in_force"}


@pytest.mark.parametrize(("length", "is_refused"), [(1_000_000, False), (1_000_001, True)])
def test_the_longest_line_is_a_million_bytes_wherever_it_stands(home: Path, length: int, is_refused: bool) -> None:
    short = application(2, team="")
    long = application(2, team="x" * (length - len(short)))
    rows = [application(number) for number in range(10, 20)]
    deliver(home, "2024-01-31", {"aanvraag": [AANVRAAG, application(1), long, *rows, "x" * 1_000_001]})
    [refused] = take(home).refused_new
    assert f"aanvraag.csv: line {3 if is_refused else 14} is longer" in str(refused)

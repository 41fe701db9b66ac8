"""A published figure is led back to what it is, the rules it follows, and the files that it came from."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

import contracts
from contracts.figures import figures, find
from orchestration import metadata, provenance, query
from orchestration.explain import FIGURE, METHODS, gather, total

Command = Callable[..., tuple[int, str]]
OVER_TERM = "fct_ind_stock_daily.over_term"


def chain(home: Path) -> Path:
    """What readers open."""
    return home / "published" / "chain.duckdb"


def explained(home: Path, name: str, where: str | None = None) -> dict[str, Any]:
    """All that explain knows of a figure."""
    with query.published(chain(home)) as connection:
        return gather(connection, "a release", find(name), where)


def test_one_screen_says_what_a_number_is_and_where_it_came_from(examples_home: Path, command: Command) -> None:
    code, out = command("explain", OVER_TERM, "--home", examples_home)
    assert code == 0
    delivered = examples_home / "deliveries" / "ind" / "2025-07-31" / "aanvraag.csv"
    for text in (
        "over term as applied (buiten de termijn)",
        "cases undecided on the day, no suspension covering it, deadline_as_applied < day",
        "docs/methods.md: Over term",
        "dbt_project/models/marts/fct_ind_stock_daily.py",
        "2025-07-31 (release 2025-07-31-1, published 20",
        "WBV_2023_26: WBV 2023/26; applications filed in 2024; withdrawn in June 2025 after C-662/23 Zimir (kind ext",
        "months 9, rolls false, announced_on 2023-12-31, withdrawn_on 2025-06-30, contested ",
        f"version {dict(metadata.rules_versions())['statutory_terms']}",
        hashlib.sha256(delivered.read_bytes()).hexdigest(),
    ):
        assert text in out, text


def test_the_files_are_those_of_the_extracts_behind_the_mart_with_their_rows(examples_home: Path) -> None:
    files = {one["extract"]: one for one in explained(examples_home, OVER_TERM)["files"]}
    assert "ind.beslissing" in files
    assert "rvr.rooster" not in files
    for extract, one in files.items():
        folder = examples_home / "deliveries" / one["delivery"]
        assert one["sha256"] == hashlib.sha256((folder / one["file"]).read_bytes()).hexdigest()
        lines = len((folder / one["file"]).read_text().splitlines()) - 1
        assert (one["delivered"], one["accepted"], one["quarantined"]) == (lines, lines, 0), extract
        assert one["rows_in_force"] == lines


def test_what_a_figure_names_as_its_source_lies_on_its_way_in_the_graph(examples_home: Path) -> None:
    lineages = provenance.lineages(json.loads((examples_home / "work" / "dbt" / "manifest.json").read_text()))
    assert {f"marts.{mart}" for mart in lineages} == contracts.stage("marts").keys()
    astray = {
        (one.name, source)
        for one in figures()
        for lineage in [lineages[one.contract.table.removeprefix("marts.")]]
        for source in one.sources()
        if source not in {*(f"rules.{rule}" for rule in lineage.rules), *lineage.extracts}
    }
    assert astray == set()


def test_every_mart_has_a_method_its_file_and_files_behind_it(examples_home: Path) -> None:
    for table in contracts.stage("marts"):
        found = explained(examples_home, table)
        assert found["methods"], table
        assert (Path(__file__).parents[2] / found["computed_by"]).exists()
        assert found["files"], table
        assert [one["column"] for one in found["columns"]] == list(contracts.all()[table].columns)


def test_a_condition_shows_the_figure_in_its_rows_beside_what_it_is_computed_from(
    examples_home: Path, command: Command
) -> None:
    where = "day = '2025-07-31' and application_kind = 'first'"
    code, out = command("explain", "on_time_share", "--where", where, "--json", "--home", examples_home)
    each = [word for one in where.split(" and ") for word in ("--where", one)]
    twice = command("explain", "on_time_share", *each, "--json", "--home", examples_home)[1]
    assert json.loads(twice)["values"]["rows"] == json.loads(out)["values"]["rows"]
    values = json.loads(out)["values"]
    with query.published(chain(examples_home)) as connection:
        ((stock, over_term),) = connection.execute(
            f"select sum(stock), sum(over_term) from fct_ind_stock_daily where {where}"
        ).fetchall()
    assert code == 0
    assert stock > 0
    assert (sum(one["stock"] for one in values["rows"]), values["total"]) == (stock, None)
    assert sum(one["over_term"] for one in values["rows"]) == over_term
    for one in values["rows"]:
        assert one["on_time_share"] == pytest.approx(1 - one["over_term"] / one["stock"], abs=1e-6)


def test_counts_of_disjoint_groups_are_added_up(examples_home: Path) -> None:
    values = explained(examples_home, "dim_case.decision_count", "decision_count > 0")["values"]
    assert values["total"] == sum(one["decision_count"] for one in values["rows"])


@pytest.mark.parametrize(
    ("name", "varying", "expected"),
    [
        ("fct_ind_stock_daily.stock", {"track": ("spoor_1", "spoor_4")}, 10),
        ("fct_ind_stock_daily.stock", {"day": (date(2025, 1, 1), date(2025, 1, 2))}, None),
        ("fct_reception_daily.residents", {"resident_status": ("refused", "unlinked")}, 10),
        ("fct_reception_daily.residents", {"resident_status": ("all", "refused")}, None),
        ("fct_lead_time.started_count", {"group_value": ("Syrian", "Eritrean")}, None),
        ("fct_stock_profile.families", {"stage": ("registration", "departure")}, None),
        ("fct_stage_visit.norm_days", {"case_id": ("a", "b")}, None),
        ("fct_timeliness_monthly.in_term_share", {"procedure": ("AA", "VA")}, None),
    ],
)
def test_only_what_adds_up_is_added_up(name: str, varying: dict[str, tuple[Any, ...]], expected: int | None) -> None:
    figure = find(name)
    assert figure.column is not None
    columns = {**{key: varying.get(key, ("same", "same")) for key in figure.contract.key}, figure.column.name: (3, 7)}
    with duckdb.connect() as connection:
        rows = connection.from_arrow(pa.table({column: list(values) for column, values in columns.items()}))
        assert total(figure, rows) == expected


@pytest.mark.parametrize(
    "where",
    ["nonsense = 1", "1 = 1) union all select 1 --", "true; drop table dim_case", "true order by 1", "", "day ="],
)
def test_a_condition_that_is_none_is_wrong_usage(examples_home: Path, command: Command, where: str) -> None:
    code, out = command("explain", OVER_TERM, "--where", where, "--home", examples_home)
    assert code == 2
    assert f"error: --where {where}: " in out


def test_a_condition_cannot_read_files(examples_home: Path, command: Command) -> None:
    where = "exists (select 1 from read_text('/etc/hostname'))"
    code, out = command("explain", OVER_TERM, "--where", where, "--home", examples_home)
    assert code == 2
    assert "Permission Error" in out


def test_an_unknown_or_ambiguous_figure_is_wrong_usage(examples_home: Path, command: Command) -> None:
    assert command("explain", "fct_freshness", "days_behind", "--home", examples_home)[0] == 0
    code, out = command("explain", "fct_freshness", "days_behnd", "--home", examples_home)
    assert (code, "nearest: days_behind" in out) == (2, True)
    code, out = command("explain", "stock", "--home", examples_home)
    assert (code, "fct_backlog_daily.stock, fct_ind_stock_daily.stock" in out) == (2, True)


def test_without_a_publication_there_is_nothing_to_explain(home: Path, command: Command) -> None:
    home.mkdir()
    code, out = command("explain", OVER_TERM, "--home", home)
    assert (code, "run ketenzicht refresh first" in out) == (1, True)


def test_a_release_answers_for_itself_when_everything_else_is_gone(own_examples: Path, command: Command) -> None:
    before = command("explain", OVER_TERM, "--json", "--home", own_examples)
    shutil.rmtree(own_examples / "work")
    shutil.rmtree(own_examples / "deliveries")
    assert command("explain", OVER_TERM, "--json", "--home", own_examples) == before
    assert before[0] == 0


def test_an_earlier_release_can_be_asked_too(own_examples: Path, command: Command) -> None:
    releases = own_examples / "published" / "releases"
    shutil.copytree(releases / "2025-07-31-1", releases / "2025-06-30-3")
    code, out = command("explain", OVER_TERM, "--release", "2025-06-30-3", "--home", own_examples)
    assert (code, "(release 2025-06-30-3, published" in out) == (0, True)
    for name in ("2025-06-30-4", "..", ""):
        code, out = command("explain", OVER_TERM, "--release", name, "--home", own_examples)
        assert (code, "there are: 2025-06-30-3, 2025-07-31-1" in out) == (2, True)


def test_rules_that_changed_since_are_named_but_not_shown(
    examples_home: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "rules_versions", lambda: iter([("statutory_terms", "ffffffffffff")]))
    out = command("explain", OVER_TERM, "--home", examples_home)[1]
    assert "not the version of this installation" in out
    assert "NL_BASE" not in out


def test_a_release_of_before_origins_were_recorded_says_so(own_examples: Path, command: Command) -> None:
    database = chain(own_examples).resolve()
    database.parent.chmod(0o755)
    database.chmod(0o644)
    with duckdb.connect(str(database)) as connection:
        connection.execute("delete from marts._metadata where key like 'lineage.%' or key like 'delivery.%'")
    code, out = command("explain", OVER_TERM, "--home", own_examples)
    assert code == 0
    assert "buiten de termijn" in out
    assert "this release does not record them; run ketenzicht refresh" in out


def test_a_row_counts_for_the_delivery_that_first_brought_what_is_in_force() -> None:
    with duckdb.connect() as connection:
        connection.execute("""
            create schema raw;
            create table raw.setting as select 'landmark_days' as name, '14' as value;
            create table raw.delivery as select 'ind' as partner, * from (values
                ('2025-01-31', 'full', null, date '2025-01-31', 1, 'in_force'),
                ('2025-02-28', 'full', null, date '2025-02-28', 1, 'superseded'),
                ('2025-02-28.2', 'delta', '2025-01-31', date '2025-02-28', 2, 'in_force'),
                ('2025-03-31', 'full', null, date '2025-03-31', 1, 'in_force')
            ) as d (name, mode, base_name, reference_on, sequence, state),
                (values ('1.0', 'ab12')) as c (contract_version, content_id);
            create table raw.delivery_file as
                select partner, reference_on, sequence, 'aanvraag' as extract, 'a.csv' as file, md5(name) as sha256
                from raw.delivery where state = 'in_force';
            create table raw.ind__aanvraag as from (values
                (date '2025-01-31', 1, date '2025-01-31', date '9999-12-31'),
                (date '2025-01-31', 1, date '2025-01-31', date '2025-02-28'),
                (date '2025-02-28', 2, date '2025-02-28', date '2025-03-31'),
                (date '2025-02-28', 2, null, null)
            ) as a (_reference_on, _sequence, _valid_from, _valid_to)
        """)
        nothing: dict[str, Any] = {"nodes": {}, "sources": {}}
        facts: dict[str, str | None] = dict(provenance.entries(connection, date(2025, 2, 28), nothing))
    assert [(one.delivery, one.rows_in_force) for one in provenance.files_of(facts)] == [
        ("ind/2025-02-28.2", 1),
        ("ind/2025-01-31", 1),
    ]
    assert facts["setting.landmark_days"] == "14"
    assert json.loads(facts["delivery.ind/2025-02-28.2"] or "")["base"] == "2025-01-31"


def test_the_lineage_of_a_mart_goes_through_every_table_behind_it() -> None:
    def node(name: str, schema: str, kind: str, *reads: str) -> dict[str, Any]:
        return {
            "unique_id": name,
            "name": name,
            "schema": schema,
            "resource_type": kind,
            "original_file_path": f"models/{schema}/{name}.sql",
            "depends_on": {"nodes": list(reads)},
        }

    manifest = {
        "nodes": {
            "fct": node("fct", "marts", "model", "clock", "as_of"),
            "counted": node("counted", "marts", "model", "delivery_count"),
            "clock": node("clock", "intermediate", "model", "terms", "view", "setting"),
            "view": node("view", "staging", "model", "ind__aanvraag"),
            "terms": node("terms", "rules", "seed"),
        },
        "sources": {
            name: node(name, "raw", "source")
            for name in ("as_of", "setting", "delivery_count", "ind__aanvraag", "coa__bewoner")
        },
    }
    found = provenance.lineages(manifest)
    assert found["fct"] == provenance.Lineage(
        file="dbt_project/models/marts/fct.sql",
        reads=("intermediate.clock",),
        rules=("terms",),
        extracts=("ind.aanvraag",),
        is_set=True,
    )
    assert found["counted"].extracts == ("coa.bewoner", "ind.aanvraag")


def test_the_page_of_methods_speaks_of_figures_that_exist() -> None:
    lines = [line for line in METHODS.read_text(encoding="utf-8").splitlines() if line.startswith("Figures: ")]
    assert len(lines) > 20
    for name in [name for line in lines for name in FIGURE.findall(line)]:
        assert find(name).name == f"marts.{name}"


def test_no_identifier_is_in_what_a_release_says_of_its_origin(examples_home: Path) -> None:
    delivered = "\n".join(file.read_text(encoding="utf-8") for file in (examples_home / "deliveries").rglob("*.csv"))
    identifiers = set(re.findall(r"\b(?:[A-Z]\d{9}|\d{10})\b", delivered))
    with query.published(chain(examples_home)) as connection:
        said = "\n".join(value or "" for (value,) in connection.execute("select value from _metadata").fetchall())
    assert len(identifiers) > 20
    assert [one for one in identifiers if one in said] == []

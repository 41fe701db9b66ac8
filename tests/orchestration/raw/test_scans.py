"""A scan of files tells which file and which line every row came from, whatever files hold and are called."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.raw.store import Store
from tests.orchestration.raw.conftest import query, states, take
from tests.orchestration.raw.test_bad_rows import AANVRAAG, BESLISSING, application, decision, deliver

MONTHS = ("2024-01-31", "2024-02-29")


def name_file(folder: Path, path: str, content: bytes, **resource: str) -> None:
    """Let the one file of a delivery have another name and content."""
    (folder / path).write_bytes(content)
    manifest = json.loads((folder / "datapackage.json").read_text())
    is_so = {"path": path, "bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    manifest["resources"][0] |= is_so | resource
    (folder / "datapackage.json").write_text(json.dumps(manifest))


def teams_by_month(home: Path) -> list[tuple[Any, ...]]:
    return query(home, "select team, cast(_word_from as text) from raw.ind__aanvraag order by 2")


@pytest.mark.parametrize("values", [(1, 0), ("p", "q")])
def test_an_unknown_column_may_be_named_as_one_of_the_engine(home: Path, values: tuple[object, object]) -> None:
    """Rows went to the wrong delivery, or the intake failed, when a Parquet file had a column `file_index`."""
    for month, team, value in zip(MONTHS, "AB", values, strict=True):
        line = application(1, team=team)
        row = dict(zip(AANVRAAG.split(";"), line.split(";"), strict=True)) | {"file_index": value}
        folder = deliver(home, month, {"aanvraag": [AANVRAAG, line]})
        pq.write_table(pa.table({column: [cell] for column, cell in row.items()}), folder / "written.parquet")
        name_file(folder, "aanvraag.parquet", (folder / "written.parquet").read_bytes(), format="parquet")
    take(home)
    assert teams_by_month(home) == [("A", "2024-01-31"), ("B", "2024-02-29")]


def test_the_name_of_a_file_is_no_pattern(home: Path) -> None:
    for month, team in zip(MONTHS, "AB", strict=True):
        lines = "\n".join([AANVRAAG, application(1, team=team)]).encode()
        folder = deliver(home, month, {"aanvraag": [AANVRAAG]})
        name_file(folder, "a*[b].csv", lines)
        (folder / "ab.csv").write_bytes(lines.replace(team.encode(), b"C"))
    assert states(take(home)) == dict.fromkeys(("ind/2024-01-31", "ind/2024-02-29"), "in_force")
    assert teams_by_month(home) == [("A", "2024-01-31"), ("B", "2024-02-29")]


def test_lines_keep_their_numbers_with_several_threads(home: Path) -> None:
    """Rows come in the order of their lines: with blank and unreadable ones before them, in files of all lengths."""
    counts = {"2024-07-31": 40_000, "2024-08-31": 3, "2024-09-30": 20_000}
    for month, count in counts.items():
        rows = [application(number, team="" if number < count else month) for number in range(1, count + 1)]
        rows[1:1] = ["", "too;short"]
        rows[-1] = application(count, geslacht="?", team=month)
        decisions = ["", decision(1), decision(900_000, outcome="OVERIG")]
        deliver(home, month, {"aanvraag": [AANVRAAG, *rows], "beslissing": [BESLISSING, *decisions]})
    take(home, threads=4, accept_drop=True)
    found = query(
        home,
        """select cast(reference_on as text), extract, line, raw_values from raw.quarantine
        where rules <> ['unreadable_row'] order by all""",
    )
    broken = [(month, line, json.loads(text)["team"]) for month, extract, line, text in found if extract == "aanvraag"]
    assert broken == [(month, count + 3, month) for month, count in counts.items()]
    orphans = [(line, json.loads(text)["zaaknummer"]) for _, extract, line, text in found if extract == "beslissing"]
    assert orphans == [(4, "Z000900000")] * 3


def test_of_a_file_that_is_read_again_only_the_flagged_rows_are_held(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine took any file for 42 rows, and would rather hold all its text than five thousand places."""
    plans = []
    run = Store.run

    def explained(store: Store, sql: str, parameters: Any = None) -> Any:
        if "insert into intake.flagged_text" in sql:
            plans.append(store.connection.execute(f"explain {sql}", parameters).fetchall()[0][1])
        return run(store, sql, parameters)

    monkeypatch.setattr(Store, "run", explained)
    lines = [application(number, team=team) for number in range(1, 3000) for team in "AB"]
    deliver(home, "2024-07-31", {"aanvraag": [AANVRAAG, *lines]})
    take(home, max_bad_rows=10_000)
    [plan] = plans
    [drawn] = [line for line in plan.splitlines() if "STREAMING_WINDOW" in line]
    assert drawn.index("STREAMING_WINDOW") < len(drawn) / 2, "what a join holds is drawn on its right"

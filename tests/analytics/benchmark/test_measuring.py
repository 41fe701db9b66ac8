"""What a process cost, and where a refresh says that its seconds went."""

import json
import os
import sys
from pathlib import Path

import pytest

from analytics.benchmark import shares
from analytics.benchmark.measured import RunError, run

PRINTED = """\
raw          3 new deliveries, as of 2025-12-31 (10.0 s)
check raw    28 checks, 0 not passed (1.5 s)
dbt tables   81 tables, 1 tests (20.0 s)
check intermediate 40 contracts, 0 broken (2.5 s)
dbt marts    22 tables, 7 tests (30.0 s)
check marts  22 contracts, 0 broken (1.0 s)
open data    8 tables, 10 counts small, 5 counts suppressed, 0 counts held (2.0 s)
publish      releases/2025-12-31-1 is what readers open (3.0 s)
published release 2025-12-31-1
"""


def test_the_memory_and_time_of_children_count() -> None:
    child = "x = bytearray(60_000_000); sum(range(6_000_000)); import time; time.sleep(0.3)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    done = run([sys.executable, "-c", parent], os.environ)
    assert done.peak_bytes > 60_000_000
    assert done.cpu_seconds > 0.05
    assert done.seconds > 0.3


def test_a_process_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(RunError, match=r"ended with 4:\nlast words"):
        run([sys.executable, "-c", "print('last words'); raise SystemExit(4)"], os.environ)


def logged(call: str, name: str, second: int) -> str:
    info = {"name": name, "invocation_id": call, "ts": f"2026-01-01T00:00:{second:02}.000000Z"}
    return json.dumps({"data": {}, "info": info})


def test_the_seconds_of_a_refresh_are_parted(tmp_path: Path) -> None:
    dbt = tmp_path / "work" / "dbt"
    dbt.mkdir(parents=True)
    # an earlier refresh in the older log counts for nothing; of each call only the span of its nodes does
    (dbt / "dbt.log.1").write_text(
        logged("old", "NodeStart", 0) + "\n" + logged("old", "NodeFinished", 1) + "\n{torn\n"
    )
    calls = [("tables", "MainReportVersion", 2), ("tables", "NodeStart", 5), ("tables", "NodeFinished", 20)]
    calls += [("marts", "NodeStart", 30), ("marts", "NodeStart", 35), ("marts", "NodeFinished", 55)]
    (dbt / "dbt.log").write_text("\n".join(logged(*call) for call in calls) + "\n")
    found = shares.of_refresh(tmp_path, PRINTED, 75.0, with_intake_rules=False)
    assert found["seconds_by"] == {
        "contracts": 5.0,
        "dbt_fixed": 50.0 - 15.0 - 25.0,
        "dagster_fixed": 5.0,
        "publication": 5.0,
    }
    assert found["shares"]["contracts"] == pytest.approx(5 / 75, abs=1e-4)


def test_the_rules_of_the_intake_are_evaluated_over_raw_history(examples_home: Path) -> None:
    assert 0 < shares.intake_rules(examples_home / "work" / "ketenzicht.duckdb") < 10

"""Where the seconds of one refresh went: what it printed, what dbt logged, and its rules evaluated once more.

Belongs here: reading. Does not belong here: running a refresh.
"""

import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

STEP = re.compile(
    r"^(raw|check \w+|dbt \w+|open data|publish)\s.*\((\d+\.\d) s\)$",
    re.MULTILINE,
)


def steps(output: str) -> dict[str, float]:
    """Seconds of each step of a refresh, as it printed them."""
    return {name: float(seconds) for name, seconds in STEP.findall(output)}


def of_refresh(home: Path, output: str, seconds: float, *, with_intake_rules: bool) -> dict[str, Any]:
    """Seconds of one refresh by what they were spent on; `shares` are of the whole.

    `contracts`: the steps that check, and the rules of the delivered rows: these are part of the scan that reads a
    row, so they are evaluated once more, over the same rows in raw history. `dbt_fixed`: the dbt steps outside of
    dbt's nodes. `dagster_fixed`: the run outside of its steps.
    """
    found = steps(output)
    rules = intake_rules(home / "work" / "ketenzicht.duckdb") if with_intake_rules else 0.0
    checks = sum(taken for name, taken in found.items() if name.startswith("check "))
    dbt = sum(taken for name, taken in found.items() if name.startswith("dbt "))
    parts = {
        "contracts": checks + rules,
        "dbt_fixed": max(0.0, dbt - in_nodes(home / "work" / "dbt")) if dbt else 0.0,
        "dagster_fixed": max(0.0, seconds - sum(found.values())),
        "publication": found.get("publish", 0.0) + found.get("open data", 0.0),
    }
    return {
        "steps": found,
        "intake_rules": round(rules, 3),
        "seconds_by": {name: round(taken, 3) for name, taken in parts.items()},
        "shares": {name: round(taken / seconds, 4) for name, taken in parts.items()},
    }


def intake_rules(database: Path) -> float:
    """Seconds that the rules of all extracts take on the rows of raw history: each row alone, keys, references."""
    import contracts
    from contracts.compile import broken_list, row_rules, set_statements

    begun = time.perf_counter()
    with duckdb.connect(str(database), read_only=True, config={"threads": 2}) as connection:
        for extract in contracts.extracts().values():
            connection.execute(
                f"select count(*) from {extract.table} where len({broken_list(row_rules(extract))}) > 0"
            ).fetchall()
            for statement in set_statements(extract.to_schema()):
                rows = statement.rows.replace("{what}", "1 as broken").replace("{source}", extract.table)
                connection.execute(f"select count(*) from ({rows})").fetchall()
    return time.perf_counter() - begun


def in_nodes(folder: Path) -> float:
    """Seconds that the last two dbt calls (one refresh) spent on nodes: from the first to begin to the last to end."""
    calls: dict[str, list[datetime]] = defaultdict(list)
    for line in _logged(folder):
        if line["info"]["name"] in {"NodeStart", "NodeFinished"}:
            at = datetime.fromisoformat(line["info"]["ts"].replace("Z", "+00:00"))
            calls[line["info"]["invocation_id"]].append(at)
    newest = sorted(calls.values(), key=max)[-2:]
    return sum((max(times) - min(times)).total_seconds() for times in newest)


def _logged(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("dbt.log*"), reverse=True):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("{"):
                try:
                    yield json.loads(line)
                except json.JSONDecodeError:
                    # dbt turns its log over in the middle of a line
                    continue

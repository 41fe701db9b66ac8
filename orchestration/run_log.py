"""Dagster's memory of runs as it lies in the files of a home: read without Dagster, whose import takes seconds.

Belongs here: reading those files. Does not belong here: writing them (`history`), asking a storage that a user named in
dagster.yaml (`runs`), which is in no file of the home.
"""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.settings import Paths

OTHER_STORAGE = re.compile(r"^(storage|run_storage|event_log_storage)\s*:", re.MULTILINE)

LAST = """
    select run_id, pipeline_name, lower(status), start_time, end_time - start_time
    from runs
    order by id desc
    limit ?
"""

# of a check the newest result; what is planned has none yet
NEWEST_RESULTS = """
    select asset_key, check_name, run_id, execution_status, severity, max(evaluation_event_storage_id)
    from (
        select
            *,
            json_extract(evaluation_event, '$.dagster_event.event_specific_data.severity.__enum__') as severity
        from asset_check_executions
        where execution_status in ('SUCCEEDED', 'FAILED')
    )
    group by asset_key, check_name
    order by asset_key, check_name
"""


@dataclass(frozen=True)
class Run:
    """A run as `status` shows it; times in UTC."""

    run_id: str
    job: str
    status: str
    started_at: datetime | None
    seconds: float | None


def is_elsewhere(paths: Paths) -> bool:
    """Whether the user named a storage of runs or events: then the files of the home say nothing."""
    config = paths.dagster / "dagster.yaml"
    return config.exists() and bool(OTHER_STORAGE.search(config.read_text(encoding="utf-8")))


def last(paths: Paths, limit: int) -> list[Run]:
    """The newest runs first."""
    return [
        Run(run_id, job, status, datetime.fromtimestamp(start, UTC) if start else None, seconds)
        for run_id, job, status, start, seconds in query(_runs(paths), LAST, limit)
    ]


def failing_checks(paths: Paths) -> list[str]:
    """The checks whose newest result is not a pass, as `schema.table: check`, from the runs that are remembered."""
    remembered = {run_id for (run_id,) in query(_runs(paths), "select run_id from runs")}
    return sorted(
        f"{'.'.join(json.loads(asset))}: {check} ({severity.rpartition('.')[2].lower()})"
        for asset, check, run_id, status, severity, _ in query(
            paths.dagster / "history" / "runs" / "index.db", NEWEST_RESULTS
        )
        if status == "FAILED" and run_id in remembered
    )


def query(file: Path, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Rows of Dagster's storage; none where there is none yet."""
    if not file.exists():
        return []
    # Where no process has it open, SQLite would leave files of its own beside it: root's, when root asks.
    is_open = file.with_name(f"{file.name}-wal").exists()
    with closing(sqlite3.connect(f"file:{file}?{'mode=ro' if is_open else 'immutable=1'}", uri=True)) as connection:
        try:
            return connection.execute(sql, parameters).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise


def _runs(paths: Paths) -> Path:
    return paths.dagster / "history" / "runs.db"

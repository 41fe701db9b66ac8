"""What a build that failed is called: figures that are wrong hold a publication, a machine that fails does not."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest

from orchestration.dbt import _failure

INVOCATION: Any = SimpleNamespace(
    target_path=Path("target"), get_error=lambda: "Errors parsed from dbt logs:\n\nIO Error: No space left on device"
)


def judged(status: str) -> dg.AssetCheckResult:
    severity = dg.AssetCheckSeverity.WARN if status == "warn" else dg.AssetCheckSeverity.ERROR
    told = {"status": dg.MetadataValue.text(status)}
    return dg.AssetCheckResult(passed=False, check_name="balances", severity=severity, metadata=told)


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        (["fail"], "dbt tests not passed: balances"),
        (["error"], "No space left on device"),
        (["fail", "error"], "No space left on device"),
        (["warn"], "No space left on device"),
        (["warn", "fail"], "dbt tests not passed: balances"),
        ([], "No space left on device"),
    ],
)
def test_a_test_that_could_not_be_run_is_no_broken_figure(statuses: list[str], told: str) -> None:
    failure = _failure(INVOCATION, [judged(status) for status in statuses])
    assert told in str(failure.description)
    assert (failure.metadata != {}) == told.startswith("dbt tests")

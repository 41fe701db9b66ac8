"""Failures that are a verdict, not an accident: a gate held the publication, and exit code 4 says so.

Belongs here: telling the two apart. Does not belong here: the verdicts.
"""

import re

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

GATE = "ketenzicht/gate"
NAMED = re.compile(r"^(?:orchestration|contracts|analytics|_?duckdb)\.[\w.]+: ")


def held(reason: str, gate: str) -> dg.Failure:
    """The failure of a run that a gate (`deliveries`, `dbt tests`, `contract`) stopped."""
    return dg.Failure(reason, metadata={GATE: gate}, allow_retries=False)


def is_held(event: dg.DagsterEvent) -> bool:
    """Whether a failed step was stopped by a gate: ours, or a blocking check of Dagster."""
    error = event.step_failure_data.error
    return gate_of(event) is not None or (error is not None and error.cls_name == "DagsterAssetCheckFailedError")


def gate_of(event: dg.DagsterEvent) -> str | None:
    """The gate of ours that stopped a step; None when it was a blocking check of Dagster, or an accident."""
    data = event.step_failure_data.user_failure_data
    return None if data is None or GATE not in data.metadata else str(data.metadata[GATE].value)


def cause(event: dg.DagsterEvent) -> SerializableErrorInfo | None:
    """The innermost error of a failed step or run, if it has one: a killed run has none."""
    data = event.step_failure_data if event.is_step_failure else event.event_specific_data
    error = getattr(data, "error", None)
    while error is not None and error.cause is not None:
        error = error.cause
    return error


def reason(event: dg.DagsterEvent) -> str:
    """What a failed step or run says: our own words when it is ours, else the innermost cause."""
    if event.is_step_failure:
        data = event.step_failure_data.user_failure_data
        if data is not None and data.description:
            return data.description
    error = cause(event)
    return "no reason recorded" if error is None else in_words(error.message)


def in_words(message: str) -> str:
    """What an error says, without the name of its class where that says nothing more: ours and DuckDB's."""
    return NAMED.sub("", message.strip())

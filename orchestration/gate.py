"""Failures that are a verdict, not an accident: a gate held the publication, and exit code 4 says so.

Belongs here: telling the two apart. Does not belong here: the verdicts.
"""

import dagster as dg

GATE = "ketenzicht/gate"


def held(reason: str, gate: str) -> dg.Failure:
    """The failure of a run that a gate (`deliveries`, `dbt tests`, `contract`) stopped."""
    return dg.Failure(reason, metadata={GATE: gate}, allow_retries=False)


def is_held(event: dg.DagsterEvent) -> bool:
    """Whether a failed step was stopped by a gate: ours, or a blocking check of Dagster."""
    data = event.step_failure_data
    if data.user_failure_data is not None and GATE in data.user_failure_data.metadata:
        return True
    return data.error is not None and data.error.cls_name == "DagsterAssetCheckFailedError"


def reason(event: dg.DagsterEvent) -> str:
    """What a failed step or run says: our own words when it is ours, else the innermost cause."""
    if event.is_step_failure:
        data = event.step_failure_data
        if data.user_failure_data is not None and data.user_failure_data.description:
            return data.user_failure_data.description
        error = data.error
    else:
        error = event.job_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return "no reason recorded" if error is None else error.message.strip()

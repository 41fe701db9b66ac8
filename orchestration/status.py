"""What `ketenzicht status` knows: the chain as published, and the state of the machinery.

Belongs here: gathering, as plain dicts and lists that become JSON. Does not belong here: how it looks (`summary`).
"""

from typing import Any

import duckdb

from orchestration import database, deliveries, fingerprint, release, run_log
from orchestration.bad_rows import ROWS
from orchestration.settings import Settings

RUNS_SHOWN = 5
Rows = list[dict[str, Any]]

# IND's stock leaves family reunification out; it stands beside it (timeline.md, What IND calls its stock)
STOCK = """
    select
        sum(stock) filter (is_asylum) as ind_stock,
        sum(over_term) filter (is_asylum) as over_term_as_applied,
        sum(over_term_in_hindsight) filter (is_asylum) as over_term_in_hindsight,
        sum(impeded) filter (is_asylum) as impeded,
        sum(suspended) filter (is_asylum) as suspended,
        sum(stock) filter (not is_asylum) as family_reunification_stock,
        sum(over_term) filter (not is_asylum) as family_reunification_over_term
    from (select *, application_kind <> 'family_reunification' as is_asylum from marts.fct_ind_stock_daily)
    where day = (select cast(value as date) from marts._metadata where key = 'as_of_on')
"""

LONGEST = """
    with open_case as (
        select
            holder,
            stage,
            count(*) as cases,
            cast(sum(as_of_on - stage_since) as bigint) as days
        from marts.dim_case
        cross join (select cast(value as date) as as_of_on from marts._metadata where key = 'as_of_on')
        where is_open
        group by all
    )
    select holder, stage, cases, round(days / cases) :: bigint as mean_days_so_far
    from open_case
    qualify row_number() over (partition by holder order by days / cases desc, cases desc, stage) = 1
    order by holder
"""

RUNNING = """
    select
        count(*) filter (where is_running) as penalties_running,
        coalesce(sum(outstanding_eur), 0) as outstanding_eur,
        coalesce(sum(amount_if_undecided_90d_eur - amount_accrued_eur) filter (where is_running), 0) as next_90_days_eur
    from marts.fct_penalty_run
"""

PROJECTS = """
    select
        project_id,
        arg_min(initial_count, day) as initial_count,
        arg_max(remaining, day) as remaining,
        arg_max(done, day) as done,
        arg_max(impeded, day) as impeded,
        min(day) filter (remaining = 0) as cleared_on
    from marts.fct_project_progress
    group by project_id
    order by project_id
"""

QUARANTINE = f"""
    with
    {ROWS}
    select partner, extract, rule, count(*) as row_count
    from (select partner, extract, unnest(rules) as rule from quarantined where state = 'open' and is_newest)
    group by all
    order by all
"""


def gather(settings: Settings) -> dict[str, Any]:
    """Everything that status shows. Sections that nothing is known of yet are empty.

    Deliveries and quarantine are None while a refresh is at work on them: what it makes of them is not known yet.
    """
    quarantine: Rows | None
    registry: Rows | None
    try:
        quarantine, registry = _work(settings)
    except database.BusyError:
        quarantine = registry = None
    return {
        "home": str(settings.paths.home),
        **_chain(settings),
        "is_refreshing": registry is None,
        "deliveries": None if registry is None else _deliveries(settings, registry),
        "quarantine": quarantine,
        **_machinery(settings),
    }


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> Rows:
    """The result of a query as dicts."""
    result = connection.execute(query)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _chain(settings: Settings) -> dict[str, Any]:
    """Figures of the publication."""
    current = release.published(settings.paths)
    if current is None:
        return {"release": None, "as_of": None, "chain": {}, "longest_stage": [], "projects": [], "freshness": []}
    with duckdb.connect(str(current / "chain.duckdb"), read_only=True) as connection:
        return {
            "release": current.name,
            "as_of": release.as_of(current),
            "chain": rows(connection, STOCK)[0] | rows(connection, RUNNING)[0],
            "longest_stage": rows(connection, LONGEST),
            "projects": rows(connection, PROJECTS),
            "freshness": rows(connection, "from marts.fct_freshness order by partner"),
        }


def _work(settings: Settings) -> tuple[Rows, Rows]:
    """Open quarantine and the registry, from the working database; empty before the first intake. Raises BusyError."""
    with database.reading(settings) as connection:
        if connection is None or not database.has_table(connection, "raw.quarantine"):
            return [], []
        registry = rows(connection, "select partner, name, content_id, state, reason from raw.delivery")
        return rows(connection, QUARANTINE), registry


def _deliveries(settings: Settings, registry: Rows) -> Rows:
    """Every delivery on disk with its state; refusals for content are the registry's."""
    refused = {(row["name"], row["content_id"]): row["reason"] for row in registry if row["state"] == "refused"}
    taken = {(row["partner"], row["content_id"]) for row in registry}
    found = deliveries.resolve(deliveries.find(settings.paths.deliveries), deliveries.Verdicts(refused))
    return [
        {
            "delivery": one.label,
            "state": one.state,
            "reason": one.reason,
            "is_taken": (one.partner, one.content_id) in taken,
        }
        for one in found
    ]


def _machinery(settings: Settings) -> dict[str, Any]:
    """Runs and checks, from Dagster's storage; empty before the first run."""
    ledger = fingerprint.ledger(settings.paths)
    last, failing = _recorded(settings)
    return {
        "runs": [vars(run) for run in last],
        "failing_checks": failing,
        "last_refresh": {"exit_code": ledger[-1].exit_code, "messages": ledger[-1].messages} if ledger else None,
    }


def _recorded(settings: Settings) -> tuple[list[run_log.Run], list[str]]:
    """The last runs and failing checks: from the home's own files, or from wherever dagster.yaml says."""
    if not run_log.is_elsewhere(settings.paths):
        return run_log.last(settings.paths, RUNS_SHOWN), run_log.failing_checks(settings.paths)
    from orchestration import history, runs

    with history.opened(settings.paths) as instance:
        return runs.last(instance, RUNS_SHOWN), runs.failing_checks(instance)

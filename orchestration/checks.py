"""Every contract as an asset check that stops the next stage; one factory, one step a stage.

Belongs here: from a contract's violations to a check result. Does not belong here: what a contract promises.
"""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg
import duckdb

from contracts.base import Contract, Extract
from contracts.duckdb_backend import violations
from orchestration import database, standing
from orchestration.bad_rows import ROWS
from orchestration.deliveries import PARTNERS
from orchestration.describe import key
from orchestration.progress import step
from orchestration.resources import Workspace
from orchestration.settings import Settings

NAME = "contract"
ONE_VERSION = "one_version_in_force"
QUARANTINE = "nothing_quarantined"


def spec(contract: type[Contract]) -> dg.AssetCheckSpec:
    """The blocking check of one contract."""
    return dg.AssetCheckSpec(NAME, asset=key(contract.table), description=contract.grain, blocking=True)


def stage_checks(
    stage: str, contracts: Sequence[type[Contract]], touched_by: Mapping[str, Mapping[str, str]] | None = None
) -> dg.AssetChecksDefinition:
    """The contracts of a stage that dbt builds, checked in one step on one connection.

    `touched_by` is given where a build may leave rows as they are (`standing.made_rows`).
    """

    @dg.multi_asset_check(name=f"{stage}_contracts", specs=[spec(contract) for contract in contracts])
    def check(context: dg.AssetCheckExecutionContext, workspace: Workspace) -> Iterator[dg.AssetCheckResult]:
        with step(f"check {stage}") as said, _opened(stage, workspace.settings) as connection:
            # the other rows were judged when they were made
            made = standing.made_rows(connection, touched_by) if touched_by else {}
            results = [judge(contract, connection, made.get(contract.table)) for contract in contracts]
            said.says(f"{len(results)} contracts, {sum(not result.passed for result in results)} broken")
        if touched_by and all(result.passed for result in results):
            standing.trust(workspace.settings)
        yield from results

    return check


def _opened(stage: str, settings: Settings) -> duckdb.DuckDBPyConnection:
    if stage == "marts":
        return database.connect_build(settings)
    return database.connect(settings, read_only=True)


def judge(
    contract: type[Contract], connection: duckdb.DuckDBPyConnection, rows: str | None = None
) -> dg.AssetCheckResult:
    """Hold a table, or of it the rows of a query, against its contract. The result holds rule, column and count."""
    broken = violations(contract, connection, rows)
    return dg.AssetCheckResult(
        passed=not broken,
        asset_key=key(contract.table),
        check_name=NAME,
        description=None if not broken else f"{contract.table} breaks its contract",
        metadata={f"{one.rule} {one.column or ''}".strip(): one.count for one in broken},
    )


def raw_checks(extracts: Sequence[type[Extract]]) -> dg.AssetChecksDefinition:
    """Raw rows were judged when they were taken; what is left: no key twice in force, and what lies in quarantine."""
    specs = [
        one
        for extract in extracts
        for one in (
            dg.AssetCheckSpec(
                ONE_VERSION,
                asset=key(extract.table),
                description="At most one version of a key is in force as of A.",
                blocking=True,
            ),
            dg.AssetCheckSpec(
                QUARANTINE,
                asset=key(extract.table),
                description="No row that breaks its contract is waiting for a better one.",
            ),
        )
    ]

    @dg.multi_asset_check(name="raw_contracts", specs=specs)
    def check(context: dg.AssetCheckExecutionContext, workspace: Workspace) -> Iterator[dg.AssetCheckResult]:
        with (
            step("check raw") as said,
            database.connect(workspace.settings, read_only=True) as connection,
        ):
            results = [
                result
                for extract in extracts
                for result in (_one_version(extract, connection), _quarantine(extract, connection))
            ]
            said.says(f"{len(results)} checks, {sum(not result.passed for result in results)} not passed")
            yield from results

    return check


def freshness_checks() -> dg.AssetChecksDefinition:
    """Whether each partner delivers in time. Blocking only so that they end before the build moves: they warn."""
    table = key("marts.fct_freshness")
    specs = [
        dg.AssetCheckSpec(
            f"{partner}_on_time", asset=table, description=f"{partner} has delivered when expected.", blocking=True
        )
        for partner in PARTNERS
    ]

    @dg.multi_asset_check(name="freshness", specs=specs)
    def check(context: dg.AssetCheckExecutionContext, workspace: Workspace) -> Iterator[dg.AssetCheckResult]:
        with database.connect_build(workspace.settings) as connection:
            rows = connection.execute("select partner, status, days_behind from marts.fct_freshness").fetchall()
        found = {partner: (status, behind) for partner, status, behind in rows}
        for partner in PARTNERS:
            status, behind = found.get(partner, ("missing", None))
            yield dg.AssetCheckResult(
                passed=status == "on_time",
                severity=dg.AssetCheckSeverity.WARN,
                asset_key=table,
                check_name=f"{partner}_on_time",
                metadata={"status": status} | ({} if behind is None else {"days_behind": behind}),
            )

    return check


def _one_version(extract: type[Extract], connection: duckdb.DuckDBPyConnection) -> dg.AssetCheckResult:
    columns = ", ".join(f'"{name}"' for name in extract.key)
    doubled = connection.execute(
        f"""
        select count(*) from (
            select {columns}
            from {extract.table}, raw.as_of
            where _valid_from <= as_of_on and as_of_on < _valid_to
            group by all
            having count(*) > 1
        )
        """
    ).fetchone()
    count = doubled[0] if doubled else 0
    return dg.AssetCheckResult(
        passed=count == 0,
        asset_key=key(extract.table),
        check_name=ONE_VERSION,
        metadata={"keys_in_force_twice": count},
    )


def _quarantine(extract: type[Extract], connection: duckdb.DuckDBPyConnection) -> dg.AssetCheckResult:
    by_rule = connection.execute(
        f"""
        with
        {ROWS}
        select rule, count(*)
        from (
            select unnest(rules) as rule
            from quarantined
            where partner = ? and extract = ? and state = 'open' and is_newest
        )
        group by rule
        order by rule
        """,
        [extract.partner, extract.extract],
    ).fetchall()
    return dg.AssetCheckResult(
        passed=not by_rule,
        severity=dg.AssetCheckSeverity.WARN,
        asset_key=key(extract.table),
        check_name=QUARANTINE,
        metadata=dict(by_rule),
    )

"""The first step of a run: what has arrived becomes raw history; one asset a raw table.

Belongs here: what Dagster sees of the intake, and the two ways in which a run ends with it. Does not belong here: how
deliveries are judged and taken (`raw`).
"""

from collections.abc import Iterator, Sequence

import dagster as dg
import duckdb

from contracts.base import Extract
from orchestration import database, deliveries, fingerprint, outcome, raw, release
from orchestration import key as keys
from orchestration.describe import describe, key
from orchestration.gate import held
from orchestration.masking import without_values
from orchestration.progress import step
from orchestration.raw.store import LAYOUT
from orchestration.resources import Request, Workspace
from orchestration.settings import Settings

AS_OF = dg.AssetKey(["raw", "as_of"])
INPUTS = "ketenzicht/inputs"
"""Run tag: hash of what the run saw, for the ledger."""


def raw_assets(extracts: Sequence[type[Extract]]) -> dg.AssetsDefinition:
    """Registry, quarantine, pseudonyms and every extract's history, written in one step.

    Without a usable delivery of IND there is no as-of date: `raw.as_of` is then not made, and what follows is skipped.
    """
    tables = [*LAYOUT, *(extract.table for extract in extracts)]
    specs = [describe(dg.AssetSpec(key(table), group_name="raw", skippable=True, kinds={"duckdb"})) for table in tables]

    @dg.multi_asset(name="raw", specs=specs)
    def take(
        context: dg.AssetExecutionContext, workspace: Workspace, request: Request
    ) -> Iterator[dg.MaterializeResult]:
        settings = workspace.settings
        secret = keys.ensure(settings).secret
        # Before the intake: what arrives while it runs must make the next refresh see something new.
        arrived = deliveries.stat_fingerprint(settings.paths.deliveries)
        release.clean(settings.paths)
        with step("raw") as said:
            intake = _take(settings, secret, request)
            taken = f"{intake.new} new deliveries, as of {intake.as_of or 'no date yet'}"
            said.says(f"{taken}; {intake.message}" if intake.message else taken)
        # After it: a drop that this run accepted is no news to the next one.
        inputs = fingerprint.inputs(settings, secret, arrived)
        context.instance.add_run_tags(context.run_id, {INPUTS: inputs})
        with database.connect(settings, read_only=True) as connection:
            for table in tables:
                if key(table) != AS_OF or intake.as_of is not None:
                    yield _made(connection, table)
        end = outcome.nothing_to_publish(intake, request.as_of_on(settings))
        if end is not None:
            _record(context, settings, request, inputs, end.exit_code, end.messages)
            if end.exit_code:
                raise held("\n".join(end.messages), "deliveries")

    return take


def _take(settings: Settings, secret: bytes, request: Request) -> raw.Intake:
    """The intake; an error that quotes a row is told without it, and without its cause, which Dagster would keep."""
    try:
        return raw.take(
            settings, secret, as_of=request.as_of_on(settings), full=request.full, accept_drop=request.accept_drop
        )
    except duckdb.OperationalError:
        # disk, memory, a file that is held: nothing of a row, and the path is needed
        raise
    except duckdb.Error as error:
        told = f"the intake failed: {without_values(str(error))}"
    raise dg.Failure(told, allow_retries=False)


def _made(connection: duckdb.DuckDBPyConnection, table: str) -> dg.MaterializeResult:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    return dg.MaterializeResult(key(table), metadata={"dagster/row_count": row[0] if row else 0})


def _record(
    context: dg.AssetExecutionContext,
    settings: Settings,
    request: Request,
    inputs: str,
    code: int,
    messages: tuple[str, ...],
) -> None:
    """A run that ends here has nothing to publish, and need not be repeated until something changes."""
    as_of = request.as_of_on(settings)
    done = fingerprint.Done(inputs, as_of, as_of is not None, None, code, context.run_id, messages)
    fingerprint.record(settings.paths, done)

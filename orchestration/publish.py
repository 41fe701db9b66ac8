"""The last step of a run: the checked build becomes what readers open.

Belongs here: what Dagster sees of the publication, and when it moves. Does not belong here: files (`release`), figures.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg

from contracts.base import Contract, Extract
from orchestration import checks, database, fingerprint, metadata, outcome, provenance, release, runs
from orchestration.describe import describe
from orchestration.durable import reached
from orchestration.gate import held
from orchestration.intake import INPUTS
from orchestration.progress import step
from orchestration.resources import Request, Workspace
from orchestration.settings import Settings

METADATA = dg.AssetKey(["marts", "_metadata"])
CHAIN = dg.AssetKey(["published", "chain"])


def publication(
    extracts: Sequence[type[Extract]],
    marts: Sequence[type[Contract]],
    manifest: Mapping[str, Any],
    upstream: Sequence[dg.AssetKey],
) -> dg.AssetsDefinition:
    """`marts._metadata` and the publication, in one step after everything in `upstream` and its checks.

    `marts` are the contracts of all marts, that of `_metadata` among them; `manifest` is dbt's, for the lineage.
    """
    own = next(contract for contract in marts if contract.table == "marts._metadata")
    specs = [
        describe(dg.AssetSpec(METADATA, deps=upstream, group_name="marts", kinds={"duckdb"})),
        dg.AssetSpec(
            CHAIN,
            deps=[METADATA, *upstream],
            group_name="published",
            kinds={"duckdb", "parquet"},
            description="What readers open: published/chain.duckdb and published/parquet.",
        ),
    ]

    @dg.multi_asset(name="publish", specs=specs, check_specs=[checks.spec(own)])
    def publish(
        context: dg.AssetExecutionContext, workspace: Workspace, request: Request
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        settings = workspace.settings
        paths = settings.paths
        with step("publish") as said:
            as_of, newest, warnings = _known(settings)
            with database.connect(settings, read_only=True) as connection:
                came_from = list(provenance.entries(connection, as_of, manifest))
            with database.connect_build(settings, read_only=False) as connection:
                hashes = metadata.write(
                    connection,
                    as_of=as_of,
                    newest=newest,
                    extracts=extracts,
                    code_version=fingerprint.code_version(),
                    published_at=runs.started_at(context.instance, context.run_id).isoformat(),
                    provenance=came_from,
                )
                metadata.comment(connection, marts)
                verdict = checks.judge(own, connection)
                connection.execute("checkpoint")
                reached("build.checkpointed")
            reached("build.closed")
            yield dg.MaterializeResult(METADATA, metadata={"dagster/row_count": len(hashes)})
            yield verdict
            if not verdict.passed:
                raise held("marts._metadata breaks its contract", "contract")
            written = release.write(settings, as_of)
            moved = moves(request, release.published(paths), as_of)
            if moved:
                release.swap(paths, written)
            removed = release.retain(paths, settings.keep_releases)
            said.says(f"releases/{written.name}" + (" is what readers open" if moved else ", chain.duckdb stays"))
        pruned = runs.prune(
            context.instance, runs.started_at(context.instance, context.run_id), settings.run_history_days
        )
        _record(context, settings, request, as_of, written.name, warnings)
        yield dg.MaterializeResult(
            CHAIN,
            metadata={
                "release": written.name,
                "as_of": str(as_of),
                "is_published": moved,
                "releases_removed": len(removed),
                "runs_pruned": pruned,
                "warnings": len(warnings),
                "content_hash": fingerprint.hash_text(str(sorted(hashes.items()))),
            },
        )

    return publish


def _known(settings: Settings) -> tuple[date, dict[str, date | None], tuple[str, ...]]:
    """As-of date, newest reference date per partner up to it, and what the reader should be warned of."""
    with database.connect(settings, read_only=True) as connection:
        row = connection.execute("select as_of_on from raw.as_of").fetchone()
        assert row is not None, "raw.as_of is empty: the intake should have ended the run"
        newest = connection.execute(
            "select partner, max(reference_on) from raw.delivery "
            "where state = 'in_force' and reference_on <= ? group by partner",
            [row[0]],
        ).fetchall()
        warnings = outcome.intake_warnings(connection)
    with database.connect_build(settings) as connection:
        warnings += outcome.freshness_warnings(connection)
    return row[0], dict.fromkeys(("coa", "ind", "rvr")) | dict(newest), tuple(warnings)


def moves(request: Request, current: Path | None, as_of: date) -> bool:
    """Whether the publication moves from the release `current`: forward always, back in time only when asked to."""
    if request.release_only:
        return False
    return current is None or request.replace or as_of >= release.as_of(current)


def _record(
    context: dg.AssetExecutionContext,
    settings: Settings,
    request: Request,
    as_of: date,
    name: str,
    warnings: tuple[str, ...],
) -> None:
    done = fingerprint.Done(
        inputs=context.instance.get_run_record_by_id(context.run_id).dagster_run.tags[INPUTS],
        as_of=as_of,
        requested=request.as_of_on(settings) is not None,
        release=name,
        exit_code=3 if warnings else 0,
        run_id=context.run_id,
        messages=warnings,
    )
    fingerprint.record(settings.paths, done)

"""The whole pipeline on one page: what Dagster shows, and what the command line runs.

Belongs here: the order of the steps. Does not belong here: what any of them does.
"""

import warnings

import dagster as dg

import contracts
from orchestration import checks, dbt, history, home, intake, open_data, publish, schedules
from orchestration.resources import Request, Workspace
from orchestration.settings import Settings, load

# Dagster marks features as beta that it documents; each release is pinned, so a change cannot surprise us.
warnings.filterwarnings("ignore", category=dg.BetaWarning)


def pipeline(settings: Settings) -> dg.Definitions:
    """deliveries -> raw -> staging, intermediate -> marts -> open tables -> publication; arrows guarded by checks."""
    home.prepare(settings.paths)
    history.relax()
    manifest = dbt.manifest(settings)
    extracts = list(contracts.extracts().values())
    intermediate = list(contracts.stage("intermediate").values())
    marts = list(contracts.stage("marts").values())

    raw = intake.raw_assets(extracts)
    tables = dbt.stage_assets("tables", settings, manifest)
    published_marts = dbt.stage_assets("marts", settings, manifest)
    open_tables = open_data.assets(upstream=sorted(published_marts.keys))
    publication = publish.publication(
        extracts, marts, manifest, upstream=sorted([*published_marts.keys, *open_tables.keys])
    )

    refresh = dg.define_asset_job(
        "refresh",
        selection=dg.AssetSelection.all(),
        description="Takes every new delivery, builds, checks, publishes.",
    )
    as_of = dg.define_asset_job(
        "release_as_of",
        selection=dg.AssetSelection.all(),
        config=schedules.backfill_config(),
        description="Writes the release of an as-of date; what readers open stays as it is.",
    )
    return dg.Definitions(
        assets=[raw, tables, published_marts, open_tables, publication],
        asset_checks=[
            checks.raw_checks(extracts),
            checks.stage_checks("intermediate", intermediate, dbt.touched_by(manifest)),
            checks.stage_checks("marts", [one for one in marts if one.table != "marts._metadata"]),
            checks.freshness_checks(),
        ],
        jobs=[refresh, as_of],
        schedules=[schedules.morning("refresh", settings)],
        sensors=[schedules.on_delivery("refresh", settings), schedules.watching(settings)],
        resources={"workspace": Workspace(home=str(settings.paths.home)), "request": Request()},
        # One writer to one file: steps of one process, one after the other.
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The pipeline of the home that the environment names."""
    return pipeline(load())

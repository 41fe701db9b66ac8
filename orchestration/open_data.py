"""Open data as Dagster assets: the closed list of tables, made from checked marts and checked themselves.

Belongs here: what Dagster sees of it, and where its files lie until they are published. Does not belong here: what is
hidden (`analytics.disclosure`), how a release is written (`release`).
"""

from collections.abc import Iterator, Sequence
from datetime import date

import dagster as dg

from analytics.disclosure import audit, basis, cells, package, tables
from analytics.disclosure.closed_list import OpenTable, read
from analytics.disclosure.profile import Profile
from orchestration import database, release
from orchestration.durable import reached
from orchestration.gate import held
from orchestration.metadata import SEEDS
from orchestration.progress import step
from orchestration.resources import Workspace
from orchestration.settings import Settings

GROUP = "open"
CHECK = "nothing_can_be_worked_out"


def key(table: OpenTable) -> dg.AssetKey:
    """`open.applications_monthly` as an asset key."""
    return dg.AssetKey([GROUP, table.name])


def assets(upstream: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """The open tables, after everything in `upstream` and its checks. Raises ClosedListError."""
    closed_list = read(SEEDS)
    specs = [
        dg.AssetSpec(
            key(table),
            deps=upstream,
            group_name=GROUP,
            kinds={"python", "parquet"},
            description=f"{table.title}. One row a month and {', '.join(table.dimensions)}.",
        )
        for table in closed_list
    ]
    check_specs = [
        dg.AssetCheckSpec(
            CHECK,
            asset=key(table),
            description="Counts are rounded or hidden, and no line with its total gives a hidden one away.",
            blocking=True,
        )
        for table in closed_list
    ]

    @dg.multi_asset(name="open_data", specs=specs, check_specs=check_specs)
    def publish_openly(workspace: Workspace) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        with step("open data") as said:
            settings = workspace.settings
            profile = Profile(settings.open_threshold, settings.open_rounding)
            built = _build(settings, closed_list, profile)
            broken = []
            for table, one in built.items():
                found = audit.violations(table, one.frame, profile)
                broken += [table.name] if found else []
                yield dg.MaterializeResult(key(table), metadata={"dagster/row_count": one.frame.height, **one.figures})
                yield dg.AssetCheckResult(passed=not found, asset_key=key(table), check_name=CHECK, metadata=found)
            if broken:
                raise held(f"open data not safe to publish: {', '.join(broken)}", "open data")
            total = {word: sum(one.figures[word] for one in built.values()) for word in ("small", "suppressed", "held")}
            said.says(f"{len(built)} tables, " + ", ".join(f"{count} counts {word}" for word, count in total.items()))

    return publish_openly


def _build(settings: Settings, closed_list: Sequence[OpenTable], profile: Profile) -> dict[OpenTable, tables.Built]:
    """Make every open table beside the build, with the files and the basis that go into the release."""
    paths = settings.paths
    as_of, current = _as_of(settings), release.published(paths)
    before = basis.load(current / release.OPEN_BASIS) if current is not None else None
    with database.connect_build(settings) as connection:
        built = {
            table: tables.build(table, cells.true_cells(connection, table, as_of), as_of, profile, before)
            for table in closed_list
        }
    folder = paths.build.parent / release.OPEN
    folder.mkdir()
    reached("open.begun")
    package.write(folder, {table: one.frame for table, one in built.items()}, as_of, profile)
    reached("open.tables")
    months = {definition: found for one in built.values() for definition, found in one.months.items()}
    basis.Basis(profile, months).save(paths.build.parent / release.OPEN_BASIS)
    reached("open.basis")
    return built


def _as_of(settings: Settings) -> date:
    with database.connect(settings, read_only=True) as connection:
        row = connection.execute("select as_of_on from raw.as_of").fetchone()
    assert row is not None, "raw.as_of is empty: the intake should have ended the run"
    found: date = row[0]
    return found

"""The stages that dbt builds, as Dagster assets: two calls, so that a contract can stop the second.

Belongs here: how dbt is called, and what Dagster is told about its tables. Does not belong here: any SQL.
"""

import atexit
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from graphlib import TopologicalSorter
from importlib.metadata import version
from io import StringIO
from typing import Any

import dagster as dg
import orjson
from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation, DbtProject, dbt_assets
from packaging.version import Version

from contracts.checks import literal
from orchestration import database, fingerprint, standing
from orchestration.dbt_process import DbtHost
from orchestration.describe import describe
from orchestration.durable import reached
from orchestration.gate import held
from orchestration.masking import without_values
from orchestration.progress import step
from orchestration.resources import Workspace
from orchestration.settings import PROJECT, Settings, environment

PROJECT_DIR = PROJECT / "dbt_project"
STAGES = {
    "tables": "resource_type:seed fqn:ketenzicht.staging fqn:ketenzicht.intermediate",
    "marts": "fqn:ketenzicht.marts",
}

PROJECT_SCHEMAS = ("rules", "staging")
"""Functions of the project alone."""
STAGE_ORDER = ("raw", "rules", "staging", "intermediate", "marts")


class DbtError(Exception):
    """dbt could not read its project; the message holds dbt's own."""


class Translator(DagsterDbtTranslator):
    """Asset keys are dbt's own; descriptions and columns come from the contracts."""

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """The spec of one table, told apart from raw tables by its schema."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        return describe(spec.replace_attributes(group_name=spec.key.path[0]))


def variables(settings: Settings) -> dict[str, str]:
    """The environment of dbt: the only way in which settings reach it."""
    paths = settings.paths
    given = environment(
        KETENZICHT_DATABASE=str(paths.database),
        KETENZICHT_BUILD=str(paths.build),
        KETENZICHT_THREADS=str(settings.threads),
        KETENZICHT_MEMORY_LIMIT=f"{settings.memory_beside_python}B",
        DBT_PROJECT_DIR=str(PROJECT_DIR),
        DBT_PROFILES_DIR=str(PROJECT_DIR),
        DBT_TARGET_PATH=str(paths.dbt_target),
        DBT_LOG_PATH=str(paths.dbt_target),
        DBT_LOG_FORMAT="json",
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    )
    return given | database.for_dbt(settings)


def project_state() -> str:
    """What the project's tables depend on beside their rows: its files, and dbt."""
    return f"{fingerprint.hash_files(PROJECT_DIR)} {version('dbt-core')}"


def manifest(settings: Settings) -> dict[str, Any]:
    """dbt's manifest of the project, parsed again only when the project or its variables changed. Raises DbtError."""
    target = settings.paths.dbt_target
    stamp = target / "parsed"
    state = project_state()
    if not (target / "manifest.json").exists() or not stamp.exists() or stamp.read_text() != state:
        stamp.unlink(missing_ok=True)
        reached("dbt.parsing")
        parser = DbtHost(variables(settings), PROJECT_DIR, reads_project=False)
        parse = parser.start(["parse"])
        printed = parse.stdout.read().decode()
        failed = parse.wait()
        parser.close()
        if failed:
            raise DbtError(
                f"dbt cannot read {PROJECT_DIR}:\n{(_errors(printed) or printed).partition('Traceback')[0].strip()}"
            )
        reached("dbt.parsed")
        stamp.write_text(state)
        reached("dbt.stamped")
    parsed: dict[str, Any] = orjson.loads((target / "manifest.json").read_bytes())
    _attach_tests(parsed)
    return parsed


def _attach_tests(parsed: dict[str, Any]) -> None:
    """A test that compares tables becomes a check of the first one, in its SQL, of the latest stage that it reads."""
    tables = parsed["nodes"] | parsed["sources"]
    for node in parsed["nodes"].values():
        if node["resource_type"] == "test" and not node.get("attached_node") and node["depends_on"]["nodes"]:
            read = node["depends_on"]["nodes"]
            node["attached_node"] = max(read, key=lambda one: STAGE_ORDER.index(tables[one]["schema"]))


def touched_by(parsed: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Tables of which a build may make anew the rows of touched keys only: the kind of key in each of their columns."""
    return {
        f"{node['schema']}.{node['name']}": node["config"]["touched_by"]
        for node in parsed["nodes"].values()
        if node["resource_type"] == "model" and "touched_by" in node["config"]
    }


_HOSTS: dict[tuple[object, ...], DbtHost] = {}


def host(settings: Settings) -> DbtHost:
    """The host of the builds, which begins to read the project when it is asked for first; one at a time."""
    env = variables(settings)
    wanted = (*sorted(env.items()), project_state())
    if wanted not in _HOSTS:
        end_host()
        _HOSTS[wanted] = DbtHost(env, PROJECT_DIR, reads_project=True)
    return _HOSTS[wanted]


@atexit.register
def end_host() -> None:
    """End it: it holds the project in memory."""
    while _HOSTS:
        _HOSTS.popitem()[1].close()


def _errors(stdout: str) -> str:
    lines = (orjson.loads(line) for line in stdout.splitlines() if line.startswith("{"))
    return "\n".join(line["info"]["msg"] for line in lines if line["info"]["level"] == "error")


def stage_assets(name: str, settings: Settings, parsed: dict[str, Any]) -> dg.AssetsDefinition:
    """The tables of one dbt call, with dbt's tests as asset checks."""
    select = STAGES[name]
    lasting = name == "tables"

    @dbt_assets(manifest=parsed, select=select, name=f"dbt_{name}", dagster_dbt_translator=Translator())
    def build(context: dg.AssetExecutionContext, workspace: Workspace) -> Iterator[Any]:
        settings = workspace.settings
        state = project_state() if lasting else ""
        stood = standing.found(settings, state) if lasting else standing.NOTHING
        with step(f"dbt {name}") as said:
            if lasting:
                standing.begin(settings, stood)
            chosen = _changing(parsed, stood) if stood.rules else select
            invocation = _call(context, settings, chosen, parsed, only_touched=stood.untouched)
            # dbt-dagster repeats every event on standard output, which is the command line's.
            with redirect_stdout(StringIO()):
                # Events wait for the end of dbt: until then it holds the file, and rows cannot be counted.
                events = list(invocation.stream())
            reached("dbt.built")
            if stood.rules:
                events = [*_standing(context, _is_of_project), *events]
            if stood.knowledge:
                events = [*events, *_standing(context, _is_knowledge)]
            yield from _counted(context, settings, events)
            if not invocation.is_successful():
                raise _failure(invocation, events)
            if lasting:
                standing.end(settings, state, stood)
            made = sum(isinstance(event, dg.Output) for event in events)
            said.says(f"{made} tables, {len(events) - made} tests")

    return build


def _is_of_project(table: Sequence[str]) -> bool:
    return table[0] in PROJECT_SCHEMAS


def _is_knowledge(table: Sequence[str]) -> bool:
    return table[0] == "intermediate" and table[-1] in standing.KNOWLEDGE


def _changing(parsed: dict[str, Any], stood: standing.Standing) -> str:
    """Of the first call, the tables that do not stand; and the tests of those that do."""
    stands = {
        key
        for key, node in parsed["nodes"].items()
        if node["resource_type"] in {"seed", "model"}
        and (
            _is_of_project((node["schema"], node["name"]))
            or (stood.knowledge and _is_knowledge((node["schema"], node["name"])))
        )
    }
    tests = [
        node["name"]
        for node in parsed["nodes"].values()
        if node["resource_type"] == "test" and node.get("attached_node") in stands
    ]
    made = [
        f"fqn:{'.'.join(node['fqn'])}"
        for key, node in parsed["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] == "intermediate" and key not in stands
    ]
    return " ".join([*sorted(made), *sorted(tests)])


def _call(
    context: dg.AssetExecutionContext, settings: Settings, select: str, parsed: dict[str, Any], *, only_touched: bool
) -> DbtCliInvocation:
    """Start `dbt build` with our environment; unit tests are for `make test`, not for every refresh."""
    process = host(settings).start(
        [
            *("build", "--select", *select.split()),
            *("--indirect-selection", "buildable", "--exclude-resource-type", "unit_test"),
            *("--vars", orjson.dumps({"only_touched": only_touched}).decode()),
        ]
    )
    return DbtCliInvocation(
        process=process,  # type: ignore[arg-type]
        manifest=parsed,
        project=None,
        dagster_dbt_translator=Translator(),
        project_dir=PROJECT_DIR,
        target_path=settings.paths.dbt_target,
        raise_on_error=False,
        context=context,
        adapter=None,
        cli_version=Version(version("dbt-core")),
    )


def _standing(
    context: dg.AssetExecutionContext, is_among: Callable[[Sequence[str]], bool]
) -> Iterator[dg.Output[None]]:
    """Tables that stand as they were: without an output of theirs, Dagster would skip what reads them."""
    assets = context.assets_def
    stood = {key: assets.asset_deps[key] for key in context.selected_asset_keys if is_among(key.path)}
    for key in TopologicalSorter(stood).static_order():
        if key in stood:
            name = assets.get_output_name_for_asset_key(key)
            yield dg.Output(None, output_name=name, metadata={"unchanged": "stands as the last build left it"})


def _counted(context: dg.AssetExecutionContext, settings: Settings, events: list[Any]) -> Iterator[Any]:
    """The events, those of tables with their number of rows."""
    with database.connect(settings, read_only=True) as connection:
        connection.execute(f"attach {literal(str(settings.paths.build))} as chain (read_only)")
        tables = set(connection.execute("select schema_name, table_name from duckdb_tables()").fetchall())
        for event in events:
            if isinstance(event, dg.Output):
                schema, table = context.asset_key_for_output(event.output_name).path
                if (schema, table) in tables:
                    home = "chain." if schema == "marts" else ""
                    row = connection.execute(f'select count(*) from {home}{schema}."{table}"').fetchone()
                    event = event.with_metadata({**event.metadata, "dagster/row_count": row[0] if row else 0})
            yield event


def _failure(invocation: DbtCliInvocation, events: list[Any]) -> dg.Failure:
    """What failed, without the values that a database error quotes; dbt's log in the private work folder has them."""
    log = invocation.target_path / "dbt.log"
    judged = [one for one in events if isinstance(one, dg.AssetCheckResult) and not one.passed]
    # what only warns stops nothing; a test that could not be run, for lack of disk or memory, says nothing of figures
    judged = [one for one in judged if one.severity == dg.AssetCheckSeverity.ERROR]
    broken = [str(one.check_name) for one in judged if one.metadata["status"].value != "error"]
    if judged and len(broken) == len(judged):
        return held(f"dbt tests not passed: {', '.join(broken)}", "dbt tests")
    error = without_values(str(invocation.get_error()).partition("Errors parsed from dbt logs:")[2].strip())
    return dg.Failure(f"dbt failed, see {log}: {error}", allow_retries=False)

"""The pipeline as Dagster shows it: names, guards, and what stops what."""

from pathlib import Path

import dagster as dg
import pytest

import contracts
from orchestration import dbt
from orchestration.definitions import pipeline
from orchestration.settings import load


@pytest.fixture
def graph(parsed_home: Path) -> dg.Definitions:
    return pipeline(load(parsed_home))


@pytest.fixture
def refresh(graph: dg.Definitions) -> dg.JobDefinition:
    return graph.resolve_job_def("refresh")


def tables(graph: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {".".join(spec.key.path): spec for spec in graph.resolve_all_asset_specs()}


def test_every_contract_has_its_table_as_an_asset(graph: dg.Definitions) -> None:
    assert set(contracts.all()) <= set(tables(graph))


def test_asset_keys_are_stage_and_table_grouped_by_stage(graph: dg.Definitions) -> None:
    for name, spec in tables(graph).items():
        assert len(spec.key.path) == 2, name
        assert spec.group_name == spec.key.path[0], name
    assert {spec.group_name for spec in tables(graph).values()} == {
        *("raw", "rules", "staging", "intermediate", "marts", "open", "published")
    }


def test_every_contract_is_a_blocking_check(graph: dg.Definitions) -> None:
    guarded = {
        ".".join(spec.asset_key.path): spec.name
        for checks in [*graph.asset_checks, *graph.assets]
        for spec in checks.check_specs
        if spec.blocking
    }
    assert set(contracts.all()) <= set(guarded)


def test_every_dbt_test_is_a_check(graph: dg.Definitions, parsed_home: Path) -> None:
    nodes = dbt.manifest(load(parsed_home))["nodes"].values()
    tests = {node["name"] for node in nodes if node["resource_type"] == "test"}
    checks = {spec.name for assets in graph.assets for spec in assets.check_specs}
    assert tests
    assert tests <= checks


def test_columns_and_grain_come_from_the_contracts(graph: dg.Definitions) -> None:
    specs = tables(graph)
    for name, contract in contracts.all().items():
        schema = specs[name].metadata["dagster/column_schema"]
        assert [column.name for column in schema.columns] == list(contract.columns), name
        assert specs[name].description == contract.grain, name


def test_a_refresh_calls_dbt_twice(refresh: dg.JobDefinition) -> None:
    assert sorted(node for node in refresh.graph.node_dict if node.startswith("dbt_")) == ["dbt_marts", "dbt_tables"]


def test_steps_share_one_process(refresh: dg.JobDefinition) -> None:
    assert refresh.executor_def.name == "in_process"


@pytest.mark.parametrize(
    ("step", "guards"),
    [
        ("dbt_tables", {"raw_contracts"}),
        ("dbt_marts", {"intermediate_contracts"}),
        ("publish", {"marts_contracts"}),
    ],
)
def test_a_stage_waits_for_the_contracts_of_the_one_before(
    refresh: dg.JobDefinition, step: str, guards: set[str]
) -> None:
    found = {
        output.node
        for node, inputs in refresh.graph.dependencies.items()
        if node.name == step
        for dependency in inputs.values()
        for output in dependency.get_node_dependencies()
    }
    assert guards <= found


def test_a_backfill_has_a_partition_for_every_day(graph: dg.Definitions) -> None:
    backfill = graph.resolve_job_def("release_as_of")
    assert backfill.partitions_def is not None
    assert backfill.partitions_def.has_partition_key("2025-07-31")

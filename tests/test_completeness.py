"""Every table has its model, its yml, its contract and its golden case, and they speak of the same columns."""

from pathlib import Path

import pytest
import yaml

import contracts
from contracts.base import Contract, Extract
from orchestration.settings import PROJECT

MODELS = PROJECT / "dbt_project" / "models"
GOLDEN = PROJECT / "tests" / "golden"
WRITTEN_BY_PYTHON = {"marts._metadata"}
"""Tables of the publication step: they describe the marts, so they cannot be one of them."""
OF_THE_WORKED_CASES = {"dim_case", "fct_stage_visit", "fct_ind_stock_daily", "fct_backlog_daily"}
"""Their golden case is tests/golden/examples, the specification's own."""


def built(stage: str) -> list[type[Contract]]:
    """Contracts of tables that dbt builds."""
    return [contract for name, contract in contracts.stage(stage).items() if name not in WRITTEN_BY_PYTHON]


def model(contract: type[Contract]) -> Path:
    """The one file that a table can be guessed to come from; its yml lies beside it."""
    stage, name = contract.table.split(".")
    written = [MODELS / stage / f"{name}{suffix}" for suffix in (".sql", ".py")]
    return next((file for file in written if file.exists()), written[0])


def documented(file: Path) -> dict[str, set[str]]:
    """Model -> columns that a yml names."""
    content = yaml.safe_load(file.read_text())
    return {one["name"]: {column["name"] for column in one.get("columns", [])} for one in content.get("models", [])}


@pytest.mark.parametrize("contract", [*built("intermediate"), *built("marts")], ids=lambda one: one.table)
def test_every_contract_has_its_model_and_its_yml(contract: type[Contract]) -> None:
    assert model(contract).exists()
    assert model(contract).with_suffix(".yml").exists()


@pytest.mark.parametrize("stage", ["intermediate", "marts"])
def test_every_model_has_its_contract(stage: str) -> None:
    files = [file for file in (MODELS / stage).iterdir() if file.suffix in {".sql", ".py"}]
    # a view holds no row: what it reads and what reads it have contracts (docs/decisions/0004)
    models = {f"{stage}.{file.stem}" for file in files if "materialized='view'" not in file.read_text()}
    assert models == {contract.table for contract in built(stage)}


@pytest.mark.parametrize("extract", contracts.extracts().values(), ids=lambda one: one.table)
def test_every_extract_has_its_staging_model_and_yml(extract: type[Extract]) -> None:
    file = MODELS / "staging" / extract.partner / f"{extract.partner}__{extract.extract}.sql"
    assert file.exists()
    assert documented(file.with_suffix(".yml")).keys() == {file.stem}


@pytest.mark.parametrize("contract", [*built("intermediate"), *built("marts")], ids=lambda one: one.table)
def test_a_yml_names_no_column_that_the_contract_does_not_have(contract: type[Contract]) -> None:
    named = documented(model(contract).with_suffix(".yml"))
    assert named.keys() == {contract.table.split(".")[1]}
    assert named[contract.table.split(".")[1]] <= contract.columns.keys()


@pytest.mark.parametrize("contract", built("marts"), ids=lambda one: one.table)
def test_every_mart_has_a_golden_case(contract: type[Contract]) -> None:
    name = contract.table.split(".")[1]
    if name not in OF_THE_WORKED_CASES:
        assert any((GOLDEN / name).glob("*"))


def test_every_column_of_a_mart_says_what_it_is() -> None:
    silent = [
        f"{contract.table}.{name}"
        for contract in contracts.stage("marts").values()
        for name, info in contract.columns.items()
        if len(info.description) < 3
    ]
    assert silent == []

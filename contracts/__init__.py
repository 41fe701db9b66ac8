"""What every table promises: one pandera class a table, found by its place in this package.

What belongs in the package: declarations, and what reads them (compile, describe, dictionary). What does not:
orchestration and SQL models. Nothing here imports dagster or dbt; ``import contracts`` itself is cheap, the
first call imports pandera.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from contracts.base import Contract, Extract

STAGES = ("raw", "intermediate", "marts")
"""The stages with contracts; staging is views over raw and takes its columns from them."""


@cache
def all() -> dict[str, type[Contract]]:
    """Every contract by its table, in order of stage and table."""
    from contracts.base import Contract

    found = {
        value.table: value
        for module in _modules()
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Contract) and value.__module__ == module.__name__
    }
    return {table: found[table] for table in sorted(found, key=lambda name: (STAGES.index(_stage_of(name)), name))}


def extracts() -> dict[str, type[Extract]]:
    """The contracts of what partners deliver, by raw table."""
    from contracts.base import Extract

    return {table: contract for table, contract in all().items() if issubclass(contract, Extract)}


def stage(name: str) -> dict[str, type[Contract]]:
    """The contracts of one stage, by table. Raises ValueError for a stage without contracts."""
    if name not in STAGES:
        raise ValueError(f"no contracts in stage '{name}'; stages with contracts: {', '.join(STAGES)}")
    return {table: contract for table, contract in all().items() if _stage_of(table) == name}


def _stage_of(table: str) -> str:
    return table.split(".")[0]


def _modules() -> list[ModuleType]:
    # Declarations stand in the sub-packages; the other modules are the machinery.
    names: list[str] = []
    for package in ("sources", "chain", "marts"):
        path = import_module(f"{__name__}.{package}").__path__
        names += [info.name for info in pkgutil.iter_modules(path, f"{__name__}.{package}.")]
    return [import_module(name) for name in names]

"""What Dagster is told about a table: its contract's grain and columns.

Belongs here: from a contract to an asset spec. Does not belong here: any text about a table (contracts).
"""

import dagster as dg

import contracts
from contracts.base import Contract


def key(table: str) -> dg.AssetKey:
    """`raw.ind__aanvraag` as an asset key."""
    return dg.AssetKey(table.split("."))


def contract_of(asset: dg.AssetKey) -> type[Contract] | None:
    """The contract of a table, if it has one."""
    return contracts.all().get(".".join(asset.path))


def describe(spec: dg.AssetSpec) -> dg.AssetSpec:
    """The spec with the description and the columns of its contract."""
    contract = contract_of(spec.key)
    if contract is None:
        return spec
    schema = dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=info.name,
                type=info.type,
                description=info.description + (f" ({info.unit})" if info.unit else ""),
                constraints=dg.TableColumnConstraints(nullable=info.nullable),
            )
            for info in contract.columns.values()
        ]
    )
    return spec.replace_attributes(
        description=contract.grain, metadata={**spec.metadata, "dagster/column_schema": schema}
    )

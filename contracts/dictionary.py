"""docs/dictionary.md from the contracts: ``python -m contracts.dictionary`` writes it, a test holds it to them."""

from collections.abc import Iterator
from pathlib import Path

import contracts
from contracts.base import Contract
from contracts.columns import ColumnInfo
from contracts.compile import row_rules, set_statements

PAGE = Path(__file__).parents[1] / "docs" / "dictionary.md"

INTRODUCTION = """# Data dictionary

Written by `python -m contracts.dictionary` from the contracts in `contracts/`; change it there. `null` marks columns
that may be empty. Rules are named as they appear in the quarantine and in `fct_data_quality`.
"""

STAGES = {
    "marts": "marts: published",
    "intermediate": "intermediate: what several marts need",
    "raw": "raw: what the partners deliver",
}


def dictionary() -> str:
    """The whole page: every table with a contract, published ones first."""
    return "\n".join([INTRODUCTION, *(line for stage in STAGES for line in _stage(stage))])


def _stage(stage: str) -> Iterator[str]:
    yield f"## {STAGES[stage]}\n"
    for contract in contracts.stage(stage).values():
        yield from _table(contract)


def _table(contract: type[Contract]) -> Iterator[str]:
    yield f"### {contract.table}\n\n{contract.grain}\n"
    if contract.key:
        yield f"Key: {', '.join(f'`{name}`' for name in contract.key)}.\n"
    yield "| column | type | null | description | unit | source |"
    yield "| --- | --- | --- | --- | --- | --- |"
    yield from map(_column, contract.columns.values())
    yield ""
    rules = [rule.name for rule in row_rules(contract) if not rule.name.startswith("not_null:")]
    rules += [statement.name for statement in set_statements(contract.to_schema())]
    yield f"Rules: {', '.join(f'`{rule}`' for rule in rules)}.\n"


def _column(info: ColumnInfo) -> str:
    cells = [
        f"`{info.name}`",
        info.type.lower(),
        "null" if info.nullable else "",
        info.description.replace("|", r"\|"),
        info.unit or "",
        info.source or "",
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(dictionary(), encoding="utf-8")

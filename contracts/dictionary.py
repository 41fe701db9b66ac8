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
    infos = contract.columns.values()
    # Only marts compute; elsewhere these two would be empty.
    computed = [name for name in ("formula", "denominator") if any(getattr(info, name) for info in infos)]
    headings = ["column", "type", "null", "description", *computed, "unit", "source"]
    yield _row(headings)
    yield _row(["---"] * len(headings))
    yield from (_column(info, computed) for info in infos)
    yield ""
    rules = [rule.name for rule in row_rules(contract) if not rule.name.startswith("not_null:")]
    rules += [statement.name for statement in set_statements(contract.to_schema())]
    yield f"Rules: {', '.join(f'`{rule}`' for rule in rules)}.\n"


def _column(info: ColumnInfo, computed: list[str]) -> str:
    said = [info.description, *(getattr(info, name) for name in computed), info.unit, info.source]
    return _row([f"`{info.name}`", info.type.lower(), "null" if info.nullable else "", *(text or "" for text in said)])


def _row(cells: list[str]) -> str:
    escaped = (cell.replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"


if __name__ == "__main__":
    PAGE.write_text(dictionary(), encoding="utf-8")

"""The answers in docs/analysts.md, from a published home: ``python -m orchestration.answers HOME`` writes them.

Belongs here: their form on that page. Does not belong here: the questions (`questions`), the rest of the page.
"""

import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration import query
from orchestration.questions import Question, questions
from orchestration.settings import PROJECT, Paths

PAGE = PROJECT / "docs" / "analysts.md"
MARK = "<!-- From here on written by python -m orchestration.answers HOME: change queries/ and run it again. -->\n"
SHOWN = 30
"""Rows of an answer on the page; a longer one says how many more there are."""


def answers(chain: Path) -> str:
    """Every question with its answer on a published database, as Markdown. Raises duckdb.Error, QuestionError."""
    with query.published(chain) as connection:
        known = connection.execute("select value from _metadata where key = 'as_of_on'").fetchone()
        assert known is not None, "a publication has an as-of date"
        return "\n".join([f"As of {known[0]}.\n", *(line for one in questions() for line in _answer(connection, one))])


def write(page: Path, chain: Path) -> None:
    """Replace what stands below the mark of a page. Raises ValueError where the page has no mark."""
    head, mark, _ = page.read_text(encoding="utf-8").partition(MARK)
    if not mark:
        raise ValueError(f"{page} has no line {MARK.strip()}")
    page.write_text(f"{head}{mark}\n{answers(chain)}", encoding="utf-8")


def _answer(connection: duckdb.DuckDBPyConnection, question: Question) -> Iterator[str]:
    rows = connection.execute(question.sql).fetchall()
    yield f"### {question.title}\n\n`ketenzicht sql {question.name}`: {question.answer}\n"
    yield from _table(question.columns, rows[:SHOWN])
    yield f"\nand {len(rows) - SHOWN} more rows\n" if len(rows) > SHOWN else ""


def _table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    numeric = [all(isinstance(row[at], int | float | Decimal | None) for row in rows) for at in range(len(names))]
    yield f"| {' | '.join(names)} |"
    yield f"| {' | '.join('--:' if one else '---' for one in numeric)} |"
    for row in rows:
        yield f"| {' | '.join('' if value is None else str(value) for value in row)} |"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m orchestration.answers HOME")
    write(PAGE, Paths(Path(sys.argv[1]).resolve()).chain)

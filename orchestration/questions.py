"""The named questions of `queries/`: one SQL file each, whose leading comment says what it asks and answers.

Belongs here: finding and describing them. Does not belong here: running one (`query`), its SQL (`queries/`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.settings import PROJECT

QUERIES = PROJECT / "queries"

_HEADER = re.compile(
    r"-- (?P<title>[^\n]+\?)\n--\n(?P<answer>(?:-- [^\n]+\n)+)--\n"
    r"-- columns: (?P<columns>[^\n]+\n(?:--     [^\n]+\n)*)-- marts: (?P<marts>[^\n]+\n(?:--     [^\n]+\n)*)"
)


class QuestionError(Exception):
    """A file of `queries/` does not begin with the comment that describes it; the message names the file."""


@dataclass(frozen=True)
class Question:
    """A named question: what it asks, what the answer means, which columns it has, and which marts it reads."""

    name: str
    title: str
    answer: str
    columns: tuple[str, ...]
    marts: tuple[str, ...]
    sql: str

    def described(self) -> dict[str, Any]:
        """Everything about it, as JSON can hold it; the SQL by the path of its file."""
        return {
            "name": self.name,
            "question": self.title,
            "answer": self.answer,
            "columns": self.columns,
            "marts": self.marts,
            "file": str(QUERIES / f"{self.name}.sql"),
        }


def questions() -> list[Question]:
    """All named questions, in order of name. Raises QuestionError."""
    return [_read(file) for file in sorted(QUERIES.glob("*.sql"))]


def statement(text: str) -> str:
    """The SQL of the question that `text` names; else `text`, which is SQL itself. Raises QuestionError."""
    name = text.strip()
    file = QUERIES / f"{name}.sql"
    return _read(file).sql if name.isidentifier() and file.is_file() else text


def _read(file: Path) -> Question:
    sql = file.read_text(encoding="utf-8")
    header = _HEADER.match(sql)
    if header is None:
        raise QuestionError(f"{file}: begin it with a comment: the question, its answer, `columns:` and `marts:`")
    return Question(
        name=file.stem,
        title=header["title"],
        answer=" ".join(_lines(header["answer"])),
        columns=tuple(" ".join(_lines(header["columns"])).split(", ")),
        marts=tuple(" ".join(_lines(header["marts"])).split(", ")),
        sql=sql,
    )


def _lines(comment: str) -> Iterator[str]:
    return (line.removeprefix("--").strip() for line in comment.splitlines())

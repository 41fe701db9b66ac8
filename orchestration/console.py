"""How the command line speaks: a spinner and colours on a terminal, plain lines elsewhere.

Belongs here: form. Does not belong here: what is said.
"""

import json
import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.progress import LOGGER

WIDEST = 1_000_000
"""Characters that a printed line may have: a terminal wraps, a file does not mind."""


def console() -> Console:
    """Standard output, bound now: what a step does to `sys.stdout` later does not touch it."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=True)


class _Lines(logging.Handler):
    """Writes the end of each step as a line; its begin becomes the text of the spinner."""

    def __init__(self, out: Console, spinner: Any) -> None:
        super().__init__(logging.DEBUG)
        self.out = out
        self.spinner = spinner

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.INFO:
            if self.spinner is not None:
                self.spinner.update(record.getMessage())
        else:
            self.out.print(Text(record.getMessage()))


@contextmanager
def following() -> Iterator[None]:
    """Show the steps of a run while the block lasts."""
    out = console()
    spinner = out.status("starting") if out.is_terminal else None
    handler = _Lines(out, spinner)
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.DEBUG)
    LOGGER.propagate = False
    try:
        with spinner or nullcontext():
            yield
    finally:
        LOGGER.removeHandler(handler)


def say(*lines: str) -> None:
    """Print lines as they are."""
    out = console()
    for line in lines:
        out.print(Text(line))


def complain(*lines: str) -> None:
    """Print lines on standard error."""
    out = Console(file=sys.stderr, highlight=False, soft_wrap=True)
    for line in lines:
        out.print(Text(line))


def as_json(content: Any) -> None:
    """Print JSON; dates and decimals as text."""
    sys.stdout.write(json.dumps(content, default=str, indent=2, ensure_ascii=False) + "\n")


def table(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows under their column names, as wide as they are: no figure is cut off. Nothing when there are none."""
    if not rows:
        return
    shown = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name in rows[0]:
        numeric = all(isinstance(row[name], int | float | Decimal | None) for row in rows)
        shown.add_column(name.replace("_", " "), justify="right" if numeric else "left")
    for row in rows:
        shown.add_row(*(Text("" if value is None else str(value)) for value in row.values()))
    out = console()
    out.width = Console(width=WIDEST).measure(shown).maximum
    out.print(shown)

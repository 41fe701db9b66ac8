"""What the commands share: options, and the exit codes of errors that a user can act on.

Belongs here: arguments and how errors are told. Does not belong here: a command.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from orchestration.settings import Settings

DONE, FAILED, USAGE, WARNED, HELD = 0, 1, 2, 3, 4
"""Exit codes (commands.md)."""


class Form(StrEnum):
    """How a result is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def day(text: str) -> date:
    """A date of an option; anything else is wrong usage."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    # Python reads 20250131 and 2025-W05-5 too
    if found is None or found.isoformat() != text:
        raise typer.BadParameter(f"{text!r} is not a date: write YYYY-MM-DD")
    return found


HomeOption = Annotated[
    Path | None, typer.Option("--home", help="Folder of the home; default KETENZICHT_HOME, else ./data.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DayParser = typer.Option(parser=day, metavar="YYYY-MM-DD")


@contextmanager
def expected() -> Iterator[None]:
    """Turn the errors that a user can act on into message and exit code; any other is ours and shows itself."""
    from orchestration import console
    from orchestration.home import HomeError
    from orchestration.key import KeyFileError
    from orchestration.questions import QuestionError
    from orchestration.settings import SettingsError

    try:
        yield
    except (SettingsError, HomeError, KeyFileError, QuestionError) as error:
        console.complain(f"error: {error}")
        raise typer.Exit(USAGE) from None
    except PermissionError as error:
        console.complain(
            f"error: cannot use {error.filename}: {error.strerror}: run this as the user whose home it is; "
            "ketenzicht doctor looks"
        )
        raise typer.Exit(USAGE) from None


@contextmanager
def settings_of(home: Path | None) -> Iterator["Settings"]:
    """The settings for a command, with expected errors told."""
    from orchestration.settings import load

    with expected():
        yield load(home)


def tell_key(settings: "Settings") -> None:
    """Make sure that there is a key, and say so when it was created."""
    from orchestration import console, key

    made = key.ensure(settings).created
    if made is not None:
        console.say(f"created key file {made}: keep a copy elsewhere, without it every pseudonym changes")


def run_refresh(
    settings: "Settings",
    *,
    as_of: date | None = None,
    full: bool = False,
    replace: bool = False,
    accept_drop: bool = False,
) -> int:
    """Run a refresh and tell how it ended; returns the exit code."""
    from orchestration import console, home
    from orchestration.refresh import refresh as run

    home.prepare(settings.paths)
    tell_key(settings)
    with console.following():
        result = run(settings, as_of=as_of, full=full, replace=replace, accept_drop=accept_drop)
    (console.complain if result.exit_code in {FAILED, HELD} else console.say)(*result.lines)
    return result.exit_code

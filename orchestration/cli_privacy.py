"""The command by which persons are forgotten.

Belongs here: its arguments, the question before it acts, what it prints, the exit code. Does not belong here: what it
does (`forget`). A v_number is never printed.
"""

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.arguments import FAILED, HELD, USAGE, HomeOption, JsonOption, day, settings_of

if TYPE_CHECKING:
    from orchestration.forget import Outcome
    from orchestration.forget.whom import Numbers
    from orchestration.settings import Settings

FROM_INPUT = "-"


def forget(
    v_number: Annotated[
        str | None,
        typer.Option(
            "--v-number",
            metavar="N",
            help="Forget the person with this number. `-` asks for it, so that it stays out of the shell's history.",
            show_default=False,
        ),
    ] = None,
    before: Annotated[
        date | None,
        typer.Option(
            parser=day,
            metavar="YYYY-MM-DD",
            help="Forget what is known of persons of whom everything had ended before this day.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask on a terminal: this cannot be undone.")] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Forget persons for good: here, in every release, and in whatever is delivered later."""
    from orchestration import console

    with settings_of(home) as settings:
        if v_number is None and before is None:
            console.complain("error: say who: --v-number N, or --before YYYY-MM-DD")
            raise typer.Exit(USAGE)
        if v_number is not None and before is not None:
            console.complain("error: --v-number and --before are two requests: give one, then run it with the other")
            raise typer.Exit(USAGE)
        from orchestration import home as homes
        from orchestration import key as keys
        from orchestration.forget.whom import NothingBuiltError
        from orchestration.forgotten import RecordError
        from orchestration.lock import LockedError
        from orchestration.raw.pseudonyms import ForeignKeyError

        homes.existing(settings.paths)
        # under a new key the record would recognise nobody in what was delivered before
        secret = keys.existing(settings).secret
        homes.prepare(settings.paths)
        try:
            numbers = _meant(settings, v_number, before)
            if numbers is None or not (yes or _agreed(numbers)):
                raise typer.Exit(USAGE if numbers is None else FAILED)
            if before is not None and not numbers.numbers:
                _tell(numbers, None, json)
                return
            outcome = _carry_out(settings, secret, numbers, quiet=json)
        except (ForeignKeyError, LockedError, RecordError, NothingBuiltError) as error:
            console.complain(f"error: {error}")
            raise typer.Exit(FAILED) from None
        _tell(numbers, outcome, json)
        raise typer.Exit(outcome.exit_code)


def _meant(settings: "Settings", v_number: str | None, before: date | None) -> "Numbers | None":
    """Whom the request means; None, with a message, when it is no v_number."""
    from orchestration import console
    from orchestration.forget import whom

    if before is not None:
        return whom.ended_before(settings, before)
    given = _asked_for() if v_number == FROM_INPUT else str(v_number)
    try:
        return whom.person(settings, given)
    except ValueError as error:
        console.complain(f"error: --v-number: {error}")
        return None


def _asked_for() -> str:
    """The number from a prompt that does not show it, else from standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline()
    from getpass import getpass

    return getpass("v_number (not shown): ")


def _agreed(numbers: "Numbers") -> bool:
    """The answer of whoever sits at the terminal; elsewhere the command is the answer."""
    if not sys.stdin.isatty():
        return True
    return typer.confirm(f"Forget {numbers.summary}? This cannot be undone.", err=True)


def _carry_out(settings: "Settings", secret: bytes, numbers: "Numbers", *, quiet: bool) -> "Outcome":
    from contextlib import nullcontext

    from orchestration import console
    from orchestration.forget import carry_out

    with nullcontext() if quiet else console.following():
        return carry_out(settings, secret, numbers)


def _tell(numbers: "Numbers", outcome: "Outcome | None", json: bool) -> None:
    from orchestration import console

    if json:
        told: dict[str, object] = {"persons": numbers.persons, "rows": numbers.rows}
        if outcome is not None:
            told |= {
                "recorded": outcome.recorded,
                "release": outcome.refreshed.release,
                "messages": outcome.refreshed.lines,
                "releases_removed": outcome.releases_removed,
                "still_published": outcome.still_published,
                "delivery_files": outcome.delivery_files,
                "unsearchable_files": outcome.unsearchable,
            }
        console.as_json(told)
        return
    if outcome is None:
        console.say("nobody of whom everything had ended before that day: nothing to forget")
        return
    failed = outcome.refreshed.exit_code in {FAILED, HELD}
    (console.complain if failed else console.say)(*outcome.refreshed.lines)
    console.say(*_lines(numbers, outcome))


def _lines(numbers: "Numbers", outcome: "Outcome") -> list[str]:
    """What was done, and what is left to do."""
    known = numbers.summary if numbers.persons else "nobody known under that number yet; whatever comes is set apart"
    lines = [f"forgotten: {known}", f"recorded: {outcome.recorded} numbers that were not on record yet"]
    lines += [f"removed release {name}" for name in outcome.releases_removed]
    if outcome.still_published:
        lines.append(
            f"release {outcome.still_published}, which readers open, still holds them: nothing took its place; "
            "put right what stopped the refresh and run this command again"
        )
    if outcome.delivery_files:
        lines.append(
            "these delivered files still hold them, and are yours to remove or to have delivered again without:"
        )
        lines += [f"  deliveries/{name}" for name in outcome.delivery_files]
    lines += [f"could not search deliveries/{name}: look yourself" for name in outcome.unsearchable]
    return lines

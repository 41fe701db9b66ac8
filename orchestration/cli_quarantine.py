"""The commands about the quarantine: `quarantine list`, `show`, `export`.

Belongs here: their arguments and what they print. Does not belong here: which rows are bad (`quarantine`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.arguments import FAILED, USAGE, HomeOption, JsonOption, settings_of

if TYPE_CHECKING:
    from orchestration.settings import Settings

app = typer.Typer(name="quarantine", help="Bad rows: by rule, one by one, back to the partner.", no_args_is_help=True)

NOTHING = "nothing in quarantine"
LISTED = 100
"""Rows that `show` prints on a terminal or page when no limit is given."""


class Partner(StrEnum):
    """Who delivers."""

    ind = "ind"
    coa = "coa"
    rvr = "rvr"


PartnerOption = Annotated[Partner | None, typer.Option(help="Rows of one partner.")]
ExtractOption = Annotated[str | None, typer.Option(help="Rows of one extract, such as aanvraag.")]
RuleOption = Annotated[str | None, typer.Option(help="Rows that break one rule, such as isin:geslacht.")]
AllOption = Annotated[bool, typer.Option("--all", help="Also rows that were corrected or withdrawn since.")]


@app.command("list")
def list_(
    partner: PartnerOption = None,
    extract: ExtractOption = None,
    rule: RuleOption = None,
    everything: AllOption = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Count the bad rows that stand open by partner, extract and rule."""
    from orchestration import console

    with _told(home) as settings:
        from orchestration import quarantine

        chosen = quarantine.Chosen(partner, extract, rule, everything)
        with quarantine.opened(settings) as connection:
            found = quarantine.by_rule(connection, chosen) if connection else []
    if json:
        console.as_json(found)
    elif found:
        hidden = {"nl"} if everything else {"nl", "resolved_rows", "ended_rows"}
        console.table("", [{name: value for name, value in one.items() if name not in hidden} for one in found])
    else:
        console.say(NOTHING)


@app.command()
def show(
    partner: PartnerOption = None,
    extract: ExtractOption = None,
    rule: RuleOption = None,
    everything: AllOption = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Rows at most; default 100, with --json all.")] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Show single bad rows: delivery, file, line, column, rule. Keys are masked, of values only the shape is shown."""
    from orchestration import console

    with _told(home) as settings:
        from orchestration import key, quarantine

        chosen = quarantine.Chosen(partner, extract, rule, everything)
        with quarantine.opened(settings) as connection:
            found = quarantine.one_by_one(connection, chosen, key.existing(settings).secret) if connection else []
    if json:
        console.as_json(found[:limit])
        return
    shown = found[: limit or LISTED]
    hidden = {"nl", "en"} if everything else {"nl", "en", "state", "resolved_by"}
    console.table("", [{name: value for name, value in one.items() if name not in hidden} for one in shown])
    if not found:
        console.say(NOTHING)
    elif len(shown) < len(found):
        console.say(f"{len(found) - len(shown)} more: choose with --partner, --extract, --rule, or raise --limit")


@app.command()
def export(
    partner: Annotated[Partner, typer.Option(help="Whose rows.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Private folder outside the home, made when absent; default ./return/<partner>."),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Write the bad rows of a partner as delivered, with delivery, line, and rule in Dutch and English, to go back."""
    from orchestration import console

    with _told(home) as settings:
        from orchestration import quarantine, return_files

        out = Path("return", partner) if out is None else out
        try:
            with quarantine.opened(settings) as connection:
                files = return_files.write(connection, settings.paths, partner, out) if connection else []
        except return_files.ReturnFolderError as error:
            console.complain(f"error: {error}")
            raise typer.Exit(USAGE) from None
        except OSError as error:
            console.complain(f"error: cannot write to {out}: {error.strerror}; give a folder that you may write to")
            raise typer.Exit(FAILED) from None
    if json:
        console.as_json([vars(one) for one in files])
        return
    for one in files:
        console.say(f"{one.path}: {one.row_count} rows of {one.extract}")
    console.say("raw numbers of persons: send them to this partner only, and delete them here" if files else NOTHING)


@contextmanager
def _told(home: Path | None) -> Iterator["Settings"]:
    """The settings, with what cannot be asked of the quarantine told."""
    from orchestration import console
    from orchestration import home as homes
    from orchestration.database import BusyError
    from orchestration.quarantine import QuarantineError
    from orchestration.raw.pseudonyms import ForeignKeyError

    with settings_of(home) as settings:
        homes.existing(settings.paths)
        try:
            yield settings
        except (QuarantineError, BusyError, ForeignKeyError) as error:
            console.complain(f"error: {error}")
            raise typer.Exit(USAGE if isinstance(error, QuarantineError) else FAILED) from None

"""The command line: what can be asked, and the exit code of every answer.

Belongs here: arguments, options, exit codes. Does not belong here: doing it. Imports stay inside the commands, so that
`--help` and a refresh with nothing to do answer at once.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from orchestration.settings import Settings

app = typer.Typer(
    name="ketenzicht",
    help="Sight of the chain: stock, flow, legal clock and lead time of the Dutch asylum chain.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

FAILED, USAGE = 1, 2


class Form(StrEnum):
    """How a result is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date: write YYYY-MM-DD") from None


HomeOption = Annotated[
    Path | None, typer.Option("--home", help="Folder of the home; default KETENZICHT_HOME, else ./data.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DayParser = typer.Option(parser=_day, metavar="YYYY-MM-DD")


@contextmanager
def _expected() -> Iterator[None]:
    """Turn the errors that a user can act on into message and exit code; any other is ours and shows itself."""
    from orchestration import console
    from orchestration.home import HomeError
    from orchestration.key import KeyFileError
    from orchestration.lock import LockedError
    from orchestration.settings import SettingsError

    try:
        yield
    except (SettingsError, HomeError, KeyFileError) as error:
        console.complain(f"error: {error}")
        raise typer.Exit(USAGE) from None
    except LockedError as error:
        console.complain(f"error: {error}")
        raise typer.Exit(FAILED) from None


@contextmanager
def _settings(home: Path | None) -> Iterator["Settings"]:
    """The settings for a command, with expected errors told."""
    from orchestration.settings import load

    with _expected():
        yield load(home)


def _tell_key(settings: "Settings") -> None:
    """Make sure that there is a key, and say so when it was created."""
    from orchestration import console, key

    made = key.ensure(settings).created
    if made is not None:
        console.say(f"created key file {made}: keep a copy elsewhere, without it every pseudonym changes")


@app.command()
def init(home: HomeOption = None) -> None:
    """Make the folders, the key and the Dagster home."""
    from orchestration import console
    from orchestration import home as homes

    with _settings(home) as settings:
        homes.prepare(settings.paths)
        _tell_key(settings)
        homes.prepare_dagster(settings.paths)
        console.say(f"ready: deliveries go to {settings.paths.deliveries}/<partner>/<reference date>/")


@app.command()
def refresh(
    home: HomeOption = None,
    as_of: Annotated[date | None, DayParser] = None,
    full: Annotated[bool, typer.Option("--full", help="Build the history anew from all deliveries.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Let chain.duckdb move back to an earlier date.")] = False,
) -> None:
    """Take every new delivery, build, check, publish."""
    with _settings(home) as settings:
        raise typer.Exit(_refresh(settings, as_of=as_of, full=full, replace=replace))


def _refresh(settings: "Settings", *, as_of: date | None = None, full: bool = False, replace: bool = False) -> int:
    """Run a refresh and tell how it ended; returns the exit code."""
    from orchestration import console, home
    from orchestration.refresh import FAILED as ENDED_BADLY
    from orchestration.refresh import HELD
    from orchestration.refresh import refresh as run

    home.prepare(settings.paths)
    _tell_key(settings)
    with console.following():
        result = run(settings, as_of=as_of, full=full, replace=replace)
    tell: Callable[..., None] = console.complain if result.exit_code in {ENDED_BADLY, HELD} else console.say
    tell(*result.lines)
    return result.exit_code


@app.command()
def status(home: HomeOption = None, json: JsonOption = False) -> None:
    """Show the chain, the deliveries, the last runs, failing checks and the open quarantine."""
    from orchestration import console

    with _settings(home) as settings:
        from orchestration.status import gather
        from orchestration.summary import show

        found = gather(settings)
        if json:
            console.as_json(found)
        else:
            show(found)


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(help="A query; without one a prompt opens.")] = None,
    home: HomeOption = None,
    form: Annotated[Form, typer.Option("--format", help="How the result is printed.")] = Form.table,
    json: JsonOption = False,
) -> None:
    """Ask the published database; read-only, without access to files."""
    from orchestration import console

    with _settings(home) as settings:
        import duckdb

        from orchestration import query as queries

        if not settings.paths.chain.exists():
            console.complain(f"error: nothing is published in {settings.paths.published}: run ketenzicht refresh first")
            raise typer.Exit(FAILED)
        with queries.published(settings.paths.chain) as connection:
            shape = Form.json if json else form
            if query is None:
                queries.prompt(connection, shape)
                return
            try:
                queries.ask(connection, query, shape)
            except duckdb.Error as error:
                console.complain(f"error: {error}")
                raise typer.Exit(USAGE) from None


@app.command()
def demo(
    home: HomeOption = None,
    cases: Annotated[int | None, typer.Option(min=1, help="Cases of the synthetic chain; default 10,000.")] = None,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal chains.")] = 1,
) -> None:
    """Make a synthetic chain, publish it, and show it."""
    from orchestration import console, demo
    from orchestration import home as homes
    from orchestration.progress import step
    from orchestration.refresh import DONE, WARNED

    with _settings(home) as settings:
        homes.prepare(settings.paths)
        with console.following(), step("simulate") as said:
            made = demo.deliver(settings.paths, cases or demo.CASES, seed)
            said.says("a synthetic chain" if made else "deliveries are there already: using those")
        code = _refresh(settings)
        if code not in {DONE, WARNED}:
            raise typer.Exit(code)
        from orchestration.status import gather
        from orchestration.summary import lines

        console.say("", *lines(gather(settings)), *demo.where_to_look(settings.paths))


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(help="Folder that gets deliveries/ and truth/.")],
    cases: Annotated[int | None, typer.Option(min=1, help="Default: as many as the public figures imply.")] = None,
    start: Annotated[date | None, typer.Option("--from", parser=_day, metavar="YYYY-MM-DD")] = None,
    end: Annotated[date | None, typer.Option("--to", parser=_day, metavar="YYYY-MM-DD")] = None,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal bytes.")] = 1,
    faults: Annotated[str, typer.Option(metavar="F,...", help="Faults to put into the last deliveries.")] = "",
) -> None:
    """Write the deliveries of a synthetic chain, with the truth beside them."""
    from analytics.simulation import Parameters
    from analytics.simulation import simulate as write
    from orchestration import console

    dates = {name: day for name, day in (("start", start), ("end", end)) if day is not None}
    names = tuple(name.strip() for name in faults.split(",") if name.strip())
    try:
        written = write(Parameters(out=out, cases=cases, seed=seed, faults=names, **dates))
    except (ValueError, FileExistsError) as error:
        console.complain(f"error: {error}")
        raise typer.Exit(USAGE) from None
    console.say(f"{written.cases:,} cases, {written.rows:,} rows in {written.deliveries} deliveries below {out}")


@app.command()
def dev(home: HomeOption = None, port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000) -> None:
    """Open the pipeline in Dagster's UI, on this machine only."""
    import os
    import sys

    from orchestration import home as homes
    from orchestration.settings import PROJECT, environment

    with _settings(home) as settings:
        homes.prepare(settings.paths)
        _tell_key(settings)
        homes.prepare_dagster(settings.paths)
        paths = settings.paths
        child = environment(with_settings=True, DAGSTER_HOME=str(paths.dagster), KETENZICHT_HOME=str(paths.home))
        command = ["-m", "dagster", "dev", "-w", str(PROJECT / "workspace.yaml"), "-h", "127.0.0.1", "-p", str(port)]
        os.execve(sys.executable, [sys.executable, *command], child)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exits with the code of commands.md."""
    app(args=None if arguments is None else list(arguments))

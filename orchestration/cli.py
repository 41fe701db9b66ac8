"""The command line: what can be asked, and the exit code of every answer.

Belongs here: the commands. Does not belong here: doing what they say. Imports stay inside the commands, so that
`--help` and a refresh with nothing to do answer at once.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from orchestration import (
    cli_benchmark,
    cli_contracts,
    cli_explain,
    cli_operations,
    cli_privacy,
    cli_quarantine,
    cli_synthetic,
)
from orchestration.arguments import (
    FAILED,
    USAGE,
    DayParser,
    Form,
    HomeOption,
    JsonOption,
    run_refresh,
    settings_of,
    tell_key,
)
from orchestration.short_lived import look_for_garbage_rarely

app = typer.Typer(
    name="ketenzicht",
    help="Sight of the chain: stock, flow, legal clock and lead time of the Dutch asylum chain.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(cli_benchmark.bench)
app.command()(cli_synthetic.demo)
app.command()(cli_synthetic.simulate)
app.command()(cli_operations.alerts)
app.command()(cli_operations.doctor)
app.command()(cli_privacy.forget)
app.command()(cli_explain.explain)
app.add_typer(cli_contracts.app)
app.add_typer(cli_quarantine.app)


@app.command()
def init(home: HomeOption = None) -> None:
    """Make the folders, the key and the Dagster home."""
    from orchestration import console, history
    from orchestration import home as homes

    with settings_of(home) as settings:
        homes.prepare(settings.paths)
        tell_key(settings)
        history.prepare(settings.paths)
        console.say(f"ready: deliveries go to {settings.paths.deliveries}/<partner>/<reference date>/")


@app.command()
def refresh(
    home: HomeOption = None,
    as_of: Annotated[date | None, DayParser] = None,
    full: Annotated[bool, typer.Option("--full", help="Build the history anew from all deliveries.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Let chain.duckdb move back to an earlier date.")] = False,
    accept_drop: Annotated[
        bool, typer.Option("--accept-drop", help="Take the full deliveries from which many rows are gone.")
    ] = False,
) -> None:
    """Take every new delivery, build, check, publish."""
    with settings_of(home) as settings:
        code = run_refresh(settings, as_of=as_of, full=full, replace=replace, accept_drop=accept_drop)
        raise typer.Exit(code)


@app.command()
def status(home: HomeOption = None, json: JsonOption = False) -> None:
    """Show the chain, the deliveries, the last runs, failing checks and the open quarantine."""
    from orchestration import console
    from orchestration import home as homes

    with settings_of(home) as settings:
        homes.existing(settings.paths)
        from orchestration.status import gather
        from orchestration.summary import show

        found = gather(settings)
        if json:
            console.as_json(found)
        else:
            show(found)


@app.command()
def sql(
    query: Annotated[
        str | None, typer.Argument(help="SQL, or the name of a listed query; without it a prompt opens.")
    ] = None,
    home: HomeOption = None,
    listed: Annotated[bool, typer.Option("--list", help="List the named sample queries.")] = False,
    form: Annotated[Form, typer.Option("--format", help="How the result is printed.")] = Form.table,
    json: JsonOption = False,
) -> None:
    """Ask the published database; read-only, without access to files."""
    from orchestration import console
    from orchestration import home as homes

    with settings_of(home) as settings:
        import duckdb

        from orchestration import query as queries

        shape = Form.json if json else form
        if listed:
            if query is not None:
                console.complain("error: --list stands alone: leave out the query, or --list")
                raise typer.Exit(USAGE)
            queries.show_list(shape)
            return
        homes.existing(settings.paths)
        if not settings.paths.chain.exists():
            console.complain(f"error: nothing is published in {settings.paths.published}: run ketenzicht refresh first")
            raise typer.Exit(FAILED)
        with queries.published(settings.paths.chain) as connection:
            if query is None:
                queries.prompt(connection, shape)
                return
            try:
                queries.ask(connection, query, shape)
            except duckdb.Error as error:
                console.complain(f"error: {error}")
                raise typer.Exit(USAGE) from None


@app.command()
def dev(home: HomeOption = None, port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000) -> None:
    """Open the pipeline in Dagster's UI, on this machine only."""
    import os
    import sys

    from orchestration import history
    from orchestration import home as homes
    from orchestration.settings import PROJECT, environment

    with settings_of(home) as settings:
        homes.prepare(settings.paths)
        tell_key(settings)
        history.prepare(settings.paths)
        paths = settings.paths
        child = environment(with_settings=True, DAGSTER_HOME=str(paths.dagster), KETENZICHT_HOME=str(paths.home))
        command = ["-m", "dagster", "dev", "-w", str(PROJECT / "workspace.yaml"), "-h", "127.0.0.1", "-p", str(port)]
        os.execve(sys.executable, [sys.executable, *command], child)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exits with the code of commands.md."""
    look_for_garbage_rarely()
    app(args=None if arguments is None else list(arguments))

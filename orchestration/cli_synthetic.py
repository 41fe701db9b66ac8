"""The commands about synthetic data: `demo` and `simulate`.

Belongs here: their arguments and what they print. Does not belong here: simulating (`analytics.simulation`).
"""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from orchestration.arguments import DONE, USAGE, WARNED, HomeOption, day, run_refresh, settings_of


def demo(
    home: HomeOption = None,
    cases: Annotated[int | None, typer.Option(min=1, help="Default: as many as the public figures imply.")] = None,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal chains.")] = 1,
) -> None:
    """Make a synthetic chain, publish it, and show it."""
    from orchestration import console, demo
    from orchestration import home as homes
    from orchestration.progress import step

    with settings_of(home) as settings:
        homes.prepare(settings.paths)
        with console.following(), step("simulate") as said:
            made = demo.deliver(settings.paths, cases, seed)
            said.says("a synthetic chain" if made else "deliveries are there already: using those")
        code = run_refresh(settings)
        if code not in {DONE, WARNED}:
            raise typer.Exit(code)
        from orchestration.status import gather
        from orchestration.summary import lines

        console.say("", *lines(gather(settings)), *demo.where_to_look(settings.paths))


def simulate(
    out: Annotated[Path, typer.Option(help="Folder that gets deliveries/ and truth/.")],
    cases: Annotated[int | None, typer.Option(min=1, help="Default: as many as the public figures imply.")] = None,
    start: Annotated[date | None, typer.Option("--from", parser=day, metavar="YYYY-MM-DD")] = None,
    end: Annotated[date | None, typer.Option("--to", parser=day, metavar="YYYY-MM-DD")] = None,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal bytes.")] = 1,
    faults: Annotated[
        str, typer.Option(metavar="F,...", help="Names of docs/faults.md, or all: put behind the last deliveries.")
    ] = "",
) -> None:
    """Write the deliveries of a synthetic chain, with the truth beside them."""
    from analytics.simulation import Parameters
    from analytics.simulation import simulate as write
    from orchestration import console

    names = tuple(name.strip() for name in faults.split(",") if name.strip())
    try:
        written = write(
            Parameters(
                out=out,
                cases=cases,
                start=start or Parameters.start,
                end=end or Parameters.end,
                seed=seed,
                faults=names,
            )
        )
    except (ValueError, FileExistsError) as error:
        console.complain(f"error: {error}")
        raise typer.Exit(USAGE) from None
    console.say(f"{written.cases:,} cases, {written.rows:,} rows in {written.deliveries} deliveries below {out}")

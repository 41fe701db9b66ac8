"""The command `bench`. Belongs here: its arguments and what it prints. Does not belong here: measuring

(`analytics.benchmark`).
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.arguments import DONE, FAILED, USAGE, HomeOption, JsonOption, settings_of

SIZES = "10000,100000,300000,1000000"
QUICK_PARTS = "floor,nothing_new,engines"


def bench(
    home: HomeOption = None,
    sizes: Annotated[str, typer.Option(metavar="N,...", help=f"Numbers of cases; default {SIZES}.")] = "",
    only: Annotated[
        str, typer.Option(metavar="PART,...", help="floor, deltas, nothing_new, one_row, daily, engines, outside.")
    ] = "",
    quick: Annotated[bool, typer.Option("--quick", help="100,000 cases, and exit 1 above the bounds.")] = False,
    work: Annotated[Path | None, typer.Option(help="Folder to work in; default benchmark/ in the home.")] = None,
    out: Annotated[Path | None, typer.Option(help="File that gets the JSON.")] = None,
    update: Annotated[bool, typer.Option("--update", help="Keep the other sizes that the file of --out has.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the folder as it is at the end.")] = False,
    json: JsonOption = False,
) -> None:
    """Measure the platform and its references side by side: docs/performance.md."""
    from orchestration import console
    from orchestration.settings import environment

    with settings_of(home) as settings:
        from analytics.benchmark import document as documents
        from analytics.benchmark import goals, tables
        from analytics.benchmark.measured import RunError
        from analytics.benchmark.suite import PARTS, Conditions

        if quick and (sizes or only):
            raise typer.BadParameter("--quick chooses its size and parts itself: leave out --sizes and --only")
        parts = _names(QUICK_PARTS if quick else only or ",".join(PARTS), PARTS)
        numbers = (goals.QUICK_CASES,) if quick else _numbers(sizes or SIZES)
        folder = (work or settings.paths.home / "benchmark").absolute()
        if folder.exists() and any(folder.iterdir()):
            console.complain(f"error: {folder} is not empty: remove it, or give another with --work")
            raise typer.Exit(USAGE)
        try:
            before = documents.stored(out) if update and out else None
        except (OSError, ValueError) as error:
            raise typer.BadParameter(f"--update: {error}") from None
        conditions = Conditions(
            work=folder,
            environment=environment(),
            threads=settings.threads,
            memory_limit=settings.memory_limit,
            say=(lambda line: None) if json else console.say,
            keep=keep,
        )
        try:
            document = documents.benchmark(numbers, parts, conditions)
        except RunError as error:
            console.complain(f"error: {error}")
            raise typer.Exit(FAILED) from None
        if out is not None:
            kept = documents.joined(before, document) if before else document
            out.write_text(documents.text_of(kept), encoding="utf-8")
        if json:
            console.as_json(document)
        else:
            for title, rows in tables.of_document(document).items():
                console.table(title, rows)
                console.say("")
        wrong = goals.mismatches(document) + (goals.broken(document) if quick else [])
        console.complain(*wrong)
        raise typer.Exit(FAILED if wrong else DONE)


def _names(text: str, known: tuple[str, ...]) -> frozenset[str]:
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    if unknown := sorted(names - set(known)):
        raise typer.BadParameter(f"unknown part {', '.join(unknown)}: known are {', '.join(known)}")
    return names


def _numbers(text: str) -> tuple[int, ...]:
    try:
        numbers = tuple(int(one.replace("_", "")) for one in text.split(","))
    except ValueError:
        numbers = ()
    if not numbers or min(numbers) < 100:
        raise typer.BadParameter(f"{text!r} is no list of numbers of cases: write 10000,100000; 100 at least")
    return numbers

"""The command `explain`.

Belongs here: its arguments, and how it ends. Does not belong here: what is known of a figure (`explain`), how it reads
(`explanation`).
"""

from typing import Annotated

import typer

from orchestration.arguments import FAILED, USAGE, HomeOption, JsonOption, settings_of


def explain(
    figure: Annotated[
        list[str], typer.Argument(metavar="FIGURE", help="mart.column, a mart, or a column that one mart alone has.")
    ],
    conditions: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            metavar="CONDITION",
            help="SQL condition on the rows of the mart: shows the figure in them. Given again, both must hold.",
        ),
    ] = None,
    home: HomeOption = None,
    named: Annotated[
        str | None, typer.Option("--release", help="An earlier release, as published/releases names it.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every row and every delivered file.")] = False,
    json: JsonOption = False,
) -> None:
    """Lead a published figure back to its definition, rules, and the deliveries and file hashes behind it."""
    from orchestration import console

    with settings_of(home) as settings:
        import duckdb

        from contracts.figures import UnknownFigureError, find
        from orchestration import home as homes
        from orchestration import query, release
        from orchestration.explain import gather
        from orchestration.explanation import ROWS_SHOWN, show

        where = _all_of(conditions or [])
        try:
            asked = find(".".join(figure))
            homes.existing(settings.paths)
            meant = release.published(settings.paths) if named is None else release.named(settings.paths, named)
            if meant is None:
                console.complain(
                    f"error: nothing is published in {settings.paths.published}: run ketenzicht refresh first"
                )
                raise typer.Exit(FAILED)
            with query.published(meant / "chain.duckdb") as connection:
                found = gather(connection, meant.name, asked, where, None if everything or json else ROWS_SHOWN)
        except (UnknownFigureError, release.UnknownReleaseError) as error:
            console.complain(f"error: {error}")
            raise typer.Exit(USAGE) from None
        except duckdb.Error as error:
            console.complain(f"error: {error}" if where is None else f"error: --where {where}: {error}")
            raise typer.Exit(USAGE) from None
        if json:
            console.as_json(found)
        else:
            show(found, everything)


def _all_of(conditions: list[str]) -> str | None:
    """One condition out of several; None when there is none."""
    return " and ".join(f"({one})" for one in conditions) if len(conditions) > 1 else next(iter(conditions), None)

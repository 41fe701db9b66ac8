"""The commands about contracts: `contracts list`, `export`, `diff`.

Belongs here: their arguments and what they print. Does not belong here: what a contract says (`contracts`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.arguments import FAILED, USAGE, JsonOption

if TYPE_CHECKING:
    from contracts.agreement_diff import Comparison

app = typer.Typer(name="contracts", help="The contracts: what every table promises.", no_args_is_help=True)


class Standard(StrEnum):
    """How an agreement is written down."""

    odcs = "odcs"


@app.command("list")
def list_(json: JsonOption = False) -> None:
    """List every table with its stage, version, columns and rules."""
    import contracts
    from contracts.versions import CURRENT
    from contracts.wording import wordings
    from orchestration import console

    found = []
    for table, contract in contracts.all().items():
        stage, name = table.split(".")
        described: dict[str, Any] = {
            "table": table,
            "stage": stage,
            "version": CURRENT.get(name.split("__")[0] if stage == "raw" else stage),
            "key": list(contract.key),
            "columns": [
                {"name": one.name, "type": one.type, "nullable": one.nullable, "description": one.description}
                for one in contract.columns.values()
            ],
            "rules": [{"rule": rule, "nl": text.nl, "en": text.en} for rule, text in wordings(contract).items()],
        }
        found.append(described | {"grain": contract.grain})
    if json:
        console.as_json(found)
        return
    counted = ({**one, **{part: len(one[part]) for part in ("columns", "rules")}} for one in found)
    shown = ("table", "stage", "version", "columns", "rules", "key")
    console.table("", [{name: one[name] for name in shown} | {"key": ", ".join(one["key"])} for one in counted])


@app.command()
def export(
    names: Annotated[list[str] | None, typer.Argument(help="ind, coa, rvr, marts, or ind@1.0; default: all.")] = None,
    form: Annotated[Standard, typer.Option("--format", help="The Open Data Contract Standard.")] = Standard.odcs,
    out: Annotated[Path | None, typer.Option(help="Folder to write to, a file an agreement; default: print.")] = None,
) -> None:
    """Write the agreements with partners and readers as Open Data Contract Standard YAML."""
    from contracts.agreement_odcs import write
    from contracts.agreement_versions import CURRENTLY, named
    from contracts.versions import SUFFIX
    from orchestration import console

    with _told():
        wanted = [agreement for name in names or [CURRENTLY] for agreement in named(name)]
    if out is None:
        typer.echo("---\n".join(map(write, wanted)), nl=False)
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        for agreement in wanted:
            (out / f"{agreement.name}{SUFFIX}").write_text(write(agreement), encoding="utf-8")
            console.say(f"{agreement.label}: {out / f'{agreement.name}{SUFFIX}'}")
    except OSError as error:
        console.complain(f"error: cannot write to {out}: {error.strerror}; give a folder that you may write to")
        raise typer.Exit(FAILED) from None


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A file or folder; ind, coa, rvr, marts (as they are); ind@1.0 (agreed).")],
    new: Annotated[str, typer.Argument(help="The same; `committed` and `current` mean all agreements.")],
    json: JsonOption = False,
) -> None:
    """Compare two versions: exit code 0 when the other party notices nothing, 1 when a change breaks it."""
    from contracts.agreement_diff import Verdict, compare_all
    from contracts.agreement_versions import named
    from orchestration import console

    with _told():
        compared = compare_all(named(old), named(new))
    if json:
        console.as_json([_as_dict(one) for one in compared])
    else:
        for one in compared:
            console.say(*_lines(one))
    if any(one.verdict == Verdict.breaking for one in compared):
        raise typer.Exit(FAILED)


def _as_dict(compared: "Comparison") -> dict[str, Any]:
    changes = [vars(change) for change in compared.changes]
    return {"old": compared.old, "new": compared.new, "verdict": compared.verdict, "changes": changes}


def _lines(compared: "Comparison") -> Iterator[str]:
    verdict = compared.verdict if compared.changes else "no change"
    yield f"{compared.old} -> {compared.new}: {verdict}"
    for change in compared.changes:
        yield f"  {change.verdict:<10} {change.place}: {change.what}: {change.why}"


@contextmanager
def _told() -> Iterator[None]:
    """Tell what is wrong with an agreement that a user named."""
    from contracts.agreement import AgreementError
    from orchestration import console

    try:
        yield
    except AgreementError as error:
        console.complain(f"error: {error}")
        raise typer.Exit(USAGE) from None

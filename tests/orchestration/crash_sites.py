"""Where the code acts on the disk, and which crash points it names: read from the source, so that none is forgotten."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.durable import REPLACING
from orchestration.settings import PROJECT

SEARCHED = (PROJECT / "orchestration", PROJECT / "analytics" / "disclosure")

WITHOUT = {
    "orchestration/durable.py": "its acts are the points of `replace`, which its callers name",
    "orchestration/answers.py": "writes a page of this repository, for its developers",
    "orchestration/cli_contracts.py": "writes copies where a user says; the same command writes them again",
    "orchestration/forget/whom.py": "temporary tables, in memory",
    "analytics/disclosure/package.py": "writes below work/build, which is swept whole; open_data has points around it",
    "analytics/disclosure/basis.py": "as package.py",
    "orchestration/cli_benchmark.py": "the outcome of a benchmark, where its caller asked for it: no part of a home",
}
"""Files whose acts need no point, with the reason."""

ACTS = {
    *("write_text", "write_bytes", "write_csv", "write_parquet", "save", "truncate", "touch", "mkdir", "copy2"),
    *("copyfile", "copytree", "move", "rename", "symlink_to", "hardlink_to", "link", "unlink", "rmdir", "rmtree"),
    *("fsync", "sync", "commit"),
}
STATEMENTS = ("insert", "create", "update", "delete", "drop", "copy", "checkpoint")
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


@dataclass(frozen=True)
class Site:
    """A statement that acts on the disk."""

    file: str
    line: int
    source: str
    has_point: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.source}"


def files() -> list[Path]:
    """The files that are searched."""
    return [file for folder in SEARCHED for file in sorted(folder.rglob("*.py"))]


def sites(source: str, file: str) -> Iterator[Site]:
    """The acts in a file; one has a point when `reached(...)` is its neighbour, or in the block that it opens."""
    for block in _blocks(ast.parse(source)):
        for at, statement in enumerate(block):
            if found := next(filter(_is_act, _own_calls(statement)), None):
                near = block[max(at - 1, 0) : at + 2] + getattr(statement, "body", [])
                yield Site(file, found.lineno, ast.unparse(found), any(map(_is_point, near)))


def points() -> list[str]:
    """Every name of a point, as often as the source has it."""
    return sorted(name for file in files() for name in _names(ast.parse(file.read_text())))


def _blocks(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            if isinstance(block := getattr(node, name, None), list):
                yield block


def _own_calls(statement: ast.stmt) -> Iterator[ast.Call]:
    """The calls of a statement, without those of the blocks that it opens."""
    for name, part in ast.iter_fields(statement):
        if name not in BLOCKS:
            for node in part if isinstance(part, list) else [part]:
                if isinstance(node, ast.AST):
                    yield from (one for one in ast.walk(node) if isinstance(one, ast.Call))


def _is_act(call: ast.Call) -> bool:
    name = _name(call)
    arguments = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    keywords = {one.arg for one in call.keywords}
    match name:
        case "open":
            owner = getattr(getattr(call.func, "value", None), "id", None)
            return owner == "os" or any(set(mode) & set("wxa+") and len(mode) <= 3 for mode in arguments)
        case "connect":
            return bool(call.args) and not keywords & {"read_only", "uri"}
        case "execute":
            text = ast.unparse(call.args[0]).lstrip("f'\"").lower() if call.args else ""
            return text.startswith(STATEMENTS)
        case "replace":
            return isinstance(call.func, ast.Attribute) and len(call.args) == 1 and not call.keywords
        case "write":
            return getattr(getattr(call.func, "value", None), "id", None) == "package"
    return name in ACTS


def _is_point(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and _name(statement.value) == "reached"
    )


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[-1], ast.Constant):
            given = node.args[-1].value
            owner = getattr(getattr(node.func, "value", None), "id", None)
            if _name(node) == "reached":
                yield given
            elif _name(node) == "transaction":
                yield from (f"{given}.{when}" for when in ("committing", "committed"))
            elif (owner, _name(node)) == ("durable", "replace"):
                yield from (f"{given}.{when}" for when in REPLACING)


def _name(call: ast.Call) -> str | None:
    return getattr(call.func, "attr", None) or getattr(call.func, "id", None)

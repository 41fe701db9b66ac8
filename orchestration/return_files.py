"""Return files: the bad rows of a partner as it delivered them, with the rule that each breaks, to be corrected.

Belongs here: writing them, privately. Does not belong here: which rows stand open (`quarantine`).

They hold raw numbers of persons, which nothing else does that leaves `work/`: they go to a folder for its owner alone,
never into those of the home, of which some are read by others and the rest is not for people.
"""

import csv
import io
import json
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

import contracts
from contracts.base import Extract
from contracts.wording import Wording, wordings
from orchestration import durable, manifest
from orchestration.manifest import MANIFEST, DeliveryName, Dialect, ManifestError
from orchestration.quarantine import ONE_BY_ONE, Chosen, Rows, extract_of, rows
from orchestration.raw.reading import MUTATION
from orchestration.settings import Paths

ADDED = (
    "_delivery",
    "_file",
    "_line",
    "_first_seen_on",
    "_rules",
    "_rules_nl",
    "_rules_en",
    "_unreadable_line",
)
"""Columns behind the partner's own. Delivered back, they count as unknown columns and are kept out."""
NUMBER = re.compile(r"[+-]?\d+([.,]\d*)?")


class ReturnFolderError(Exception):
    """Return files may not be written there; the message says where they may."""


@dataclass(frozen=True)
class ReturnFile:
    """A file that was written: the bad rows of one extract."""

    path: Path
    extract: str
    row_count: int


@dataclass(frozen=True)
class Form:
    """How a partner writes its files."""

    delimiter: str = Dialect().delimiter
    encoding: str = "utf-8"


def write(connection: duckdb.DuckDBPyConnection, paths: Paths, partner: str, out: Path) -> list[ReturnFile]:
    """One file for each extract of a partner that has rows in quarantine: `<out>/<partner>_<extract>.csv`.

    Equal quarantines give equal bytes. A file of an earlier export of which no row stands open any more is removed.

    Raises:
        ReturnFolderError: the folder lies where others read, or is open to them.
        OSError: it cannot be written to.
    """
    folder = out.expanduser().resolve()
    _refuse_home(folder, paths)
    ours = {one.extract: folder / f"{partner}_{one.extract}.csv" for one in _extracts(partner)}
    _make_private(folder, set(ours.values()))
    found = rows(connection, ONE_BY_ONE, Chosen(partner).parameters)
    written = []
    for name, bad in groupby(found, key=lambda row: str(row["extract"])):
        lines = list(bad)
        form = _form(paths, partner, name, str(lines[-1]["delivery"]))
        durable.replace(ours[name], _content(extract_of(partner, name), lines, form), "return_file")
        written.append(ReturnFile(ours[name], name, len(lines)))
    for name in ours.keys() - {one.extract for one in written}:
        ours[name].unlink(missing_ok=True)
        durable.reached("return_file.one_gone")
    return written


def _extracts(partner: str) -> list[type[Extract]]:
    return [one for one in contracts.extracts().values() if one.partner == partner]


def _refuse_home(folder: Path, paths: Paths) -> None:
    for kept in (paths.published, paths.deliveries, paths.work, paths.dagster):
        if kept.resolve() in {folder, *folder.parents}:
            raise ReturnFolderError(
                f"{folder} lies in {kept}: return files hold raw numbers of persons; name a folder outside the home "
                "with --out"
            )


def _make_private(folder: Path, ours: set[Path]) -> None:
    """A folder that its owner alone can open: new, or emptied of all but our files; never somebody's shared one."""
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o700)
        durable.reached("return_file.folder")
    if not folder.is_dir():
        raise ReturnFolderError(f"{folder} is no folder: name another one with --out")
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o077 and set(folder.iterdir()) - ours:
        raise ReturnFolderError(
            f"{folder} has mode {mode:o} and holds other files: others can read it; name a new folder with --out, or "
            f"run: chmod 700 {folder}"
        )
    folder.chmod(0o700)


def _form(paths: Paths, partner: str, extract: str, delivery: str) -> Form:
    """Delimiter and encoding of the newest delivery that has a row of the file; the defaults when it is gone."""
    file = paths.deliveries / partner / delivery / MANIFEST
    try:
        known = manifest.read(file.read_bytes(), partner, DeliveryName.parse(delivery))
    except (OSError, ManifestError):
        return Form()
    for resource in known.resources:
        if resource.name == extract and resource.format == "csv":
            return Form(resource.dialect.delimiter, resource.encoding)
    return Form()


def _content(extract: type[Extract], bad: Rows, form: Form) -> bytes:
    told = wordings(extract)
    delivered = [json.loads(row["raw_values"]) for row in bad]
    columns = [MUTATION] * any(values.get(MUTATION) for values in delivered) + list(extract.columns)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=form.delimiter, lineterminator="\n")
    writer.writerow([*columns, *ADDED])
    for row, values in zip(bad, delivered, strict=True):
        sentences = [told.get(rule, Wording(rule, rule)) for rule in row["rules"]]
        cells = [*(values.get(column) for column in columns), *_added(row, values, sentences)]
        writer.writerow(["" if cell is None else guarded(str(cell)) for cell in cells])
    try:
        return text.getvalue().encode(form.encoding)
    except UnicodeEncodeError:
        # a row of an older delivery, in another encoding than the newest
        return text.getvalue().encode("utf-8-sig")


def _added(row: dict[str, Any], values: dict[str, Any], sentences: Sequence[Wording]) -> Iterator[Any]:
    yield from (row["delivery"], row["file"], row["line"], row["first_seen_on"])
    yield "; ".join(row["rules"])
    yield "; ".join(sentence.nl for sentence in sentences)
    yield "; ".join(sentence.en for sentence in sentences)
    yield values.get("line")


def guarded(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula gets an apostrophe in front, which shows it as text."""
    is_formula = cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell

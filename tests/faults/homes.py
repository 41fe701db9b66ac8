"""A home of 200 cases that is refreshed, crashed and copied, and what its publication says.

Belongs here: making and copying homes, reading publications. Does not belong here: where a refresh is made to die.
"""

import csv
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import xlsxwriter

from orchestration import content_hash, metadata, release
from orchestration.refresh import Result, refresh
from orchestration.settings import Settings, environment, load

CASES = 200
LAST_WEEK = "2025-12-25"
FULL = "rvr/2021-03-31"
PARTNERS = ("ind", "coa", "rvr")
REFRESH = [sys.executable, "-c", "from orchestration.cli import main; main()", "refresh", "--home"]


def simulated(home: Path, later: Path) -> None:
    """Deliveries of 200 cases; those of the last week go to `later`, two of their files in other formats.

    From one full delivery a certificate is gone that was there before it. Of COA's locations there are those where
    somebody stays: 300 empty ones on 3,000 days would be the largest table.
    """
    from analytics.simulation import Parameters, simulate

    simulate(Parameters(out=home, cases=CASES, seed=6))
    _without_empty_locations(home / "deliveries/coa")
    for partner in PARTNERS:
        (later / partner).mkdir(parents=True)
        for delivery in (home / "deliveries" / partner).iterdir():
            if delivery.name >= LAST_WEEK:
                shutil.move(delivery, later / partner / delivery.name)
    _without_first_row(home / "deliveries" / FULL, "toevoeging")
    _as_gzip(later / "coa" / LAST_WEEK)
    _as_workbook(later / "ind" / LAST_WEEK)


def copy(home: Path, target: Path) -> Path:
    """A home as a kill at this moment would leave it.

    What nobody writes to is linked: an intake knows delivered files by their inode.
    """
    shutil.copytree(home, target, symlinks=True, copy_function=_copy)
    return target


def deliver(later: Path, home: Path) -> None:
    """Put the newest deliveries into a home."""
    shutil.copytree(later, home / "deliveries", dirs_exist_ok=True, copy_function=os.link)


def refreshed(home: Path) -> Result:
    """A refresh in this process."""
    return refresh(load(home))


def started(home: Path, **limits: object) -> subprocess.Popen[str]:
    """A refresh in a process of its own, under way."""
    return subprocess.Popen(
        [*REFRESH, str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(with_settings=True),
        **limits,  # type: ignore[call-overload]
    )


def figures(home: Path) -> dict[str, str] | None:
    """All that readers find, but for the moment of publication: tables, Parquet, open data. None: no publication.

    Fails when the publication is not whole: its tables must be those that it says it has.
    """
    paths = Settings(home=home).paths
    current = release.published(paths)
    if current is None:
        assert not paths.chain.exists()
        return None
    with duckdb.connect(str(current / "chain.duckdb"), read_only=True) as connection:
        said = dict(connection.execute("from marts._metadata").fetchall())
        found = {
            f"content_hash.{table}": content_hash.of(connection, table)[1] for table in metadata.tables(connection)
        }
    assert found == {name: value for name, value in said.items() if name.startswith("content_hash.")}
    files = (
        file for file in current.rglob("*") if file.is_file() and file.name not in {"chain.duckdb", "_metadata.parquet"}
    )
    digests = {str(file.relative_to(current)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    assert {f"parquet/{name.removeprefix('content_hash.')}.parquet" for name in found} <= digests.keys()
    assert "open/datapackage.json" in digests
    return found | digests | {"as_of_on": said["as_of_on"]}


def leftovers(home: Path) -> list[str]:
    """What a refresh that ended leaves nothing of."""
    paths = Settings(home=home).paths
    halves = [*paths.build.parent.iterdir(), *paths.releases.glob(".*"), *paths.published.glob(".*")]
    halves += [*paths.work.glob("*.fresh"), *paths.work.glob("scratch/*"), *paths.work.glob("*.tmp")]
    return [str(one.relative_to(home)) for one in halves]


def fingerprint(home: Path) -> str:
    """Hash of what a refresh works on; two crashes that leave the same are one."""
    digest = hashlib.sha256()
    for file in sorted(home.rglob("*")):
        name = str(file.relative_to(home))
        if name.startswith(("deliveries", "dagster", "work/dbt/dbt.log")) or file.name in {"lock", "run_results.json"}:
            continue
        digest.update(name.encode())
        if file.is_symlink():
            digest.update(str(file.readlink()).encode())
        elif file.is_file():
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _copy(source: str, target: str) -> None:
    if "/deliveries/" in source or "/published/" in source:
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def _as_gzip(folder: Path) -> None:
    """The first file of a delivery, compressed."""
    manifest, resource = _first_file(folder)
    plain = folder / resource["path"]
    _replace(folder, manifest, resource, f"{plain.name}.gz", gzip.compress(plain.read_bytes(), mtime=0))


def _as_workbook(folder: Path) -> None:
    """The first file of a delivery, as a workbook of text cells."""
    manifest, resource = _first_file(folder)
    target = folder / f"{resource['name']}.xlsx"
    with (folder / resource["path"]).open(newline="") as lines, xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(csv.reader(lines, delimiter=";")):
            sheet.write_row(number, 0, cells)
    resource["format"] = "xlsx"
    _replace(folder, manifest, resource, target.name, target.read_bytes())


def _without_first_row(folder: Path, name: str) -> None:
    """A file of a delivery without the first of its rows."""
    manifest = json.loads((folder / "datapackage.json").read_text())
    resource = next(one for one in manifest["resources"] if one["name"] == name)
    header, _, *rows = (folder / resource["path"]).read_bytes().splitlines(keepends=True)
    resource["rows"] -= 1
    _replace(folder, manifest, resource, resource["path"], b"".join([header, *rows]))


def _without_empty_locations(deliveries: Path) -> None:
    """The files of locations without those where nobody ever stays."""
    stays = (csv.DictReader(file.open(newline=""), delimiter=";") for file in deliveries.glob("*/verblijf.csv"))
    used = {row["locatiecode"].encode() for rows in stays for row in rows}
    for file in deliveries.glob("*/locatie.csv"):
        manifest = json.loads((file.parent / "datapackage.json").read_text())
        resource = next(one for one in manifest["resources"] if one["name"] == "locatie")
        header, *rows = file.read_bytes().splitlines(keepends=True)
        column = header.strip().split(b";").index(b"locatiecode")
        kept = [row for row in rows if row.strip().split(b";")[column] in used]
        resource["rows"] = len(kept)
        _replace(file.parent, manifest, resource, file.name, b"".join([header, *kept]))


def _first_file(folder: Path) -> tuple[dict, dict]:
    manifest = json.loads((folder / "datapackage.json").read_text())
    return manifest, manifest["resources"][0]


def _replace(folder: Path, manifest: dict, resource: dict, name: str, content: bytes) -> None:
    (folder / resource["path"]).unlink()
    (folder / name).write_bytes(content)
    resource |= {"path": name, "bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    (folder / "datapackage.json").write_text(json.dumps(manifest))

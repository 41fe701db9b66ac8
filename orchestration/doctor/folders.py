"""Checks of a home's folders: there, private where they should be, with room to go on, readable where published.

Belongs here: files and modes. Does not belong here: what runs on them (`machinery`).
"""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from orchestration.doctor.finding import PROBLEM, Finding, Situation

SMALLEST_ROOM = 500_000_000
"""Bytes that even a small chain wants free: working database, build, release, Dagster's log."""

NAMED = 3
"""Files that one finding names."""


def home(situation: Situation) -> Iterator[Finding]:
    """Whether a refresh finds its folders, may write there, and owns what it wrote before."""
    paths = situation.paths
    make = f"Run: ketenzicht init --home {paths.home}"
    if not paths.home.is_dir():
        yield Finding("home", PROBLEM, f"there is no home {paths.home}", f"{make}; or set KETENZICHT_HOME")
        return
    written = (paths.work, paths.dagster, paths.published, paths.releases)
    for folder in (*written, *(paths.deliveries / partner for partner in ("ind", "coa", "rvr"))):
        if not folder.is_dir():
            yield Finding("home", PROBLEM, f"there is no folder {folder}", make)
    for folder in (one for one in (paths.home, *written) if one.is_dir() and not os.access(one, os.W_OK | os.X_OK)):
        yield Finding("home", PROBLEM, f"{folder} cannot be written to", f"Run: chmod u+rwx {folder}, or as its owner")
    me = os.geteuid()
    for path in (one for one in (*written, paths.database) if one.exists() and one.stat().st_uid != me):
        owner = path.stat().st_uid
        yield Finding(
            "home",
            PROBLEM,
            f"{path} belongs to user {owner}, this is user {me}: a refresh was run as somebody else",
            f"Run as root: chown -R {me} {path}; and run every command as one user",
        )


def modes(situation: Situation) -> Iterator[Finding]:
    """Whether others can read what is private, or alter what all read."""
    paths = situation.paths
    closed = (paths.work, paths.build.parent, paths.dbt_target, paths.dagster)
    for folder in (one for one in closed if one.is_dir() and _mode(one) & 0o077):
        what = f"{folder} has mode {_mode(folder):o}: others can look into it"
        yield Finding("modes", PROBLEM, what, f"Run: chmod 700 {folder}")
    env_file = Path(str(situation.settings.model_config.get("env_file") or ""))
    secret = [
        paths.forgotten,
        *([env_file] if env_file.is_file() and "KETENZICHT_KEY=" in env_file.read_text() else []),
    ]
    for file in (one for one in secret if one.is_file() and _mode(one) & 0o077):
        what = f"{file} has mode {_mode(file):o}: others can read it"
        yield Finding("modes", PROBLEM, what, f"Run: chmod 600 {file}")
    for path in (one for one in (paths.deliveries, *paths.deliveries.glob("*")) if one.is_dir() and _mode(one) & 0o002):
        what = f"{path} has mode {_mode(path):o}: anybody can deliver in a partner's name"
        yield Finding("modes", PROBLEM, what, f"Run: chmod o-w {path}")
    if open_files := sorted(one for one in paths.releases.glob("*/**/*") if one.is_file() and _mode(one) & 0o222):
        yield _alterable(paths.releases, open_files)


def _alterable(releases: Path, files: list[Path]) -> Finding:
    """What everybody reads and somebody can write, in one line however many it is."""
    first = ", ".join(map(str, files[:NAMED])) + (", ..." if len(files) > NAMED else "")
    many = f"{len(files)} published files can be written to ({first})"
    what = f"{files[0]} has mode {_mode(files[0]):o}" if len(files) == 1 else many
    run = f"chmod a-w {files[0]}" if len(files) == 1 else f"find {releases} -type f -exec chmod a-w {{}} +"
    return Finding("modes", PROBLEM, f"{what}: who opens it for writing alters it for everybody", f"Run: {run}")


def disk(situation: Situation) -> Iterator[Finding]:
    """Whether what a refresh writes fits beside what is there: as much as working files and publication hold now."""
    paths = situation.paths
    there = next(one for one in (paths.home, *paths.home.parents) if one.exists())
    free = shutil.disk_usage(there).free
    need = max(_size(paths.work) + _size(paths.current.resolve()), SMALLEST_ROOM)
    if free < need:
        yield Finding(
            "disk",
            PROBLEM,
            f"{free / 1e9:.1f} GB free on the disk of {there}, a refresh can need {need / 1e9:.1f} GB",
            "Free space there, or keep fewer releases (KETENZICHT_KEEP_RELEASES)",
        )


def publication(situation: Situation) -> Iterator[Finding]:
    """Whether readers can open what is published."""
    import duckdb

    paths = situation.paths
    if not paths.current.is_symlink():
        return
    again = f"Run: ketenzicht refresh --full --home {paths.home}"
    if not paths.chain.exists():
        target = paths.current.readlink()
        yield Finding("publication", PROBLEM, f"{paths.chain} leads to {target}, which is gone", again)
        return
    try:
        with duckdb.connect(str(paths.chain.resolve()), read_only=True) as connection:
            connection.execute("select count(*) from marts._metadata")
    except duckdb.Error as error:
        what = f"{paths.chain} cannot be read by DuckDB {duckdb.__version__}: {str(error).splitlines()[0]}"
        yield Finding("publication", PROBLEM, what, again)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _size(folder: Path) -> int:
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else 0

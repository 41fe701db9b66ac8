"""Releases on disk: a build becomes a folder, and one rename makes it the publication.

Belongs here: files, links, fsync, retention. Does not belong here: what is in the tables (`publish`).
"""

import shutil
from datetime import date
from pathlib import Path

from orchestration import database
from orchestration.durable import reached, sync
from orchestration.settings import Paths, Settings

DRAFT = ".draft"


class UnknownReleaseError(Exception):
    """No release has that name; the message says which there are."""


OPEN = "open"
"""Folder of the open tables: in the build's folder until they are published, then in the release."""
OPEN_BASIS = "open_basis.parquet"
"""What they rest on; in the restricted part of the release, for the one that follows."""


def clean(paths: Paths) -> None:
    """Remove what a killed refresh left: half-written releases, links and builds. Only the holder of the lock may."""
    for left in (*paths.releases.glob(f"{DRAFT}*"), *paths.build.parent.iterdir()):
        shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
        reached("leftovers.one_gone")
    for link in paths.published.glob(".link-*"):
        link.unlink()
        reached("leftovers.link_gone")


def write(settings: Settings, as_of: date) -> Path:
    """Turn the closed build into the folder `releases/<as-of>-<n>/` and return it.

    Parquet files have the rows in the order of the tables, which is that of their keys: equal tables give equal files.
    Their level of compression is the one that takes least time; on these rows the files are smaller than at level 3.
    The folder gets its name when everything in it is on disk.
    """
    # brings pandera, for which who only reads a release should not wait
    from contracts.checks import identifier, literal

    paths = settings.paths
    draft = paths.releases / DRAFT
    (draft / "parquet").mkdir(parents=True)
    reached("release.begun")
    with database.connect_build(settings) as connection:
        found = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        for (table,) in found:
            connection.execute(
                f"copy marts.{identifier(table)} to {literal(str(draft / 'parquet' / table) + '.parquet')} "
                "(format parquet, compression zstd, compression_level 1)"
            )
            reached("release.parquet")
    shutil.move(paths.build, draft / "chain.duckdb")
    reached("release.build_moved")
    for name in (OPEN, OPEN_BASIS):
        if (paths.build.parent / name).exists():
            shutil.move(paths.build.parent / name, draft / name)
            reached("release.open_moved")
    for file in sorted(draft.rglob("*")):
        # Readers must not alter what others read, nor leave a write-ahead log beside it.
        file.chmod(0o755 if file.is_dir() else 0o444)
        sync(file)
        reached("release.file_synced")
    draft.chmod(0o755)
    sync(draft)
    reached("release.drafted")
    release = paths.releases / next_name(paths.releases, as_of)
    draft.rename(release)
    reached("release.named")
    sync(paths.releases)
    reached("release.written")
    return release


def next_name(releases: Path, as_of: date) -> str:
    """`<as-of>-<n>`, n one above the highest there is."""
    taken = [int(folder.name[11:]) for folder in releases.glob(f"{as_of}-*") if folder.name[11:].isdigit()]
    return f"{as_of}-{max(taken, default=0) + 1}"


def swap(paths: Paths, release: Path) -> None:
    """Make the release what readers open: one rename of the link `current`, which the other links lead through."""
    for name in ("chain.duckdb", "parquet", OPEN):
        if (release / name).exists() and not (paths.published / name).is_symlink():
            _link(paths.published / name, f"current/{name}")
    _link(paths.current, f"releases/{release.name}")
    sync(paths.published)
    reached("publication.synced")


def _link(link: Path, target: str) -> None:
    draft = link.with_name(f".link-{link.name}")
    draft.unlink(missing_ok=True)
    reached("publication.link_begun")
    draft.symlink_to(target)
    reached("publication.link_drafted")
    draft.replace(link)
    reached("publication.link_replaced")


def published(paths: Paths) -> Path | None:
    """The release that readers open now."""
    return paths.current.resolve() if paths.current.is_symlink() and paths.current.exists() else None


def named(paths: Paths, name: str) -> Path:
    """The release of that name. Raises UnknownReleaseError."""
    known = {folder.name: folder for folder in all_of(paths)}
    if name not in known:
        raise UnknownReleaseError(f"no release is named {name!r}; there are: {', '.join(sorted(known)) or 'none'}")
    return known[name]


def as_of(release: Path) -> date:
    """The as-of date in the name of a release."""
    return date.fromisoformat(release.name[:10])


def retain(paths: Paths, keep: int) -> list[str]:
    """Remove all but the newest `keep` releases by time of writing, never the published one; returns the removed."""
    current = published(paths)
    folders = sorted(
        all_of(paths),
        key=lambda folder: (folder.stat().st_mtime_ns, folder.name),
        reverse=True,
    )
    removed = [folder for folder in folders[keep:] if current is None or folder.name != current.name]
    for folder in removed:
        remove(folder)
    return sorted(folder.name for folder in removed)


def all_of(paths: Paths) -> list[Path]:
    """The releases of a home, by name."""
    return sorted(paths.releases.glob("[!.]*"))


def remove(release: Path) -> None:
    """Remove a release. Renamed first: it is there whole or not at all, also when the removal is killed."""
    leaving = release.rename(release.with_name(f"{DRAFT}-{release.name}"))
    reached("release.leaving")
    shutil.rmtree(leaving)
    reached("release.gone")

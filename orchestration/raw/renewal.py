"""The working database as a file: when it must be built anew, and written afresh so that freed blocks keep nothing.

Belongs here: discarding, rewriting, sweeping up after a kill. Does not belong here: what is in its tables.
"""

import shutil
from pathlib import Path

from orchestration import database as databases
from orchestration.durable import reached, sync
from orchestration.forgotten import Record, RecordError
from orchestration.raw.pseudonyms import refuse_other_key
from orchestration.raw.setting_apart import links
from orchestration.raw.store import Store, found_format, open_store
from orchestration.settings import Paths, Settings

OTHERS_FORGOTTEN = "other persons are forgotten than when the history was built: rebuilding it from the deliveries"


def sweep(paths: Paths) -> None:
    """Remove what a killed intake left beside the database: copies of delivered files, spilled rows, a half rewrite."""
    shutil.rmtree(_scratch(paths), ignore_errors=True)
    reached("sweep.scratch")
    shutil.rmtree(paths.database.with_name(paths.database.name + ".tmp"), ignore_errors=True)
    reached("sweep.spilled")
    _fresh(paths.database).unlink(missing_ok=True)
    reached("sweep.rewrite")


def make_scratch(paths: Paths) -> Path:
    """The private folder for copies of delivered files."""
    _scratch(paths).mkdir(mode=0o700, exist_ok=True)
    reached("intake.scratch")
    return _scratch(paths)


def reason_to_rebuild(settings: Settings, key: bytes, expected: str, record: Record, *, full: bool) -> str | None:
    """Why the working database cannot be used as it is; None when it can, or when there is none.

    Raises:
        ForeignKeyError: the database was built with another key.
        RecordError: the database was built without persons whom no record names any more.
    """
    paths = settings.paths
    if not paths.database.exists():
        return None
    store = open_store(settings)
    try:
        without = built_without(store)
        if without and not paths.forgotten.exists():
            raise RecordError(
                f"{paths.forgotten}, which says who was forgotten, is gone: put it back from the backup, "
                f"or delete {paths.work} to take everybody in again"
            )
        if full:
            return "rebuilding the history from the deliveries, as asked for with --full"
        if (found := found_format(store)) != expected:
            return (
                f"the working database has format {found}, this version writes {expected}: "
                "rebuilding it from the deliveries"
            )
        refuse_other_key(store, key)
        return None if without == record.reaches(links(store)) else OTHERS_FORGOTTEN
    finally:
        store.connection.close()


def lies_otherwise(settings: Settings) -> str | None:
    """What a rewrite changes, when the database lies on the disk in another way than the settings ask for."""
    found = databases.is_encrypted(settings.paths.database)
    if found is None or found == settings.encrypt:
        return None
    return "the working database was written anew, " + ("encrypted" if settings.encrypt else "no longer encrypted")


def built_without(store: Store) -> frozenset[str]:
    """The hashes that the history was built without."""
    if not databases.has_table(store.connection, "raw.forgotten"):
        return frozenset()
    return frozenset(one for (one,) in store.rows("select number_hash from raw.forgotten"))


def discard(paths: Paths) -> None:
    """Remove the working database; the deliveries rebuild it."""
    paths.database.with_name(paths.database.name + ".wal").unlink(missing_ok=True)
    reached("discard.log")
    paths.database.unlink(missing_ok=True)
    reached("discard.database")
    paths.unclean.unlink(missing_ok=True)
    reached("discard.mark")


def rewrite(settings: Settings) -> None:
    """Write schema raw into a new file that takes the place of the database; the other schemas are built again anyway.

    A row that was deleted and a table that was dropped leave their bytes in the file; a new file never had them.
    """
    database, fresh = settings.paths.database, _fresh(settings.paths.database)
    fresh.unlink(missing_ok=True)
    reached("rewrite.begun")
    with databases.connect(settings) as connection:
        for schema in ("staging", "intermediate", "rules", "intake"):
            connection.execute(f"drop schema if exists {schema} cascade")
            reached("rewrite.dropped")
        databases.attach(connection, settings, fresh, "fresh", encrypt=settings.encrypt)
        connection.execute(f"copy from database {databases.ALIAS} to fresh")
        reached("rewrite.copied")
        connection.execute("detach fresh")
        reached("rewrite.detached")
    sync(fresh)
    reached("rewrite.synced")
    # Closing wrote the log into the file; a log left beside the new one would be another file's.
    database.with_name(database.name + ".wal").unlink(missing_ok=True)
    reached("rewrite.log_gone")
    fresh.replace(database)
    reached("rewrite.replaced")
    sync(database.parent)
    reached("rewrite.named")
    settings.paths.unclean.unlink(missing_ok=True)
    reached("rewrite.mark_gone")


def _scratch(paths: Paths) -> Path:
    return paths.work / "scratch"


def _fresh(database: Path) -> Path:
    return database.with_name(database.stem + ".fresh")

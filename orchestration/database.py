"""The one way to the private working database, which lies encrypted when KETENZICHT_ENCRYPT says so (DuckDB's own).

Belongs here: opening it, its key, what dbt needs to open it, and opening the build, which is plain as the publication
is: they hold pseudonyms, and readers open them. Does not belong here: their tables (`raw.store`, `metadata`).
"""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path

import duckdb

from orchestration import key as keys
from orchestration import lock
from orchestration.settings import Settings

ALIAS = "ketenzicht"
"""The database under its own name, however it is opened: tables, manifest and copies name it so."""

EXTENSION = files("duckdb_extension_httpfs") / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
"""DuckDB's own ciphers only read; this extension brings those that write. Loaded from its package: no download."""

MAGIC, FLAGS, IS_ENCRYPTED = slice(8, 12), 20, 1
"""DuckDB's main header: checksum, `DUCK`, version, flags."""

Config = dict[str, str | bool | int | float | list[str]]


BUSY = "a refresh holds the working database: ask again when it has ended"


class BusyError(Exception):
    """Another program, most often a refresh, holds the working database."""


class WrongKeyError(keys.KeyFileError):
    """The working database is encrypted, and the key of this installation does not open it."""


def is_encrypted(file: Path) -> bool | None:
    """Whether a database lies encrypted on the disk; None when there is none yet, or nothing in it."""
    if not file.exists():
        return None
    with file.open("rb") as stream:
        header = stream.read(FLAGS + 1)
    return header[MAGIC] == b"DUCK" and bool(header[FLAGS] & IS_ENCRYPTED) if len(header) > FLAGS else None


def connect(settings: Settings, *, read_only: bool = False, config: Config | None = None) -> duckdb.DuckDBPyConnection:
    """Open or create the working database; one that exists as it lies, a new one as the settings ask.

    Raises:
        KeyFileError: it is encrypted, and the key is unusable, absent or (WrongKeyError) another one.
    """
    return _quiet(_opened(settings, read_only, {**limits(settings), **(config or {})}))


def connect_build(settings: Settings, *, read_only: bool = True) -> duckdb.DuckDBPyConnection:
    """Open the database of marts that is being made, `settings.paths.build`."""
    return _quiet(duckdb.connect(str(settings.paths.build), read_only=read_only, config=limits(settings)))


def limits(settings: Settings) -> Config:
    """What a connection may take of the machine: by itself, DuckDB would take four fifths of its memory."""
    return {"memory_limit": settings.memory_limit, "threads": settings.threads}


def _quiet(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    # else it draws its own bar between our lines of progress
    connection.execute("set enable_progress_bar = false")
    return connection


def _opened(settings: Settings, read_only: bool, config: Config) -> duckdb.DuckDBPyConnection:
    file = settings.paths.database
    found = is_encrypted(file)
    if not (settings.encrypt if found is None else found):
        return duckdb.connect(str(file), read_only=read_only, config=config)
    connection = duckdb.connect(config={**config, **_spilling(settings)})
    try:
        attach(connection, settings, file, ALIAS, encrypt=True, read_only=read_only)
        connection.execute(f"use {ALIAS}")
    except BaseException:
        connection.close()
        raise
    return connection


def attach(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    file: Path,
    alias: str,
    *,
    encrypt: bool,
    read_only: bool = False,
) -> None:
    """Attach a database, new or not, as `connect` does. The key is bound: no message that quotes SQL has it."""
    # brings pandera, for which `status` on a plain database should not wait
    from contracts.checks import literal

    options = (["read_only"] if read_only else []) + (["encryption_key ?"] if encrypt else [])
    if encrypt:
        connection.execute(f"load {literal(str(EXTENSION))}")
    statement = f"attach {literal(str(file))} as {alias}" + (f" ({', '.join(options)})" if options else "")
    try:
        connection.execute(statement, [_key(settings)] if encrypt else None)
    except duckdb.InvalidInputException as error:
        if "encryption key" not in str(error):
            raise
        raise WrongKeyError(
            f"{file} is encrypted under another key than this installation's: give that key (KETENZICHT_KEY or "
            "KETENZICHT_KEY_FILE); to go to another key, see docs/operations.md"
        ) from None


def has_table(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether the database has a table, by `schema.table`."""
    schema, _, name = table.partition(".")
    found = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = ? and table_name = ?", [schema, name]
    ).fetchone()
    return found == (1,)


@contextmanager
def reading(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The working database for who reads it; no refresh begins while the block lasts. None before the first intake.

    Raises:
        BusyError: a refresh, or a program that does not know of our lock, holds it.
        KeyFileError: as `connect`.
    """
    if not settings.paths.database.exists():
        yield None
        return
    with lock.kept_free(settings.paths.lock) as is_free:
        if not is_free:
            raise BusyError(BUSY)
        try:
            connection = connect(settings, read_only=True)
        except duckdb.IOException as error:
            if "lock" not in str(error):
                raise
            raise BusyError(BUSY) from error
        with connection:
            yield connection


def refuse_wrong_key(settings: Settings) -> None:
    """Find out before anything is touched that an encrypted database cannot be opened. Raises as `connect`."""
    if is_encrypted(settings.paths.database):
        # whoever holds the database is named by the run itself
        with lock.kept_free(settings.paths.lock) as is_free, suppress(duckdb.IOException):
            if is_free:
                connect(settings, read_only=True).close()


def for_dbt(settings: Settings) -> dict[str, str]:
    """What dbt_project/profiles.yml reads to open it as it lies; dbt masks what begins with DBT_ENV_SECRET."""
    if not is_encrypted(settings.paths.database):
        return {}
    return {
        "KETENZICHT_TARGET": "encrypted_home",
        "KETENZICHT_SPILL": str(_spilling(settings)["temp_directory"]),
        "DBT_ENV_SECRET_KETENZICHT": _key(settings),
    }


def _spilling(settings: Settings) -> Config:
    """Where rows go that do not fit into memory: without it, beside wherever the command was run."""
    return {"temp_directory": f"{settings.paths.database}.tmp", "temp_file_encryption": True}


def _key(settings: Settings) -> str:
    """The database's own key: from the installation's, in a domain that no pseudonym and no record has."""
    return hmac.digest(keys.existing(settings).secret, b"encryption:database:1", "sha256").hex()

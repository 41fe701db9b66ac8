"""The key from which pseudonyms are made.

Belongs here: finding, checking and creating it. Does not belong here: what it is used for (`raw.pseudonyms`).
"""

import os
import re
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from orchestration.durable import reached
from orchestration.settings import Settings

KEY = re.compile(r"[0-9a-fA-F]{64}")


class KeyFileError(Exception):
    """The key cannot be used; the message names where it came from and the remedy, never the key."""


@dataclass(frozen=True)
class Key:
    """The 32 bytes of the key, and the file that was created for it, if any."""

    secret: bytes
    created: Path | None = None

    def __repr__(self) -> str:
        return f"Key(created={self.created})"


def ensure(settings: Settings) -> Key:
    """The key of the settings, else of the key file, which is created when absent. Raises KeyFileError."""
    if settings.key is not None:
        return Key(_parse(settings.key.get_secret_value(), "KETENZICHT_KEY"))
    file = settings.key_file.expanduser().absolute()
    try:
        created = _create(file)
        return Key(_read(file), created=file if created else None)
    except OSError as error:
        raise KeyFileError(
            f"cannot use key file {file}: {error.strerror}; set KETENZICHT_KEY_FILE to a file that you may read"
        ) from error


def find(settings: Settings) -> Key | None:
    """The key as `ensure` gives it, but none is created: None when there is none. Raises KeyFileError."""
    is_given = settings.key is not None or settings.key_file.expanduser().exists()
    return ensure(settings) if is_given else None


def existing(settings: Settings) -> Key:
    """The key as `find` gives it, for a question that means nothing under a new one. Raises KeyFileError."""
    found = find(settings)
    if found is None:
        raise KeyFileError(
            f"there is no key file {settings.key_file.expanduser().absolute()}: give the key that this home was built "
            "with, by KETENZICHT_KEY_FILE or KETENZICHT_KEY; for a new home, ketenzicht init makes one"
        )
    return found


def _create(file: Path) -> bool:
    if file.exists():
        return False
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    reached("key.folder")
    # Complete before it gets its name: a killed process must not leave half a key behind.
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(secrets.token_hex(32) + "\n")
        stream.flush()
        reached("key.written")
        os.fsync(stream.fileno())
        reached("key.drafted")
    try:
        os.link(draft, file)
        reached("key.named")
    except FileExistsError:
        return False
    finally:
        draft.unlink()
        reached("key.alone")
    return True


def _read(file: Path) -> bytes:
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        raise KeyFileError(f"key file {file} has mode {mode:o}: others can read it; run: chmod 600 {file}")
    return _parse(file.read_text().strip(), f"key file {file}")


def _parse(text: str, where: str) -> bytes:
    if not KEY.fullmatch(text):
        raise KeyFileError(
            f"{where} does not hold 64 hex digits; restore the key from its backup, or make a new one "
            "(another key gives every person and case another pseudonym)"
        )
    return bytes.fromhex(text)

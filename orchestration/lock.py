"""One refresh at a time.

Belongs here: the lock on a home, and whether a process lives. The lock is the kernel's, so it ends with the process
that holds it, however that ends.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.durable import reached


class LockedError(Exception):
    """Another refresh holds the home; the message says which process, and what to do."""


@contextmanager
def exclusive(file: Path, wait_seconds: int) -> Iterator[None]:
    """Hold the lock for the length of the block; wait up to `wait_seconds` for it. Raises LockedError."""
    with file.open("a+") as stream:
        for attempt in range(wait_seconds + 1):
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if attempt < wait_seconds:
                    time.sleep(1)
        else:
            stream.seek(0)
            raise LockedError(
                f"another refresh (process {stream.read().strip() or 'unknown'}) holds {file}, waited "
                f"{wait_seconds} s: let it end and try again, or raise KETENZICHT_LOCK_WAIT_SECONDS"
            )
        stream.truncate(0)
        reached("lock.held")
        stream.write(str(os.getpid()))
        stream.flush()
        reached("lock.signed")
        try:
            yield
        finally:
            # what stays behind names a process that was killed
            stream.truncate(0)
            reached("lock.emptied")


@contextmanager
def kept_free(file: Path) -> Iterator[bool]:
    """Whether no refresh holds the lock; none begins while the block lasts. For who reads what a refresh writes."""
    if not file.exists():
        yield True
        return
    with file.open() as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
            is_free = True
        except BlockingIOError:
            is_free = False
        yield is_free


def is_alive(process: str) -> bool:
    """Whether there is a process of this number; false for what is no number."""
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True

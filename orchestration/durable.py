"""What must survive a crash: replacing a file whole, syncing, and the named points between two acts on the disk.

Belongs here: `replace`, `sync`, `reached`. Does not belong here: which acts there are; each stands where its meaning
is, with its point beside it (tests/orchestration/test_crash_points.py finds one without).
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Watcher = Callable[[str], None]

REPLACING = ("written", "drafted", "replaced")
"""The points of `replace`, after the name that it is given."""

_watchers: list[Watcher] = []


def reached(point: str) -> None:
    """A point at which the process may die: what stands on the disk here must be something that a refresh heals.

    Tests watch it; nothing happens otherwise.
    """
    for watcher in _watchers:
        watcher(point)


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Let `watcher` see every point that is reached while the block lasts. For tests."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def replace(target: Path, content: str | bytes, point: str) -> None:
    """Put a file in the place of another: whole or not at all, on disk before this returns, for its owner alone.

    One process at a time: the draft has one name, so that what a killed process left of it is written over.
    """
    draft = target.with_name(f".{target.name}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content.encode() if isinstance(content, str) else content)
        stream.flush()
        reached(f"{point}.written")
        os.fsync(stream.fileno())
    reached(f"{point}.drafted")
    draft.replace(target)
    reached(f"{point}.replaced")
    sync(target.parent)


def sync(path: Path) -> None:
    """fsync a file or a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

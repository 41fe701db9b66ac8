"""`ketenzicht forget`: persons leave the history, the publication and every release, and stay away.

Belongs in the package: whom a request means, the order of the steps, what still holds them. Does not belong here: the
record (`forgotten`), how an intake honours it (`raw.setting_apart`). The numbers are in the memory of this process
only: in no argument of a Dagster run, no message, no file of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from orchestration import forgotten, lock, release
from orchestration.arguments import DONE, FAILED, HELD, WARNED
from orchestration.forget import traces
from orchestration.forget.whom import Numbers
from orchestration.forgotten import Record
from orchestration.raw.pseudonyms import refuse_other_key
from orchestration.raw.setting_apart import links
from orchestration.raw.store import open_store
from orchestration.refresh import Result, refresh
from orchestration.settings import Settings


@dataclass(frozen=True)
class Outcome:
    """What was done, and what the controller has left to do."""

    recorded: int
    """Numbers that the record did not have yet."""
    refreshed: Result
    releases_removed: tuple[str, ...]
    still_published: str | None
    """The release that readers open, when it still holds them."""
    delivery_files: tuple[str, ...]
    """Files below deliveries/ that still hold them, relative to it."""
    unsearchable: tuple[str, ...] = field(default=())
    """Files below deliveries/ that could not be read."""

    @property
    def exit_code(self) -> int:
        """As a refresh ends, and FAILED when readers still open a release that holds them."""
        has_failed = self.refreshed.exit_code in {FAILED, HELD}
        return FAILED if self.still_published and not has_failed else self.refreshed.exit_code


def carry_out(settings: Settings, key: bytes, numbers: Numbers) -> Outcome:
    """Record the numbers, build everything anew without them, and remove and name what still holds them.

    Raises:
        ForeignKeyError: the history was built with another key, under which a record would recognise nobody.
        LockedError: a refresh holds the home.
        RecordError: the record of who was forgotten cannot be used.
    """
    paths = settings.paths
    pseudonyms = numbers.pseudonyms(key)
    can_tell = paths.database.exists()
    with lock.exclusive(paths.lock, settings.lock_wait_seconds):
        before = forgotten.read(paths, key)
        if can_tell:
            _refuse_other_key(settings, key)
        asked = numbers.record(key)
        forgotten.write(paths, key, before | asked)
    refreshed = _publish_without(settings, pseudonyms)
    current = release.published(paths)
    with lock.exclusive(paths.lock, settings.lock_wait_seconds):
        removed = [
            one.name
            for one in release.all_of(paths)
            if one != current and (not can_tell or traces.release_holds(one, pseudonyms))
        ]
        for name in removed:
            release.remove(paths.releases / name)
    files, unsearchable = traces.delivery_files(paths.deliveries, key, _hashes(settings, asked))
    return Outcome(
        recorded=len((asked.persons - before.persons) | (asked.numbers - before.numbers)),
        refreshed=refreshed,
        releases_removed=tuple(removed),
        still_published=current.name if current and traces.release_holds(current, pseudonyms) else None,
        delivery_files=tuple(files),
        unsearchable=tuple(unsearchable),
    )


def _publish_without(settings: Settings, pseudonyms: Sequence[str]) -> Result:
    """Refresh; once more at the as-of date of the publication when that lies after the one a refresh would choose."""
    refreshed = refresh(settings)
    current = release.published(settings.paths)
    if refreshed.exit_code in {DONE, WARNED} and current and traces.release_holds(current, pseudonyms):
        return refresh(settings, as_of=release.as_of(current))
    return refreshed


def _refuse_other_key(settings: Settings, key: bytes) -> None:
    store = open_store(settings)
    try:
        refuse_other_key(store, key)
    finally:
        store.connection.close()


def _hashes(settings: Settings, asked: Record) -> frozenset[str]:
    """The hashes of all numbers of those who are meant, also of those that only the deliveries tell."""
    if not settings.paths.database.exists():
        return asked.reaches({})
    store = open_store(settings)
    try:
        return asked.reaches(links(store))
    finally:
        store.connection.close()

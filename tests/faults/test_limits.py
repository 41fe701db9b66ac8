"""Refreshes that find the disk full, or another refresh; readers that read on through ten of them.

From end to end, where a limit is the system's in processes of their own.
"""

import errno
import os
import resource
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from orchestration import durable
from orchestration.refresh import refresh
from orchestration.settings import load
from tests.faults import homes
from tests.faults.conftest import Story
from tests.orchestration.readers import reading

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "point", ["intake.copied", "raw.history.committing", "open.tables", "release.parquet", "ledger.written"]
)
def test_a_refresh_that_finds_the_disk_full_says_so_and_the_next_one_heals_it(
    story: Story, home: Path, point: str
) -> None:
    def full(here: str) -> None:
        if here == point:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(home))

    story.begin(home)
    with durable.watched(full):
        ended = homes.refreshed(home)
    assert ended.exit_code == 1
    assert os.strerror(errno.ENOSPC) in "\n".join(ended.lines)
    assert homes.figures(home) == (story.new if point == "ledger.written" else story.old)
    assert homes.refreshed(home).exit_code in {0, 3}
    assert homes.figures(home) == story.new
    assert not homes.leftovers(home)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
def test_files_that_cannot_grow_are_survived(story: Story, home: Path, share: float) -> None:
    """Write errors of the system itself, in whatever program writes: no file may outgrow a share of the database."""
    largest = int(share * load(story.finished).paths.database.stat().st_size)
    story.begin(home)
    process = homes.started(home, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)))
    said, _ = process.communicate()
    assert process.returncode == 1, said
    assert homes.figures(home) == story.old
    assert homes.refreshed(home).exit_code in {0, 3}
    assert homes.figures(home) == story.new


def test_of_two_refreshes_one_holds_the_lock_until_it_is_killed(story: Story, home: Path) -> None:
    story.begin(home)
    lock = load(home).paths.lock
    with homes.started(home) as owner:
        try:
            while owner.poll() is None and not (lock.exists() and lock.read_text() == str(owner.pid)):
                time.sleep(0.05)
            refused = homes.refreshed(home)
        finally:
            owner.kill()
    assert refused.exit_code == 1
    assert f"process {owner.pid}" in "\n".join(refused.lines)
    assert homes.refreshed(home).exit_code in {0, 3}
    assert homes.figures(home) == story.new


def test_four_readers_find_whole_publications_through_ten_refreshes(
    story: Story, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    homes.copy(story.settled, home)
    settings = load(home)
    first = date.fromisoformat(story.old["as_of_on"])
    with reading(settings.paths.chain, tmp_path / "stop") as seen:
        for day in range(1, 11):
            assert refresh(settings, as_of=first + timedelta(days=day)).exit_code in {0, 3}
    assert (seen.errors, seen.mixed, seen.went_back) == ([], [], False)
    assert len(seen.publications) > 2
    with capsys.disabled():
        print(f"\n{seen.queries} queries of four readers through ten refreshes")  # noqa: T201

"""Refreshes that are killed at random moments.

From end to end, in processes of their own. `KILLS=100 make test-faults` is the long run.
"""

import os
import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from dagster import DagsterRunStatus, RunsFilter

from orchestration import history
from orchestration.settings import load
from tests.faults import homes
from tests.faults.conftest import Story

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("KILLS", "20"))
SEED = 20261123


@pytest.fixture(scope="session")
def seconds(story: Story, place: Path) -> float:
    """How long a refresh takes that nobody kills."""
    story.begin(place)
    begun = time.monotonic()
    said, _ = homes.started(place).communicate()
    took = time.monotonic() - begun
    assert homes.figures(place) == story.new, said
    shutil.rmtree(place)
    return took


def killed(process: subprocess.Popen[str], after: float) -> bool:
    """Kill a process after so many seconds; whether it still ran."""
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return True
    return False


@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_refresh_leaves_the_old_or_the_new_and_the_next_one_heals_it(
    story: Story, seconds: float, home: Path, number: int
) -> None:
    share = random.Random(f"{SEED} {number}").random()
    while not killed(homes.started(story.begin(home)), share * seconds):
        # the machine was quicker than when it was timed
        assert homes.figures(home) == story.new
        shutil.rmtree(home)
        share *= 0.8
    assert homes.figures(home) in (story.old, story.new)
    assert homes.refreshed(home).exit_code in {0, 3}
    assert homes.figures(home) == story.new
    assert not homes.leftovers(home)
    with history.opened(load(home).paths) as instance:
        assert not instance.get_runs(RunsFilter(statuses=[DagsterRunStatus.STARTED])), "no run is thought to be alive"

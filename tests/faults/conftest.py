"""What the fault tests share: a home that was refreshed, what arrives next, and what a refresh makes of it.

Belongs here: fixtures. Does not belong here: anything a test asserts. By `make test-faults`; `make test` leaves it out.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from orchestration.settings import Settings
from tests.conftest import KEY
from tests.faults import homes


@pytest.fixture(scope="session")
def known_settings() -> Iterator[None]:
    """The settings of `_own_settings`, for fixtures of the session."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Settings.model_config, "env_file", None)
        patch.setenv("KETENZICHT_KEY", KEY)
        patch.setenv("KETENZICHT_LOCK_WAIT_SECONDS", "0")
        yield


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every home of this process is refreshed: dbt reads its project again (4 s) when a home lies elsewhere."""
    return tmp_path_factory.mktemp("place") / "home"


@pytest.fixture
def home(place: Path) -> Iterator[Path]:
    """A home of one's own, at the place; not there yet."""
    yield place
    shutil.rmtree(place)


@dataclass(frozen=True)
class Story:
    """A home before its newest deliveries, those deliveries, and what readers find before and after them."""

    settled: Path
    later: Path
    old: dict[str, str]
    new: dict[str, str]
    finished: Path
    """The home after the undisturbed refresh."""

    def begin(self, target: Path) -> Path:
        """A home of one's own, with the newest deliveries in it."""
        homes.copy(self.settled, target)
        homes.deliver(self.later, target)
        return target


@pytest.fixture(scope="session")
def story(place: Path, tmp_path_factory: pytest.TempPathFactory, known_settings: None) -> Story:
    """Made once a session: two refreshes."""
    folder = tmp_path_factory.mktemp("story")
    homes.simulated(place, folder / "later")
    assert homes.refreshed(place).exit_code in {0, 3}
    settled = homes.copy(place, folder / "settled")
    old = homes.figures(settled)
    homes.deliver(folder / "later", place)
    assert homes.refreshed(place).exit_code in {0, 3}
    finished = place.rename(folder / "finished")
    new = homes.figures(finished)
    assert old is not None
    assert new is not None
    assert old != new
    return Story(settled, folder / "later", old, new, finished)

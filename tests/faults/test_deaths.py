"""A refresh that dies at a crash point: readers find the old or the new, and the next refresh what it would have made.

One undisturbed run visits every point; what is on the disk at that moment is copied, which is what a kill would leave.
Each different copy is refreshed. The points that no refresh reaches: tests/orchestration/test_crash_points.py.
"""

import shutil
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from orchestration import durable
from orchestration.forget import carry_out, whom
from orchestration.refresh import refresh
from orchestration.settings import load
from tests.conftest import KEY
from tests.faults import homes
from tests.orchestration.crash_sites import points

pytestmark = pytest.mark.slow

ELSEWHERE = ("key.", "home.", "dagster_yaml.", "demo.", "return_file.")
"""Points that figures do not depend on: died at in tests/orchestration/test_crash_points.py."""

VISITS = {1, 10, 100}
"""Of a point that is reached many times: at which of them it dies."""

Figures = dict[str, str]


def ordinary(home: Path) -> int:
    """What happens every day."""
    return refresh(load(home)).exit_code


def rebuilt(home: Path) -> int:
    """The history built anew; every delivery in which anything is gone wants a person's word, and gets it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KETENZICHT_DROP_ROWS", "1")
        patch.setenv("KETENZICHT_DROP_SHARE", "0.000001")
        return refresh(load(home), full=True, accept_drop=True).exit_code


def without_a_person(home: Path) -> int:
    """Somebody is forgotten."""
    settings, note = load(home), home / "person"
    if not note.exists():
        with duckdb.connect(str(settings.paths.database), read_only=True) as connection:
            ((found,),) = connection.execute("select min(v_nummer) from raw.ind__aanvraag").fetchall()
        note.write_text(found)
    return carry_out(settings, bytes.fromhex(KEY), whom.person(settings, note.read_text())).exit_code


@dataclass
class Scenario:
    """A run, and the moments of it that are looked at."""

    name: str
    act: Callable[[Path], int]
    published: list[Figures | None] = field(default_factory=list)
    """What readers may find: what stood before, and each publication of the run; the last one stands in the end."""
    moments: dict[str, list[Path]] = field(default_factory=dict)
    """Copies of the home, by point."""


def visited(scenario: Scenario, home: Path, folder: Path, known: Set[str]) -> Scenario:
    """Let a scenario happen, and copy the home at each point that is not known yet."""
    visits: dict[str, int] = {}

    def watcher(point: str) -> None:
        visits[point] = visits.get(point, 0) + 1
        if point == "ledger.replaced":
            scenario.published.append(homes.figures(home))
        if point not in known and visits[point] in VISITS and not point.startswith(ELSEWHERE):
            moment = homes.copy(home, folder / scenario.name / f"{point}-{visits[point]}")
            scenario.moments.setdefault(point, []).append(moment)

    scenario.published.append(homes.figures(home))
    with durable.watched(watcher):
        assert scenario.act(home) in {0, 3}
    return scenario


@pytest.fixture(scope="session")
def scenarios(place: Path, tmp_path_factory: pytest.TempPathFactory, known_settings: None) -> list[Scenario]:
    """Every point of a refresh, each in the runs that show most of it."""
    folder = tmp_path_factory.mktemp("moments")
    homes.simulated(place, folder / "later")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KETENZICHT_ALERT_COMMAND", "cat")
        patch.setenv("KETENZICHT_KEEP_RELEASES", "1")
        first = visited(Scenario("first", ordinary), place, folder, set())
        settled = homes.copy(place, folder / "settled")
        homes.deliver(folder / "later", place)
        # what an earlier kill left, which this run sweeps
        (place / "published/.link-current").symlink_to("nowhere")
        (place / "published/releases/.draft").mkdir()
        everyday = visited(Scenario("everyday", ordinary), place, folder, set())
        first.moments = {point: found for point, found in first.moments.items() if point not in everyday.moments}
        known = first.moments.keys() | everyday.moments.keys()
        shutil.rmtree(place)
        homes.deliver(folder / "later", homes.copy(settled, place))
        anew = visited(Scenario("anew", rebuilt), place, folder, known)
        shutil.rmtree(place)
        homes.copy(settled, place)
        forgetting = visited(Scenario("forgetting", without_a_person), place, folder, known | anew.moments.keys())
        shutil.rmtree(place)
    return [everyday, first, anew, forgetting]


@pytest.fixture(scope="session")
def ended() -> dict[str, Figures | None]:
    """What the next refresh made of a state of the disk, by scenario and hash of that state."""
    return {}


@pytest.mark.parametrize("point", [point for point in points() if not point.startswith(ELSEWHERE)])
def test_a_refresh_that_dies_leaves_the_old_or_the_new_and_the_next_one_heals_it(
    scenarios: list[Scenario], ended: dict[str, Figures | None], place: Path, point: str
) -> None:
    looked_at = [(one, moment) for one in scenarios for moment in one.moments.get(point, [])]
    assert looked_at, "no scenario reaches this point"
    for scenario, moment in looked_at:
        assert homes.figures(moment) in scenario.published
        state = f"{scenario.name} {homes.fingerprint(moment)}"
        if state not in ended:
            moment.rename(place)
            assert scenario.act(place) in {0, 3}
            assert not homes.leftovers(place)
            ended[state] = homes.figures(place)
            shutil.rmtree(place)
        shutil.rmtree(moment, ignore_errors=True)
        assert ended[state] == scenario.published[-1]


def test_runs_agree(scenarios: list[Scenario]) -> None:
    """What the deaths are compared with is not itself an accident of how it was reached."""
    everyday, first, anew, forgetting = (one.published for one in scenarios)
    old, new = everyday
    assert old != new
    assert first == [None, old]
    assert anew == [old, new]
    assert forgetting[0] == old
    assert forgetting[-1] != old

"""`ketenzicht demo`: a synthetic chain in a home of one's own, published.

Belongs here: bringing simulated deliveries into a home. Does not belong here: simulating, refreshing.
"""

import shutil
from pathlib import Path

from orchestration import deliveries
from orchestration.settings import Paths

SEED = 1


def deliver(paths: Paths, cases: int | None, seed: int) -> bool:
    """Put the deliveries of a synthetic chain into a home without any, the truth beside them in `truth/`.

    Returns False, and changes nothing, when deliveries are there already: synthetic and real ones never mix.
    """
    if deliveries.find(paths.deliveries):
        return False
    from analytics.simulation import Parameters, simulate

    # Written aside first: a demo that is killed leaves no half of a chain behind.
    draft = paths.home / ".demo"
    shutil.rmtree(draft, ignore_errors=True)
    simulate(Parameters(out=draft, cases=cases, seed=seed))
    _move(draft / "truth", paths.home / "truth")
    for partner in sorted((draft / "deliveries").iterdir()):
        partner.rename(paths.deliveries / partner.name)
    shutil.rmtree(draft)
    return True


def _move(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    source.rename(target)


def where_to_look(paths: Paths) -> list[str]:
    """What to open next."""
    return [
        "where to look:",
        f"  {paths.chain}  (DuckDB; ketenzicht sql opens it read-only)",
        f"  {paths.published / 'parquet'}  (the same tables as Parquet)",
        "  ketenzicht status  and  ketenzicht dev  (the pipeline in Dagster's UI)",
    ]

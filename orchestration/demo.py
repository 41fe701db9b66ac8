"""`ketenzicht demo`: a synthetic chain in a home of one's own, published.

Belongs here: bringing simulated deliveries into a home. Does not belong here: simulating, refreshing.
"""

import shutil
from pathlib import Path

from orchestration import deliveries
from orchestration.durable import reached
from orchestration.settings import Paths

SEED = 1


def deliver(paths: Paths, cases: int | None, seed: int) -> bool:
    """Put the deliveries of a synthetic chain into a home without any, the truth beside them in `truth/`.

    Returns False, and changes nothing, when deliveries are there already: synthetic and real ones never mix.
    """
    whole = paths.home / ".demo-whole"
    if not whole.exists():
        if deliveries.find(paths.deliveries):
            return False
        _make(whole, cases, seed)
    # Partners move one by one: a demo that was killed meanwhile goes on here, whatever chain it is asked for now.
    for partner in sorted(whole.glob("deliveries/*")):
        partner.rename(paths.deliveries / partner.name)
        reached("demo.partner_moved")
    if (whole / "truth").exists():
        shutil.rmtree(paths.home / "truth", ignore_errors=True)
        reached("demo.earlier_truth_gone")
        (whole / "truth").rename(paths.home / "truth")
        reached("demo.truth_moved")
    shutil.rmtree(whole)
    reached("demo.delivered")
    return True


def _make(whole: Path, cases: int | None, seed: int) -> None:
    """Simulate into the folder `whole`, which is there when all of the chain is."""
    from analytics.simulation import Parameters, simulate

    draft = whole.with_name(".demo")
    shutil.rmtree(draft, ignore_errors=True)
    reached("demo.begun")
    simulate(Parameters(out=draft, cases=cases, seed=seed))
    reached("demo.simulated")
    draft.rename(whole)
    reached("demo.made")


def where_to_look(paths: Paths) -> list[str]:
    """What to open next."""
    return [
        "where to look:",
        f"  {paths.chain}  (DuckDB; ketenzicht sql opens it read-only)",
        f"  {paths.published / 'parquet'}  (the same tables as Parquet)",
        "  ketenzicht status  and  ketenzicht dev  (the pipeline in Dagster's UI)",
    ]

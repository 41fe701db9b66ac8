"""A synthetic asylum chain, calibrated on the public figures, written as deliveries with the truth beside them.

Belongs here: everything needed to make the chain and its files. Does not belong here: reading deliveries, or any
figure that the platform publishes: nothing outside this package is imported, so that it can judge them.
"""

from analytics.simulation.chain import make_chain
from analytics.simulation.deliveries import Writer
from analytics.simulation.faults import inject_faults, known_faults
from analytics.simulation.parameters import Parameters, Summary
from analytics.simulation.recording import record
from analytics.simulation.truth import write_truth

__all__ = ["Parameters", "Summary", "simulate"]


def simulate(parameters: Parameters) -> Summary:
    """Write `out/deliveries/` and `out/truth/`. Raises FileExistsError when `out` has deliveries already,

    ValueError for a fault that is not in the registry.
    """
    known_faults(parameters.faults)
    target = parameters.out / "deliveries"
    if target.exists() and any(target.iterdir()):
        raise FileExistsError(f"{target} has deliveries already: choose an empty folder or remove them")
    chain = make_chain(parameters)
    writer = Writer(parameters)
    recorded = record(chain, writer.write)
    write_truth(chain, recorded, parameters.out / "truth")
    written = writer.finish()
    inject_faults(parameters).write_csv(parameters.out / "truth" / "faults.csv")
    return Summary(
        cases=len(chain.cases),
        asylum_cases=int(chain.cases.asylum.sum()),
        deliveries=written.deliveries,
        rows=written.rows,
        bytes=written.bytes,
    )

"""Small, seeded, nasty chains in the delivery format: the test data of every property and comparison.

Everything keeps its contract (extracts.md), so a refresh of it quarantines nothing. Nothing here reads a rule table
or computes a figure.

    chain(seed, cases)                     one chain as of one day: rows per extract
    merge([chain(1, 10, block=1), ...])    several with disjoint numbers in one home, to save fixed cost
    write_delivery(chain, home, "ind", on) csv, parquet or xlsx with a correct manifest (`Form`), full or delta
    history(seed, cases)                   successive deliveries of all partners: late, backdated, changed, withdrawn
    chains()                               a hypothesis strategy around `chain`
"""

from tests.chains.generated import AS_OF, Chain, chain, facts_of, merge
from tests.chains.history import Delivery, history
from tests.chains.strategies import chains
from tests.chains.writing import Form, write_delivery

__all__ = [
    "AS_OF",
    "Chain",
    "Delivery",
    "Form",
    "chain",
    "chains",
    "facts_of",
    "history",
    "merge",
    "write_delivery",
]

"""Hypothesis strategies. Belongs here: the drawing of seeds and sizes. Not: the making of chains (`generated`)."""

from hypothesis import strategies as st

from tests.chains.generated import AS_OF, Chain, chain


def chains(min_cases: int = 1, max_cases: int = 15) -> st.SearchStrategy[Chain]:
    """Chains of drawn seed, size and as-of date; few and small cases come first when shrinking."""
    return st.builds(
        chain,
        seed=st.integers(0, 2**32 - 1),
        cases=st.integers(min_cases, max_cases),
        as_of=st.sampled_from(AS_OF),
    )

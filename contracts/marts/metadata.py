"""marts._metadata."""

from contracts.base import Contract
from contracts.columns import column


class Metadata(Contract):
    """What this publication is made of: one row a fact about it.

    As-of date, newest reference date per partner, versions of contracts and rule tables, settings, code version, row
    count, content hash and lineage per table, per delivery in force its files with their hashes, and the publication
    time, which no hash covers.
    """

    key_: str = column("name of the fact, such as as_of_on or content_hash.dim_case", alias="key")
    value: str = column("the fact, as text; empty where there is none", nullable=True)

    class Config:
        name = "marts._metadata"
        unique = ["key"]

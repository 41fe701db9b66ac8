"""marts.fct_data_quality."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import column

COUNTS = "raw.delivery_count"


class FctDataQuality(Contract):
    """What became of every delivered row (datakwaliteit): one row a delivery, extract and rule.

    Deliveries in force with a reference date up to the as-of date. delivered = accepted + quarantined + duplicate +
    forgotten, which stand there also when 0. What only the models can see stands at the newest delivery of its extract.
    """

    partner: str = dim.partner()
    reference_on: date = column("reference date (peildatum) of the delivery", source=COUNTS)
    sequence: int = column("1, or the number of a corrected redelivery of that date", source=COUNTS, ge=1)
    extract: str = column("extract of the delivery, as extracts.md names it", source=COUNTS)
    rule: str = column(
        "delivered; accepted; quarantined; duplicate (equal row again); forgotten (rows of persons whom the controller "
        "had forgotten); stale (a bad row whose key keeps its last good content); each broken rule by name (a row may "
        "break several); each anomaly by name: *_unlinked, certificate_without_case, stay_*, reversed_<segment> (a "
        "lead time that ends before it begins)",
        source=COUNTS,
    )
    row_count: int = column("rows that the rule counts", unit="rows", source=COUNTS, ge=0)
    share: float = column(
        "row_count as a share; empty where the denominator is 0",
        unit="share",
        source=COUNTS,
        formula="row_count / denominator",
        denominator="delivered rows of the delivery and extract; of an anomaly the rows in force that were looked at",
        nullable=True,
        ge=0,
    )

    class Config:
        name = "marts.fct_data_quality"
        unique = ["partner", "reference_on", "sequence", "extract", "rule"]

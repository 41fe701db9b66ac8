"""What is known of one partner's deliveries: `raw.delivery` and `raw.delivery_file`.

Belongs here: comparing what lies on disk with what history was built from. Does not belong here: deciding states
(`deliveries.resolve`).
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from orchestration.accepted import Acceptance
from orchestration.deliveries import Delivery
from orchestration.manifest import DeliveryName
from orchestration.raw.store import Store


class VanishedDeliveryError(Exception):
    """A delivery that is in force is no longer on disk."""


class Known(NamedTuple):
    """A delivery as the last refresh left it."""

    state: str | None
    reason: str | None
    content_id: str | None
    stat_id: str | None
    is_drop: bool


UNKNOWN = Known(None, None, None, None, is_drop=False)


class Registry:
    """`raw.delivery` and `raw.delivery_file` of one partner, as the last refresh left them."""

    def __init__(self, store: Store, partner: str) -> None:
        self.store, self.partner = store, partner
        rows = store.rows(
            "select name, state, reason, content_id, stat_id, is_drop from raw.delivery where partner = ?", [partner]
        )
        self.known = {name: Known(*facts) for name, *facts in rows}

    def refuse_to_lose(self, found: Sequence[Delivery]) -> None:
        there = {delivery.folder.name for delivery in found if delivery.state != "incomplete"}
        gone = sorted(name for name, one in self.known.items() if one.state == "in_force" and name not in there)
        if gone:
            raise VanishedDeliveryError(
                f"deliveries/{self.partner}/{gone[0]}{f' and {len(gone) - 1} more' if gone[1:] else ''}: in force, but "
                "gone from disk; put it back, or run `ketenzicht refresh --full` to go on without it"
            )

    def written_again(self, found: Sequence[Delivery]) -> list[Delivery]:
        """Deliveries in force whose files changed on disk while the manifest did not."""
        return [
            one
            for one in found
            if (known := self.known.get(one.folder.name))
            and (known.state, known.content_id) == ("in_force", one.content_id)
            and known.stat_id != one.stat_id
            and one.state == "complete"
        ]

    def standing_verdicts(self, found: Sequence[Delivery], accepted: Acceptance) -> dict[tuple[str, str], str]:
        """Refusals of contents whose files did not change since, but for drops that a person takes."""
        verdicts = {}
        for delivery in found:
            known = self.known.get(delivery.folder.name, UNKNOWN)
            stands = known.state == "refused" and known.stat_id == delivery.stat_id
            if delivery.state == "complete" and stands and known.reason:
                if known.is_drop and accepted.takes(delivery):
                    continue
                verdicts[(delivery.folder.name, delivery.content_id)] = known.reason
        return verdicts

    def first_difference(self, resolved: Sequence[Delivery], accepted: Acceptance) -> date | None:
        """The first reference date at which another delivery is in force than the history was built from.

        A drop that is accepted no longer is a difference too: it must be judged again.
        """
        before = {(name, one.content_id) for name, one in self.known.items() if one.state == "in_force"}
        now = {
            (one.folder.name, one.content_id)
            for one in resolved
            if one.state == "in_force" and (not self.was_drop(one) or accepted.takes(one))
        }
        return min((DeliveryName.parse(name).reference_on for name, _ in before ^ now), default=None)

    def was_drop(self, delivery: Delivery) -> bool:
        known = self.known.get(delivery.folder.name, UNKNOWN)
        return known.is_drop and known.content_id == delivery.content_id

    def is_new(self, delivery: Delivery) -> bool:
        return self.known.get(delivery.folder.name, UNKNOWN).stat_id != delivery.stat_id

    def write(self, resolved: Sequence[Delivery]) -> None:
        rows = [
            {
                "partner": one.partner,
                "name": one.folder.name,
                "reference_on": one.name.reference_on if one.name else None,
                "sequence": one.name.sequence if one.name else None,
                "state": one.state,
                "reason": one.reason,
                "mode": one.manifest.mode if one.manifest else None,
                "base_name": one.manifest.base if one.manifest else None,
                "contract_version": one.manifest.contract if one.manifest else None,
                "content_id": one.content_id,
                "stat_id": one.stat_id,
                "is_drop": one.is_drop,
            }
            for one in resolved
        ]
        files = [
            {
                "partner": one.partner,
                "reference_on": one.name.reference_on,
                "sequence": one.name.sequence,
                "extract": resource.name,
                "file": resource.path,
                "sha256": resource.sha256,
                "bytes": resource.bytes,
            }
            for one in resolved
            if one.manifest and one.name and one.state == "in_force"
            for resource in one.manifest.resources
        ]
        with self.store.transaction("raw.registry"):
            for table, content in (("raw.delivery", rows), ("raw.delivery_file", files)):
                self.store.run(f"delete from {table} where partner = ?", [self.partner])
                self.store.append(table, content)

"""What is known of one partner's deliveries: `raw.delivery` and `raw.delivery_file`.

Belongs here: comparing what lies on disk with what history was built from. Does not belong here: deciding states
(`deliveries.resolve`).
"""

from collections.abc import Sequence
from datetime import date

from orchestration.deliveries import Delivery
from orchestration.manifest import DeliveryName
from orchestration.raw.store import Store


class VanishedDeliveryError(Exception):
    """A delivery that is in force is no longer on disk."""


class Registry:
    """`raw.delivery` and `raw.delivery_file` of one partner, as the last refresh left them."""

    def __init__(self, store: Store, partner: str) -> None:
        self.store, self.partner = store, partner
        rows = store.rows(
            "select name, state, reason, content_id, stat_id from raw.delivery where partner = ?", [partner]
        )
        self.known = {name: (state, reason, content_id, stat_id) for name, state, reason, content_id, stat_id in rows}

    def refuse_to_lose(self, found: Sequence[Delivery]) -> None:
        there = {delivery.folder.name for delivery in found if delivery.state != "incomplete"}
        gone = sorted(name for name, (state, *_) in self.known.items() if state == "in_force" and name not in there)
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
            and (known[0], known[2]) == ("in_force", one.content_id)
            and known[3] != one.stat_id
            and one.state == "complete"
        ]

    def standing_verdicts(self, found: Sequence[Delivery]) -> dict[tuple[str, str], str]:
        """Refusals of contents whose files did not change since."""
        verdicts = {}
        for delivery in found:
            state, reason, _, stat_id = self.known.get(delivery.folder.name, (None, None, None, None))
            if delivery.state == "complete" and state == "refused" and stat_id == delivery.stat_id and reason:
                verdicts[(delivery.folder.name, delivery.content_id)] = reason
        return verdicts

    def first_difference(self, resolved: Sequence[Delivery]) -> date | None:
        """The first reference date at which another delivery is in force than the history was built from."""
        before = {(name, content_id) for name, (state, _, content_id, _) in self.known.items() if state == "in_force"}
        now = {(one.folder.name, one.content_id) for one in resolved if one.state == "in_force"}
        return min((DeliveryName.parse(name).reference_on for name, _ in before ^ now), default=None)

    def is_new(self, delivery: Delivery) -> bool:
        return self.known.get(delivery.folder.name, (None, None, None, None))[3] != delivery.stat_id

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
        with self.store.transaction():
            for table, content in (("raw.delivery", rows), ("raw.delivery_file", files)):
                self.store.run(f"delete from {table} where partner = ?", [self.partner])
                self.store.append(table, content)

"""From delivered files to the private raw history: docs/architecture.md, "Deliveries are a set".

Belongs in the package: reading, judging and keeping rows, counting them, pseudonyms. Does not belong here: Dagster, and
what tables mean downstream of `raw`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from dateutil.easter import easter

import contracts
from orchestration import deliveries, forgotten
from orchestration.accepted import Acceptance
from orchestration.deliveries import PARTNERS, Delivery
from orchestration.durable import reached
from orchestration.forgotten import Record
from orchestration.raw import renewal
from orchestration.raw.partner import Limits, Pass, take_partner
from orchestration.raw.pseudonyms import extend_map, refuse_other_key
from orchestration.raw.registry import Registry
from orchestration.raw.setting_apart import Forgotten, links
from orchestration.raw.store import Store, create_layout, expected_format, open_store
from orchestration.settings import Settings

EASTERS = range(1990, 2101)


@dataclass(frozen=True)
class DeliveryState:
    """A delivery and what became of it."""

    partner: str
    name: str
    state: str
    reason: str | None

    def __str__(self) -> str:
        return f"{self.partner}/{self.name} {self.state}" + (f": {self.reason}" if self.reason else "")


@dataclass(frozen=True)
class Intake:
    """What an intake found and did."""

    as_of: date | None
    """As-of date of this build; None when nothing of IND is in force on or before it."""
    deliveries: list[DeliveryState]
    new: int
    """Deliveries that were not known before with these files, incomplete ones aside."""
    refused_new: list[DeliveryState]
    statements: int
    """Statements that were run: does not grow with the number of deliveries."""
    message: str | None = None
    """Why the history was rebuilt from the deliveries, or how the database lies now, when either changed."""


def take(
    settings: Settings, key: bytes, *, as_of: date | None, full: bool = False, accept_drop: bool = False
) -> Intake:
    """Bring schema raw up to the deliveries on disk, and set the as-of date of the build.

    `accept_drop` takes every full delivery that the drop guard holds, and remembers so beside the deliveries.

    Raises:
        AcceptanceError: the record of accepted drops cannot be read.
        ForeignKeyError: the history was built with another key and `full` is not asked for.
        registry.VanishedDeliveryError: a delivery that the history rests on is gone from disk.
        RecordError: who was forgotten cannot be told.
    """
    paths = settings.paths
    record = forgotten.read(paths, key)
    limits = Limits(
        settings.max_bad_rows,
        settings.max_bad_share,
        settings.drop_rows,
        settings.drop_share,
        Acceptance(paths.accepted_drops, accept_all=accept_drop),
    )
    built_as = expected_format(limits.basis, contracts.extracts().values())
    renewal.sweep(paths)
    message = renewal.reason_to_rebuild(settings, key, built_as, record, full=full)
    if message:
        renewal.discard(paths)
    elif message := renewal.lies_otherwise(settings):
        renewal.rewrite(settings)
    hashes = record.reaches({})
    while True:
        is_new = not paths.database.exists()
        intake, used, needed = _take_once(settings, key, record, hashes, limits, as_of)
        if needed == used or (is_new and needed < used):
            break
        # Rows under numbers that only now turn out to be a forgotten person's are in the history already, and rows
        # under numbers that turn out not to be are missing.
        renewal.discard(paths)
        hashes, message = needed | used if is_new else needed, renewal.OTHERS_FORGOTTEN
    if paths.unclean.exists():
        renewal.rewrite(settings)
    return replace(intake, message=message)


def _take_once(
    settings: Settings,
    key: bytes,
    record: Record,
    hashes: frozenset[str],
    limits: Limits,
    as_of: date | None,
) -> tuple[Intake, frozenset[str], frozenset[str]]:
    """One intake; returns also the hashes of numbers that it was made without, and those that it should have been.

    A new history is made without `hashes`; one that goes on, without those that it was begun without.
    """
    paths, extracts = settings.paths, contracts.extracts()
    is_new = not paths.database.exists()
    store = open_store(settings)
    try:
        create_layout(store, list(extracts.values()), expected_format(limits.basis, extracts.values()))
        refuse_other_key(store, key)
        if is_new:
            store.append("raw.forgotten", [{"number_hash": one} for one in sorted(hashes)])
            reached("raw.begun_without")
        without = Forgotten(key, renewal.built_without(store))
        was_clean = not paths.unclean.exists()
        if without.hashes:
            paths.unclean.touch()
            reached("raw.marked_unclean")
        found = deliveries.find(paths.deliveries)
        passes = []
        for partner in PARTNERS:
            mine = [one for one in found if one.partner == partner]
            own = [extract for extract in extracts.values() if extract.partner == partner]
            passes.append(take_partner(store, partner, mine, own, limits, without, renewal.make_scratch(paths)))
        passes += _note_strays(store, [one for one in found if one.partner not in PARTNERS])
        extend_map(store, extracts, key)
        reached("raw.pseudonyms")
        chosen = _write_inputs(store, settings, as_of or settings.as_of)
        if was_clean and not without.rows:
            paths.unclean.unlink(missing_ok=True)
            reached("raw.still_clean")
        return _summary(store, chosen, passes), without.hashes, record.reaches(links(store))
    finally:
        store.connection.close()


def _note_strays(store: Store, strays: Sequence[Delivery]) -> list[Pass]:
    """Deliveries below a folder that is no partner's are refused by name: a misspelt one loses nothing in silence."""
    registries = {partner: Registry(store, partner) for partner in sorted({one.partner for one in strays})}
    store.run("delete from raw.delivery where not list_contains(?, partner)", [list(PARTNERS)])
    passes = []
    for partner, registry in registries.items():
        mine = [one for one in strays if one.partner == partner]
        registry.write(mine)
        passes.append(Pass(mine, [], [one for one in mine if one.state != "incomplete" and registry.is_new(one)]))
    return passes


def _write_inputs(store: Store, settings: Settings, wanted: date | None) -> date | None:
    """`raw.as_of`, `raw.setting` and `raw.easter`: what the models need besides rows."""
    newest = store.rows(
        """select max(reference_on) from raw.delivery
        where partner = 'ind' and state = 'in_force' and reference_on <= coalesce(?, reference_on)""",
        [wanted],
    )[0][0]
    as_of = (wanted or newest) if newest else None
    figures = {"landmark_days": settings.landmark_days, "restatement_months": settings.restatement_months}
    with store.transaction("raw.inputs"):
        for table in ("raw.as_of", "raw.setting", "raw.easter"):
            store.run(f"delete from {table}")
        if as_of:
            store.run("insert into raw.as_of values (?)", [as_of])
        store.append("raw.setting", [{"name": name, "value": str(value)} for name, value in figures.items()])
        store.append("raw.easter", [{"year": year, "easter_on": easter(year)} for year in EASTERS])
    return as_of


def _summary(store: Store, as_of: date | None, passes: Sequence[Pass]) -> Intake:
    new = [one for taken in passes for one in taken.new]
    known = [one for taken in passes for one in taken.deliveries]
    return Intake(
        as_of,
        [_state(one) for one in known],
        len(new),
        [_state(one) for one in new if one.state == "refused"],
        store.statements,
    )


def _state(delivery: Delivery) -> DeliveryState:
    return DeliveryState(delivery.partner, delivery.folder.name, delivery.state, delivery.reason)

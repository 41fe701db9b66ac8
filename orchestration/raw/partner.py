"""One partner's new deliveries into history, as one pass.

Belongs here: which deliveries must be walked again, refusing those that cannot be used, the transaction. Does not
belong here: how rows are read, judged or kept (the other modules of `raw`).
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from contracts import versions
from contracts.base import Extract
from orchestration.accepted import Acceptance
from orchestration.deliveries import Delivery, Verdicts, resolve
from orchestration.durable import reached
from orchestration.manifest import MANIFEST, DeliveryName
from orchestration.raw import counting, drop_guard, history, judged, judging, setting_apart
from orchestration.raw.drift import REPEATED, drift, refuse_header, repeated, shown
from orchestration.raw.files import CheckedFile, UnusableFileError, check
from orchestration.raw.reading import Incoming
from orchestration.raw.registry import Registry
from orchestration.raw.setting_apart import Forgotten
from orchestration.raw.store import Store

Refusals = dict[tuple[str, str], str]
"""Why contents are refused, by folder name and content id."""

SCRATCH_TABLES = {
    "intake.batch": """no integer, name text, reference_on date, sequence integer, contract_version text,
        is_delta boolean, in_force boolean""",
    "intake.file": """no integer, extract text, path text, file text, data_lines bigint, promised_rows bigint,
        first_row bigint, rows bigint""",
    "intake.skipped": "path text, line bigint, content text",
    "intake.flag": "extract text, no integer, line integer, rule text, is_word boolean",
    "intake.flagged_text": "extract text, no integer, line integer, text text",
    "intake.anomaly": "extract text, no integer, anomaly text",
    "intake.bad": "extract text, no integer, file text, line integer, rules text[], key text[], raw_values text",
    **setting_apart.SCRATCH_TABLES,
    **drop_guard.SCRATCH_TABLES,
}


@dataclass(frozen=True)
class Limits:
    """What refuses a delivery: bad rows above number and share of a file, rows gone from number and share on."""

    max_bad_rows: int
    max_bad_share: float
    drop_rows: int
    drop_share: float
    accepted: Acceptance
    """Drops that a person takes."""

    @property
    def basis(self) -> str:
        """The limits as text: other ones judge every delivery anew."""
        return f"{self.max_bad_rows};{self.max_bad_share};{self.drop_rows};{self.drop_share}"


@dataclass(frozen=True)
class Pass:
    """What one pass over one partner found and did."""

    deliveries: list[Delivery]
    taken: list[Delivery]
    """In force, and walked in this pass because they or something before them changed."""
    new: list[Delivery]
    """Not known before with these files: in force, refused, waiting or superseded."""


class _RefusedOnTheWalkError(Exception):
    """Rolls the walk back: a delivery has too many rows that are bad or gone, given what is in force before it."""

    def __init__(self, no: int, reason: str, *, is_drop: bool) -> None:
        super().__init__(reason)
        self.no, self.reason, self.is_drop = no, reason, is_drop


def take_partner(
    store: Store,
    partner: str,
    found: Sequence[Delivery],
    extracts: Sequence[type[Extract]],
    limits: Limits,
    without: Forgotten,
    scratch: Path,
) -> Pass:
    """Bring the history of one partner up to the set of deliveries on disk.

    Raises:
        VanishedDeliveryError: a delivery that the history rests on is gone from disk.
    """
    registry = Registry(store, partner)
    registry.refuse_to_lose(found)
    taken: list[Delivery] = []
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        intake = _Intake(store, partner, extracts, limits, without, Path(folder))
        verdicts = registry.standing_verdicts(found, limits.accepted) | intake.recheck(registry.written_again(found))
        resolved = resolve(found, Verdicts(verdicts))
        since = registry.first_difference(resolved, limits.accepted)
        if since is not None:
            earlier = {at: why for at, why in verdicts.items() if DeliveryName.parse(at[0]).reference_on < since}
            resolved, taken = intake.walk_from(since, found, earlier)
        resolved = [
            replace(
                one,
                is_drop=one.folder.name in intake.drops
                if since and one.name and one.name.reference_on >= since
                else registry.was_drop(one),
            )
            for one in resolved
        ]
    new = [one for one in resolved if one.state != "incomplete" and registry.is_new(one)]
    registry.write(resolved)
    # also when nothing was walked: a refresh killed just before this line left it to the next one
    counting.resolve_quarantine(store, extracts)
    reached("raw.quarantine")
    return Pass(resolved, taken, new)


class _Intake:
    """The files of one pass: checked, read and judged once, walked anew whenever a delivery turns out to be refused."""

    def __init__(
        self,
        store: Store,
        partner: str,
        extracts: Sequence[type[Extract]],
        limits: Limits,
        without: Forgotten,
        folder: Path,
    ) -> None:
        self.store, self.partner, self.limits, self.without, self.folder = store, partner, limits, without, folder
        # parents before those that refer to them
        self.extracts = sorted(extracts, key=lambda extract: (bool(extract.references), extract.table))
        self.by_name = {extract.extract: extract for extract in extracts}
        self.loaded: dict[str, Incoming] = {}
        self.drops: set[str] = set()
        """Deliveries of this pass, by folder name, in which many rows are gone: refused, or taken by a person."""

    def recheck(self, written_again: Sequence[Delivery]) -> Refusals:
        """Deliveries in force whose files were written again: are they still what the manifest promises?"""
        checked = ((one, self._check_files(one)[1]) for one in written_again)
        return {_at(one): reason for one, reason in checked if reason}

    def walk_from(
        self, since: date, found: Sequence[Delivery], refusals: Refusals
    ) -> tuple[list[Delivery], list[Delivery]]:
        """Walk what is in force from `since` on; each refusal on the way starts again without that delivery."""
        self._start()
        try:
            while True:
                resolved = resolve(found, Verdicts(refusals))
                chosen = [
                    one for one in resolved if one.state == "in_force" and one.name and one.name.reference_on >= since
                ]
                refused = self._load([one for one in chosen if one.folder.name not in self.loaded], found)
                refused = refused or self._walk(since, chosen, resolved)
                if not refused:
                    return resolved, chosen
                refusals |= refused
        finally:
            self.store.run("drop schema if exists intake cascade")

    def _start(self) -> None:
        self.store.run("drop schema if exists intake cascade")
        self.store.run("create schema intake")
        for table, columns in SCRATCH_TABLES.items():
            self.store.run(f"create table {table} ({columns})")
        for extract in self.extracts:
            judged.create_judged_table(self.store, extract, self.without)

    def _check_files(self, delivery: Delivery) -> tuple[dict[str, CheckedFile], str | None]:
        """The files of a delivery by extract, or why it is refused."""
        assert delivery.manifest is not None
        files = {}
        known = versions.accepted(self.partner)
        if delivery.manifest.contract not in known:
            return (
                {},
                f"{MANIFEST}: contract {delivery.manifest.contract!r} is unknown: deliver by {' or '.join(known)}",
            )
        try:
            for resource in delivery.manifest.resources:
                file = check(delivery.folder, resource, self.folder)
                if extract := self.by_name.get(resource.name):
                    refuse_header(file, extract, is_delta=delivery.manifest.mode == "delta")
                    files[resource.name] = file
        except UnusableFileError as error:
            return {}, str(error)
        return files, None

    def _load(self, wanted: Sequence[Delivery], found: Sequence[Delivery]) -> Refusals:
        """Check, read and judge deliveries; returns those that are refused for what they hold alone."""
        named = sorted((one.name, one.folder.name) for one in found if one.name)
        order = {folder: no for no, (_, folder) in enumerate(named, start=1)}
        refused: Refusals = {}
        incoming = []
        for one in wanted:
            files, reason = self._check_files(one)
            if reason:
                refused[_at(one)] = reason
            else:
                incoming.append(Incoming(order[one.folder.name], one, files))
        if not incoming:
            return refused
        self._describe(incoming)
        by_no = {batch.no: batch.delivery for batch in incoming}
        swallowed: dict[int, str] = {}
        self.loaded |= {batch.delivery.folder.name: batch for batch in incoming}
        for extract in self._delivered():
            swallowed |= judging.judge(self.store, extract, incoming, self.without)
        self._put_in_force(list(by_no))
        too_many = dict(self._gather_bad())
        return refused | {_at(by_no[no]): reason for no, reason in (too_many | swallowed).items()}

    def _describe(self, incoming: Sequence[Incoming]) -> None:
        """Fill `intake.batch`, and `intake.anomaly` with what headers and manifest have too much or too little."""
        batches = [
            {
                "no": batch.no,
                "name": batch.delivery.folder.name,
                "reference_on": batch.reference_on,
                "sequence": batch.sequence,
                "contract_version": batch.delivery.manifest.contract if batch.delivery.manifest else None,
                "is_delta": batch.is_delta,
                "in_force": False,
            }
            for batch in incoming
        ]
        anomalies = [
            {"extract": name, "no": batch.no, "anomaly": anomaly}
            for batch in incoming
            for name, file in batch.files.items()
            for anomaly in drift(file, self.by_name[name], is_delta=batch.is_delta)
        ]
        anomalies += [
            {"extract": shown(resource.name.lower()), "no": batch.no, "anomaly": counting.UNKNOWN_EXTRACT}
            for batch in incoming
            for resource in (batch.delivery.manifest.resources if batch.delivery.manifest else ())
            if resource.name not in self.by_name
        ]
        self.store.append("intake.batch", batches)
        self.store.append("intake.anomaly", anomalies)

    def _delivered(self) -> list[type[Extract]]:
        """The extracts that some delivery of this pass holds."""
        held = {name for batch in self.loaded.values() for name in batch.files}
        return [extract for extract in self.extracts if extract.extract in held]

    def _put_in_force(self, numbers: Sequence[int]) -> None:
        self.store.run("update intake.batch set in_force = list_contains(?, no)", [list(numbers)])

    def _gather_bad(self) -> list[tuple[int, str]]:
        """Fill `intake.bad` from what is in force; returns the deliveries with too many bad rows, earliest first."""
        self.store.run("delete from intake.bad")
        for extract in self._delivered():
            judged.keep_text_of_flagged(self.store, extract, list(self.loaded.values()))
            counting.gather_bad_rows(self.store, extract)
        return counting.too_many_bad(self.store, self.limits.max_bad_rows, self.limits.max_bad_share)

    def _walk(self, since: date, chosen: Sequence[Delivery], resolved: Sequence[Delivery]) -> Refusals:
        batches = [self.loaded[one.folder.name] for one in chosen]
        self._note_repeated(resolved)
        try:
            with self.store.transaction("raw.history"):
                self._put_in_force([batch.no for batch in batches])
                self.store.run("delete from intake.gone")
                self._cut_back(since)
                for extract in self.extracts:
                    self._walk_extract(extract, [batch for batch in batches if extract.extract in batch.files])
                self._refuse_the_first({batch.no: batch.delivery for batch in batches})
                for extract in self._delivered():
                    counting.count_rows(self.store, extract, self.partner, self.without)
                counting.count_unknown_extracts(self.store, self.partner)
                counting.fill_quarantine(self.store, self.partner)
                setting_apart.keep_links(self.store, self.partner)
        except _RefusedOnTheWalkError as refusal:
            delivery = next(batch.delivery for batch in batches if batch.no == refusal.no)
            if refusal.is_drop:
                self.drops.add(delivery.folder.name)
            return {_at(delivery): refusal.reason}
        return {}

    def _refuse_the_first(self, by_no: Mapping[int, Delivery]) -> None:
        """The earliest only: those behind it must be judged again without it. Raises _RefusedOnTheWalkError."""
        bad = [(no, reason, False) for no, reason in self._gather_bad()]
        gone = drop_guard.too_many_gone(self.store, self.limits.drop_rows, self.limits.drop_share)
        for no, reason, is_drop in sorted(bad + [(no, reason, True) for no, reason in gone]):
            if not (is_drop and self.limits.accepted.takes(by_no[no])):
                raise _RefusedOnTheWalkError(no, reason, is_drop=is_drop)
            self.drops.add(by_no[no].folder.name)

    def _note_repeated(self, resolved: Sequence[Delivery]) -> None:
        self.store.run("delete from intake.anomaly where anomaly = ?", [REPEATED])
        files = [
            {"extract": extract, "no": batch.no, "anomaly": REPEATED}
            for folder, extract in repeated(resolved)
            if (batch := self.loaded.get(folder)) and extract in batch.files and batch.files[extract].data_lines
        ]
        self.store.append("intake.anomaly", files)

    def _cut_back(self, since: date) -> None:
        for extract in self.extracts:
            history.cut_back(self.store, extract, since.isoformat())
        counting.cut_back(self.store, self.partner, since.isoformat())
        setting_apart.cut_back(self.store, self.partner, since.isoformat())

    def _walk_extract(self, extract: type[Extract], speaking: Sequence[Incoming]) -> None:
        history.start_settling(self.store, extract)
        if speaking:
            history.walk(
                self.store,
                extract,
                is_single=len(speaking) == 1,
                has_full=not all(batch.is_delta for batch in speaking),
            )
        history.settle(self.store, extract)
        if speaking:
            history.mark_broken_references(self.store, extract)


def _at(delivery: Delivery) -> tuple[str, str]:
    return delivery.folder.name, delivery.content_id

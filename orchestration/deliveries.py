"""What has arrived: folders, manifests, and the state that the set of deliveries gives each of them.

Belongs here: finding deliveries and deciding which are in force, as a pure function of what lies on disk and of the
verdicts on contents. Does not belong here: reading rows, or a database (`raw`). Imports neither DuckDB nor Dagster: a
refresh with nothing new ends here.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from orchestration.manifest import MANIFEST, DeliveryName, Manifest, ManifestError, read

PARTNERS = ("ind", "coa", "rvr")


@dataclass(frozen=True)
class Delivery:
    """A folder below deliveries/<partner>/ and what is known of it."""

    partner: str
    folder: Path
    name: DeliveryName | None
    content_id: str = ""
    """Hash of the manifest, which promises the hash of every file: equal means equal content."""
    stat_id: str = ""
    """Names, sizes and times of the files: equal means nothing has to be read again."""
    manifest: Manifest | None = None
    state: str = "complete"
    """incomplete, waiting, refused, in_force, superseded; `complete` until `resolve` has judged the set."""
    reason: str | None = None
    is_drop: bool = False
    """Many rows are gone in it: the drop guard holds it (`refused`), or a person took it (`in_force`)."""

    @property
    def label(self) -> str:
        """`ind/2025-07-31.2`, for messages."""
        return f"{self.partner}/{self.folder.name}"

    def becomes(self, state: str, reason: str | None = None) -> "Delivery":
        """The same delivery in another state."""
        return replace(self, state=state, reason=reason)


@dataclass(frozen=True)
class Verdicts:
    """Why contents were refused, by folder name and content_id: what only reading the files can tell."""

    refused: Mapping[tuple[str, str], str] = field(default_factory=dict)


def find(deliveries: Path) -> list[Delivery]:
    """Every delivery folder, sorted by partner and name: complete, incomplete, or refused for its name or manifest."""
    if not deliveries.is_dir():
        return []
    partners = sorted(entry for entry in deliveries.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    return [
        _read_folder(partner.name, folder)
        for partner in partners
        for folder in sorted(partner.iterdir())
        if folder.is_dir() and not folder.name.startswith(".")
    ]


def stat_fingerprint(deliveries: Path) -> str:
    """Names, sizes and times of everything delivered, as one hash: cheap, and equal when nothing changed."""
    digest = hashlib.sha256()
    for delivery in sorted(deliveries.glob("*/*")) if deliveries.is_dir() else []:
        digest.update(f"{delivery.parent.name}/{delivery.name}:{_stat_id(delivery)}\n".encode())
    return digest.hexdigest()


def _stat_id(folder: Path) -> str:
    if not folder.is_dir():
        return "file"
    parts = []
    for file in sorted(folder.iterdir()):
        facts = file.lstat()
        parts.append(f"{file.name}:{facts.st_size}:{facts.st_mtime_ns}:{facts.st_ino}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _read_folder(partner: str, folder: Path) -> Delivery:
    try:
        name = DeliveryName.parse(folder.name)
    except ValueError as error:
        return Delivery(partner, folder, None, state="refused", reason=str(error))
    found = Delivery(partner, folder, name, stat_id=_stat_id(folder))
    if partner not in PARTNERS:
        return found.becomes("refused", f"unknown partner {partner!r}: one of {', '.join(PARTNERS)}")
    if not (folder / MANIFEST).is_file():
        return found.becomes("incomplete", f"no {MANIFEST} yet: still being uploaded")
    if (folder / MANIFEST).is_symlink():
        return found.becomes(
            "refused", f"{MANIFEST}: a link, which may lead out of the folder: put the file itself there"
        )
    content = (folder / MANIFEST).read_bytes()
    found = replace(found, content_id=hashlib.sha256(content).hexdigest())
    try:
        return replace(found, manifest=read(content, partner, name))
    except ManifestError as error:
        return found.becomes("refused", str(error))


def resolve(found: Iterable[Delivery], verdicts: Verdicts) -> list[Delivery]:
    """Give every complete delivery its state: a function of the set, whatever the order in which it arrived.

    Per partner the reference dates are walked in order. Of one date the highest number that can be used is in force; a
    delta can be used when its base is: the newest delivery in force before it (extracts.md, Deliveries).
    """
    resolved: list[Delivery] = []
    for partner, group in groupby(sorted(found, key=_order), key=lambda delivery: delivery.partner):
        newest: Delivery | None = None
        known = list(group)
        resolved += [delivery for delivery in known if delivery.name is None]
        named = [delivery for delivery in known if delivery.name is not None]
        for _, same_date in groupby(named, key=lambda delivery: delivery.name.reference_on if delivery.name else None):
            judged, in_force = _resolve_date(partner, list(same_date), newest, named, verdicts)
            resolved += judged
            newest = in_force or newest
    return resolved


def _order(delivery: Delivery) -> tuple[str, bool, str, int]:
    name = delivery.name
    return (
        delivery.partner,
        name is not None,
        str(name.reference_on) if name else "",
        name.sequence if name else 0,
    )


def _resolve_date(
    partner: str,
    same_date: list[Delivery],
    newest: Delivery | None,
    named: list[Delivery],
    verdicts: Verdicts,
) -> tuple[list[Delivery], Delivery | None]:
    """States of the deliveries of one partner and reference date, and the one in force."""
    in_force: Delivery | None = None
    judged: list[Delivery] = []
    for delivery in reversed(same_date):
        if delivery.state != "complete":
            judged.append(delivery)
        elif in_force is not None:
            # whether it could have been used does not matter any more, and may never have been looked at
            judged.append(delivery.becomes("superseded", f"{in_force.name} is in force"))
        elif reason := verdicts.refused.get((delivery.folder.name, delivery.content_id)):
            judged.append(delivery.becomes("refused", reason))
        else:
            state, reason = _state_of_base(delivery, newest, named)
            judged.append(delivery.becomes(state, reason))
            in_force = judged[-1] if state == "in_force" else None
    return judged[::-1], in_force


def _state_of_base(delivery: Delivery, newest: Delivery | None, named: list[Delivery]) -> tuple[str, str | None]:
    """Whether a delta can be applied: `base`, or a higher number of its date, is the newest in force before it."""
    if delivery.manifest is None or delivery.manifest.base is None or delivery.name is None:
        return "in_force", None
    base = DeliveryName.parse(delivery.manifest.base)
    if base.reference_on >= delivery.name.reference_on:
        return "refused", f"{MANIFEST}: base {base} is not before the delivery itself"
    if newest is None or newest.name is None or newest.name.reference_on < base.reference_on:
        return "waiting", f"waits for its base {base}" + _why_not(base, named)
    if newest.name.reference_on > base.reference_on:
        return (
            "refused",
            f"{MANIFEST}: made against {base}, but {newest.name} is in force since: deliver it again",
        )
    if newest.name.sequence < base.sequence:
        return "waiting", f"waits for its base {base}" + _why_not(base, named)
    return "in_force", None


def _why_not(base: DeliveryName, named: list[Delivery]) -> str:
    there = [delivery for delivery in named if delivery.name == base]
    if not there:
        return ", which has not arrived"
    return ", which is incomplete" if there[0].state == "incomplete" else ", which is not in force"

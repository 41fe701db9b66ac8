"""The small delivery that carries a fault: right in everything, until the fault changes it.

Belongs here: writing and changing rows, files and manifest. Does not belong here: any single fault.
"""

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analytics.simulation.deliveries import Delivery, write_manifest
from analytics.simulation.tables import BY_NAME

Row = dict[str, str]
MANIFEST = "datapackage.json"
CASE = "Z000000001"
"""the oldest case of a chain, which every full delivery has"""


@dataclass
class Carrier:
    """A delta of one partner after the last regular delivery, in a folder of its own."""

    delivery: Delivery
    folder: Path
    first: str
    """name of the partner's first delivery"""
    ordinal: int
    """position among the faults of a home: makes keys that no other fault has"""
    extracts: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, extract: str, mutation: str = "T", **values: Any) -> None:
        """One row; columns that are not given stay empty."""
        row = {"mutatie": mutation} | dict.fromkeys(BY_NAME[extract].columns, "")
        self.extracts.setdefault(extract, []).append(row | {k: str(v) for k, v in values.items()})

    def step(self, mutation: str = "T", **values: Any) -> None:
        """A realised step of a case that is surely known, under a volgnummer that it has not."""
        known: dict[str, Any] = {"zaaknummer": CASE, "volgnummer": 1000 + self.ordinal, "stap": "MEDISCH_ADVIES"}
        done: dict[str, Any] = {"status": "GEREALISEERD", "datum_gerealiseerd": "2018-01-02"}
        self.add("processtap", mutation, **(known | done | values))

    def application(self, **values: Any) -> str:
        """A new application; returns its zaaknummer."""
        known: dict[str, Any] = {
            "zaaknummer": f"Z9{self.ordinal:08}",
            "v_nummer": f"9{self.ordinal:09}",
            "soort_aanvraag": "EERSTE",
        }
        person = {"datum_aanvraag": "2018-01-02", "nationaliteit": "0339", "geslacht": "M", "amv": "N"}
        self.add("aanvraag", **(known | person | values))
        return str(values.get("zaaknummer", known["zaaknummer"]))

    def resident(self, **values: Any) -> str:
        """A new period of reception; returns its coa_nummer."""
        known: dict[str, Any] = {
            "coa_nummer": f"C9{self.ordinal:07}",
            "geboortedatum": "1990-05-17",
            "nationaliteit": "SYR",
        }
        self.add("bewoner", **(known | {"geslacht": "M", "datum_instroom": "2018-01-02"} | values))
        return str(values.get("coa_nummer", known["coa_nummer"]))

    def certificate(self, number: int = 0, **values: Any) -> None:
        """A new certificate."""
        known: dict[str, Any] = {"toevoegingsnummer": f"9ZZ{self.ordinal * 10 + number:04}", "advocaat_code": "A1001"}
        matter = {"zaakcode": "V011", "soort": "AA", "datum_ontvangst": "2018-01-02"}
        self.add("toevoeging", **(known | matter | values))

    def becomes(self, **changes: object) -> None:
        """Another mode, base or name than a delta on the newest delivery has; before anything is written."""
        self.delivery = replace(self.delivery, **changes)  # type: ignore[arg-type]

    def moves(self, name: str, partner: str | None = None) -> None:
        """To a folder of another name, or of another partner; before anything is written."""
        self.folder = self.folder.parents[1] / (partner or self.delivery.partner) / name

    def write(self) -> None:
        """Write files and manifest as they should be."""
        self.folder.mkdir(parents=True)
        resources = []
        for extract, rows in self.extracts.items():
            content = self.text(extract, list(rows[0]) if rows else ["mutatie", *BY_NAME[extract].columns])
            (self.folder / f"{extract}.csv").write_bytes(content)
            resources.append(_resource(extract, content, len(rows)))
        write_manifest(self.folder, self.delivery, resources)

    def text(self, extract: str, columns: Sequence[str]) -> bytes:
        """The rows of an extract as CSV with these columns."""
        shown = columns if self.delivery.mode == "delta" else [name for name in columns if name != "mutatie"]
        text = io.StringIO()
        writer = csv.DictWriter(text, shown, delimiter=";", lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(self.extracts[extract])
        return text.getvalue().encode()

    def content(self) -> bytes:
        """What the only file holds."""
        return (self.folder / str(self._resource()["path"])).read_bytes()

    def swap(self, old: bytes, new: bytes, count: int = -1) -> None:
        """Replace bytes of the only file, with a manifest that fits."""
        assert old in self.content()
        self.put(self.content().replace(old, new, count))

    def put(self, content: bytes, **members: object) -> None:
        """Give the only file another content, with a manifest that fits; `members` of its resource change besides."""
        (self.folder / str(self._resource()["path"])).unlink()
        fits = {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
        self.resource(**(fits | members))
        (self.folder / str(self._resource()["path"])).write_bytes(content)

    def manifest(self, **members: object) -> None:
        """Change members of the manifest, or with None take them out."""
        content = json.loads((self.folder / MANIFEST).read_bytes()) | members
        kept = {name: value for name, value in content.items() if value is not None}
        (self.folder / MANIFEST).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")

    def resource(self, **members: object) -> None:
        """Change members of the only resource, or with None take them out."""
        changed = {name: value for name, value in (self._resource() | members).items() if value is not None}
        self.manifest(resources=[changed])

    def named(self, extract: str) -> dict[str, object]:
        """The manifest's entry for an extract."""
        resources: list[dict[str, object]] = json.loads((self.folder / MANIFEST).read_bytes())["resources"]
        return next(one for one in resources if one["name"] == extract)

    def _resource(self) -> dict[str, object]:
        [found] = json.loads((self.folder / MANIFEST).read_bytes())["resources"]
        return dict(found)


def _resource(extract: str, content: bytes, rows: int) -> dict[str, object]:
    """The manifest's entry for a csv file."""
    return {
        "name": extract,
        "path": f"{extract}.csv",
        "format": "csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ";", "decimalChar": "."},
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "rows": rows,
    }

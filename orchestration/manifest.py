"""The manifest of a delivery: a Frictionless Data Package, read strictly in the members that are used.

Belongs here: what `datapackage.json` may say. Does not belong here: whether its files keep the promise (`raw.files`).
"""

import codecs
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

MANIFEST = "datapackage.json"
NAME = re.compile(r"(?P<reference>\d{4}-\d{2}-\d{2})(?:\.(?P<sequence>[1-9]\d*))?")


class ManifestError(ValueError):
    """A manifest that cannot be used; the message says which member, and what to do."""


class DeliveryName(BaseModel):
    """`2025-01-31` or `2025-01-31.2`: reference date and number; ordered by both."""

    model_config = ConfigDict(frozen=True)
    reference_on: date
    sequence: int

    @classmethod
    def parse(cls, text: str) -> "DeliveryName":
        """Read a folder name or `base`; raises ValueError when it is neither form."""
        match = NAME.fullmatch(text)
        sequence = int(match["sequence"] or 1) if match else 0
        if match is None or match["sequence"] == "1":
            raise ValueError(f"{text!r} is not a delivery name: YYYY-MM-DD, or YYYY-MM-DD.2 and up for a redelivery")
        try:
            return cls(reference_on=date.fromisoformat(match["reference"]), sequence=sequence)
        except ValueError:
            raise ValueError(f"{text!r} is not a delivery name: there is no day {match['reference']}") from None

    def __lt__(self, other: "DeliveryName") -> bool:
        return (self.reference_on, self.sequence) < (other.reference_on, other.sequence)

    def __str__(self) -> str:
        return f"{self.reference_on}" + (f".{self.sequence}" if self.sequence > 1 else "")


class Dialect(BaseModel):
    """How the cells of a text file are written."""

    model_config = ConfigDict(frozen=True)
    delimiter: Literal[",", ";", "\t"] = ","
    decimal_char: Annotated[Literal[".", ","], Field(alias="decimalChar")] = "."


class Resource(BaseModel):
    """One file of a delivery."""

    model_config = ConfigDict(frozen=True)
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$")]
    path: str
    format: Literal["csv", "parquet", "xlsx"]
    encoding: Literal["utf-8", "utf-8-sig", "cp1252"] = "utf-8"
    dialect: Dialect = Dialect()
    bytes: Annotated[int, Field(ge=0, lt=2**63)]
    hash: Annotated[str, Field(pattern=r"^sha256:[0-9a-fA-F]{64}$")]
    rows: Annotated[int, Field(ge=0, lt=2**63)]
    date_format: Annotated[Literal["%Y-%m-%d", "%d-%m-%Y"], Field(alias="dateFormat")] = "%Y-%m-%d"

    @field_validator("path")
    @classmethod
    def is_a_plain_file_name(cls, path: str) -> str:
        if path != Path(path).name or path in {"", ".", "..", MANIFEST} or "\\" in path or "\0" in path:
            raise ValueError("must be a plain file name in the folder of the delivery")
        return path

    @property
    def sha256(self) -> str:
        """The promised hash, in lower-case hex."""
        return self.hash.removeprefix("sha256:").lower()


class Manifest(BaseModel):
    """The members of `datapackage.json` that are used; others are ignored."""

    model_config = ConfigDict(frozen=True)
    partner: str
    reference_date: date
    mode: Literal["full", "delta"]
    base: str | None = None
    contract: str
    resources: tuple[Resource, ...]

    @field_validator("contract", mode="before")
    @classmethod
    def is_text(cls, contract: Any) -> str:
        return str(contract)

    @model_validator(mode="after")
    def fits_together(self) -> "Manifest":
        names = [resource.name for resource in self.resources]
        paths = [resource.path for resource in self.resources]
        if doubled := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"names the extract {', '.join(doubled)} twice")
        if doubled := sorted({path for path in paths if paths.count(path) > 1}):
            raise ValueError(f"names the file {', '.join(doubled)} twice")
        if (self.mode == "delta") != (self.base is not None):
            raise ValueError("needs `base` exactly when mode is delta")
        if self.base is not None:
            DeliveryName.parse(self.base)
        return self


def read(content: bytes, partner: str, name: DeliveryName) -> Manifest:
    """Read a manifest and hold it against the folder it lies in.

    Raises:
        ManifestError: not JSON, a missing or unknown member, or another partner or date than the folder's.
    """
    try:
        manifest = Manifest.model_validate_json(content.removeprefix(codecs.BOM_UTF8))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ": ".join([MANIFEST, *([".".join(map(str, first["loc"]))] if first["loc"] else [])])
        raise ManifestError(f"{where}: {first['msg']}; correct it and deliver again") from None
    if manifest.partner != partner:
        raise ManifestError(
            f"{MANIFEST}: partner is not {partner!r}, in whose folder the delivery lies: put it into its own partner's "
            "folder, or correct the manifest"
        )
    if manifest.reference_date != name.reference_on:
        raise ManifestError(
            f"{MANIFEST}: reference_date {manifest.reference_date} is not the folder's {name.reference_on}: rename the "
            "folder, or correct the manifest"
        )
    return manifest

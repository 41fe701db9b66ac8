"""The rows of an extract as versions: what a partner said, and from which day it said so.

Belongs here: the layout of the fourteen extracts as written to a file, and how rows become versions with an end. Does
not belong here: where the content comes from, or when a delivery is made.
"""

from dataclasses import dataclass, field
from typing import Literal, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from analytics.simulation.calendar import NEVER

Kind = Literal[
    "case", "resident", "v_number", "ind_family", "coa_family", "date", "text", "whole", "decimal", "flag", "birth"
]

KNOWN_FROM, GONE_FROM = "known_from", "gone_from"
"""Day from whose end the partner's system shows the version, and from whose end it shows the row no longer."""


@dataclass(frozen=True)
class Layout:
    """Columns of one extract in file order, with how each is written."""

    partner: str
    name: str
    keys: tuple[str, ...]
    columns: dict[str, Kind] = field(hash=False)


def _layout(partner: str, name: str, keys: str, columns: str) -> Layout:
    kinds: dict[str, Kind] = {}
    for item in columns.split():
        column, _, kind = item.partition(":")
        usual = "date" if column.startswith(("datum_", "geldig_", "week")) else "text"
        kinds[column] = cast(Kind, kind or usual)
    return Layout(partner, name, tuple(keys.split()), kinds)


LAYOUTS = (
    _layout(
        "ind",
        "aanvraag",
        "zaaknummer",
        "zaaknummer:case v_nummer:v_number gezin_id:ind_family soort_aanvraag datum_aanmelding datum_loopbrief"
        " datum_aanvraag datum_nl_verantwoordelijk nationaliteit geboortedatum:birth geslacht amv:flag spoor:whole"
        " procedure complexiteit team project schriftelijk_aangeboden:date",
    ),
    _layout(
        "ind",
        "processtap",
        "zaaknummer volgnummer",
        "zaaknummer:case volgnummer:whole stap datum_gepland datum_gerealiseerd status reden vorm pool team"
        " uren:decimal",
    ),
    _layout(
        "ind",
        "beslissing",
        "zaaknummer volgnummer",
        "zaaknummer:case volgnummer:whole datum_beslissing datum_bekendmaking uitkomst pool team uren:decimal",
    ),
    _layout(
        "ind",
        "rechtsmiddel",
        "zaaknummer volgnummer",
        "zaaknummer:case volgnummer:whole soort indiener datum_ingesteld datum_uitspraak uitspraak"
        " beslistermijn_dagen:whole dwangsom_per_dag:decimal dwangsom_maximum:decimal",
    ),
    _layout(
        "ind",
        "ingebrekestelling",
        "zaaknummer volgnummer",
        "zaaknummer:case volgnummer:whole datum_ontvangst datum_ingetrokken",
    ),
    _layout(
        "ind",
        "termijnmutatie",
        "zaaknummer volgnummer",
        "zaaknummer:case volgnummer:whole soort grondslag maanden:whole datum_vanaf datum_tot",
    ),
    _layout(
        "ind", "dwangsombetaling", "betaling_id", "betaling_id zaaknummer:case soort datum_betaling bedrag_eur:decimal"
    ),
    _layout(
        "ind",
        "capaciteit",
        "week team pool rol",
        "week team pool rol fte:decimal fte_in_opleiding:decimal uren_beschikbaar:decimal uren_productief:decimal"
        " gepland_gehoren:whole gepland_beslissingen:whole",
    ),
    _layout(
        "coa",
        "bewoner",
        "coa_nummer",
        "coa_nummer:resident v_nummer:v_number geboortedatum:birth nationaliteit geslacht gezin_id:coa_family"
        " datum_instroom datum_uitstroom reden_uitstroom",
    ),
    _layout(
        "coa", "verblijf", "verblijf_id", "verblijf_id coa_nummer:resident locatiecode datum_aankomst datum_vertrek"
    ),
    _layout(
        "coa",
        "locatie",
        "locatiecode geldig_vanaf",
        "locatiecode geldig_vanaf geldig_tot naam gemeentecode soort capaciteit:whole",
    ),
    _layout(
        "coa",
        "huisvesting",
        "coa_nummer volgnummer",
        "coa_nummer:resident volgnummer:whole datum_vergunning datum_koppeling gemeentecode datum_verhuizing status",
    ),
    _layout(
        "rvr",
        "toevoeging",
        "toevoegingsnummer",
        "toevoegingsnummer v_nummer zaaknummer:case geboortedatum:birth nationaliteit geslacht advocaat_code"
        " zaakcode soort schriftelijk:flag datum_ontvangst datum_besluit besluit datum_vaststelling punten:decimal"
        " bedrag_eur:decimal",
    ),
    _layout(
        "rvr",
        "rooster",
        "week ac_locatie",
        "week ac_locatie dagdelen_beschikbaar:whole dagdelen_ingepland:whole dagdelen_benut:whole",
    ),
)
BY_NAME = {layout.name: layout for layout in LAYOUTS}


def coded(codes: npt.ArrayLike | pl.Series, names: tuple[str, ...] | list[str]) -> pl.Series:
    """Codes as an enum of names; a negative code is null."""
    series = (codes if isinstance(codes, pl.Series) else pl.Series(values=np.asarray(codes))).cast(pl.Int64)
    return series.set(series < 0, None).cast(pl.UInt32).cat.to(pl.Enum(list(names)))


def text_of(column: str, kind: Kind) -> pl.Expr:
    """A column as the file shows it."""
    value = pl.col(column)
    match kind:
        case "case":
            return (pl.lit("Z") + value.cast(pl.String).str.zfill(9)).alias(column)
        case "resident":
            return (pl.lit("C") + value.cast(pl.String).str.zfill(8)).alias(column)
        case "v_number":
            return value.cast(pl.String).str.zfill(10)
        case "ind_family":
            return (pl.lit("G") + value.cast(pl.String).str.zfill(7)).alias(column)
        case "coa_family":
            return (pl.lit("F") + value.cast(pl.String).str.zfill(7)).alias(column)
        case "date":
            return pl.when(value < NEVER).then(value).cast(pl.Date)
        case "decimal":
            return value.cast(pl.Float64).round(2)
        case "flag":
            return pl.when(value).then(pl.lit("J")).when(~value).then(pl.lit("N")).alias(column)
        case "birth" | "text" | "whole":
            return value


@dataclass(frozen=True)
class Table:
    """All versions of one extract: its columns, `known_from` and `gone_from` (NEVER while the row stands)."""

    layout: Layout
    versions: pl.DataFrame


def make_table(name: str, frames: list[pl.DataFrame]) -> Table:
    """Versions in the order they became known; of two known on the same day the later in the list stands."""
    layout = BY_NAME[name]
    columns = [*layout.columns, KNOWN_FROM, GONE_FROM]
    whole = []
    for rank, frame in enumerate(frames):
        complete = frame if GONE_FROM in frame.columns else frame.with_columns(pl.lit(NEVER, pl.Int32).alias(GONE_FROM))
        whole.append(complete.select(columns).with_columns(pl.lit(rank, pl.Int8).alias("rank")))
    versions = pl.concat(whole, how="vertical").filter(pl.col(KNOWN_FROM) < NEVER)
    return Table(layout, versions.sort([*layout.keys, KNOWN_FROM, "rank"], maintain_order=False).drop("rank"))

"""Faults of rows: what their cells say together, keys, references, and what a delta does with them.

Belongs here: one function a fault. Does not belong here: single cells.
"""

from typing import Any

from analytics.simulation.faults.carrier import Carrier
from analytics.simulation.faults.registry import fault, quarantined, refused, taken


@fault("ind", quarantined({"duplicate_key": 2}))
def duplicate_key(carrier: Carrier) -> None:
    """Two rows have the same key and different content: nobody can tell which is right."""
    carrier.step()
    carrier.step(datum_gerealiseerd="2018-01-03")
    carrier.write()


@fault("ind", taken({"duplicate": 1}))
def exact_duplicate(carrier: Carrier) -> None:
    """A row is there twice, equal to the letter: counted once."""
    carrier.step()
    carrier.step()
    carrier.write()


@fault("ind", quarantined({"exists_in": 1}))
def orphan(carrier: Carrier) -> None:
    """A step is of a case that nobody delivered."""
    carrier.step(zaaknummer="Z999999999")
    carrier.write()


@fault("ind", quarantined({"isin:geslacht": 1, "parent_quarantined": 1}))
def parent_quarantined(carrier: Carrier) -> None:
    """A step is of a case whose own row is bad; it does not count towards the limit of bad rows."""
    case = carrier.application(geslacht="X")
    carrier.step(zaaknummer=case)
    carrier.write()


@fault("ind", quarantined({"exists_in": 1}))
def parent_withdrawn(carrier: Carrier) -> None:
    """A case is withdrawn while its steps stay, and another comes: what lies below it leaves every figure with it."""
    carrier.add("aanvraag", "V", zaaknummer="Z000000002")
    carrier.step(zaaknummer="Z000000002")
    carrier.write()


@fault("coa", quarantined({"overlapping_stay": 2}))
def overlapping_stay(carrier: Carrier) -> None:
    """A resident is in two places at once."""
    resident = carrier.resident()
    for number in (1, 2):
        carrier.add(
            "verblijf",
            verblijf_id=f"S{carrier.ordinal}-{number}",
            coa_nummer=resident,
            locatiecode="L0001",
            datum_aankomst=f"2018-01-0{number + 1}",
            datum_vertrek="2018-02-01",
        )
    carrier.write()


@fault("coa", quarantined({"not_before:datum_vertrek": 1}))
def left_before_arrival(carrier: Carrier) -> None:
    """A stay ends before it begins."""
    carrier.add(
        "verblijf",
        verblijf_id=f"S{carrier.ordinal}",
        coa_nummer=carrier.resident(),
        locatiecode="L0001",
        datum_aankomst="2018-02-01",
        datum_vertrek="2018-01-02",
    )
    carrier.write()


@fault("coa", quarantined({"filled_exactly_with:reden_uitstroom": 1}))
def left_without_reason(carrier: Carrier) -> None:
    """A resident has left, and nobody says why."""
    carrier.resident(datum_uitstroom="2018-02-01")
    carrier.write()


@fault("ind", quarantined({"not_before_parent:datum_beslissing": 1}))
def decided_before_application(carrier: Carrier) -> None:
    """A decision lies before the application."""
    carrier.add(
        "beslissing",
        zaaknummer=carrier.application(),
        volgnummer=1,
        datum_beslissing="2017-12-31",
        uitkomst="ONGEGROND",
    )
    carrier.write()


@fault("ind", quarantined({"filled_exactly_when:datum_gerealiseerd": 1}))
def done_without_date(carrier: Carrier) -> None:
    """A step is done, and nobody says when."""
    carrier.step(datum_gerealiseerd="")
    carrier.write()


@fault("ind", quarantined({"only_with:reden": 1}))
def reason_without_cancellation(carrier: Carrier) -> None:
    """A step that took place has a reason for its cancellation."""
    carrier.step(reden="TOLK")
    carrier.write()


@fault("ind", quarantined({"required_with:vorm": 1}))
def hearing_without_form(carrier: Carrier) -> None:
    """A hearing took place, and nobody says whether spoken or written."""
    carrier.step(stap="NADER_GEHOOR")
    carrier.write()


@fault("rvr", quarantined({"monday:week": 1}))
def week_from_tuesday(carrier: Carrier) -> None:
    """A week of a roster does not begin on a Monday."""
    carrier.add("rooster", week="2018-01-02", ac_locatie="BUDEL", dagdelen_beschikbaar=4, dagdelen_ingepland=2)
    carrier.write()


@fault("ind", quarantined({"at_most:fte_in_opleiding": 1}))
def more_trainees_than_staff(carrier: Carrier) -> None:
    """More staff are in training than there are."""
    staff: dict[str, Any] = {
        "week": "2018-01-01",
        "team": "T1",
        "pool": "INTERN",
        "rol": "HOREN",
        "fte": 2,
        "fte_in_opleiding": 3,
    }
    carrier.add("capaciteit", **staff, uren_beschikbaar=70, uren_productief=50)
    carrier.write()


@fault("rvr", quarantined({"filled_exactly_with:besluit": 1}))
def decided_without_decision(carrier: Carrier) -> None:
    """A request for a certificate was decided, and nobody says how."""
    carrier.certificate(datum_besluit="2018-01-09")
    carrier.write()


@fault("ind", quarantined({"isin:mutatie": 1}))
def unknown_mutation(carrier: Carrier) -> None:
    """A row of a delta is neither added nor changed nor removed."""
    carrier.step(mutation="W")
    carrier.write()


@fault("ind", taken({"removed_unknown": 1}))
def removed_unknown(carrier: Carrier) -> None:
    """A delta removes a row that was never there."""
    carrier.step(mutation="V")
    carrier.write()


@fault("ind", taken({"changed_unknown": 1}))
def changed_unknown(carrier: Carrier) -> None:
    """A delta changes a row that was never there: taken as added."""
    carrier.step(mutation="G")
    carrier.write()


@fault("ind", quarantined({"added_known": 1, "isin:geslacht": 1, "stale": 1}))
def good_row_becomes_bad(carrier: Carrier) -> None:
    """A known case is delivered again with a bad cell: its last good content stands, and is counted as stale."""
    carrier.application(zaaknummer="Z000000003", geslacht="X")
    carrier.write()


@fault("ind", taken({"rows_not_as_promised": 2}))
def rows_not_as_promised(carrier: Carrier) -> None:
    """A file has fewer rows than its manifest says, though size and hash fit."""
    carrier.step()
    carrier.write()
    carrier.resource(rows=3)


@fault("rvr", refused("toevoeging.csv: 30 of 40 rows are bad (isin:soort 30 times, first on line 12)"))
def too_many_bad_rows(carrier: Carrier) -> None:
    """More than 20 rows of a file are bad, and more than 2% of it."""
    for number in range(40):
        carrier.certificate(toevoegingsnummer=f"8ZZ{number:04}", soort="AA" if number < 10 else "GRATIS")
    carrier.write()

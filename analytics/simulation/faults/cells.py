"""Faults of single cells: how numbers, dates and codes are written, and what they may say.

Belongs here: one function a fault. Does not belong here: what rows say together.
"""

from analytics.simulation.faults.carrier import Carrier
from analytics.simulation.faults.registry import fault, quarantined, taken


@fault("ind", quarantined({"type:uren": 1}))
def decimal_comma(carrier: Carrier) -> None:
    """A decimal has a comma, and the manifest says a point."""
    carrier.step(uren="7,5")
    carrier.write()


@fault("rvr", quarantined({"type:bedrag_eur": 1}))
def thousands_separator(carrier: Carrier) -> None:
    """An amount has separators between its thousands."""
    carrier.certificate(bedrag_eur="1,234.50")
    carrier.write()


@fault("ind", quarantined({"type:datum_gerealiseerd": 1}))
def date_day_first(carrier: Carrier) -> None:
    """A date is written day first, and the manifest does not say so."""
    carrier.step(datum_gerealiseerd="02-01-2018")
    carrier.write()


@fault("ind", quarantined({"type:datum_gerealiseerd": 1}, line=3))
def two_orders_of_dates(carrier: Carrier) -> None:
    """A file that is listed with dates day first has both orders."""
    carrier.step(datum_gerealiseerd="03-04-2018")
    carrier.step(volgnummer=5000 + carrier.ordinal, datum_gerealiseerd="2018-04-03")
    carrier.write()
    carrier.resource(dateFormat="%d-%m-%Y")


@fault("coa", quarantined({"type:datum_instroom": 1}))
def impossible_date(carrier: Carrier) -> None:
    """A date is one that the calendar does not have."""
    carrier.resident(datum_instroom="2023-02-29")
    carrier.write()


@fault("ind", quarantined({"type:datum_gerealiseerd": 1}))
def date_as_a_serial_number(carrier: Carrier) -> None:
    """A spreadsheet has turned a date into the number of its day."""
    carrier.step(datum_gerealiseerd="43102")
    carrier.write()


@fault("ind", quarantined({"type:datum_gerealiseerd": 1}))
def date_with_a_time(carrier: Carrier) -> None:
    """A date carries a time of day."""
    carrier.step(datum_gerealiseerd="2018-01-02T09:30:00")
    carrier.write()


@fault("ind", quarantined({"not_future:datum_gerealiseerd": 1}))
def future_date(carrier: Carrier) -> None:
    """A step was done on a day after the reference date."""
    carrier.step(datum_gerealiseerd="2199-01-01")
    carrier.write()


@fault("coa", quarantined({"not_future:geboortedatum": 1}))
def born_in_the_future(carrier: Carrier) -> None:
    """A birth date lies after the reference date."""
    carrier.resident(geboortedatum="2199-01-01")
    carrier.write()


@fault("ind", quarantined({"not_too_early:datum_gerealiseerd": 1}))
def date_before_1990(carrier: Carrier) -> None:
    """A date lies before 1990: a null of some program."""
    carrier.step(datum_gerealiseerd="1900-01-01")
    carrier.write()


@fault("ind", taken())
def applied_before_birth(carrier: Carrier) -> None:
    """An application lies before the birth of its person: birth dates are uncertain, known mess and no fault."""
    carrier.application(geboortedatum="2020-05-17")
    carrier.write()


@fault("ind", quarantined({"str_matches:v_nummer": 1}))
def leading_zeros_lost(carrier: Carrier) -> None:
    """A spreadsheet has taken the leading zeros from a v_nummer of IND."""
    carrier.application(v_nummer="1234567")
    carrier.write()


@fault("ind", quarantined({"str_matches:v_nummer": 1}))
def number_in_scientific_notation(carrier: Carrier) -> None:
    """A spreadsheet has written a v_nummer as a power of ten."""
    carrier.application(v_nummer="1.23457E+09")
    carrier.write()


@fault("rvr", quarantined({"str_length:v_nummer": 1}))
def v_number_too_long(carrier: Carrier) -> None:
    """A v_nummer of RvR, which is typed by hand, has more than 14 characters."""
    carrier.certificate(v_nummer="123456789012345")
    carrier.write()


@fault("rvr", quarantined({"str_matches:toevoegingsnummer": 1}))
def malformed_key(carrier: Carrier) -> None:
    """The number of a certificate is not of its form."""
    carrier.certificate(toevoegingsnummer="ZZ99999")
    carrier.write()


@fault("ind", quarantined({"isin:stap": 1}))
def unknown_code(carrier: Carrier) -> None:
    """A step is of a kind that the contract does not know."""
    carrier.step(stap="KOFFIEPAUZE")
    carrier.write()


@fault("ind", taken())
def code_in_small_letters(carrier: Carrier) -> None:
    """A code is in small letters, between blanks: no fault."""
    carrier.step(stap=" medisch_advies ")
    carrier.write()


@fault("ind", quarantined({"isin:nationaliteit": 1}))
def unknown_nationality(carrier: Carrier) -> None:
    """A nationality is not in the table of the BRP."""
    carrier.application(nationaliteit="9998")
    carrier.write()


@fault("ind", quarantined({"type:amv": 1}))
def yes_as_a_word(carrier: Carrier) -> None:
    """A cell of J or N says ja."""
    carrier.application(amv="ja")
    carrier.write()


@fault("coa", quarantined({"type:datum_uitstroom": 1, "filled_exactly_with:reden_uitstroom": 0}))
def null_as_a_word(carrier: Carrier) -> None:
    """An empty cell says NULL."""
    carrier.resident(datum_uitstroom="NULL")
    carrier.write()


@fault("ind", quarantined({"type:uren": 1}))
def formula_in_a_cell(carrier: Carrier) -> None:
    """A cell of a CSV begins as a formula; nothing here ever computes it."""
    carrier.step(uren="=8*2")
    carrier.write()


@fault("ind", quarantined({"in_range:uren": 1}))
def hours_beyond_reason(carrier: Carrier) -> None:
    """A step took more than a hundred staff hours."""
    carrier.step(uren="240")
    carrier.write()


@fault("coa", quarantined({"not_null:nationaliteit": 1}))
def required_cell_empty(carrier: Carrier) -> None:
    """A required cell is empty."""
    carrier.resident(nationaliteit="")
    carrier.write()

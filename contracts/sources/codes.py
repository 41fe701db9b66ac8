"""The code lists that the partners' columns are limited to (extracts.md). Only lists; no contract."""

import csv
from pathlib import Path

_NATIONALITIES = Path(__file__).parents[2] / "dbt_project" / "seeds" / "nationalities.csv"
_COUNTRIES = Path(__file__).with_name("iso3166.txt").read_text(encoding="ascii").split()

with _NATIONALITIES.open(encoding="utf-8", newline="") as _file:
    _rows = list(csv.DictReader(_file))

BRP_NATIONALITIES = tuple(row["brp_code"] for row in _rows)
"""Nationality codes of the BRP (code table 32), with those no longer given out: old cases carry them."""

ISO_NATIONALITIES = tuple(sorted({*_COUNTRIES, "XXA", "XXX", "XXB", *(row["iso3"] for row in _rows if row["iso3"])}))
"""ISO 3166-1 alpha-3, with XXA stateless, XXX unknown, XXB refugee, and what the BRP table maps to (XKX)."""

SEXES = ("M", "V", "O")
BIRTH_DATE = r"^[0-9]{4}-(0[0-9]|1[0-2])-([0-2][0-9]|3[01])$"
"""YYYY-MM-DD; unknown parts are 00."""
V_NUMBER = r"^[0-9]{10}$"

APPLICATION_KINDS = ("EERSTE", "HERHAALD", "NAREIS", "HERVESTIGING", "HERPLAATSING")
PROCEDURES = ("AA", "AA+", "VA", "GRENS", "VERSNELD")
COMPLEXITIES = ("STANDAARD", "COMPLEX", "ZEER_COMPLEX")
HEARINGS = ("AANMELDGEHOOR", "NADER_GEHOOR", "AANVULLEND_GEHOOR")
STEPS = (
    "AANMELDGEHOOR",
    "RVT_START",
    "RVT_EINDE",
    "MEDISCH_ADVIES",
    "DOSSIER_GEREED",
    "NADER_GEHOOR",
    "AANVULLEND_GEHOOR",
    "CORRECTIES_AANVULLINGEN",
    "VOORNEMEN",
    "ZIENSWIJZE",
    "BELEMMERING_START",
    "BELEMMERING_EINDE",
)
STEP_STATES = ("GEPLAND", "GEREALISEERD", "GEANNULEERD", "VERZET")
STEP_REASONS = ("TOLK", "GEMACHTIGDE", "NIET_VERSCHENEN", "IND_CAPACITEIT", "ZIEKTE", "OVERIG")
HEARING_MODES = ("MONDELING", "SCHRIFTELIJK", "VIDEO")
POOLS = ("INTERN", "EXTERN", "TASKFORCE")
OUTCOMES = (
    "INWILLIGING_A",
    "INWILLIGING_B",
    "INWILLIGING_NAREIS",
    "NIET_IN_BEHANDELING",
    "NIET_ONTVANKELIJK",
    "KENNELIJK_ONGEGROND",
    "ONGEGROND",
    "BUITEN_BEHANDELING",
    "INGETROKKEN",
    "OVERIG",
)
REMEDIES = ("BEROEP", "HOGER_BEROEP", "VOVO", "BEROEP_NTB")
LODGERS = ("VREEMDELING", "IND")
RULINGS = ("GEGROND", "ONGEGROND", "NIET_ONTVANKELIJK", "INGETROKKEN")
TERM_CHANGES = ("VERLENGING", "OPSCHORTING")
PENALTY_KINDS = ("BESTUURLIJK", "RECHTERLIJK")
ROLES = ("VOORBEREIDEN", "HOREN", "BESLISSEN")

EXIT_REASONS = (
    "HUISVESTING",
    "ZELFSTANDIG_VERTREK",
    "GEDWONGEN_VERTREK",
    "MOB",
    "DUBLIN_OVERDRACHT",
    "OVERLEDEN",
    "OVERIG",
)
LOCATION_KINDS = ("COL", "POL", "AZC", "POA", "NOODOPVANG", "CRISISNOODOPVANG", "HTL", "VBL", "GL")
HOUSING_STATES = ("TE_KOPPELEN", "GEKOPPELD", "GEWEIGERD", "VERHUISD", "VERVALLEN")

CERTIFICATE_KINDS = ("AANMELDFASE", "AA", "VA", "DUBLIN", *REMEDIES)
CERTIFICATE_DECISIONS = ("VERLEEND", "AFGEWEZEN", "BUITEN_BEHANDELING")
APPLICATION_CENTRES = ("TER_APEL", "ZEVENAAR", "DEN_BOSCH", "SCHIPHOL", "BUDEL")

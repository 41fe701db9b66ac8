"""What COA delivers: residents, stays, locations, housing of status holders (extracts.md, COA)."""

from datetime import date

from contracts.base import Extract
from contracts.columns import column
from contracts.sources import codes


class RawCoaBewoner(Extract):
    """Residents as COA delivers them: one row a resident's period of reception."""

    coa_nummer: str = column("COA number of the period of reception", str_matches=r"^C[0-9]{8}$")
    v_nummer: str = column(
        "number of the foreign national; empty until known", nullable=True, str_matches=codes.V_NUMBER
    )
    geboortedatum: str = column("birth date, unknown parts 00", birth=True, str_matches=codes.BIRTH_DATE)
    nationaliteit: str = column("nationality, ISO 3166-1 alpha-3", isin=codes.ISO_NATIONALITIES)
    geslacht: str = column("sex: M, V, O", isin=codes.SEXES)
    gezin_id: str = column("COA's number of the family, not IND's", nullable=True)
    datum_instroom: date = column("first day in reception")
    datum_uitstroom: date = column("day of leaving reception", nullable=True)
    reden_uitstroom: str = column("why reception ended", nullable=True, isin=codes.EXIT_REASONS)

    class Config:
        name = "raw.coa__bewoner"
        unique = ["coa_nummer"]
        not_before = {"later": "datum_uitstroom", "earlier": "datum_instroom"}
        filled_exactly_with = {"column": "reden_uitstroom", "other": "datum_uitstroom"}


class RawCoaVerblijf(Extract):
    """Stays as COA delivers them: one row a stay at a location."""

    verblijf_id: str = column("number of the stay")
    coa_nummer: str = column("COA number of the period of reception")
    locatiecode: str = column("location")
    datum_aankomst: date = column("day of arrival")
    datum_vertrek: date = column("day of departure", nullable=True)

    class Config:
        name = "raw.coa__verblijf"
        unique = ["verblijf_id"]
        not_before = {"later": "datum_vertrek", "earlier": "datum_aankomst"}
        exists_in = {"column": "coa_nummer", "parent": "raw.coa__bewoner", "parent_column": "coa_nummer"}
        no_overlap = {
            "by": "coa_nummer",
            "begins": "datum_aankomst",
            "ends": "datum_vertrek",
            "rule": "overlapping_stay",
        }


class RawCoaLocatie(Extract):
    """Reception locations as COA delivers them: one row a location and period."""

    locatiecode: str = column("location")
    geldig_vanaf: date = column("first day of the period")
    geldig_tot: date = column("last day of the period; empty = open", nullable=True, future=True)
    naam: str = column("name of the location")
    gemeentecode: str = column("municipality, CBS code", str_matches=r"^GM[0-9]{4}$")
    soort: str = column("kind of location", isin=codes.LOCATION_KINDS)
    capaciteit: int = column("places", unit="places", ge=0)

    class Config:
        name = "raw.coa__locatie"
        unique = ["locatiecode", "geldig_vanaf"]


class RawCoaHuisvesting(Extract):
    """Housing of status holders as COA delivers it: one row a matching attempt with a municipality."""

    coa_nummer: str = column("COA number of the period of reception")
    volgnummer: int = column("rank of the attempt")
    datum_vergunning: date = column("day the permit was granted")
    datum_koppeling: date = column("day of the match with the municipality", nullable=True)
    gemeentecode: str = column("municipality, CBS code", nullable=True)
    datum_verhuizing: date = column("day of moving out to the municipality", nullable=True)
    status: str = column("state of the attempt", isin=codes.HOUSING_STATES)

    class Config:
        name = "raw.coa__huisvesting"
        unique = ["coa_nummer", "volgnummer"]
        not_before = {"later": "datum_verhuizing", "earlier": "datum_koppeling"}

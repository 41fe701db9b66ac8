"""marts.dim_person."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import column
from contracts.sources import codes

BELIEVED = "ind.aanvraag, else coa.bewoner, else rvr.toevoeging; of one partner the latest row"


class DimPerson(Contract):
    """Persons known to any partner up to the as-of date: one row a person.

    A row of a partner that could not be linked is a person of its own, with link_method unlinked: counted, not guessed.
    """

    person_id: str = dim.person_id()
    birth_year: int = dim.birth_year(source=BELIEVED)
    sex: str = column(
        "sex (geslacht): M man, V woman, O other; empty where nobody says",
        source=BELIEVED,
        nullable=True,
        isin=codes.SEXES,
    )
    nationality_code: str = dim.nationality_code(source=f"{BELIEVED}; rules.nationalities")
    case_count: int = column("applications (zaken)", unit="applications", source="ind.aanvraag", ge=0)
    reception_count: int = column("periods of reception (opvang)", unit="periods", source="coa.bewoner", ge=0)
    certificate_count: int = column(
        "legal aid certificates (toevoegingen) linked to the person, also without a case",
        unit="certificates",
        source="rvr.toevoeging",
        ge=0,
    )
    first_seen_on: date = column(
        "earliest reporting, arrival in reception or request of a certificate",
        source="ind.aanvraag.datum_aanmelding, coa.bewoner.datum_instroom, rvr.toevoeging.datum_ontvangst",
    )
    link_method: str = column(
        "the weakest link that the person's rows hang on: v_number, case, probabilistic, unlinked",
        source="linking.md",
        isin=dim.LINK_METHODS,
    )

    class Config:
        name = "marts.dim_person"
        unique = ["person_id"]

"""Every rule that a row can break has its sentence in Dutch and in English."""

import pytest

import contracts
from contracts.base import Contract, Extract
from contracts.checks import COLUMN_CHECKS, ROW_RULES, SET_RULES
from contracts.compile import row_rules, set_statements
from contracts.wording import TEXTS, wordings
from orchestration.raw.counting import PARENT_QUARANTINED
from orchestration.raw.judged import DUPLICATE_KEY, UNREADABLE
from orchestration.raw.reading import MUTATION

EXTRACTS = contracts.extracts()


def of_the_intake(extract: type[Extract]) -> set[str]:
    """The names of rules that the intake gives beside those of the contract."""
    found = {UNREADABLE, DUPLICATE_KEY, f"isin:{MUTATION}", *(f"type:{name}" for name in extract.columns)}
    return found | ({PARENT_QUARANTINED, "exists_in"} if extract.references else set())


@pytest.mark.parametrize("contract", contracts.all().values(), ids=lambda one: one.table)
def test_every_rule_has_both_sentences(contract: type[Contract]) -> None:
    told = wordings(contract)
    names = {rule.name for rule in row_rules(contract)}
    names |= {statement.name for statement in set_statements(contract.to_schema())}
    if issubclass(contract, Extract):
        names |= of_the_intake(contract)
    assert told.keys() == names
    assert [name for name, text in told.items() if text.nl == text.en or "{" in text.nl + text.en] == []


def test_every_check_there_is_has_its_sentence() -> None:
    assert {*COLUMN_CHECKS, *ROW_RULES, *SET_RULES} <= TEXTS.keys()


@pytest.mark.parametrize(
    ("table", "rule", "nl", "en"),
    [
        ("raw.ind__aanvraag", "str_matches:zaaknummer", "zaaknummer moet deze vorm hebben: Z + 9 cijfers",
         "zaaknummer must have this form: Z + 9 digits"),
        ("raw.rvr__toevoeging", "str_matches:toevoegingsnummer",
         "toevoegingsnummer moet deze vorm hebben: 1 cijfer + 2 hoofdletters + 4 cijfers",
         "toevoegingsnummer must have this form: 1 digit + 2 capitals + 4 digits"),
        ("raw.coa__bewoner", "str_matches:geboortedatum",
         "geboortedatum moet deze vorm hebben: JJJJ-MM-DD (onbekende delen 00)",
         "geboortedatum must have this form: YYYY-MM-DD (unknown parts 00)"),
        ("raw.ind__aanvraag", "isin:geslacht", "geslacht moet zijn: M, V of O", "geslacht must be M, V or O"),
        ("raw.ind__aanvraag", "isin:nationaliteit", "nationaliteit moet zijn: een van de 217 codes van de lijst",
         "nationaliteit must be one of the 217 codes of the list"),
        ("raw.ind__aanvraag", "in_range:spoor", "spoor moet liggen van 1 tot en met 5", "spoor must be from 1 to 5"),
        ("raw.ind__processtap", "required_with:vorm",
         "vorm is verplicht wanneer stap AANMELDGEHOOR, NADER_GEHOOR of AANVULLEND_GEHOOR is en status GEREALISEERD is",
         "vorm is required when stap is AANMELDGEHOOR, NADER_GEHOOR or AANVULLEND_GEHOOR and status is GEREALISEERD"),
        ("raw.ind__beslissing", "not_before_parent:datum_beslissing",
         "datum_beslissing mag niet voor datum_aanvraag van aanvraag liggen",
         "datum_beslissing must not lie before datum_aanvraag of aanvraag"),
        ("raw.ind__beslissing", "type:uren",
         "uren moet een getal van hoogstens 4 cijfers voor het decimaalteken zijn, geschreven zoals het manifest zegt",
         "uren must be a number of at most 4 digits before the decimal sign, as the manifest says"),
        ("raw.rvr__toevoeging", "str_length:v_nummer", "v_nummer moet hoogstens 14 tekens lang zijn",
         "v_nummer must be at most 14 characters long"),
        ("raw.coa__verblijf", "overlapping_stay", "perioden van één coa_nummer mogen hoogstens einddagen delen",
         "periods of one coa_nummer may share end days only"),
    ],
)  # fmt: skip
def test_a_sentence_says_what_the_contract_says(table: str, rule: str, nl: str, en: str) -> None:
    assert wordings(EXTRACTS[table])[rule] == (nl, en)

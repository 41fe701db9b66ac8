"""What a rule says, in Dutch and in English: for return files to partners, and for contracts as agreements.

Belongs here: the two texts of every rule, filled from what the contract declares. Does not belong here: the meaning of
a rule (checks.py), and what is done with a row that breaks one (the intake).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from contracts.base import Contract, Extract
from contracts.checks import SET_RULES, set_rules
from contracts.compile import unique_keys
from contracts.sources import codes


class Wording(NamedTuple):
    """A rule as a sentence."""

    nl: str
    en: str


LISTED = 20
"""A list of codes that is longer than this is named by its length."""

# Every check of checks.py, and the rules that the intake adds (docs/decisions/0002, "Names of rules").
TEXTS: dict[str, Wording] = {
    "not_null": Wording("{column} is verplicht", "{column} is required"),
    "type": Wording(
        "{column} moet {type} zijn, geschreven zoals het manifest zegt", "{column} must be {type}, as the manifest says"
    ),
    "equal_to": Wording("{column} moet {value} zijn", "{column} must be {value}"),
    "not_equal_to": Wording("{column} mag niet {value} zijn", "{column} must not be {value}"),
    "greater_than": Wording("{column} moet groter zijn dan {min_value}", "{column} must be greater than {min_value}"),
    "greater_than_or_equal_to": Wording(
        "{column} moet minstens {min_value} zijn", "{column} must be at least {min_value}"
    ),
    "less_than": Wording("{column} moet kleiner zijn dan {max_value}", "{column} must be less than {max_value}"),
    "less_than_or_equal_to": Wording("{column} mag hoogstens {max_value} zijn", "{column} must be at most {max_value}"),
    "in_range": Wording(
        "{column} moet liggen {from_} {min_value} {to} {max_value}",
        "{column} must be {from_} {min_value} {to} {max_value}",
    ),
    "isin": Wording("{column} moet zijn: {allowed_values}", "{column} must be {allowed_values}"),
    "notin": Wording("{column} mag niet zijn: {forbidden_values}", "{column} must not be {forbidden_values}"),
    "str_matches": Wording("{column} moet deze vorm hebben: {pattern}", "{column} must have this form: {pattern}"),
    "str_length": Wording("{column} moet {length} tekens lang zijn", "{column} must be {length} characters long"),
    "not_before": Wording("{later} mag niet voor {earlier} liggen", "{later} must not lie before {earlier}"),
    "after": Wording("{later} moet na {earlier} liggen", "{later} must lie after {earlier}"),
    "at_most": Wording("{column} mag niet groter of later zijn dan {limit}", "{column} must not exceed {limit}"),
    "filled_exactly_with": Wording(
        "{column} is gevuld precies wanneer {other} gevuld is", "{column} is filled exactly when {other} is"
    ),
    "filled_exactly_when": Wording(
        "{column} is gevuld precies wanneer {when}", "{column} is filled exactly when {when}"
    ),
    "only_with": Wording("{column} mag alleen gevuld zijn wanneer {when}", "{column} may be filled only when {when}"),
    "required_with": Wording("{column} is verplicht wanneer {when}", "{column} is required when {when}"),
    "monday": Wording("{column} moet een maandag zijn", "{column} must be a Monday"),
    "not_too_early": Wording("{column} mag niet voor {earliest} liggen", "{column} must not lie before {earliest}"),
    "not_future": Wording("{column} mag niet na de peildatum liggen", "{column} must not lie after the reference date"),
    "exists_in": Wording(
        "{column} moet op de peildatum bestaan in {parent}", "{column} must exist in {parent} on the reference date"
    ),
    "not_before_parent": Wording(
        "{later} mag niet voor {earlier} van {parent} liggen", "{later} must not lie before {earlier} of {parent}"
    ),
    "no_overlap": Wording(
        "perioden van één {by} mogen hoogstens einddagen delen", "periods of one {by} may share end days only"
    ),
    "duplicate_key": Wording(
        "{key} mag maar één keer voorkomen; er zijn rijen met verschillende inhoud",
        "{key} may occur only once; there are rows with different content",
    ),
    "parent_quarantined": Wording(
        "de rij van {parent} waarnaar {column} verwijst, is zelf afgekeurd: herstel die eerst",
        "the row of {parent} that {column} refers to is itself bad: correct that one first",
    ),
    "unreadable_row": Wording(
        "de regel heeft te veel of te weinig cellen, of een aanhalingsteken dat niet sluit",
        "the line has too many or too few cells, or a quote that does not close",
    ),
}
TYPES = {
    "VARCHAR": Wording("een tekst", "a text"),
    "DATE": Wording("een bestaande datum", "a date that exists"),
    "BIGINT": Wording("een geheel getal", "a whole number"),
    "BOOLEAN": Wording("J of N", "J or N"),
    "DECIMAL": Wording(
        "een getal van hoogstens {whole} cijfers voor het decimaalteken",
        "a number of at most {whole} digits before the decimal sign",
    ),
}
MUTATIONS = ("T", "G", "V")
BIRTH_DATE = Wording("JJJJ-MM-DD (onbekende delen 00)", "YYYY-MM-DD (unknown parts 00)")


@cache
def wordings(contract: type[Contract]) -> Mapping[str, Wording]:
    """The sentence of every rule of a contract, by the name that the quarantine and fct_data_quality use.

    Of an extract also the rules that the intake adds. Two rules of one name (`at_most` of one column, twice) are
    joined.
    """
    found: dict[str, Wording] = {}
    for name, text in _all(contract):
        known = found.get(name)
        found[name] = Wording(f"{known.nl}; {text.nl}", f"{known.en}; {text.en}") if known else text
    return found


def _all(contract: type[Contract]) -> Iterator[tuple[str, Wording]]:
    schema = contract.to_schema()
    for name, column in schema.columns.items():
        if not column.nullable:
            yield f"not_null:{name}", _filled("not_null", {"column": name})
        for check in column.checks:
            yield f"{check.name}:{name}", _filled(check.name, {"column": name, **check.statistics})
    for check in schema.checks:
        if check.name not in SET_RULES:
            column_name = next(iter(check.statistics.values()))
            yield f"{check.name}:{column_name}", _filled(check.name, check.statistics)
    for rule in set_rules(schema):
        kind = next(kind for kind, rule_type in SET_RULES.items() if isinstance(rule, rule_type))
        yield rule.rule, _filled(kind, rule._asdict())
    for key in unique_keys(schema):
        yield "duplicate_key", _filled("duplicate_key", {"key": " + ".join(key)})
    if issubclass(contract, Extract):
        yield from _of_the_intake(contract)


def _of_the_intake(extract: type[Extract]) -> Iterator[tuple[str, Wording]]:
    yield "unreadable_row", TEXTS["unreadable_row"]
    yield "isin:mutatie", _filled("isin", {"column": "mutatie", "allowed_values": MUTATIONS})
    for reference in extract.references:
        yield "parent_quarantined", _filled("parent_quarantined", reference._asdict())
    for name, info in extract.columns.items():
        kind, _, size = info.type.partition("(")
        precision, _, scale = size.rstrip(")").partition(",")
        whole = int(precision) - int(scale) if size else None
        texts = (template.format(whole=whole) for template in TYPES[kind])
        yield f"type:{name}", _each("type", ({"column": name, "type": text} for text in texts))


def _filled(check: str, statistics: Mapping[str, Any]) -> Wording:
    return _each(check, (_said(statistics, dutch=True), _said(statistics, dutch=False)))


def _each(check: str, values: Iterable[Mapping[str, Any]]) -> Wording:
    return Wording(*(text.format(**value) for text, value in zip(TEXTS[check], values, strict=True)))


def _said(statistics: Mapping[str, Any], *, dutch: bool) -> dict[str, Any]:
    """The statistics of a check as words of a language."""
    said: dict[str, Any] = dict(statistics)
    if "min_value" in said and "include_min" in said:
        from_ = ("van", "from") if said["include_min"] else ("boven", "above")
        to = ("tot en met", "to") if said["include_max"] else ("en onder", "and below")
        said |= {"from_": from_[not dutch], "to": to[not dutch]}
    for values in ("allowed_values", "forbidden_values"):
        if values in said:
            said[values] = _listed(said[values], dutch=dutch)
    if "pattern" in said:
        said["pattern"] = _form(said["pattern"])[not dutch]
    if "exact_value" in said:
        said["length"] = _length(said, dutch=dutch)
    if "when" in said:
        parts = [
            f"{column} {_listed(values, dutch=True)} is" if dutch else f"{column} is {_listed(values, dutch=False)}"
            for column, values in said["when"].items()
        ]
        said["when"] = (" en " if dutch else " and ").join(parts)
    if "parent" in said:
        said["parent"] = said["parent"].split("__")[-1]
    return said


def _listed(values: str | Iterable[Any], *, dutch: bool) -> str:
    every = [values] if isinstance(values, str) else [str(value) for value in values]
    if len(every) > LISTED:
        return f"een van de {len(every)} codes van de lijst" if dutch else f"one of the {len(every)} codes of the list"
    *most, last = every
    return f"{', '.join(most)} {'of' if dutch else 'or'} {last}" if most else last


def _length(limits: Mapping[str, Any], *, dutch: bool) -> str:
    low, high, exact = (limits.get(name) for name in ("min_value", "max_value", "exact_value"))
    if exact is not None:
        return str(exact)
    if low is None:
        return f"hoogstens {high}" if dutch else f"at most {high}"
    if high is None:
        return f"minstens {low}" if dutch else f"at least {low}"
    return f"{low} {'tot' if dutch else 'to'} {high}"


_PART = re.compile(r"\[(?P<of>0-9|A-Z)\](?:\{(?P<times>\d+)\})?|(?P<literal>[A-Za-z]+)")


def _form(pattern: str | re.Pattern[str]) -> Wording:
    """A pattern in words (`Z + 9 digits`) where it is a row of digits and capitals, else as it is."""
    text = pattern.pattern if isinstance(pattern, re.Pattern) else pattern
    if text == codes.BIRTH_DATE:
        return BIRTH_DATE
    parts = list(_PART.finditer(text))
    if "^" + "".join(part[0] for part in parts) + "$" != text:
        return Wording(text, text)
    return Wording(*(" + ".join(_part(part, dutch=dutch) for part in parts) for dutch in (True, False)))


def _part(part: re.Match[str], *, dutch: bool) -> str:
    if part["literal"]:
        return part["literal"]
    times = int(part["times"] or 1)
    noun = {"0-9": ("cijfer", "digit"), "A-Z": ("hoofdletter", "capital")}[part["of"]][not dutch]
    return f"{times} {noun}{'' if times == 1 else 's'}"

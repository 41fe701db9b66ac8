"""Agreements in the Open Data Contract Standard (ODCS 3.1): written for partners and readers, read to be compared.

Belongs here: which term stands where in a document. Does not belong here: what the terms are (agreement.py). What the
standard has a place for stands there; a rule over several columns is a `custom` check of engine `ketenzicht`, with its
sentence in English and Dutch.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import yaml

import contracts
from contracts.agreement import READERS, Agreement, AgreementError, Column, Direction, Limit, Rule, Table
from contracts.wording import Wording, wordings

API_VERSION = "v3.1.0"
ENGINE = "ketenzicht"
Document = dict[str, Any]

PURPOSES = {
    "incoming": "What {who} delivers to Ketenzicht: one row a case or event, pseudonymised on arrival.",
    "outgoing": "What Ketenzicht publishes to its readers: tables of schema marts in published/chain.duckdb.",
}
USAGES = {
    "incoming": "Deliver below deliveries/{name}/<reference date>/, datapackage.json last; its member `contract` names "
    "the version of this agreement. A column that may be empty may be left out; unknown columns are kept out.",
    "outgoing": "Read only. Identifiers are pseudonyms; marts._metadata says what a publication rests on.",
}
LOGICAL_TYPES = {"VARCHAR": "string", "BIGINT": "integer", "DATE": "date", "BOOLEAN": "boolean", "DOUBLE": "number"}
PHYSICAL_TYPES = {logical: physical for physical, logical in LOGICAL_TYPES.items()}


def write(agreement: Agreement) -> str:
    """The agreement as ODCS YAML: the same terms give the same text."""
    return yaml.dump(
        document(agreement),
        Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper),
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=120,
    )


def read(file: Path) -> list[Agreement]:
    """The agreements of a file (YAML, or several documents of it). Raises AgreementError."""
    try:
        text = file.read_text(encoding="utf-8")
        found = list(yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is something else"
        raise AgreementError(f"{file}: cannot be read as YAML: {why}; give a contract file") from error
    agreements = []
    for one in found or [None]:
        try:
            agreements.append(agreement_of(one))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            own = str(error) if isinstance(error, ValueError) else "something in it has another form"
            why = f"{error} is missing" if isinstance(error, KeyError) else own
            raise AgreementError(f"{file}: not an ODCS contract as `contracts export` writes it: {why}") from error
    return agreements


def document(agreement: Agreement) -> Document:
    """The agreement as an ODCS document."""
    who = "readers" if agreement.name == READERS else agreement.name.upper()
    told = {"who": who, "name": agreement.name}
    return {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": f"{ENGINE}-{agreement.name}",
        "name": f"Ketenzicht: {PURPOSES[agreement.direction].split(':')[0].format(**told)}",
        "version": agreement.version,
        "status": "active",
        "domain": "asylum-chain",
        "description": {
            "purpose": PURPOSES[agreement.direction].format(**told),
            "usage": USAGES[agreement.direction].format(**told),
        },
        "customProperties": [{"property": "direction", "value": agreement.direction}],
        "schema": [_table(table) for table in agreement.tables.values()],
    }


def _table(table: Table) -> Document:
    sentences = wordings(contracts.all()[table.physical_name])
    return {
        "name": table.name,
        "physicalName": table.physical_name,
        "physicalType": "table",
        "logicalType": "object",
        "description": table.grain,
        "properties": [_column(column) for column in table.columns.values()],
        **({"quality": [_rule(rule, sentences) for rule in table.rules]} if table.rules else {}),
    }


def _column(column: Column) -> Document:
    options = dict(_options(column))
    extras = {
        "primaryKey": True if column.key_position else None,
        "primaryKeyPosition": column.key_position,
        "logicalTypeOptions": options or None,
        "transformSourceObjects": [column.source] if column.source else None,
        "transformDescription": column.formula,
        "customProperties": [{"property": "unit", "value": column.unit}] if column.unit else None,
        "relationships": [{"type": "foreignKey", "to": column.refers_to}] if column.refers_to else None,
        "quality": [_domain(column.allowed)] if column.allowed is not None else None,
    }
    return {
        "name": column.name,
        "description": column.description,
        "logicalType": LOGICAL_TYPES.get(column.type, "number"),
        "physicalType": column.type,
        "required": column.required,
        **{name: value for name, value in extras.items() if value is not None},
    }


def _options(column: Column) -> Iterator[tuple[str, Any]]:
    terms = {"pattern": column.pattern, "minLength": column.min_length, "maxLength": column.max_length}
    yield from ((name, value) for name, value in terms.items() if value is not None)
    for name, limit in (("minimum", column.minimum), ("maximum", column.maximum)):
        if limit is not None:
            yield f"exclusive{name.capitalize()}" if limit.exclusive else name, limit.value


def _domain(allowed: tuple[Any, ...]) -> Document:
    return {"type": "library", "metric": "invalidValues", "arguments": {"validValues": list(allowed)}, "mustBe": 0}


def _rule(rule: Rule, sentences: Mapping[str, Wording]) -> Document:
    kind, column = rule.identity
    name = str(rule.statistics.get("rule", f"{kind}:{column}"))
    return {
        "name": name,
        "description": sentences[name].en,
        "type": "custom",
        "engine": ENGINE,
        "implementation": {kind: dict(rule.statistics)},
        "customProperties": [{"property": "descriptionNl", "value": sentences[name].nl}],
    }


def agreement_of(content: Document) -> Agreement:
    """The terms of a document. Raises AgreementError, KeyError or ValueError when it is none."""
    if not isinstance(content, dict) or content.get("kind") != "DataContract":
        raise ValueError("kind is not DataContract")
    direction: Direction = _custom(content, "direction") or "outgoing"
    if direction not in get_args(Direction):
        raise ValueError(f"direction {direction!r} is neither incoming nor outgoing")
    tables = [_table_of(table) for table in content.get("schema") or []]
    name = str(content["id"]).removeprefix(f"{ENGINE}-")
    return Agreement(name, str(content["version"]), direction, {table.name: table for table in tables})


def _table_of(content: Document) -> Table:
    properties = content.get("properties") or []
    columns = [_column_of(column, at) for at, column in enumerate(properties, start=1)]
    rules = list(_rules_of(content, content["name"]))
    rules += [rule for column in properties for rule in _rules_of(column, column["name"])]
    return Table(
        content["name"],
        str(content.get("physicalName", content["name"])),
        content.get("description", ""),
        {column.name: column for column in columns},
        tuple(rules),
    )


def _rules_of(content: Document, place: str) -> Iterator[Rule]:
    """Our own checks by name; checks that somebody else wrote as they are, so that no change of them is passed over."""
    for check in content.get("quality") or []:
        if check.get("engine") == ENGINE:
            yield from (Rule(kind, statistics) for kind, statistics in check["implementation"].items())
        elif _domain_of(check) is None:
            yield Rule("quality", {"on": place, **check})
    if content.get("unique"):
        yield Rule("unique", {"on": place})


def _domain_of(check: Document) -> list[Any] | None:
    return (check.get("arguments") or {}).get("validValues")


def _column_of(content: Document, at: int) -> Column:
    options = content.get("logicalTypeOptions") or {}
    sources = content.get("transformSourceObjects") or [None]
    related = content.get("relationships") or [{"to": None}]
    domains = [values for check in content.get("quality") or [] if (values := _domain_of(check)) is not None]
    position = content.get("primaryKeyPosition", -1)
    return Column(
        name=content["name"],
        type=_type_of(content),
        required=bool(content.get("required", False)),
        description=content.get("description", ""),
        unit=_custom(content, "unit"),
        source=sources[0],
        formula=content.get("transformDescription"),
        key_position=(position if position > 0 else at) if content.get("primaryKey") else None,
        pattern=options.get("pattern"),
        min_length=options.get("minLength"),
        max_length=options.get("maxLength"),
        minimum=_limit_of(options, "minimum"),
        maximum=_limit_of(options, "maximum"),
        allowed=tuple(domains[0]) if domains else None,
        refers_to=related[0]["to"],
    )


def _type_of(content: Document) -> str:
    """The physical type; where the two contradict each other, somebody changed the logical one."""
    logical, physical = content.get("logicalType"), content.get("physicalType")
    if physical is None or (logical is not None and LOGICAL_TYPES.get(physical, "number") != logical):
        return PHYSICAL_TYPES.get(str(logical), str(logical))
    return str(physical)


def _limit_of(options: Document, name: str) -> Limit | None:
    exclusive = f"exclusive{name.capitalize()}"
    if exclusive in options:
        return Limit(options[exclusive], exclusive=True)
    return Limit(options[name]) if name in options else None


def _custom(content: Document, name: str) -> Any:
    values = [one["value"] for one in content.get("customProperties") or [] if one["property"] == name]
    return values[0] if values else None

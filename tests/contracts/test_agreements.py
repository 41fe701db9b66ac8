"""Contracts as agreements: valid ODCS, lossless, versioned by whom a change breaks."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from contracts import versions
from contracts.agreement import NAMES, AgreementError, current
from contracts.agreement_odcs import agreement_of, document, read, write
from contracts.agreement_versions import named, unsettled, violations
from tests.contracts.documents import Document, Edit, changed, column, table

SCHEMA = Path(__file__).parent / "odcs" / "odcs-json-schema-v3.1.0.json"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft201909Validator:
    return jsonschema.Draft201909Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def one_of_each_form(content: Document) -> None:
    """Leave out the columns that the schema would judge as one before them: it looks at types and members."""
    seen = set()
    for one_table in content["schema"]:
        forms = {json.dumps(_types(one)): one for one in reversed(one_table["properties"])}
        one_table["properties"] = [one for form, one in reversed(forms.items()) if form not in seen]
        seen |= forms.keys()
    assert len(seen) > 5


def _types(content: Any) -> Any:
    """What the schema sees of a column: members and kinds of values, and the few values that it limits."""
    if isinstance(content, dict):
        limited = ("logicalType", "type", "metric", "to")
        return {name: value if name in limited else _types(value) for name, value in content.items()}
    return [_types(one) for one in content[:1]] if isinstance(content, list) else type(content).__name__


@pytest.mark.parametrize("name", NAMES)
def test_an_export_is_valid_against_the_standard_and_loses_nothing(
    name: str, validator: jsonschema.Draft201909Validator, tmp_path: Path
) -> None:
    file = tmp_path / "contract.yaml"
    file.write_text(write(current(name)), encoding="utf-8")
    assert read(file) == [current(name)]
    exported = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert exported["version"] == versions.CURRENT[name]
    one_of_each_form(exported)
    assert [error.message for error in validator.iter_errors(exported)] == []


def test_the_schema_would_find_a_document_that_is_not_valid(validator: jsonschema.Draft201909Validator) -> None:
    content = document(current("rvr"))
    del table(content, "rooster")["properties"][0]["name"]
    table(content, "toevoeging")["properties"][0]["mandatory"] = True
    assert {error.message for error in validator.iter_errors(content)} == {
        "'name' is a required property",
        "Unevaluated properties are not allowed ('mandatory' was unexpected)",
    }


def test_the_contracts_are_the_agreed_ones() -> None:
    assert unsettled() == []


TIGHTER, LOOSER, WORDS = (
    lambda d: column(d, "aanvraag.team").update(required=True),
    lambda d: column(d, "aanvraag.amv").update(required=False),
    lambda d: column(d, "aanvraag.amv").update(description="minor"),
)


@pytest.mark.parametrize(
    ("edit", "version", "said"),
    [
        (TIGHTER, "1.0", "ind@1.0 has breaking changes since ind@1.0 (aanvraag.team: now required): set its version in "
         "contracts/versions/__init__.py to 2.0, then run python -m contracts.agreement_versions"),
        (TIGHTER, "1.1", "ind@1.1 has breaking changes since ind@1.0"),
        (TIGHTER, "2.0", None),
        (LOOSER, "1.0", "ind@1.0 has compatible changes since ind@1.0 (aanvraag.amv: may now be empty): set its "
         "version in contracts/versions/__init__.py to 1.1"),
        (LOOSER, "1.1", None),
        (WORDS, "1.0", None),
        (WORDS, "0.9", "ind@0.9 is older than ind@1.0, which was agreed"),
    ],
)  # fmt: skip
def test_a_breaking_change_needs_a_new_major_and_any_other_a_new_minor_version(
    edit: Edit, version: str, said: str | None
) -> None:
    agreed, new = changed("ind", edit)
    found = violations(replace(new, version=version), [agreed])
    assert found == [] if said is None else len(found) == 1 and found[0].startswith(said)


def test_a_delivery_may_name_what_was_agreed_under_the_current_major_version(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("ind@1.9", "ind@2.0", "ind@2.10", "ind@2.9", "ind@2.11", "coa@2.1"):
        (tmp_path / f"{name}{versions.SUFFIX}").touch()
    monkeypatch.setattr(versions, "FOLDER", tmp_path)
    monkeypatch.setitem(versions.CURRENT, "ind", "2.10")
    versions.committed.cache_clear()
    assert versions.committed("ind") == ("1.9", "2.0", "2.9", "2.10", "2.11")
    assert versions.accepted("ind") == ("2.0", "2.9", "2.10")
    versions.committed.cache_clear()


@pytest.mark.parametrize(
    ("text", "content", "said"),
    [
        ("ind@7.0", None, "ind@7.0 was never agreed; agreed versions of ind: 1.0"),
        ("absent.yaml", None, "absent.yaml: no contract there"),
        ("a.yaml", "kind: [", "cannot be read as YAML"),
        ("a.yaml", "kind: Pod", "kind is not DataContract"),
        ("a.yaml", "", "kind is not DataContract"),
        ("a.yaml", "{kind: DataContract, id: x, version: 1.0, schema: [{properties: []}]}", "'name' is missing"),
    ],
)
def test_what_is_no_contract_is_refused_by_name(
    text: str, content: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path(text).write_text(content, encoding="utf-8")
    with pytest.raises(AgreementError) as told:
        named(text)
    assert said in str(told.value)


def test_the_command_line_lists_exports_and_compares(command: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    listed = json.loads(command("contracts", "list", "--json")[1])
    assert {one["version"] for one in listed if one["stage"] == "intermediate"} == {None}
    aanvraag = next(one for one in listed if one["table"] == "raw.ind__aanvraag")
    assert (aanvraag["version"], aanvraag["key"], len(aanvraag["columns"])) == ("1.0", ["zaaknummer"], 18)
    assert command("contracts", "export", "--format", "odcs", "--out", tmp_path)[0] == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(f"{name}.odcs.yaml" for name in NAMES)
    assert command("contracts", "diff", tmp_path, "current")[0] == 0
    code, printed = command("contracts", "export", "rvr")
    assert code == 0 and agreement_of(yaml.safe_load(printed)) == current("rvr")
    (tmp_path / "rvr.odcs.yaml").write_text(printed.replace("TER_APEL, ", ""), encoding="utf-8")
    code, printed = command("contracts", "diff", "rvr@1.0", tmp_path / "rvr.odcs.yaml")
    assert code == 1
    assert "breaking   rooster.ac_locatie: TER_APEL no longer allowed: what is delivered today would be" in printed
    code, printed = command("contracts", "diff", tmp_path / "rvr.odcs.yaml", "rvr", "--json")
    assert (code, json.loads(printed)[0]["verdict"]) == (0, "compatible")
    assert command("contracts", "diff", "rvr", "coa")[0] == 2
    assert command("contracts", "diff", "rvr", tmp_path / "none.yaml")[0] == 2

"""Whom a change breaks: every kind of change once from either side, and the verdicts against what they are about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.agreement import Agreement, AgreementError, Column, Limit, Table, current
from contracts.agreement_diff import Verdict, compare
from tests.contracts.documents import Edit, changed, column, rule, table, without

BREAKS, FITS, WORDS = Verdict.breaking, Verdict.compatible, Verdict.editorial
ADDED = {"name": "kamer", "logicalType": "string", "physicalType": "VARCHAR", "description": "room"}

# What a partner delivers: tighter terms break it.
INCOMING: list[tuple[str, Edit, str, Verdict]] = [
    ("ind", lambda d: without(d["schema"], "capaciteit"), "capaciteit: table removed", BREAKS),
    ("ind", lambda d: without(table(d, "aanvraag")["properties"], "team"), "aanvraag.team: column removed", BREAKS),
    ("coa", lambda d: table(d, "verblijf")["properties"].append({**ADDED, "required": True}),
     "verblijf.kamer: required column added", BREAKS),
    ("coa", lambda d: table(d, "verblijf")["properties"].append({**ADDED, "required": False}),
     "verblijf.kamer: column added", FITS),
    ("ind", lambda d: column(d, "aanvraag.team").update(required=True), "aanvraag.team: now required", BREAKS),
    ("ind", lambda d: column(d, "aanvraag.amv").update(required=False), "aanvraag.amv: may now be empty", FITS),
    ("ind", lambda d: column(d, "processtap.uren").update(physicalType="DECIMAL(5,2)"),
     "processtap.uren: type DECIMAL(6,2) became DECIMAL(5,2)", BREAKS),
    ("ind", lambda d: column(d, "processtap.uren").update(physicalType="DECIMAL(8,3)"),
     "processtap.uren: type DECIMAL(6,2) became DECIMAL(8,3)", FITS),
    ("ind", lambda d: column(d, "aanvraag.team").update(logicalType="integer"),
     "aanvraag.team: type VARCHAR became BIGINT", BREAKS),
    ("ind", lambda d: column(d, "aanvraag.spoor").update(logicalType="string", physicalType="VARCHAR"),
     "aanvraag.spoor: type BIGINT became VARCHAR", FITS),
    ("ind", lambda d: column(d, "aanvraag.geslacht")["quality"][0]["arguments"]["validValues"].remove("O"),
     "aanvraag.geslacht: O no longer allowed", BREAKS),
    ("ind", lambda d: column(d, "aanvraag.geslacht")["quality"][0]["arguments"]["validValues"].append("X"),
     "aanvraag.geslacht: X now allowed", FITS),
    ("ind", lambda d: column(d, "aanvraag.geslacht").pop("quality"),
     "aanvraag.geslacht: no longer limited to a list of values", FITS),
    ("ind", lambda d: column(d, "aanvraag.spoor")["logicalTypeOptions"].update(maximum=4),
     "aanvraag.spoor: maximum 5 became 4", BREAKS),
    ("ind", lambda d: column(d, "aanvraag.spoor")["logicalTypeOptions"].update(minimum=0),
     "aanvraag.spoor: minimum 1 became 0", FITS),
    ("ind", lambda d: column(d, "aanvraag.datum_aanvraag")["logicalTypeOptions"].update(minimum="2000-01-01"),
     "aanvraag.datum_aanvraag: minimum 1990-01-01 became 2000-01-01", BREAKS),
    ("ind", lambda d: column(d, "dwangsombetaling.bedrag_eur").update(logicalTypeOptions={"minimum": 0}),
     "dwangsombetaling.bedrag_eur: minimum 0 (exclusive) became 0", FITS),
    ("rvr", lambda d: column(d, "toevoeging.v_nummer")["logicalTypeOptions"].update(maxLength=13),
     "toevoeging.v_nummer: max length 14 became 13", BREAKS),
    ("ind", lambda d: column(d, "aanvraag.zaaknummer")["logicalTypeOptions"].update(pattern="^Z"),
     "aanvraag.zaaknummer: pattern ^Z[0-9]{9}$ became ^Z", BREAKS),
    ("ind", lambda d: column(d, "beslissing.zaaknummer").pop("relationships"),
     "beslissing.zaaknummer: refers to aanvraag.zaaknummer became none", FITS),
    ("ind", lambda d: column(d, "aanvraag.v_nummer").update(primaryKey=True, primaryKeyPosition=2),
     "aanvraag: key zaaknummer became zaaknummer, v_nummer", BREAKS),
    ("ind", lambda d: column(d, "processtap.uren")["customProperties"].clear(),
     "processtap.uren: unit hours became None", BREAKS),
    ("ind", lambda d: table(d, "beslissing")["quality"].remove(rule(d, "beslissing.datum_beslissing", "not_future")),
     "beslissing.datum_beslissing: rule not_future removed (column datum_beslissing, text False)", FITS),
    ("ind", lambda d: rule(d, "processtap.reden", "only_with")["implementation"]["only_with"].update(
        when={"status": "VERZET"}),
     "processtap.reden: rule only_with became (column reden, when status = VERZET), "
     "was (column reden, when status = GEANNULEERD or VERZET)", BREAKS),
    ("coa", lambda d: table(d, "locatie")["quality"].append({"type": "sql", "query": "select 1", "mustBe": 1}),
     "locatie.locatie: rule quality added (on locatie, type sql, query select 1, mustBe 1)", BREAKS),
    ("ind", lambda d: column(d, "aanvraag.team").update(description="the team"),
     "aanvraag.team: description, source or formula changed", WORDS),
]  # fmt: skip

# What readers get: looser terms break them.
OUTGOING: list[tuple[Edit, str, Verdict]] = [
    (lambda d: without(d["schema"], "dim_case"), "dim_case: table removed", BREAKS),
    (lambda d: without(table(d, "dim_case")["properties"], "track"), "dim_case.track: column removed", BREAKS),
    (lambda d: table(d, "dim_case")["properties"].append({**ADDED, "required": False}),
     "dim_case.kamer: column added", FITS),
    (lambda d: column(d, "dim_case.track").update(required=False), "dim_case.track: may now be empty", BREAKS),
    (lambda d: column(d, "dim_case.family_id").update(required=True), "dim_case.family_id: now required", FITS),
    (lambda d: column(d, "dim_case.sex")["quality"][0]["arguments"]["validValues"].append("X"),
     "dim_case.sex: X now allowed", BREAKS),
    (lambda d: column(d, "dim_case.sex")["quality"][0]["arguments"]["validValues"].remove("O"),
     "dim_case.sex: O no longer allowed", FITS),
    (lambda d: column(d, "dim_case.birth_year").update(logicalType="string", physicalType="VARCHAR"),
     "dim_case.birth_year: type BIGINT became VARCHAR", BREAKS),
    (lambda d: column(d, "fct_penalty_run.days_accrued").pop("logicalTypeOptions"),
     "fct_penalty_run.days_accrued: minimum 0 became none", BREAKS),
    (lambda d: table(d, "fct_penalty_run")["quality"].remove(rule(d, "fct_penalty_run.starts_on", "after")),
     "fct_penalty_run.starts_on: rule after removed (later starts_on, earlier notice_on)", BREAKS),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "edit", "said", "verdict"),
    [*INCOMING, *(("marts", *one) for one in OUTGOING)],
    ids=lambda value: value if isinstance(value, str) and ": " in value else "",
)
def test_one_change_is_named_once_and_judged_from_the_other_side(
    name: str, edit: Edit, said: str, verdict: Verdict
) -> None:
    found = compare(*changed(name, edit))
    assert [(f"{change.place}: {change.what}", change.verdict) for change in found.changes] == [(said, verdict)]
    assert found.verdict == verdict and found.changes[0].why


def test_equal_agreements_have_no_changes_and_other_agreements_are_not_compared() -> None:
    assert compare(current("ind"), current("ind")).changes == ()
    with pytest.raises(
        AgreementError, match=r"ind@1\.0 \(incoming\) and coa@1\.0 \(incoming\) are not versions of one"
    ):
        compare(current("ind"), current("coa"))


limits = st.none() | st.builds(Limit, st.integers(-2, 2), st.booleans())
numbers = st.builds(
    Column,
    name=st.just("n"),
    type=st.just("BIGINT"),
    required=st.booleans(),
    minimum=limits,
    maximum=limits,
    allowed=st.none() | st.sets(st.integers(-2, 2), min_size=1).map(tuple),
)


def keeps(column: Column, value: int | None) -> bool:
    """Whether a value keeps the terms: what the verdicts are about, said independently of them."""
    if value is None:
        return not column.required
    low, high = column.minimum, column.maximum
    return (
        (low is None or value > low.value or (value == low.value and not low.exclusive))
        and (high is None or value < high.value or (value == high.value and not high.exclusive))
        and (column.allowed is None or value in column.allowed)
    )


@given(numbers, numbers)
def test_a_compatible_change_never_breaks_the_other_party(old: Column, new: Column) -> None:
    kept_old, kept_new = ({value for value in [None, *range(-4, 5)] if keeps(one, value)} for one in (old, new))
    before, after = (Table("t", "raw.t", "", {"n": one}, ()) for one in (old, new))
    for direction, is_safe in (("incoming", kept_old <= kept_new), ("outgoing", kept_new <= kept_old)):
        found = compare(*(Agreement("x", "1.0", direction, {"t": one}) for one in (before, after)))  # type: ignore[arg-type]
        assert is_safe or found.verdict == Verdict.breaking

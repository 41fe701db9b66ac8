"""The dimensions and code lists that marts and the chain share, so that each is described once (marts.md).

A function makes one column; a contract calls it where the column stands in its table.
"""

from typing import Any

from contracts.columns import column
from contracts.sources import codes

APPLICATION_KINDS = ("first", "repeat", "family_reunification", "resettlement", "relocation")
TRACKS = ("spoor_1", "spoor_2", "spoor_3", "spoor_4", "spoor_5", "unknown")
PROCEDURES = (*codes.PROCEDURES, "unknown")
COMPLEXITIES = ("standard", "complex", "very_complex", "unknown")
HEARING_MODES = ("oral", "written", "video")
OUTCOME_GROUPS = ("granted", "refused", "other")
HOLDERS = ("ind", "legal_aid", "coa", "applicant", "court", "none")
OPEN_STAGES = (
    "registration",
    "awaiting_first_interview",
    "rest_and_preparation",
    "awaiting_hearing",
    "awaiting_assessment",
    "awaiting_view",
    "awaiting_decision",
    "awaiting_housing",
    "appeal_window",
    "in_appeal",
    "awaiting_redecision",
    "departure",
)
STAGES = (*OPEN_STAGES, "closed")
LINK_METHODS = ("v_number", "case", "probabilistic", "unlinked")
PARTNERS = ("ind", "coa", "rvr")
TIMELINE = "timeline.md; rules.appeal_windows"
"""Where stages come from: the events of a case, and the table that the timeline reads."""
RESIDENT_STATUSES = (
    "family_reunification",
    "granted_in_norm",
    "granted_over_norm",
    "before_decision_in_term",
    "before_decision_over_term",
    "refused",
    "unlinked",
)


def case_id(**field: Any) -> Any:
    return column("pseudonym of the application (zaaknummer)", source="ind.aanvraag.zaaknummer", **field)


def person_id(**field: Any) -> Any:
    return column("pseudonym of the person; v_numbers of one person share it", source="linking.md", **field)


def v_number_id(**field: Any) -> Any:
    return column("pseudonym of the v_number", source="linking.md", **field)


def application_kind() -> Any:
    return column(
        "kind of application (soort aanvraag): EERSTE, HERHAALD, NAREIS, HERVESTIGING, HERPLAATSING in English",
        source="ind.aanvraag.soort_aanvraag",
        isin=APPLICATION_KINDS,
    )


def nationality_group() -> Any:
    return column("group of nationalities", source="ind.aanvraag.nationaliteit, rules.nationality_groups")


def track() -> Any:
    return column("track (spoor); unknown where IND has none", source="ind.aanvraag.spoor", isin=TRACKS)


def procedure() -> Any:
    return column(
        "procedure: AA general, AA+ general with more days, VA extended, GRENS border, VERSNELD accelerated, unknown",
        source="ind.aanvraag.procedure",
        isin=PROCEDURES,
    )


def project() -> Any:
    return column(
        "project that IND works the case in (not rules.projects); none where there is none",
        source="ind.aanvraag.project",
    )


def complexity() -> Any:
    return column("complexity (complexiteit)", source="ind.aanvraag.complexiteit", isin=COMPLEXITIES)


def stage(description: str = "stage of the chain", **field: Any) -> Any:
    return column(description, source=TIMELINE, **{"isin": OPEN_STAGES, **field})


def holder() -> Any:
    return column("party that everybody waits for in the stage", source="timeline.md; rules.stages", isin=HOLDERS)


def pool(description: str = "staff pool: INTERN, EXTERN, TASKFORCE", **field: Any) -> Any:
    return column(description, source="ind.beslissing.pool", **{"isin": codes.POOLS, **field})


def outcome(description: str, **field: Any) -> Any:
    return column(description, source="ind.beslissing.uitkomst", isin=codes.OUTCOMES, **field)


def sex() -> Any:
    return column("sex (geslacht): M man, V woman, O other", source="ind.aanvraag.geslacht", isin=codes.SEXES)


def birth_year(**field: Any) -> Any:
    return column("year of birth; empty where unknown", unit="year", nullable=True, **field)


def nationality_code(**field: Any) -> Any:
    return column(
        "nationality, ISO 3166-1 alpha-3, XXA stateless, XXX unknown; empty for a state that no longer exists",
        nullable=True,
        **field,
    )


def partner() -> Any:
    return column("partner that delivers: ind, coa, rvr", source="raw.delivery", isin=PARTNERS)

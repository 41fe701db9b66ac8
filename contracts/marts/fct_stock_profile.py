"""marts.fct_stock_profile."""

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import Decimal18, column

AGE_BANDS = ("0-3", "3-6", "6-9", "9-15", "15-21", "21+")
TERM_STATUSES = ("suspended", "no_deadline", "over_term", "in_term_0_30", "in_term_30_90", "in_term_90_plus")
READINESS = ("impeded", "ready", "waiting_for_file")


class FctStockProfile(Contract):
    """The undecided cases on the as-of date: one row a combination of dimensions, age, term, stage and readiness."""

    application_kind: str = dim.application_kind()
    nationality_group: str = dim.nationality_group()
    track: str = dim.track()
    procedure: str = dim.procedure()
    complexity: str = dim.complexity()
    project: str = dim.project()
    age_band: str = column(
        "months since the application; a case is in 3-6 from applied_on + 3 months on",
        unit="months",
        source="marts.dim_case.applied_on",
        isin=AGE_BANDS,
    )
    term_status: str = column(
        "the first that holds: suspended, no_deadline, over_term (buiten de termijn), else days left until the "
        "deadline as applied: in_term_0_30, in_term_30_90, in_term_90_plus; 30 and 90 belong to the higher band",
        source="marts.dim_case.deadline_as_applied",
        isin=TERM_STATUSES,
    )
    stage: str = dim.stage("stage of the chain on the as-of date")
    readiness: str = column(
        "impeded (belemmerd), else ready: file ready (DOSSIER_GEREED) or heard, else waiting_for_file",
        source="marts.dim_case",
        isin=READINESS,
    )
    written_suitability: str = column(
        "whether the group suits written hearings: the first row of the table that matches; empty where none does",
        source="rules.written_suitability",
        nullable=True,
    )
    cases: int = column(
        "undecided applications", unit="cases", source="marts.dim_case.applied_on, marts.dim_case.decided_on", ge=1
    )
    families: int = column(
        "different families within the row, a case without family counted as one; the same family can stand in several "
        "rows, so they do not add up",
        unit="families",
        source="ind.aanvraag.gezin_id",
        ge=1,
    )
    mean_age_days: float = column(
        "mean age of the cases",
        formula="sum of as-of date - applied_on / cases",
        denominator="cases",
        unit="days",
        source="marts.dim_case.applied_on",
        ge=0,
    )
    expected_hours_left: Decimal18 = column(
        "staff hours that the cases should still take; unknown complexity counts as standard. Family reunification "
        "has no hearings, yet their norms are counted: an upper bound there",
        formula="sum over the cases of the norm hours, by complexity, of the steps in the table not yet realised "
        "(AANMELDGEHOOR, DOSSIER_GEREED, NADER_GEHOOR, BESLISSING)",
        unit="hours",
        source="rules.norm_hours, ind.processtap",
        ge=0,
    )

    class Config:
        name = "marts.fct_stock_profile"
        unique = [
            "application_kind",
            "nationality_group",
            "track",
            "procedure",
            "complexity",
            "project",
            "age_band",
            "term_status",
            "stage",
            "readiness",
            "written_suitability",
        ]
        at_most = {"column": "families", "limit": "cases"}

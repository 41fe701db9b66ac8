"""marts.fct_stage_visit."""

from datetime import date

from contracts import dimensions as dim
from contracts.base import Contract
from contracts.columns import column


class FctStageVisit(Contract):
    """Visits of cases to stages: one row a visit of a case to a stage. A closed case visits nothing."""

    case_id: str = dim.case_id()
    visit_no: int = column("1, 2, ... by time within the case", source=dim.TIMELINE, ge=1)
    stage: str = dim.stage()
    holder: str = dim.holder()
    entered_on: date = column("first day at whose end the case is in the stage", source=dim.TIMELINE)
    left_on: date = column(
        "first day at whose end it no longer is; empty = still there on the as-of date",
        source=dim.TIMELINE,
        nullable=True,
    )
    days: int = column(
        "how long it lasted, or lasts",
        formula="left_on, else the as-of date, - entered_on",
        unit="days",
        source=dim.TIMELINE,
        ge=0,
    )
    norm_days: int = column(
        "days that the stage should take, by the row valid on entered_on",
        unit="days",
        source="rules.stage_norms",
        nullable=True,
        ge=0,
    )
    is_over_norm: bool = column(
        "lasts longer than its norm; empty without norm",
        formula="days > norm_days",
        source="rules.stage_norms",
        nullable=True,
    )
    days_over_norm: int = column(
        "days beyond the norm; empty without norm",
        formula="max(0, days - norm_days)",
        unit="days",
        source="rules.stage_norms",
        nullable=True,
        ge=0,
    )
    application_kind: str = dim.application_kind()
    nationality_group: str = dim.nationality_group()
    track: str = dim.track()
    procedure: str = dim.procedure()
    project: str = dim.project()
    complexity: str = dim.complexity()

    class Config:
        name = "marts.fct_stage_visit"
        unique = ["case_id", "visit_no"]
        after = {"later": "left_on", "earlier": "entered_on"}
        filled_exactly_with = (
            {"column": "is_over_norm", "other": "norm_days"},
            {"column": "days_over_norm", "other": "norm_days"},
        )
        exists_in = {"column": "case_id", "parent": "marts.dim_case", "parent_column": "case_id"}

"""What is written from the contracts is up to date: the dictionary, and the comments in DuckDB."""

import duckdb

import contracts
from contracts.dictionary import PAGE, dictionary
from tests.contracts import frames


def test_the_committed_dictionary_is_what_the_contracts_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == dictionary(), "run python -m contracts.dictionary"


def test_every_table_and_column_carries_a_comment_in_duckdb() -> None:
    with duckdb.connect() as connection:
        for contract in contracts.all().values():
            frames.table(connection, contract, [])
            for statement in contract.comments_sql():
                connection.execute(statement)
        assert connection.execute("select table_name from duckdb_tables() where comment is null").fetchall() == []
        silent = """select column_name from duckdb_columns()
            where not internal and comment is null and column_name <> '_reference_on'"""
        assert connection.execute(silent).fetchall() == []
        over_term = """select comment from duckdb_columns()
            where table_name = 'fct_ind_stock_daily' and column_name = 'over_term'"""
        assert connection.execute(over_term).fetchall() == [
            (
                "of the stock, over term as applied (buiten de termijn). "
                "Formula: cases undecided on the day, no suspension covering it, deadline_as_applied < day. "
                "Unit: cases. Source: rules.statutory_terms, ind.termijnmutatie.",
            )
        ]


def test_marts_have_the_columns_of_the_specification_in_its_order() -> None:
    assert {table: " ".join(contract.columns) for table, contract in MARTS.items()} == {
        table: " ".join(columns.split()) for table, columns in SPECIFIED.items()
    }


DIMENSIONS = "application_kind nationality_group track procedure project complexity"
SPECIFIED = {
    "marts._metadata": "key value",
    "marts.dim_case": """case_id person_id family_id application_kind nationality_code nationality_group birth_year sex
        is_unaccompanied_minor track procedure complexity team project registered_on applied_on first_interview_on
        prepared_on file_ready_on heard_on hearing_mode intended_on viewed_on decided_on outcome outcome_group pool
        last_decided_on last_outcome decision_count appealed_on ruled_on ruling is_overturned irrevocable_on
        legal_aid_requested_on legal_aid_granted_on reception_from reception_until housed_on written_offered_on
        is_written_fallback stage holder stage_since is_open is_impeded is_suspended left_before_decision
        deadline_as_applied deadline_in_hindsight deadline_from_loopbrief is_over_term is_over_term_in_hindsight
        decided_in_term decided_in_term_in_hindsight ind_hours""",
    "marts.fct_stage_visit": f"""case_id visit_no stage holder entered_on left_on days norm_days is_over_norm
        days_over_norm {DIMENSIONS}""",
    "marts.fct_backlog_daily": """day stage holder application_kind nationality_group track project stock entered_count
        left_count over_norm impeded""",
    "marts.fct_ind_stock_daily": """day application_kind nationality_group track project stock applications
        first_decisions residual over_term over_term_in_hindsight over_6_months over_15_months over_21_months impeded
        suspended on_time_share""",
}
MARTS = {table: contracts.all()[table] for table in SPECIFIED}

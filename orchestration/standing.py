"""Which dbt project the rule tables and staging views of a working database were made from.

They are a function of the project alone: views hold no rows, rule tables those of the project's files. While the
project is the same they stand, and a refresh builds half as many nodes.

Belongs here: the one row that says so. Does not belong here: what is built (`dbt`).
"""

from orchestration import database
from orchestration.durable import reached
from orchestration.settings import Settings

TABLE = "rules._project"
"""Among the tables that it speaks of: whoever leaves those out of a copy leaves it out too."""


def stands(settings: Settings, project: str) -> bool:
    """Whether rule tables and staging views were all made from this project (a hash)."""
    with database.connect(settings, read_only=True) as connection:
        if not database.has_table(connection, TABLE):
            return False
        return connection.execute(f"select project from {TABLE}").fetchall() == [(project,)]


def begin(settings: Settings) -> None:
    """They are about to be made anew: a run that dies half-way leaves a mixture, which is nobody's."""
    with database.connect(settings) as connection:
        connection.execute("create schema if not exists rules")
        reached("standing.schema")
        connection.execute(f"create or replace table {TABLE} (project varchar not null)")
    reached("standing.begun")


def end(settings: Settings, project: str) -> None:
    """All are made."""
    with database.connect(settings) as connection:
        connection.execute(f"insert into {TABLE} values (?)", [project])
        reached("standing.noted")
    reached("standing.ended")

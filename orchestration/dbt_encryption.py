"""What dbt-duckdb lacks to write an encrypted database offline: the extension, loaded from its package.

Belongs here: the plugin that dbt_project/profiles.yml names. Does not belong here: the key, which the profile reads.
"""

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection

from contracts.checks import literal
from orchestration.database import EXTENSION


class Plugin(BasePlugin):
    """Loads the extension before dbt attaches anything."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Called once, on the connection that all cursors come from."""
        conn.execute(f"load {literal(str(EXTENSION))}")

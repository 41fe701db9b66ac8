"""Everything a user can set, and the folders of a home. The only place that reads the environment.

Belongs here: typed settings, their defaults and meaning; where files live. Does not belong here: what is done with them.
"""

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent
"""The installation: may be read-only, so nothing is ever written below it."""


class Settings(BaseSettings):
    """Settings of one home; each comes from `KETENZICHT_<NAME>` or a line of `.env`."""

    model_config = SettingsConfigDict(env_prefix="KETENZICHT_", env_file=".env", extra="forbid", frozen=True)

    home: Annotated[Path, Field(description="deliveries, private work, Dagster home, publication")] = Path(
        "data"
    )
    key: Annotated[SecretStr | None, Field(description="pseudonym key, 64 hex digits")] = None
    key_file: Annotated[Path, Field(description="file with the key, mode 600; used when KEY is absent")] = (
        Path("~/.config/ketenzicht/key")
    )
    as_of: Annotated[date | None, Field(description="as-of date; empty: newest reference date of IND")] = None
    max_bad_rows: Annotated[
        int, Field(ge=0, description="bad rows of a file that never refuse a delivery")
    ] = 20
    max_bad_share: Annotated[
        float, Field(ge=0, le=1, description="share of bad rows that refuses, above MAX_BAD_ROWS")
    ] = 0.02
    threads: Annotated[int, Field(ge=1, le=64, description="threads of DuckDB and dbt")] = 2
    memory_limit: Annotated[
        str, Field(pattern=r"^\d+(\.\d+)? ?(MB|GB|TB|MiB|GiB|TiB)$", description="memory of DuckDB")
    ] = "4GB"
    keep_releases: Annotated[int, Field(ge=1, description="releases kept beside the current one")] = 7
    run_history_days: Annotated[int, Field(ge=1, description="days that Dagster keeps a run")] = 90
    lock_wait_seconds: Annotated[
        int, Field(ge=0, description="how long a refresh waits for another to end")
    ] = 600
    landmark_days: Annotated[
        int, Field(ge=0, description="days from preparation to the landmark of fct_hearing_mode")
    ] = 14
    restatement_months: Annotated[int, Field(ge=1, description="knowledge dates of fct_restatement")] = 36

    @cached_property
    def paths(self) -> "Paths":
        """The folders of this home, as absolute paths."""
        return Paths(self.home.expanduser().resolve())


class Paths:
    """Where everything of one home lives."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.deliveries = home / "deliveries"
        self.work = home / "work"
        self.database = self.work / "ketenzicht.duckdb"
        self.build = self.work / "build" / "chain.duckdb"
        self.dbt_target = self.work / "dbt"
        self.lock = self.work / "lock"
        self.last_refresh = self.work / "last_refresh.json"
        self.dagster = home / "dagster"
        self.published = home / "published"
        self.current = self.published / "current"
        self.chain = self.published / "chain.duckdb"
        self.releases = self.published / "releases"

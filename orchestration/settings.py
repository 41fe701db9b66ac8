"""Everything a user can set, and the folders of a home. The only place that reads the environment.

Belongs here: typed settings, their defaults and meaning; where files live. Does not belong here: what is done with
them.
"""

import os
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from dotenv import dotenv_values
from pydantic import AfterValidator, ByteSize, Field, SecretStr, TypeAdapter, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "KETENZICHT_"
PROJECT = Path(__file__).resolve().parent.parent
"""The installation: may be read-only, so nothing is ever written below it."""

PYTHON_TAKES = 800_000_000
"""Bytes at most: what models in Python take of three million cases, two at a time."""


class SettingsError(Exception):
    """A setting is unknown or has a wrong value; the message names the variable and what it may hold."""


def _web_address(given: SecretStr | None) -> SecretStr | None:
    if given is not None and not given.get_secret_value().startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return given


def _one_of(*allowed: int) -> AfterValidator:
    def check(given: int) -> int:
        if given not in allowed:
            raise ValueError(f"must be one of {', '.join(map(str, allowed))}")
        return given

    return AfterValidator(check)


class Settings(BaseSettings):
    """Settings of one home; each comes from `KETENZICHT_<NAME>` or a line of `.env`."""

    # extra: other programs' lines in .env are none of our business; `load` refuses unknown ones of ours.
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Annotated[Path, Field(description="deliveries, private work, Dagster home, publication")] = Path("data")
    key: Annotated[SecretStr | None, Field(description="pseudonym key, 64 hex digits")] = None
    key_file: Annotated[Path, Field(description="file with the key, mode 600; used when KEY is absent")] = Path(
        "~/.config/ketenzicht/key"
    )
    encrypt: Annotated[bool, Field(description="keep the private working database encrypted on the disk")] = False
    as_of: Annotated[date | None, Field(description="as-of date; empty: newest reference date of IND")] = None
    max_bad_rows: Annotated[int, Field(ge=0, description="bad rows of a file that never refuse a delivery")] = 20
    max_bad_share: Annotated[
        float, Field(ge=0, le=1, description="share of bad rows that refuses, above MAX_BAD_ROWS")
    ] = 0.02
    drop_rows: Annotated[int, Field(ge=1, description="rows gone that never hold a full delivery, when fewer")] = 10
    drop_share: Annotated[
        float,
        Field(gt=0, le=1, description="share of an extract's rows gone that holds a full delivery, from DROP_ROWS on"),
    ] = 0.3
    threads: Annotated[int, Field(ge=1, le=64, description="threads of DuckDB and dbt")] = 2
    memory_limit: Annotated[
        str, Field(pattern=r"^\d+(\.\d+)? ?(MB|GB|TB|MiB|GiB|TiB)$", description="memory of DuckDB and Python models")
    ] = "4GB"
    keep_releases: Annotated[int, Field(ge=1, description="newest releases kept; the published one always is")] = 7
    run_history_days: Annotated[int, Field(ge=1, description="days that Dagster keeps a run")] = 90
    lock_wait_seconds: Annotated[int, Field(ge=0, description="how long a refresh waits for another to end")] = 600
    alert_command: Annotated[str | None, Field(description="shell command that gets alerts as JSON on its input")] = (
        None
    )
    alert_webhook: Annotated[
        SecretStr | None, AfterValidator(_web_address), Field(description="http(s) address that alerts are posted to")
    ] = None
    alert_timeout_seconds: Annotated[int, Field(ge=1, le=25, description="how long an alert target may take")] = 10
    stale_after_days: Annotated[int, Field(ge=1, description="age of the publication's as-of date that alerts")] = 3
    landmark_days: Annotated[
        int, Field(ge=0, description="days from preparation to the landmark of fct_hearing_mode")
    ] = 14
    restatement_months: Annotated[int, Field(ge=1, description="knowledge dates of fct_restatement")] = 36
    open_threshold: Annotated[int, _one_of(5, 10), Field(description="open counts below it are hidden: 5 or 10")] = 5
    open_rounding: Annotated[
        int, _one_of(1, 5, 10), Field(description="open counts are rounded to multiples of it: 1, 5 or 10")
    ] = 5

    @property
    def memory_beside_python(self) -> int:
        """Bytes of `memory_limit` for DuckDB where models in Python run beside it: two fifths or less are theirs."""
        whole = TypeAdapter(ByteSize).validate_python(self.memory_limit)
        return whole - min(whole * 2 // 5, PYTHON_TAKES)

    @cached_property
    def paths(self) -> "Paths":
        """The folders of this home, as absolute paths."""
        return Paths(self.home.expanduser().resolve())


def load(home: Path | None = None) -> Settings:
    """The settings of this process; `home` overrides KETENZICHT_HOME. Raises SettingsError."""
    env_file = Settings.model_config.get("env_file")
    names = (*os.environ, *(dotenv_values(str(env_file)) if env_file else ()))
    given = {name.upper() for name in names if name.upper().startswith(PREFIX)}
    known = {f"{PREFIX}{name.upper()}": field.description for name, field in Settings.model_fields.items()}
    if unknown := sorted(given - known.keys()):
        raise SettingsError(
            f"unknown setting {', '.join(unknown)} (environment or .env): unset it or correct its name; "
            f"known are {', '.join(sorted(known))}"
        )
    try:
        return Settings() if home is None else Settings(home=home)
    except ValidationError as error:
        # The value itself stays out of the message: it may be a key.
        wrong = (f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors() if e["loc"])
        text = "; ".join(f"{line} ({known.get(line.split(':')[0], 'see README')})" for line in wrong)
        raise SettingsError(f"wrong setting {text}: correct it in the environment or .env") from None


def load_what_fits(home: Path | None = None) -> tuple[Settings, str | None]:
    """The settings with the default in place of a wrong one, and what is wrong: for who looks for what is wrong."""
    try:
        return load(home), None
    except SettingsError as error:
        complaint = str(error)
    given: dict[str, Any] = {} if home is None else {"home": home}
    try:
        return Settings(**given), complaint
    except ValidationError as error:
        wrong = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
    return Settings(**{name: Settings.model_fields[name].default for name in wrong} | given), complaint


def environment(*, with_settings: bool = False, **extra: str) -> dict[str, str]:
    """The environment for a child process, plus `extra`; without our settings, which may hold a key, unless told."""
    inherited = {name: value for name, value in os.environ.items() if with_settings or not name.startswith(PREFIX)}
    return inherited | extra


class Paths:
    """Where everything of one home lives."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.deliveries = home / "deliveries"
        self.forgotten = home / "forgotten.json"
        self.accepted_drops = home / "accepted_drops.json"
        self.work = home / "work"
        self.database = self.work / "ketenzicht.duckdb"
        self.build = self.work / "build" / "chain.duckdb"
        self.dbt_target = self.work / "dbt"
        self.lock = self.work / "lock"
        self.unclean = self.work / "unclean"
        self.last_refresh = self.work / "last_refresh.json"
        self.alerts = self.work / "alerts.json"
        self.dagster = home / "dagster"
        self.published = home / "published"
        self.current = self.published / "current"
        self.chain = self.published / "chain.duckdb"
        self.releases = self.published / "releases"

"""What every step of a run shares.

Belongs here: the home under work, held by one run at a time, and what that run was asked for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import dagster as dg
from pydantic import Field

from orchestration import home as homes
from orchestration import lock, runs
from orchestration.settings import Settings, load


class Request(dg.ConfigurableResource):
    """What a run was asked for."""

    as_of: str | None = Field(default=None, description="as-of date, YYYY-MM-DD; none: newest reference date of IND")
    full: bool = Field(default=False, description="build the history anew from all deliveries")
    replace: bool = Field(default=False, description="let the publication move back in time")
    accept_drop: bool = Field(default=False, description="take the full deliveries from which many rows are gone")
    release_only: bool = Field(default=False, description="write a release, leave the publication as it is")

    def as_of_on(self, settings: Settings) -> date | None:
        """The as-of date that was asked for, else that of the settings, else none."""
        return date.fromisoformat(self.as_of) if self.as_of else settings.as_of


class Workspace(dg.ConfigurableResource):
    """A home, locked for the length of a run."""

    home: str = Field(description="folder of the home")

    @property
    def settings(self) -> Settings:
        """The settings of this home. Raises SettingsError."""
        return load(Path(self.home))

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Workspace"]:
        """Hold the lock of the home from the first step to the last. Raises LockedError."""
        settings = self.settings
        homes.prepare(settings.paths)
        if context.instance is not None and context.run_id is not None:
            runs.sign(context.instance, context.run_id)
            runs.bury(context.instance)
        with lock.exclusive(settings.paths.lock, settings.lock_wait_seconds):
            yield self

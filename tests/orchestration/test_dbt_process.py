"""The host that dbt's commands are forked from: one after the other, each with its own output and exit code."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.dbt_process import DbtHost
from orchestration.settings import environment


@pytest.fixture
def host(tmp_path: Path) -> Iterator[DbtHost]:
    """A host in a folder without a project: it cannot read one, and says so by each command that needs it."""
    env = environment(DBT_LOG_PATH=str(tmp_path / "logs"), DBT_SEND_ANONYMOUS_USAGE_STATS="false")
    found = DbtHost(env, tmp_path, reads_project=True)
    yield found
    found.close()


def said(host: DbtHost, *args: str) -> tuple[int, str]:
    """The exit code and the output of a command."""
    process = host.start(args)
    printed = process.stdout.read().decode()
    return process.wait(), printed


def test_commands_run_one_after_the_other_each_with_its_own_end(host: DbtHost) -> None:
    code, printed = said(host, "--help")
    assert (code, "build" in printed) == (0, True)
    code, printed = said(host, "build", "--profiles-dir", ".", "--log-format", "json")
    assert (code, "dbt_project.yml" in printed) == (2, True)
    code, printed = said(host, "no-such-command")
    assert (code, "no-such-command" in printed) == (2, True)
    assert said(host, "--help")[0] == 0


def test_a_host_that_dies_is_no_reason_to_wait_for_ever(host: DbtHost) -> None:
    assert said(host, "--help")[0] == 0
    assert host._process.pid is not None
    os.kill(host._process.pid, signal.SIGKILL)
    host._process.join()
    with pytest.raises((EOFError, OSError)):
        host.start(["--help"])

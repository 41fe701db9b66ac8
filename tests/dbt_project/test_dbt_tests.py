"""dbt's unit tests: a refresh leaves them out, so they run here, on the tables of the worked cases."""

import subprocess
import sys
from pathlib import Path

from orchestration.dbt import PROJECT_DIR, variables
from orchestration.settings import Settings


def test_every_unit_test_of_dbt_passes(own_examples: Path) -> None:
    settings = Settings(home=own_examples)
    outcome = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "test", "--select", "test_type:unit"],
        env=variables(settings) | {"DBT_LOG_FORMAT": "text"},
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout
    assert "TOTAL=0" not in outcome.stdout

"""dbt's unit tests: a refresh leaves them out, so they run here, on the tables of the worked cases."""

import shutil
import subprocess
import sys
from pathlib import Path

from orchestration.dbt import PROJECT_DIR, variables
from orchestration.settings import Settings


def test_every_unit_test_of_dbt_passes(own_examples: Path) -> None:
    settings = Settings(home=own_examples)
    # publishing took the build away, and dbt reads column types of marts there
    settings.paths.build.parent.mkdir(exist_ok=True)
    shutil.copy(settings.paths.chain, settings.paths.build)
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

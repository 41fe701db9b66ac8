"""Runs every shell block of README.md, in order, in a home of its own; `make check` calls it.

`make test` is left to the caller: `.ci/run` runs it next, and a block that runs the tests would run itself.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(readme: str) -> list[str]:
    """The shell blocks of a page, without `make test`."""
    return [re.sub(r"^make test\n", "", block, flags=re.MULTILINE) for block in BLOCK.findall(readme)]


def main() -> int:
    """Exit code of the first block that fails, else 0."""
    with tempfile.TemporaryDirectory() as home:
        variables = os.environ | {"KETENZICHT_HOME": f"{home}/data", "KETENZICHT_KEY_FILE": f"{home}/key"}
        for block in blocks((PROJECT / "README.md").read_text()):
            sys.stdout.write(f"README.md:\n{block}")
            sys.stdout.flush()
            ended = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=PROJECT, env=variables, check=False)
            if ended.returncode:
                sys.stderr.write(f"exit code {ended.returncode}\n")
                return ended.returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

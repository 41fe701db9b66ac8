"""What the benchmark ran on. Belongs here: reading it (Linux). Does not belong here: anything that is measured."""

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "dagster", "pandera", "pandas", "polars", "pyarrow", "numpy")


def machine() -> dict[str, Any]:
    """Processor, cores that this process may use, memory, system."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 1e9, 1),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
    }


def versions() -> dict[str, str]:
    """The packages that do the work."""
    return {"ketenzicht": version("ketenzicht"), **{name: version(name) for name in PACKAGES}}


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def size_of(*paths: Path) -> int:
    """Bytes of all files below folders, links not followed."""
    return sum(
        file.stat().st_size for path in paths for file in path.rglob("*") if file.is_file() and not file.is_symlink()
    )

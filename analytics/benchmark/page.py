"""Writes the measured part of docs/performance.md, and its picture, from the stored document of a benchmark:

`python -m analytics.benchmark.page docs/performance.json`

Belongs here: the block between the two marks, so that no number of the page is typed. Does not belong here: the text
around it, which is written by hand; the picture (`plot`).
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analytics.benchmark import tables

BEGIN = "<!-- begin: written by analytics.benchmark.page -->"
END = "<!-- end: written by analytics.benchmark.page -->"


def block(document: Mapping[str, Any]) -> str:
    """The measured part as Markdown, marks included."""
    machine, versions, conditions = (document[name] for name in ("machine", "versions", "conditions"))
    told = [
        f"Measured on {machine['cores']} cores of {machine['processor']}, {machine['memory_gb']} GB, with "
        f"{conditions['threads']} threads and memory_limit {conditions['memory_limit']}; Python {machine['python']}, "
        + ", ".join(f"{name} {version}" for name, version in versions.items() if name != "ketenzicht")
        + "."
    ]
    for title, rows in tables.of_document(document).items():
        told.append(f"### {title}\n\n{_table(rows)}")
    return "\n\n".join([BEGIN, *told, END])


def _table(rows: tables.Rows) -> str:
    names = list(rows[0])
    lines = [[name.replace("_", " ") for name in names], ["---"] * len(names)]
    lines += [[str(row[name]) for name in names] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def renewed(page: str, document: Mapping[str, Any]) -> str:
    """The page with its measured part written anew. Raises ValueError when a mark is missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page has no part between {BEGIN!r} and {END!r}")
    return before + block(document) + after


def main(stored: Path) -> None:
    """Renew the page and the picture beside the stored document."""
    from analytics.benchmark import plot

    document = json.loads(stored.read_text(encoding="utf-8"))
    page = stored.with_suffix(".md")
    page.write_text(renewed(page.read_text(encoding="utf-8"), document), encoding="utf-8")
    plot.draw(stored.with_suffix(".png"), document)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

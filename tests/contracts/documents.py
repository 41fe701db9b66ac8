"""ODCS documents to be edited by tests. Belongs here: finding places in one. Not: what tests assert."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from contracts.agreement import Agreement, current
from contracts.agreement_odcs import agreement_of, document

Document = dict[str, Any]
Edit = Callable[[Document], object]


def table(content: Document, name: str) -> Document:
    return next(one for one in content["schema"] if one["name"] == name)


def column(content: Document, place: str) -> Document:
    of, name = place.split(".")
    return next(one for one in table(content, of)["properties"] if one["name"] == name)


def rule(content: Document, place: str, kind: str) -> Document:
    of, name = place.split(".")
    return next(one for one in table(content, of)["quality"] if one["name"] == f"{kind}:{name}")


def without(listed: list[Document], name: str) -> None:
    listed.remove(next(one for one in listed if one["name"] == name))


def changed(name: str, edit: Edit) -> tuple[Agreement, Agreement]:
    """An agreement, and the same after an edit of its document."""
    content = deepcopy(document(current(name)))
    edit(content)
    return current(name), agreement_of(content)

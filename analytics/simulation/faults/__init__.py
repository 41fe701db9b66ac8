"""Faults that partners make, each with what must come of it: one function a fault, its expected outcome beside it.

Belongs here: the registry and its parts. Does not belong here: the known mess, which is no fault.
"""

from analytics.simulation.faults import cells, files, headers, manifests, rows, situations, text
from analytics.simulation.faults.injection import inject_faults, known_faults
from analytics.simulation.faults.registry import REGISTRY, Fault, Outcome
from analytics.simulation.faults.situations import SITUATIONS, Situation

__all__ = [
    "REGISTRY",
    "SITUATIONS",
    "Fault",
    "Outcome",
    "Situation",
    "cells",
    "files",
    "headers",
    "inject_faults",
    "known_faults",
    "manifests",
    "rows",
    "situations",
    "text",
]

"""Faults that partners make, each with what must come of it: one function a fault, its expected outcome beside it.

Belongs here: the registry and its parts. Does not belong here: the known mess, which is no fault.
"""

from analytics.simulation.faults import files, manifests, rows
from analytics.simulation.faults.injection import inject_faults, known_faults
from analytics.simulation.faults.registry import REGISTRY, Fault, Outcome

__all__ = ["REGISTRY", "Fault", "Outcome", "files", "inject_faults", "known_faults", "manifests", "rows"]

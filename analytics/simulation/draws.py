"""Random numbers: one independent, named stream per question, so that a new draw shifts no other."""

import zlib
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Draws:
    """Seeded streams; the same seed and name give the same numbers on every machine."""

    seed: int

    def stream(self, name: str) -> np.random.Generator:
        """A fresh generator for one question."""
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, zlib.crc32(name.encode())])))

    def uniform(self, name: str, size: int) -> npt.NDArray[np.float64]:
        """Uniform numbers in [0, 1)."""
        return self.stream(name).random(size)

    def chance(self, name: str, share: npt.ArrayLike, size: int) -> npt.NDArray[np.bool_]:
        """True with the given probability."""
        return np.asarray(self.uniform(name, size) < np.asarray(share))

    def pick(self, name: str, weights: npt.ArrayLike, size: int) -> npt.NDArray[np.int8]:
        """Index of one of the weighted choices."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        return np.minimum(np.searchsorted(edges / edges[-1], self.uniform(name, size), "right"), len(edges) - 1).astype(
            np.int8
        )

    def days(self, name: str, median: npt.ArrayLike, spread: float, size: int) -> npt.NDArray[np.int32]:
        """Lognormal waits in whole days with the given median."""
        logs = self.stream(name).normal(0.0, spread, size)
        return np.round(np.asarray(median) * np.exp(logs)).astype(np.int32)

    def between(self, name: str, low: npt.ArrayLike, high: npt.ArrayLike, size: int) -> npt.NDArray[np.int32]:
        """Whole numbers from low to high, both included."""
        span = np.asarray(high) - np.asarray(low) + 1
        return (np.asarray(low) + np.floor(self.uniform(name, size) * span)).astype(np.int32)


@dataclass(frozen=True)
class RunningDraws(Draws):
    """Draws whose streams go on where they stopped: parts drawn one after another get what the whole would get."""

    begun: dict[str, np.random.Generator] = field(default_factory=dict, compare=False)

    def stream(self, name: str) -> np.random.Generator:
        """The generator of one question, after what it has drawn already."""
        if name not in self.begun:
            self.begun[name] = super().stream(name)
        return self.begun[name]

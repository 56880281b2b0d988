"""Chance that repeats itself: every part of the city draws from a stream of its own, so none shifts another.

Only integers are drawn: a logarithm may differ in its last bit between two machines, and with it a fen.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


def stream(seed: int, *names: object) -> random.Random:
    """The stream of one part of the city."""
    return random.Random("/".join(str(part) for part in (seed, *names)))  # noqa: S311 - a demo, not a secret


class Urn(Generic[T]):
    """Things with integer weights, drawn with replacement."""

    def __init__(self, weighted: Sequence[tuple[T, int]]) -> None:
        self._things = [thing for thing, weight in weighted if weight]
        self._cumulated = list(accumulate(weight for _, weight in weighted if weight))

    def __bool__(self) -> bool:
        return bool(self._things)

    def draw(self, chance: random.Random) -> T:
        """One thing, as often as its weight says."""
        return self._things[bisect_right(self._cumulated, chance.randrange(self._cumulated[-1]))]

"""Many cells of the compiled tables as few boxes, and a box in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bureau.policy.rules import phrasing
from bureau.policy.rules.vocabulary import AXES, CARES, CHRONIC_COUNTS, LEVELS, PERSONS, RELATIONS, RELIEFS, YES_NO

Mask: TypeAlias = NDArray[np.bool_]
# Positions along each axis: together they are a box of cells.
Box: TypeAlias = tuple[tuple[int, ...], ...]

_NAMES = {
    "care": [phrasing.label("care", code) for code in CARES],
    "level": [phrasing.label("level", code) for code in LEVELS],
    "relation": [phrasing.label("relation", code) for code in RELATIONS],
    "filing": [phrasing.label("filing", code) for code in YES_NO],
    "signed": [phrasing.label("signed", code) for code in YES_NO],
    "chronic": [phrasing.label("chronic_count", code) for code in CHRONIC_COUNTS],
    "relief": [phrasing.label("relief", code) for code in RELIEFS],
    "poor": [phrasing.label("registered_poor", code) for code in YES_NO],
}


def words(box: Box, axes: Sequence[str], districts: Sequence[str]) -> str:
    """A box in words, districts on its first axis; what holds along a whole axis is not said."""
    here, *others = box
    said = ["、".join(districts[at] for at in here)] if len(here) < len(districts) else []
    for axis, positions in zip(axes, others, strict=True):
        if len(positions) < AXES[axis]:
            said.append(_persons(positions) if axis == "person" else "、".join(_NAMES[axis][at] for at in positions))
    return "·".join(said) or phrasing.EVERYBODY


def _persons(positions: Sequence[int]) -> str:
    chosen = [PERSONS[at] for at in positions]
    schemes = list(dict.fromkeys(scheme for scheme, _ in chosen))
    said = []
    for scheme in schemes:
        mine = [employment for of, employment in chosen if of == scheme]
        every = [employment for of, employment in PERSONS if of == scheme]
        name = phrasing.label("scheme", scheme)
        said.append(name if mine == every else f"{name}（{phrasing.label('employment', mine[0])}）")
    return "、".join(said)


def boxes(mask: Mask, idle: Mask) -> Iterator[Box]:
    """The cells of a mask as few boxes: positions whose slices agree go together, axis by axis.

    Idle cells say nothing on either side: a box may run over them, which spares "levels one to three" for all.
    """
    if mask.ndim == 0:
        if mask:
            yield ()
        return
    groups: list[tuple[list[int], Mask, Mask]] = []
    for at in np.flatnonzero(mask.reshape(len(mask), -1).any(axis=1)).tolist():
        for number, (positions, cells, rest) in enumerate(groups):
            if not ((cells ^ mask[at]) & ~(rest | idle[at])).any():
                groups[number] = ([*positions, at], cells | mask[at], rest & idle[at])
                break
        else:
            groups.append(([at], mask[at], idle[at]))
    silent = set(np.flatnonzero(idle.reshape(len(idle), -1).all(axis=1)).tolist())
    for positions, cells, rest in groups:
        whole = len(silent.union(positions)) == len(mask)
        for inner in boxes(cells, rest):
            yield (tuple(range(len(mask))) if whole else tuple(positions), *inner)

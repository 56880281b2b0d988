"""What a document demands of values that stand elsewhere: floors, ceilings, gradients, checked on the final cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bureau.kernel.money import format_ratio, format_yuan
from bureau.policy.rules import layout
from bureau.policy.rules.documents import Bound, Gradient, Row
from bureau.policy.rules.faults import Fault
from bureau.policy.rules.mechanisms import Mechanism
from bureau.policy.rules.vocabulary import DIMENSIONS, axes_of
from bureau.policy.terms import Unit

Cells: TypeAlias = tuple[NDArray[np.intp], ...]
# The cells of a row, the rows behind a citation, and a cell in words: what the compiler knows and the checks ask.
Locate: TypeAlias = Callable[[Row], Cells | None]
Behind: TypeAlias = Callable[[int], Row]
Describe: TypeAlias = Callable[[tuple[str, ...], tuple[int, ...]], str]
# Values, citations and which cells count, by mechanism.
Grids: TypeAlias = Mapping[str, tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]]


def beyond(bound: Bound, grids: Grids, locate: Locate, behind: Behind, describe: Describe) -> Iterator[Fault]:
    """Values below a floor or above a ceiling, one fault for each value that is."""
    row, mechanism = bound.row, bound.row.mechanism
    cells = locate(row)
    if cells is None or not isinstance(row.value, int):
        return
    values, cited, counts = (grid[cells] for grid in grids[mechanism.key])
    wrong = counts & (values < row.value if bound.floor else values > row.value)
    for at in _one_of_each(np.where(wrong, cited, -1)):
        cell = tuple(int(axis.ravel()[position]) for axis, position in zip(cells, at, strict=True))
        broken = behind(int(cited[at]))
        message = (
            f"“{broken.name}”在 {describe(axes_of(mechanism), cell)} 为 {_shown(mechanism, int(values[at]))}，"
            f"{'低于' if bound.floor else '高于'}“{row.document.title}”{row.clause.at}的"
            f"{'下限' if bound.floor else '上限'} {_shown(mechanism, row.value)}（{row.place}）。"
        )
        yield Fault("policy.floor" if bound.floor else "policy.ceiling", broken.place, message)


def rising(gradient: Gradient, grids: Grids, locate: Locate, behind: Behind, describe: Describe) -> Iterator[Fault]:
    """Values that rise where a document wants them to fall or stay."""
    row, mechanism = gradient.row, gradient.row.mechanism
    cells = locate(row)
    if cells is None:
        return
    values, cited, counts = grids[mechanism.key]
    here = np.zeros(values.shape, dtype=bool)
    here[cells] = True
    counts = counts & here
    axis_name, positions = DIMENSIONS[gradient.along]
    axis = axes_of(mechanism).index(axis_name)
    for lower, upper in zip(gradient.order, gradient.order[1:], strict=False):
        first, second = positions[lower][0], positions[upper][0]
        wrong = counts.take(first, axis) & counts.take(second, axis)
        wrong &= values.take(second, axis) > values.take(first, axis)
        for at in _one_of_each(np.where(wrong, cited.take(second, axis), -1)):
            cell = (*at[:axis], second, *at[axis:])
            other = (*at[:axis], first, *at[axis:])
            broken = behind(int(cited[cell]))
            message = (
                f"“{broken.name}”在 {describe(axes_of(mechanism), cell)} 为 {_shown(mechanism, int(values[cell]))}，"
                f"高于 {lower} 的 {_shown(mechanism, int(values[other]))}，"
                f"与“{row.document.title}”{row.clause.at}的梯度（{row.literal}，{row.place}）不符。"
            )
            yield Fault("policy.gradient", broken.place, message)


def _one_of_each(cited: NDArray[np.int64]) -> Iterator[tuple[int, ...]]:
    """The first cell of each citation; -1 marks cells that are not meant."""
    found, first = np.unique(cited, return_index=True)
    for citation, at in zip(found.tolist(), first.tolist(), strict=True):
        if citation >= 0:
            yield tuple(int(position) for position in np.unravel_index(at, cited.shape))


def _shown(mechanism: Mechanism, value: int) -> str:
    if mechanism.unit is Unit.RATIO:
        return format_ratio(value)
    return "不设" if value == layout.UNLIMITED else format_yuan(value)

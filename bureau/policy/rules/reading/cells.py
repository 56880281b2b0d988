"""Which cells an entry speaks of: labels of dimensions, nested as the document nests them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from bureau.policy.rules.documents import (
    Document,
)
from bureau.policy.rules.faults import Place, fail
from bureau.policy.rules.mechanisms import Mechanism
from bureau.policy.rules.source import Node
from bureau.policy.rules.vocabulary import DIMENSIONS, depends_on
from bureau.policy.terms import Dimension


def labels_of(dimension: str, node: Node) -> tuple[str, ...]:
    """The labels that a list or `a|b|c` names; `all` names them all, as if the dimension were not written."""
    if dimension not in {member.value for member in Dimension}:
        raise fail("policy.unknown_dimension", node.place, f"不认识的维度“{dimension}”。")
    labels = tuple(itertools.chain.from_iterable(word.split("|") for word in node.words()))
    return _known(dimension, labels, node.place)


def _known(dimension: str, labels: tuple[str, ...], place: Place) -> tuple[str, ...]:
    if dimension == Dimension.POOL:
        return labels
    known = DIMENSIONS[dimension][1]
    if labels == ("all",):
        return tuple(known)
    for label in labels:
        if label not in known:
            raise fail(
                "policy.unknown_label",
                place,
                f"维度“{dimension}”没有“{label}”，可用：{'、'.join(known)}。",
            )
    if len(set(labels)) != len(labels):
        raise fail("policy.unique", place, f"维度“{dimension}”的取值写了两次。")
    return labels


def cells_of(node: Node, document: Document, mechanism: Mechanism) -> dict[str, tuple[str, ...]]:
    """The labels that the document's `applies` and the entry's own `for` leave."""
    cells = {key: labels for key, labels in document.applies.items() if depends_on(mechanism, key)}
    entries = node.mapping()
    if "for" not in entries:
        return cells
    for dimension, value in entries["for"].mapping().items():
        labels = labels_of(dimension, value)
        if not depends_on(mechanism, dimension):
            raise fail("policy.dimension", value.place, f"“{mechanism.title}”不能按“{dimension}”区分。")
        if dimension in cells and not set(labels) <= set(cells[dimension]):
            raise fail("policy.outside_document", value.place, f"文件“{document.id}”没有说到这里的“{dimension}”。")
        cells[dimension] = labels
    return cells


def leaves_of(
    node: Node, document: Document, mechanism: Mechanism
) -> Iterator[tuple[dict[str, tuple[str, ...]], Node]]:
    """Each value of an entry with the labels it holds for."""
    cells = cells_of(node, document, mechanism)
    entries = node.mapping()
    if ("value" in entries) == ("values" in entries):
        raise fail("policy.format", node.place, "value 与 values 必须写且只写一个。")
    if "value" in entries:
        if "by" in entries:
            raise fail("policy.format", node.place, "写了 by 就要用 values。")
        yield cells, entries["value"]
        return
    dimensions = node.child("by").words()
    for dimension in dimensions:
        if dimension not in {member.value for member in Dimension}:
            raise fail("policy.unknown_dimension", entries["by"].place, f"不认识的维度“{dimension}”。")
        if not depends_on(mechanism, dimension):
            raise fail("policy.dimension", entries["by"].place, f"“{mechanism.title}”不能按“{dimension}”区分。")
    yield from _nested(entries["values"], dimensions, cells)


def _nested(
    node: Node, dimensions: tuple[str, ...], cells: dict[str, tuple[str, ...]]
) -> Iterator[tuple[dict[str, tuple[str, ...]], Node]]:
    if not dimensions:
        yield cells, node
        return
    dimension, *rest = dimensions
    seen: set[str] = set()
    for key, value in node.mapping().items():
        labels = _known(dimension, tuple(key.split("|")), value.place)
        if seen & set(labels):
            raise fail("policy.unique", value.place, f"维度“{dimension}”的“{key}”与上面的取值重复。")
        seen |= set(labels)
        if dimension in cells and not set(labels) <= set(cells[dimension]):
            raise fail("policy.outside_document", value.place, f"这里的“{dimension}”超出 for 或 applies 的范围。")
        yield from _nested(value, tuple(rest), cells | {dimension: labels})

"""Entries that become rows: pools, parameters, modifiers, and what bounds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bureau.policy.rules import literals
from bureau.policy.rules.documents import (
    Bound,
    Document,
    Gradient,
    Row,
    Value,
)
from bureau.policy.rules.faults import fail
from bureau.policy.rules.mechanisms import Mechanism
from bureau.policy.rules.reading.cells import cells_of, labels_of, leaves_of
from bureau.policy.rules.reading.headings import own_clause, own_validity
from bureau.policy.rules.reading.values import BAND_KEYS, read_change, read_value
from bureau.policy.rules.source import Node
from bureau.policy.rules.vocabulary import CHANGEABLE, MECHANISMS, POOL_KINDS, depends_on
from bureau.policy.terms import Dimension, Unit


def _row(
    node: Node,
    document: Document,
    *,
    name: str,
    mechanism: Mechanism,
    labels: Mapping[str, tuple[str, ...]],
    leaf: Node,
    value: Value,
    literal: str,
    modifier: literals.Modifier | None = None,
) -> Row:
    valid_from, valid_until = own_validity(node, document)
    entries = node.mapping()
    return Row(
        name=name,
        mechanism=mechanism,
        labels=labels,
        valid_from=valid_from,
        valid_until=valid_until,
        value=value,
        literal=literal,
        assumed="assumed" in entries and entries["assumed"].flag(),
        document=document,
        clause=own_clause(node, document),
        place=leaf.place,
        modifier=modifier,
        spans=tuple(_spans(leaf)),
    )


def _spans(leaf: Node) -> Iterator[tuple[int, int]]:
    """Where the literals of a value stand: one, or limit and ratio of each band."""
    if leaf.text is not None:
        yield leaf.span
    for band in leaf.items or ():
        yield from (band.child(key).span for key in BAND_KEYS)


def read_pool(node: Node, document: Document) -> Row:
    """Which pool a limit or a deductible accumulates in."""
    node.mapping("name", "of", "clause", "for", "from", "until", "assumed")
    kind, name = node.child("of"), node.child("name").scalar()
    mechanism = POOL_KINDS.get(kind.scalar())
    if mechanism is None:
        raise fail("policy.unknown_name", kind.place, f"“of”应为 {'、'.join(POOL_KINDS)} 之一。")
    labels = cells_of(node, document, mechanism)
    return _row(
        node,
        document,
        name=f"pool.{kind.scalar()}",
        mechanism=mechanism,
        labels=labels,
        leaf=node,
        value=name,
        literal=name,
    )


def read_parameter(node: Node, document: Document) -> list[Row]:
    """The rows of a parameter, one for each value."""
    node.mapping("name", "clause", "for", "by", "value", "values", "from", "until", "assumed")
    name = node.child("name")
    mechanism = MECHANISMS.get(name.scalar())
    if mechanism is None:
        raise fail("policy.unknown_name", name.place, f"不认识的参数“{name.scalar()}”。")
    rows = []
    for labels, leaf in leaves_of(node, document, mechanism):
        value, literal = read_value(leaf, mechanism, name.scalar())
        rows.append(
            _row(
                node,
                document,
                name=name.scalar(),
                mechanism=mechanism,
                labels=labels,
                leaf=leaf,
                value=value,
                literal=literal,
            )
        )
    return rows


def read_modifier(node: Node, document: Document) -> list[Row]:
    """The rows of a modifier, one for each change."""
    node.mapping("name", "changes", "clause", "for", "by", "value", "values", "from", "until", "assumed")
    name, changes = node.child("name").scalar(), node.child("changes")
    mechanism = CHANGEABLE.get(changes.scalar())
    if mechanism is None:
        raise fail(
            "policy.unknown_name", changes.place, f"“{changes.scalar()}”不能修改，可用：{'、'.join(CHANGEABLE)}。"
        )
    rows = []
    for labels, leaf in leaves_of(node, document, mechanism):
        modifier = read_change(leaf, mechanism)
        rows.append(
            _row(
                node,
                document,
                name=name,
                mechanism=mechanism,
                labels=labels,
                leaf=leaf,
                value=modifier.amount,
                literal=leaf.scalar(),
                modifier=modifier,
            )
        )
    return rows


def read_bounds(node: Node, document: Document, *, floor: bool) -> list[Bound]:
    """Floors or ceilings of a parameter."""
    node.mapping("name", "of", "clause", "for", "by", "value", "values", "from", "until", "usually", "assumed")
    mechanism = _bounded(node)
    entries = node.mapping()
    usually = "usually" in entries and entries["usually"].flag()
    bounds = []
    for labels, leaf in leaves_of(node, document, mechanism):
        name = node.child("name").scalar()
        value, literal = read_value(leaf, mechanism, name)
        row = _row(
            node, document, name=name, mechanism=mechanism, labels=labels, leaf=leaf, value=value, literal=literal
        )
        bounds.append(Bound(row, floor, usually))
    return bounds


def _bounded(node: Node) -> Mechanism:
    of = node.child("of")
    mechanism = CHANGEABLE.get(of.scalar())
    if mechanism is None or mechanism.unit not in (Unit.MONEY, Unit.RATIO):
        known = "、".join(key for key, other in CHANGEABLE.items() if other.unit in (Unit.MONEY, Unit.RATIO))
        raise fail("policy.unknown_name", of.place, f"“{of.scalar()}”没有上下限，可用：{known}。")
    return mechanism


def read_gradient(node: Node, document: Document) -> Gradient:
    """An order in which values have to rise."""
    node.mapping("name", "of", "clause", "along", "order", "for", "from", "until")
    mechanism, along, order = _bounded(node), node.child("along"), node.child("order")
    labels = labels_of(along.scalar(), order)
    if along.scalar() == Dimension.POOL or not depends_on(mechanism, along.scalar()) or len(labels) < 2:
        raise fail("policy.dimension", along.place, f"“{mechanism.title}”不能沿“{along.scalar()}”比较。")
    row = _row(
        node,
        document,
        name=node.child("name").scalar(),
        mechanism=mechanism,
        labels=cells_of(node, document, mechanism),
        leaf=node,
        value=0,
        literal=" ≥ ".join(labels),
    )
    return Gradient(row, along.scalar(), labels)

"""A pack file read strictly into its `documents.Pack`: every literal, label and reference, each fault with its line."""

from __future__ import annotations

from collections.abc import Iterator

from bureau.policy.rules.documents import Pack
from bureau.policy.rules.faults import Fault, PackError
from bureau.policy.rules.reading.examples import read_example, read_rule_example
from bureau.policy.rules.reading.headings import read_area, read_city, read_document
from bureau.policy.rules.reading.rows import read_bounds, read_gradient, read_modifier, read_parameter, read_pool
from bureau.policy.rules.source import Node

_SECTIONS = (
    "document",
    "city",
    "clauses",
    "pooling",
    "pools",
    "parameters",
    "modifiers",
    "floors",
    "ceilings",
    "gradients",
    "examples",
)


def parse(root: Node) -> Pack:
    """The pack of one file; raises `PackError` with every fault found in it."""
    sections = root.mapping(*_SECTIONS)
    document = read_document(root)
    pack = Pack(document, read_city(sections["city"]) if "city" in sections else None)
    faults: list[Fault] = []

    def each(section: str) -> Iterator[Node]:
        yield from sections[section].list() if section in sections else ()

    for node in each("pooling"):
        with _Collect(faults):
            pack.areas.append(read_area(node, document))
    for node in each("pools"):
        with _Collect(faults):
            pack.rows.append(read_pool(node, document))
    for node in each("parameters"):
        with _Collect(faults):
            pack.rows.extend(read_parameter(node, document))
    for node in each("modifiers"):
        with _Collect(faults):
            pack.rows.extend(read_modifier(node, document))
    for section in ("floors", "ceilings"):
        for node in each(section):
            with _Collect(faults):
                pack.bounds.extend(read_bounds(node, document, floor=section == "floors"))
    for node in each("gradients"):
        with _Collect(faults):
            pack.gradients.append(read_gradient(node, document))
    for node in each("examples"):
        with _Collect(faults):
            if "rule" in node.mapping():
                pack.rule_examples.append(read_rule_example(node))
            else:
                pack.examples.append(read_example(node))
    if faults:
        raise PackError(faults)
    return pack


class _Collect:
    """Keeps the faults of one entry and lets the next entry be read."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        if isinstance(error, PackError):
            self.faults.extend(error.faults)
            return True
        return False

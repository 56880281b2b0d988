"""The head of a pack: which document it is, since when it holds, its clauses, its city and pooling areas."""

from __future__ import annotations

from datetime import date

from bureau.policy.rules.documents import (
    CitySet,
    Clause,
    Document,
    PoolArea,
)
from bureau.policy.rules.faults import fail
from bureau.policy.rules.reading.cells import labels_of
from bureau.policy.rules.source import Node


def read_document(root: Node) -> Document:
    """The document that the file is: its name, number, days, what it replaces, its clauses."""
    node = root.child("document")
    entries = node.mapping("id", "title", "number", "in_force", "requirements", "applies", "replaces")
    valid_from, valid_until = _validity(node.child("in_force"))
    number = entries.get("number")
    applies = entries.get("applies")
    clauses = {key: _clause(key, entry) for key, entry in root.child("clauses").mapping().items()}
    return Document(
        id=node.child("id").scalar(),
        title=node.child("title").scalar(),
        number="" if number is None or number.is_nothing() else number.scalar(),
        valid_from=valid_from,
        valid_until=valid_until,
        requirements=entries["requirements"].words() if "requirements" in entries else (),
        applies={key: labels_of(key, value) for key, value in applies.mapping().items()} if applies else {},
        clauses=clauses,
        place=node.place,
        replaces=entries["replaces"].words() if "replaces" in entries else (),
    )


def _clause(key: str, node: Node) -> Clause:
    entries = node.mapping("at", "says", "quote")
    quote = entries["quote"].scalar() if "quote" in entries else ""
    return Clause(key, node.child("at").scalar(), node.child("says").scalar(), quote, node.place)


def _validity(node: Node) -> tuple[date, date | None]:
    entries = node.mapping("from", "until")
    valid_from = node.child("from").day()
    until = entries.get("until")
    valid_until = None if until is None or until.is_nothing() else until.day()
    if valid_until is not None and valid_until <= valid_from:
        raise fail("policy.date_order", node.place, "失效日（until，当日起不再有效）必须晚于生效日（from）。")
    return valid_from, valid_until


def own_validity(node: Node, document: Document) -> tuple[date, date | None]:
    """The days of an entry: its own `from`/`until` inside the document's."""
    entries = node.mapping()
    start, end = document.valid_from, document.valid_until
    if "from" in entries:
        start = entries["from"].day()
    if "until" in entries and not entries["until"].is_nothing():
        end = entries["until"].day()
    outside = start < document.valid_from or (
        document.valid_until is not None and (end is None or end > document.valid_until)
    )
    if outside:
        raise fail("policy.outside_document", node.place, f"有效期超出文件“{document.id}”的有效期。")
    if end is not None and end <= start:
        raise fail("policy.date_order", node.place, "失效日（until，当日起不再有效）必须晚于生效日（from）。")
    return start, end


def read_city(node: Node) -> CitySet:
    """The city whose law the set is."""
    node.mapping("code", "name", "province", "in_force")
    valid_from, valid_until = _validity(node.child("in_force"))
    code, province = node.child("code").scalar(), node.child("province").scalar()
    if not (code.isdigit() and len(code) == 6 and province.isdigit() and code.startswith(province)):
        raise fail("policy.area", node.place, "code 应为六位行政区划代码，province 为其前两位。")
    return CitySet(code, node.child("name").scalar(), province, valid_from, valid_until, node.place)


def own_clause(node: Node, document: Document) -> Clause:
    """The clause that an entry cites."""
    reference = node.child("clause")
    clause = document.clauses.get(reference.scalar())
    if clause is None:
        raise fail("policy.unknown_clause", reference.place, f"文件“{document.id}”没有条款“{reference.scalar()}”。")
    return clause


def read_area(node: Node, document: Document) -> PoolArea:
    """A pooling area with the areas that belong to it."""
    node.mapping("name", "title", "clause", "areas", "from", "until")
    prefixes = node.child("areas").words()
    for prefix in prefixes:
        if not prefix.isdigit() or len(prefix) not in (4, 6):
            raise fail("policy.area", node.place, f"“{prefix}”不是四位或六位行政区划代码。")
    return PoolArea(
        node.child("name").scalar(),
        node.child("title").scalar(),
        prefixes,
        *own_validity(node, document),
        document,
        own_clause(node, document),
        node.place,
    )

"""A pack file read strictly into its `documents.Pack`: every literal, label and reference, each fault with its line."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import date

from bureau.kernel.money import format_ratio, format_yuan
from bureau.policy.rules import layout, literals
from bureau.policy.rules.documents import (
    Bound,
    CitySet,
    Clause,
    Document,
    Example,
    ExampleClaim,
    Gradient,
    Pack,
    PoolArea,
    Row,
    RuleExample,
    Value,
)
from bureau.policy.rules.faults import Fault, PackError, Place, fail
from bureau.policy.rules.mechanisms import Mechanism
from bureau.policy.rules.source import Node
from bureau.policy.rules.vocabulary import CHANGEABLE, DIMENSIONS, MECHANISMS, POOL_KINDS, depends_on
from bureau.policy.terms import Dimension, Unit

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
_AMOUNTS = ("eligible", "prepay", "deductible", "pooled", "major_illness", "assistance", "personal_burden")
_CLAIM_MONEY = ("total", "excluded", "over_ceiling", "upfront_copay")
_PERSON_FACTS = ("scheme", "employment", "relief", "registered_poor", "insured_area", "chronic_count")
BAND_KEYS = ("to", "ratio")
_CLAIM_FACTS = (*_PERSON_FACTS, "on", "care", "level", "care_area", "filing", "signed")


def parse(root: Node) -> Pack:
    """The pack of one file; raises `PackError` with every fault found in it."""
    sections = root.mapping(*_SECTIONS)
    document = _document(root)
    pack = Pack(document, _city(sections["city"]) if "city" in sections else None)
    faults: list[Fault] = []

    def each(section: str) -> Iterator[Node]:
        yield from sections[section].list() if section in sections else ()

    for node in each("pooling"):
        with _Collect(faults):
            pack.areas.append(_area(node, document))
    for node in each("pools"):
        with _Collect(faults):
            pack.rows.append(_pool(node, document))
    for node in each("parameters"):
        with _Collect(faults):
            pack.rows.extend(_parameter(node, document))
    for node in each("modifiers"):
        with _Collect(faults):
            pack.rows.extend(_modifier(node, document))
    for section in ("floors", "ceilings"):
        for node in each(section):
            with _Collect(faults):
                pack.bounds.extend(_bound(node, document, floor=section == "floors"))
    for node in each("gradients"):
        with _Collect(faults):
            pack.gradients.append(_gradient(node, document))
    for node in each("examples"):
        with _Collect(faults):
            if "rule" in node.mapping():
                pack.rule_examples.append(_rule_example(node))
            else:
                pack.examples.append(_example(node))
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


def _document(root: Node) -> Document:
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
        applies={key: _labels(key, value) for key, value in applies.mapping().items()} if applies else {},
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


def _own_validity(node: Node, document: Document) -> tuple[date, date | None]:
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


def _city(node: Node) -> CitySet:
    node.mapping("code", "name", "province", "in_force")
    valid_from, valid_until = _validity(node.child("in_force"))
    code, province = node.child("code").scalar(), node.child("province").scalar()
    if not (code.isdigit() and len(code) == 6 and province.isdigit() and code.startswith(province)):
        raise fail("policy.area", node.place, "code 应为六位行政区划代码，province 为其前两位。")
    return CitySet(code, node.child("name").scalar(), province, valid_from, valid_until, node.place)


def _own_clause(node: Node, document: Document) -> Clause:
    reference = node.child("clause")
    clause = document.clauses.get(reference.scalar())
    if clause is None:
        raise fail("policy.unknown_clause", reference.place, f"文件“{document.id}”没有条款“{reference.scalar()}”。")
    return clause


def _area(node: Node, document: Document) -> PoolArea:
    node.mapping("name", "title", "clause", "areas", "from", "until")
    prefixes = node.child("areas").words()
    for prefix in prefixes:
        if not prefix.isdigit() or len(prefix) not in (4, 6):
            raise fail("policy.area", node.place, f"“{prefix}”不是四位或六位行政区划代码。")
    return PoolArea(
        node.child("name").scalar(),
        node.child("title").scalar(),
        prefixes,
        *_own_validity(node, document),
        document,
        _own_clause(node, document),
        node.place,
    )


def _labels(dimension: str, node: Node) -> tuple[str, ...]:
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


def _cells(node: Node, document: Document, mechanism: Mechanism) -> dict[str, tuple[str, ...]]:
    """The labels that the document's `applies` and the entry's own `for` leave."""
    cells = {key: labels for key, labels in document.applies.items() if depends_on(mechanism, key)}
    entries = node.mapping()
    if "for" not in entries:
        return cells
    for dimension, value in entries["for"].mapping().items():
        labels = _labels(dimension, value)
        if not depends_on(mechanism, dimension):
            raise fail("policy.dimension", value.place, f"“{mechanism.title}”不能按“{dimension}”区分。")
        if dimension in cells and not set(labels) <= set(cells[dimension]):
            raise fail("policy.outside_document", value.place, f"文件“{document.id}”没有说到这里的“{dimension}”。")
        cells[dimension] = labels
    return cells


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
    valid_from, valid_until = _own_validity(node, document)
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
        clause=_own_clause(node, document),
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


def _pool(node: Node, document: Document) -> Row:
    node.mapping("name", "of", "clause", "for", "from", "until", "assumed")
    kind, name = node.child("of"), node.child("name").scalar()
    mechanism = POOL_KINDS.get(kind.scalar())
    if mechanism is None:
        raise fail("policy.unknown_name", kind.place, f"“of”应为 {'、'.join(POOL_KINDS)} 之一。")
    labels = _cells(node, document, mechanism)
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


def _parameter(node: Node, document: Document) -> list[Row]:
    node.mapping("name", "clause", "for", "by", "value", "values", "from", "until", "assumed")
    name = node.child("name")
    mechanism = MECHANISMS.get(name.scalar())
    if mechanism is None:
        raise fail("policy.unknown_name", name.place, f"不认识的参数“{name.scalar()}”。")
    rows = []
    for labels, leaf in _leaves(node, document, mechanism):
        value, literal = _value(leaf, mechanism, name.scalar())
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


def _modifier(node: Node, document: Document) -> list[Row]:
    node.mapping("name", "changes", "clause", "for", "by", "value", "values", "from", "until", "assumed")
    name, changes = node.child("name").scalar(), node.child("changes")
    mechanism = CHANGEABLE.get(changes.scalar())
    if mechanism is None:
        raise fail(
            "policy.unknown_name", changes.place, f"“{changes.scalar()}”不能修改，可用：{'、'.join(CHANGEABLE)}。"
        )
    rows = []
    for labels, leaf in _leaves(node, document, mechanism):
        modifier = _change(leaf, mechanism)
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


def _bound(node: Node, document: Document, *, floor: bool) -> list[Bound]:
    node.mapping("name", "of", "clause", "for", "by", "value", "values", "from", "until", "usually", "assumed")
    mechanism = _bounded(node)
    entries = node.mapping()
    usually = "usually" in entries and entries["usually"].flag()
    bounds = []
    for labels, leaf in _leaves(node, document, mechanism):
        name = node.child("name").scalar()
        value, literal = _value(leaf, mechanism, name)
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


def _gradient(node: Node, document: Document) -> Gradient:
    node.mapping("name", "of", "clause", "along", "order", "for", "from", "until")
    mechanism, along, order = _bounded(node), node.child("along"), node.child("order")
    labels = _labels(along.scalar(), order)
    if along.scalar() == Dimension.POOL or not depends_on(mechanism, along.scalar()) or len(labels) < 2:
        raise fail("policy.dimension", along.place, f"“{mechanism.title}”不能沿“{along.scalar()}”比较。")
    row = _row(
        node,
        document,
        name=node.child("name").scalar(),
        mechanism=mechanism,
        labels=_cells(node, document, mechanism),
        leaf=node,
        value=0,
        literal=" ≥ ".join(labels),
    )
    return Gradient(row, along.scalar(), labels)


def _leaves(node: Node, document: Document, mechanism: Mechanism) -> Iterator[tuple[dict[str, tuple[str, ...]], Node]]:
    """Each value of an entry with the labels it holds for."""
    cells = _cells(node, document, mechanism)
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


def _value(node: Node, mechanism: Mechanism, name: str) -> tuple[Value, str]:
    if node.items is not None:
        if mechanism.unit is not Unit.BANDS:
            raise fail("policy.unit", node.place, f"“{name}”不是分段参数。")
        bands = _bands(node)
        return bands, "；".join(_band_text(upper, share) for upper, share in bands)
    text = node.scalar()
    if text == literals.NONE and mechanism.none is not None:
        return (() if mechanism.unit is Unit.BANDS else mechanism.none), text
    value = literals.words(text, mechanism.words) if mechanism.words else _READERS.get(mechanism.unit, _nothing)(text)
    if value is None:
        if mechanism.unit is Unit.RATIO and literals.is_beyond_whole(text):
            raise fail("policy.ratio", node.place, f"“{name}”的值“{text}”超过 100%，请核对文件。")
        raise fail("policy.unit", node.place, f"“{name}”的值“{text}”写法或单位不对，应为{mechanism.unit.label}。")
    return value, text


def _nothing(_: str) -> None:
    return None


def _yes_no(text: str) -> int | None:
    return {"yes": 1, "no": 0}.get(text)


_READERS = {
    Unit.MONEY: literals.money,
    Unit.RATIO: literals.ratio,
    Unit.FLAG: _yes_no,
    Unit.MONTHS: literals.months,
    Unit.YEAR: literals.year,
    Unit.DAY_OF_YEAR: literals.day_of_year,
    Unit.PART: literals.part,
}


def _bands(node: Node) -> tuple[tuple[int, int], ...]:
    bands: list[tuple[int, int]] = []
    for item in node.list():
        item.mapping(*BAND_KEYS)
        limit, share = item.child("to").scalar(), literals.ratio(item.child("ratio").scalar())
        upper = layout.UNLIMITED if limit == literals.NONE else literals.money(limit)
        if upper is None or share is None:
            raise fail("policy.unit", item.place, "分段应写成 {to: 5万元, ratio: 60%}，最后一段 to: none。")
        if bands and upper <= bands[-1][0]:
            raise fail("policy.bands", item.place, "分段上限必须逐段升高。")
        bands.append((upper, share))
    if not bands or bands[-1][0] != layout.UNLIMITED:
        raise fail("policy.bands", node.place, "最后一段必须写 to: none。")
    if len(bands) > layout.MOST_BANDS:
        raise fail("policy.bands", node.place, f"最多 {layout.MOST_BANDS} 段。")
    return tuple(bands)


def _band_text(upper: int, share: int) -> str:
    limit = "以上部分" if upper == layout.UNLIMITED else f"至{format_yuan(upper)}"
    return f"{limit} {format_ratio(share)}"


def _change(node: Node, mechanism: Mechanism) -> literals.Modifier:
    text = node.scalar()
    found: literals.Modifier | None = None
    if text == literals.NONE and mechanism.none is not None and mechanism.unit is not Unit.BANDS:
        found = literals.Modifier("set", mechanism.none)
    elif mechanism.unit is Unit.FLAG:
        flag = _yes_no(text)
        found = None if flag is None else literals.Modifier("set", flag)
    elif mechanism.unit in (Unit.RATIO, Unit.BANDS):
        found = literals.points(text) or literals.factor(text)
    elif mechanism.unit is Unit.MONEY:
        found = literals.change(text) or literals.factor(text)
    if found is None:
        raise fail("policy.unit", node.place, f"“{text}”不能修改“{mechanism.title}”，可写如 +5点、×50%、-300元、none。")
    return found


def _example(node: Node) -> Example:
    node.mapping("title", "person", "claims")
    person = {key: value.scalar() for key, value in node.child("person").mapping(*_PERSON_FACTS).items()}
    claims = tuple(_example_claim(item) for item in node.child("claims").list())
    return Example(node.child("title").scalar(), person, claims, node.place)


def _rule_example(node: Node) -> RuleExample:
    """An example of a parameter that is read by name: its value of a day, and what it makes of an amount."""
    node.mapping("title", "rule")
    rule = node.child("rule")
    entries = rule.mapping("name", "on", "value", "of", "gives", *(dimension.value for dimension in Dimension))
    name = rule.child("name")
    mechanism = MECHANISMS.get(name.scalar())
    if mechanism is None:
        raise fail("policy.unknown_name", name.place, f"不认识的参数“{name.scalar()}”。")
    if ("of" in entries) != ("gives" in entries):
        raise fail("policy.format", rule.place, "of 与 gives 要写就一起写。")
    if "of" in entries and mechanism.unit not in (Unit.RATIO, Unit.PART):
        raise fail("policy.unit", rule.place, f"“{mechanism.title}”不是比例，算不出金额。")
    value, literal = _value(rule.child("value"), mechanism, name.scalar())
    of, gives = (_amount(entries[key], key) if key in entries else None for key in ("of", "gives"))
    labels = {key: _labels(key, entry)[0] for key, entry in entries.items() if key in set(Dimension)}
    title, day = node.child("title").scalar(), rule.child("on").day()
    return RuleExample(title, name.scalar(), day, labels, value, literal, of, gives, rule.place)


def _amount(node: Node, key: str) -> int:
    amount = literals.money(node.scalar())
    if amount is None:
        raise fail("policy.unit", node.place, f"“{key}”应为金额，如 120.00元。")
    return amount


def _example_claim(node: Node) -> ExampleClaim:
    entries = node.mapping(*_CLAIM_FACTS, *_CLAIM_MONEY, *_AMOUNTS)
    facts = {key: value.scalar() for key, value in entries.items() if key in _CLAIM_FACTS}
    for key in ("on", "care", "level", "eligible"):
        node.child(key)
    node.child("on").day()
    expected = {}
    for key, value in entries.items():
        if key in _CLAIM_FACTS:
            continue
        amount = _amount(value, key)
        if key in _CLAIM_MONEY:
            facts[key] = str(amount)
        else:
            expected[key] = amount
    return ExampleClaim(facts, expected, node.place)

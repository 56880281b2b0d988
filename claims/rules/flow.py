"""Where each yuan of a bill went, and the picture of it: the bill, who bears it, and the parts of both. Pure.

Lengths are units of the picture, amounts fen. A part too small to be seen gets `LEAST` units, so slivers are drawn a
little larger than they are; the figures beside them are exact and add up to the bill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bureau.kernel.money import BASIS_POINTS, format_ratio

PAID = "paid"
OWN = "own"
# Key, words, who bears it; from top to bottom.
PARTS = (
    ("pooled", "统筹基金支付", PAID),
    ("major_illness", "大病保险支付", PAID),
    ("assistance", "医疗救助支付", PAID),
    ("deductible", "起付标准内", OWN),
    ("prepay", "异地先行自付", OWN),
    ("share", "范围内其余自付", OWN),
    ("upfront_copay", "先行自付", OWN),
    ("over_ceiling", "超限价", OWN),
    ("excluded", "全自费", OWN),
)
# These carry a pattern of their own on their colour; the first part is plain.
HATCHED = frozenset(key for key, _, _ in PARTS[1:])
BEARERS = ((PAID, "基金支付"), (OWN, "个人负担"))

SCALE = 200
LEAST = 2
MARGIN = 30
GAP = 6
GROUP_GAP = 26
LABEL_STEP = 24
NODE = 18
LEFT, MIDDLE, RIGHT, LABELS, WIDTH = 112, 270, 424, 466, 740


class Filed(Protocol):
    """The bill as it came in."""

    @property
    def total(self) -> int: ...
    @property
    def excluded(self) -> int: ...
    @property
    def over_ceiling(self) -> int: ...
    @property
    def upfront_copay(self) -> int: ...


class Computed(Protocol):
    """What became of it."""

    @property
    def eligible(self) -> int: ...
    @property
    def prepay(self) -> int: ...
    @property
    def deductible(self) -> int: ...
    @property
    def pooled(self) -> int: ...
    @property
    def major_illness(self) -> int: ...
    @property
    def assistance(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table under the picture."""

    name: str
    title: str
    amount: int
    bearer: str
    percent: str

    @property
    def is_hatched(self) -> bool:
        return self.name in HATCHED


@dataclass(frozen=True, slots=True)
class Node:
    """A block: its upper left corner and height; all are `NODE` wide."""

    name: str
    x: int
    y: int
    height: int

    @property
    def is_hatched(self) -> bool:
        return self.name in HATCHED


@dataclass(frozen=True, slots=True)
class Label:
    """Words and amount at a place; `line` leads from the block to them."""

    title: str
    amount: int
    percent: str
    x: int
    y: int
    line: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """The picture with its numbers; `rows` add up to `whole`."""

    whole: int
    rows: list[Row]
    nodes: list[Node]
    bands: list[tuple[str, str]]
    bill: Label
    bearers: list[Label]
    parts: list[Label]
    height: int
    width: int = WIDTH
    node_width: int = NODE

    @property
    def sums(self) -> list[Row]:
        """What the funds bear and what the person bears."""
        return [
            _row(bearer, title, sum(row.amount for row in self.rows if row.bearer == bearer), bearer, self.whole)
            for bearer, title in BEARERS
        ]


def went(bill: Filed, computed: Computed) -> dict[str, int]:
    """Part → fen; the parts add up to the bill.

    Major illness and relief may pay back what the deductible took. What they pay is counted against the rest first, so
    that the deductible and the prepayment show what of them the person really bears.
    """
    rest = computed.eligible - computed.pooled - computed.major_illness - computed.assistance
    deductible = min(computed.deductible, rest)
    prepay = min(computed.prepay, rest - deductible)
    return {
        "pooled": computed.pooled,
        "major_illness": computed.major_illness,
        "assistance": computed.assistance,
        "deductible": deductible,
        "prepay": prepay,
        "share": rest - deductible - prepay,
        "upfront_copay": bill.upfront_copay,
        "over_ceiling": bill.over_ceiling,
        "excluded": bill.excluded,
    }


def together(bills: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Several bills as one: a person's year."""
    sums = dict.fromkeys((key for key, _, _ in PARTS), 0)
    for bill in bills:
        for key, amount in bill.items():
            sums[key] += amount
    return sums


def draw(amounts: Mapping[str, int]) -> Flow | None:
    """The picture of these parts; None where there is nothing to draw."""
    whole = sum(amounts.values())
    if whole <= 0:
        return None
    rows = [_row(key, title, amounts[key], bearer, whole) for key, title, bearer in PARTS if amounts[key]]
    heights = [max(LEAST, row.amount * SCALE // whole) for row in rows]
    tops = _tops(rows, heights)
    height = max(tops[-1] + heights[-1], MARGIN + LABEL_STEP * len(rows)) + MARGIN

    left = Node("bill", LEFT, (height - sum(heights)) // 2, sum(heights))
    parts = [Node(row.name, RIGHT, y, size) for row, y, size in zip(rows, tops, heights, strict=True)]
    middles, bands, labels = [], [], []
    poured = left.y
    for bearer, title in BEARERS:
        mine = [part for part, row in zip(parts, rows, strict=True) if row.bearer == bearer]
        if not mine:
            continue
        size = sum(part.height for part in mine)
        middle = Node(bearer, MIDDLE, (mine[0].y + mine[-1].y + mine[-1].height - size) // 2, size)
        bands.append((bearer, _band(LEFT + NODE, poured, MIDDLE, middle.y, size)))
        bands += _poured(middle, mine)
        poured += size
        middles.append(middle)
        amount = sum(row.amount for row in rows if row.bearer == bearer)
        at = middle.y - 10 if bearer == PAID else middle.y + size + 20
        labels.append(Label(title, amount, _percent(amount, whole), MIDDLE + NODE // 2, at))
    return Flow(
        whole=whole,
        rows=rows,
        nodes=[left, *middles, *parts],
        bands=bands,
        bill=Label("医疗费总额", whole, "100%", LEFT - 10, height // 2),
        bearers=labels,
        parts=_labels(rows, parts, height),
        height=height,
    )


def spread(wanted: Sequence[int], *, step: int, last: int) -> list[int]:
    """Places at least `step` apart and none below `last`, each as near as may be to where it is wanted (ascending)."""
    places: list[int] = []
    for place in wanted:
        places.append(max(place, places[-1] + step) if places else place)
    limit = last
    for index in range(len(places) - 1, -1, -1):
        places[index] = min(places[index], limit)
        limit = places[index] - step
    return places


def _tops(rows: Sequence[Row], heights: Sequence[int]) -> list[int]:
    tops: list[int] = []
    y = MARGIN
    for index, (row, height) in enumerate(zip(rows, heights, strict=True)):
        if index:
            y += GAP if row.bearer == rows[index - 1].bearer else GROUP_GAP
        tops.append(y)
        y += height
    return tops


def _poured(middle: Node, parts: Sequence[Node]) -> list[tuple[str, str]]:
    bands, y = [], middle.y
    for part in parts:
        bands.append((part.name, _band(MIDDLE + NODE, y, RIGHT, part.y, part.height)))
        y += part.height
    return bands


def _band(x: int, y: int, to_x: int, to_y: int, size: int) -> str:
    """The outline of a band of constant thickness, as a path."""
    bend = (x + to_x) // 2
    there = f"M{x} {y}C{bend} {y} {bend} {to_y} {to_x} {to_y}"
    return f"{there}V{to_y + size}C{bend} {to_y + size} {bend} {y + size} {x} {y + size}Z"


def _labels(rows: Sequence[Row], parts: Sequence[Node], height: int) -> list[Label]:
    centers = [part.y + part.height // 2 for part in parts]
    places = spread(centers, step=LABEL_STEP, last=height - MARGIN // 2)
    return [
        Label(
            row.title,
            row.amount,
            row.percent,
            LABELS,
            place,
            f"M{RIGHT + NODE + 2} {center}L{LABELS - 20} {place}H{LABELS - 6}",
        )
        for row, center, place in zip(rows, centers, places, strict=True)
    ]


def _row(name: str, title: str, amount: int, bearer: str, whole: int) -> Row:
    return Row(name, title, amount, bearer, _percent(amount, whole))


def _percent(amount: int, whole: int) -> str:
    """The share of the whole to a tenth of a percent, rounded half up."""
    tenths = (amount * 1_000 * 2 + whole) // (whole * 2) if whole else 0
    return format_ratio(tenths * BASIS_POINTS // 1_000)

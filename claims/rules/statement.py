"""What an institution is due for a month, line by line (docs/algorithms/settlement.md). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bureau.kernel.money import round_half_up
from bureau.kernel.terms import Fund

POOLS = (Fund.EMPLOYEE_POOL, Fund.RESIDENT_POOL)


@dataclass(frozen=True, slots=True, order=True)
class Share:
    """What a fund bears of the month's claims of one scheme."""

    fund: str
    scheme: str
    claim_count: int
    amount: int


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """What is still open of a difference: positive is owed to the institution, negative is taken back.

    `order` comes from business keys, so that the same differences are used in the same order on every machine.
    """

    fund: str
    scheme: str
    order: tuple[str, int]
    key: int
    remaining: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement; `due = deducted + withheld + payable`."""

    fund: str
    scheme: str
    claim_count: int
    due: int
    deducted: int
    withheld: int
    payable: int


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a difference a statement settles, with its sign."""

    key: int
    amount: int


@dataclass(frozen=True, slots=True)
class Statement:
    """The lines of a statement and the differences used in them."""

    lines: tuple[Line, ...]
    uses: tuple[Use, ...]

    @property
    def due(self) -> int:
        return sum(line.due for line in self.lines)

    @property
    def deducted(self) -> int:
        return sum(line.deducted for line in self.lines)

    @property
    def withheld(self) -> int:
        return sum(line.withheld for line in self.lines)

    @property
    def payable(self) -> int:
        return sum(line.payable for line in self.lines)


def compute(shares: Iterable[Share], differences: Iterable[Difference], *, deposit_rate: int) -> Statement:
    """The statement: what is owed comes first, then what is taken back, as far as the line has room."""
    borne = {(share.fund, share.scheme): share for share in shares}
    open_ones: dict[tuple[str, str], list[Difference]] = {}
    for difference in sorted(differences):
        open_ones.setdefault((difference.fund, difference.scheme), []).append(difference)

    lines: list[Line] = []
    uses: list[Use] = []
    for fund, scheme in sorted(borne.keys() | open_ones.keys()):
        share = borne.get((fund, scheme), Share(fund, scheme, 0, 0))
        owed = [item for item in open_ones.get((fund, scheme), ()) if item.remaining > 0]
        taken_back = [item for item in open_ones.get((fund, scheme), ()) if item.remaining < 0]
        due = share.amount + sum(item.remaining for item in owed)
        uses += (Use(item.key, item.remaining) for item in owed)
        deductions = list(_deductions(taken_back, room=due))
        uses += deductions
        deducted = -sum(use.amount for use in deductions)
        if due == 0 and share.claim_count == 0:
            continue
        withheld = round_half_up(due - deducted, deposit_rate) if fund in POOLS else 0
        lines.append(Line(fund, scheme, share.claim_count, due, deducted, withheld, due - deducted - withheld))
    return Statement(tuple(lines), tuple(uses))


def _deductions(taken_back: Iterable[Difference], *, room: int) -> Iterable[Use]:
    """No line becomes negative: what finds no room stays open for the next month."""
    for item in taken_back:
        amount = min(room, -item.remaining)
        if amount:
            yield Use(item.key, -amount)
        room -= amount

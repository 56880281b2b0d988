"""What care costs at each level, roughly as in an inland city, and how much of a bill the catalog leaves out."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from bureau.demo.seeds import Urn
from bureau.kernel.terms import Care, Level

# Yuan: (from, to), weight; a level that is not listed takes the last one.
_PRICES: dict[Care, dict[Level, list[tuple[tuple[int, int], int]]]] = {
    Care.OUTPATIENT: {
        Level.PRIMARY: [((15, 90), 70), ((90, 320), 30)],
        Level.SECONDARY: [((60, 260), 70), ((260, 900), 30)],
        Level.TERTIARY: [((120, 480), 65), ((480, 2_600), 35)],
    },
    Care.PHARMACY: {Level.PHARMACY: [((18, 120), 70), ((120, 460), 30)]},
    Care.CHRONIC: {
        Level.PRIMARY: [((80, 260), 100)],
        Level.PHARMACY: [((90, 380), 100)],
        Level.TERTIARY: [((150, 620), 80), ((620, 1_900), 20)],
    },
    Care.TWO_DISEASES: {Level.TERTIARY: [((30, 160), 100)]},
    Care.DIALYSIS: {Level.TERTIARY: [((380, 560), 80), ((560, 3_200), 20)]},
    Care.SERIOUS: {Level.TERTIARY: [((900, 4_800), 70), ((4_800, 16_000), 30)]},
    Care.INPATIENT: {
        Level.PRIMARY: [((900, 3_200), 85), ((3_200, 6_000), 15)],
        Level.SECONDARY: [((2_600, 7_500), 80), ((7_500, 16_000), 20)],
        Level.TERTIARY: [((6_000, 19_000), 72), ((19_000, 62_000), 23), ((62_000, 180_000), 5)],
    },
    Care.MATERNITY_NATURAL: {Level.TERTIARY: [((2_200, 5_200), 100)]},
    Care.MATERNITY_CAESAREAN: {Level.TERTIARY: [((5_200, 9_800), 100)]},
}
# In basis points of the total: at most this much is excluded, above the ceiling, paid upfront.
_SHARES = {
    Care.PHARMACY: (600, 200, 800),
    Care.INPATIENT: (900, 350, 1_100),
    Care.SERIOUS: (400, 600, 900),
}
_USUAL_SHARES = (500, 150, 900)


class Price(NamedTuple):
    """One bill in fen."""

    total: int
    excluded: int
    over_ceiling: int
    upfront_copay: int


def price(chance: Random, care: Care, level: Level) -> Price:
    """A bill of this kind at an institution of this level."""
    by_level = _PRICES[care]
    low, high = Urn(by_level.get(level) or list(by_level.values())[-1]).draw(chance)
    total = chance.randint(low * 100, high * 100)
    excluded, over_ceiling, upfront_copay = (
        total * chance.randrange(most) // 10_000 if chance.randrange(3) else 0
        for most in _SHARES.get(care, _USUAL_SHARES)
    )
    return Price(total, excluded, over_ceiling, upfront_copay)

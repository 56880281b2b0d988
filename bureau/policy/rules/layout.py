"""Columns of the two compiled tables, read by the kernel and written by the compiler: fen and basis points."""

from __future__ import annotations

from collections.abc import Sequence

# Stands at the head of every stored trace; grows with any change of the axes, the columns or the trace itself.
VERSION = 1

# "No cap", "no limit": a value far above any fund that still leaves room for sums in 64 bits.
UNLIMITED = 9_000_000_000_000_000
# No special relief.
NO_SHARE = -1

# Table of benefits: one row per period, pooling area, person, care, level, relation, filing, signing, chronic count.
COVERED = 0
PREPAYMENT = 1
DEDUCTIBLE = 2
DEDUCTIBLE_POOL = 3
RATIO = 4
LIMIT = 5
LIMIT_POOL = 6
POOLED_CAP = 7
MAJOR_COUNTS = 8
RELIEF_COUNTS = 9
RELIEF_OUTPATIENT = 10
SPECIAL_SHARE = 11
BENEFIT_COLUMNS = 12

# Table of protections: one row per period, pooling area, person, relief category, registered poor.
MAJOR_DEDUCTIBLE = 0
MAJOR_CAP = 1
RELIEF_ENTITLED = 2
RELIEF_RATIO = 3
RELIEF_DEDUCTIBLE = 4
RELIEF_CAP = 5
RELIEF_OUTPATIENT_LIMIT = 6
BAND_COUNT = 7
# From here pairs of (upper limit of the band, its ratio).
BANDS = 8
BAND_RATIO = 1
BAND_COLUMNS = 2
MOST_BANDS = 8
PROTECTION_COLUMNS = BANDS + BAND_COLUMNS * MOST_BANDS

# Accumulators of a person-year; the pools that the packs name follow.
USED_POOLED = 0
USED_EXPENSE = 1
USED_MAJOR = 2
USED_RELIEF_DEDUCTIBLE = 3
USED_RELIEF = 4
USED_RELIEF_OUTPATIENT = 5
# The slot of a deductible or limit that does not accumulate: empty again after each claim.
PER_CLAIM = 6
FIRST_POOL = 7


def bands_in(columns: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of (upper limit in fen, ratio in basis points) from the columns of protections from BAND_COUNT on."""
    count, pairs = columns[0], columns[BANDS - BAND_COUNT :]
    starts = range(0, BAND_COLUMNS * count, BAND_COLUMNS)
    return [(pairs[at], pairs[at + BAND_RATIO]) for at in starts]

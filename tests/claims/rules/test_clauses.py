"""Every clause that a calculation reads is held by an example of the packs: shift its values, and an example fails."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from bureau.kernel.money import BASIS_POINTS
from bureau.policy.rules import layout
from bureau.policy.rules.benefits import BY_KEY
from bureau.policy.rules.documents import Row
from bureau.policy.rules.mechanisms import BENEFIT, CITY, Mechanism
from bureau.policy.rules.packs import cities, drafted_cities, load_city
from bureau.policy.rules.rulebook import Rulebook
from bureau.policy.terms import Unit
from claims.rules import examples

# City, document, clause, and why no amount of an example can hang on it.
WITHOUT: dict[tuple[str, str, str], str] = {}
ONE_POINT = 100
ONE_YUAN = 100


def clauses(rulebook: Rulebook) -> Iterator[tuple[str, str, list[Row]]]:
    """Document and clause with the rows under it that a calculation reads."""
    for document in rulebook.documents:
        for clause in document.clauses.values():
            rows = [row for row in rulebook.rows if row.document is document and row.clause is clause]
            if rows := [row for row in rows if row.mechanism.table != CITY]:
                yield document.id, clause.key, rows


def shifted(rulebook: Rulebook, rows: list[Row]) -> int:
    """Shift every cell that cites one of these rows by the least that a person would call another value."""
    chosen = [
        number for number, cited in enumerate(rulebook.citations) if any(rulebook.rows[at] in rows for at in cited)
    ]
    cells = 0
    for mechanism in BY_KEY.values():
        if mechanism.table == CITY:
            continue
        is_benefit = mechanism.table == BENEFIT
        table = rulebook.benefits if is_benefit else rulebook.protections
        twin = rulebook.benefits_cited if is_benefit else rulebook.protections_cited
        here = np.isin(twin[:, mechanism.column], chosen)
        cells += int(here.sum())
        _shift(table, here, mechanism)
    # The flat lists of the plain kernel are made from the tables when they are first asked for.
    rulebook.__dict__.pop("benefit_values", None)
    rulebook.__dict__.pop("protection_values", None)
    return cells


def _shift(table: np.ndarray, here: np.ndarray, mechanism: Mechanism) -> None:
    at = mechanism.column
    if mechanism.unit is Unit.BANDS:
        shares = slice(layout.BANDS + layout.BAND_RATIO, None, layout.BAND_COLUMNS)
        table[here, shares] -= ONE_POINT
    elif mechanism.unit is Unit.MONEY:
        table[here, at] = np.where(table[here, at] == layout.UNLIMITED, ONE_YUAN, table[here, at] + ONE_YUAN)
    elif mechanism.unit is Unit.RATIO:
        table[here, at] += np.where(table[here, at] < BASIS_POINTS, ONE_POINT, -ONE_POINT)
    elif mechanism.unit is Unit.FLAG:
        table[here, at] = 1 - table[here, at]
    else:
        table[here, at] = layout.PER_CLAIM


@pytest.mark.parametrize("city", cities())
def test_every_clause_is_held_by_an_example(city: str) -> None:
    loose = []
    rulebook = load_city(city, drafts=city in drafted_cities())
    assert examples.failing(rulebook) == []
    benefits, protections = rulebook.benefits.copy(), rulebook.protections.copy()
    for document, clause, rows in clauses(rulebook):
        cells = shifted(rulebook, rows)
        if not cells or not examples.failing(rulebook):
            loose.append((city, document, clause))
        rulebook.benefits[:], rulebook.protections[:] = benefits, protections

    assert set(loose) == {key for key in WITHOUT if key[0] == city}

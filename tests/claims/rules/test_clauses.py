"""Every clause is held by an example of the packs: shift the values that stand under it, and an example fails.

So is every single value that a document gives; what is assumed is held clause by clause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from bureau.kernel.money import BASIS_POINTS
from bureau.policy.rules import layout
from bureau.policy.rules.benefits import BY_KEY
from bureau.policy.rules.documents import Clause, PoolArea, Row
from bureau.policy.rules.mechanisms import BENEFIT, CITY, Mechanism
from bureau.policy.rules.packs import cities, drafted_cities, load_city
from bureau.policy.rules.rulebook import Rulebook
from bureau.policy.terms import Unit
from claims.rules import examples

ONE_POINT = 100
ONE_YUAN = 100
# Clauses that give no value but bind those of others: a compiler's test breaks each (test_seeded_faults).
BINDING = {
    ("wenzhou-pooling-2022", "gradient"): "WZ-23: no higher ratio further up or further away",
    ("wenzhou-relief-2019", "income_line"): "WR-16: a ceiling that holds usually",
}


class Law:
    """A city's rulebook whose values can be shifted and put back."""

    def __init__(self, city: str, *, drafts: bool = False) -> None:
        self.rulebook: Rulebook = load_city(city, drafts=drafts)
        self._benefits, self._protections = self.rulebook.benefits.copy(), self.rulebook.protections.copy()
        self._rows, self._areas = self.rulebook.rows, self.rulebook.areas

    def is_held(self, rows: Sequence[Row], areas: Sequence[PoolArea] = ()) -> bool:
        """Whether an example fails once all cells that cite these rows are shifted and these areas are gone."""
        rulebook = self.rulebook
        self._shift_tables(rows)
        # Rules of the city are read from the rows themselves; what is gone cannot be read.
        rulebook.rows = tuple(_another(row) if row in rows else row for row in self._rows)
        rulebook.areas = tuple(area for area in self._areas if area not in areas)
        failing = examples.failing(rulebook)
        rulebook.benefits[:], rulebook.protections[:] = self._benefits, self._protections
        rulebook.rows, rulebook.areas = self._rows, self._areas
        self._forget()
        return bool(failing)

    def _shift_tables(self, rows: Sequence[Row]) -> None:
        rulebook = self.rulebook
        chosen = [
            number
            for number, cited in enumerate(rulebook.citations)
            if any(rulebook.rows[at].mechanism.table != CITY and rulebook.rows[at] in rows for at in cited)
        ]
        for mechanism in BY_KEY.values():
            if mechanism.table != CITY:
                is_benefit = mechanism.table == BENEFIT
                table = rulebook.benefits if is_benefit else rulebook.protections
                twin = rulebook.benefits_cited if is_benefit else rulebook.protections_cited
                _shift(table, np.isin(twin[:, mechanism.column], chosen), mechanism)
        self._forget()

    def _forget(self) -> None:
        """What a rulebook makes from its tables and areas when first asked."""
        self.rulebook.__dict__.pop("benefit_values", None)
        self.rulebook.__dict__.pop("protection_values", None)
        self.rulebook._pools_on.clear()


def _shift(table: NDArray[np.int64], here: NDArray[np.bool_], mechanism: Mechanism) -> None:
    """The least that a person would call another value, in the cells that are meant."""
    at = mechanism.column
    if mechanism.unit is Unit.BANDS:
        table[here, layout.BANDS + layout.BAND_RATIO :: layout.BAND_COLUMNS] -= ONE_POINT
    elif mechanism.unit is Unit.MONEY:
        table[here, at] = np.where(table[here, at] == layout.UNLIMITED, ONE_YUAN, table[here, at] + ONE_YUAN)
    elif mechanism.unit is Unit.RATIO:
        if mechanism.key == "ratio":
            # A level without a ratio is not covered; with one it is.
            table[here & (table[:, at] == 0), layout.COVERED] = 1
        table[here, at] += np.where(table[here, at] < BASIS_POINTS, ONE_POINT, -ONE_POINT)
    elif mechanism.key == "covered":
        begins = here & (table[:, at] == 0)
        table[here, at] = 1 - table[here, at]
        table[begins, layout.RATIO], table[begins, layout.LIMIT] = ONE_POINT, layout.UNLIMITED
    elif mechanism.unit is Unit.FLAG:
        table[here, at] = 1 - table[here, at]
    else:
        table[here, at] = layout.PER_CLAIM


def _another(row: Row) -> Row:
    """The row of a rule with another value; a row of the tables stays."""
    if row.mechanism.table != CITY or not isinstance(row.value, int):
        return row
    return replace(row, value=1 - row.value if row.mechanism.unit is Unit.FLAG else row.value + 1)


def clauses(rulebook: Rulebook) -> Iterator[tuple[str, Clause, list[Row], list[PoolArea]]]:
    """Each clause of each document with the rows and pooling areas that stand under it."""
    for document in rulebook.documents:
        for clause in document.clauses.values():
            rows = [row for row in rulebook.rows if row.document is document and row.clause is clause]
            areas = [area for area in rulebook.areas if area.document is document and area.clause is clause]
            yield document.id, clause, rows, areas


@pytest.mark.parametrize("city", cities())
def test_every_clause_is_held_by_an_example(city: str) -> None:
    law = Law(city)
    assert examples.failing(law.rulebook) == []

    loose = {
        (document, clause.key)
        for document, clause, rows, areas in clauses(law.rulebook)
        if not law.is_held(rows, areas)
    }
    assert loose == {key for key in BINDING if key[0].startswith(city)}
    assert examples.failing(law.rulebook) == []


@pytest.mark.parametrize("city", drafted_cities())
def test_every_clause_of_a_draft_is_held_by_an_example(city: str) -> None:
    present = {document.id for document in load_city(city).documents}
    law = Law(city, drafts=True)

    drafted = [one for one in clauses(law.rulebook) if one[0] not in present]
    assert len(drafted) == 3
    assert [clause.key for _, clause, rows, areas in drafted if not law.is_held(rows, areas)] == []


@pytest.mark.parametrize("city", cities())
def test_every_value_that_a_document_gives_is_held_by_an_example(city: str) -> None:
    law = Law(city)
    given = [row for row in law.rulebook.rows if not row.assumed]

    assert [f"{row.place} {row.name} {row.literal}" for row in given if not law.is_held([row])] == []

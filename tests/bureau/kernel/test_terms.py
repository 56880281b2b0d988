"""Vocabularies: codes are stored, labels are shown."""

import pytest

from bureau.kernel.terms import ReliefCategory, Scheme


def test_a_term_is_its_code_and_knows_its_label() -> None:
    assert Scheme.EMPLOYEE == "employee"
    assert Scheme("resident").label == "居民医保"
    assert Scheme.choices() == [("employee", "职工医保"), ("resident", "居民医保")]
    assert (Scheme.label_of("employee"), Scheme.label_of("gone")) == ("职工医保", "gone")
    with pytest.raises(ValueError, match="gone"):
        Scheme("gone")


def test_relief_categories_are_ranked_from_the_highest() -> None:
    assert [category.rank for category in ReliefCategory] == [1, 2, 3, 4, 5, 6]
    assert min(ReliefCategory.OTHER, ReliefCategory.SUBSISTENCE, key=lambda category: category.rank) == "subsistence"

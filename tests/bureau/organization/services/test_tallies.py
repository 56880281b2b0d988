"""Counting: one statement, many processes, and nobody gets more than the most."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from bureau.organization.models import Tally
from bureau.organization.services import tallies
from tests.conftest import ThrowawayDatabase

HOUR = timedelta(hours=1)


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_the_most_are_let_through_and_the_next_is_over(self) -> None:
        assert [tallies.take("k", most=3, within=HOUR).left for _ in range(5)] == [2, 1, 0, -1, -2]

    def test_the_last_one_begins_the_pause_and_those_after_it_do_not_prolong_it(self) -> None:
        tallies.take("k", most=2, within=HOUR)
        Tally.objects.update(ends_at=timezone.now() + timedelta(minutes=1))
        last = tallies.take("k", most=2, within=HOUR)
        assert last.seconds > 3500
        assert tallies.take("k", most=2, within=HOUR).ends_at == last.ends_at

    def test_after_its_while_it_starts_anew(self) -> None:
        for _ in range(9):
            tallies.take("k", most=3, within=HOUR)
        Tally.objects.update(ends_at=timezone.now())
        assert tallies.take("k", most=3, within=HOUR).left == 2

    def test_what_has_run_out_is_cleared(self) -> None:
        tallies.take("old", most=3, within=-HOUR)
        tallies.take("new", most=3, within=HOUR)
        assert tallies.clear_ended() == 1
        assert list(Tally.objects.values_list("key", flat=True)) == ["new"]


def test_forty_at_once_get_five(throwaway_database: ThrowawayDatabase, django_db_blocker) -> None:
    def one(_: int) -> bool:
        try:
            return tallies.take("k", most=5, within=HOUR).is_over
        finally:
            connection.close()

    with django_db_blocker.unblock(), ThreadPoolExecutor(8) as pool:
        refused = list(pool.map(one, range(40)))
    assert refused.count(False) == 5

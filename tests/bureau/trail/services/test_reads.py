"""Who looked is written down for good, and how often is limited."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django.fixtures import Settings

from bureau.kernel.errors import BusinessError
from bureau.trail import selectors
from bureau.trail.models import ActionLog, ReadRecord
from bureau.trail.services import reads
from bureau.trail.terms import ReadKind
from tests.factories.people import a_clerk

pytestmark = pytest.mark.django_db


def looked(by, kind=ReadKind.VIEWED, times=1):
    for _ in range(times):
        reads.record(kind=kind, subject_kind="person", subject_key="7", screen="person", by=by)


def revealed(by, reason="核对住院登记 JS-1"):
    reads.reveal(
        what="证件号", subject_kind="person", subject_key="7", reason=reason, screen="person", by=by, area_code="510704"
    )


def test_a_look_is_one_line_that_stays(django_assert_num_queries) -> None:
    by = a_clerk()
    with django_assert_num_queries(1):
        looked(by)
    assert [line.by for line in selectors.reads_of("person", "7")] == [by]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in (
        "UPDATE trail_readrecord SET kind = 'x'",
        "DELETE FROM trail_readrecord",
        "TRUNCATE trail_readrecord",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_reveal_is_in_the_log_with_its_reason() -> None:
    revealed(a_clerk())
    assert ActionLog.objects.get(action="person.revealed").summary == "显示完整证件号，原因：核对住院登记 JS-1"
    assert ReadRecord.objects.get().kind == "revealed"


@pytest.mark.parametrize("reason", ["", "   ", "看看", " 看 "])
def test_without_a_reason_nothing_is_revealed(reason: str) -> None:
    with pytest.raises(BusinessError, match=r"trail\.reason_missing"):
        revealed(a_clerk(), reason)
    assert not ReadRecord.objects.exists()


def test_the_quota_of_an_hour_is_hard_and_each_persons_own(settings: Settings) -> None:
    settings.REVEALS_PER_HOUR = 2
    by, other = a_clerk(), a_clerk()
    revealed(by)
    revealed(by)
    with pytest.raises(BusinessError, match=r"trail\.reveal_quota"):
        revealed(by)
    revealed(other)


def test_searches_and_misses_have_quotas_of_their_own(settings: Settings) -> None:
    settings.ID_SEARCHES_PER_HOUR, settings.ID_MISSES_PER_DAY = 5, 2
    honest, guesser = a_clerk(), a_clerk()
    looked(honest, ReadKind.SEARCHED, 4)
    reads.require_searches_left(honest)
    looked(honest, ReadKind.SEARCHED)
    with pytest.raises(BusinessError, match=r"trail\.search_quota"):
        reads.require_searches_left(honest)
    looked(guesser, ReadKind.MISSED, 2)
    with pytest.raises(BusinessError, match=r"trail\.miss_quota"):
        reads.require_searches_left(guesser)

"""A city's law from draft to release."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from bureau.kernel.errors import BusinessError
from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.rules import packs
from bureau.policy.selectors import rulesets
from bureau.policy.services import releases
from bureau.trail.models import ActionLog
from tests.factories import month, people

pytestmark = pytest.mark.django_db


def test_the_published_release_is_the_law_in_force() -> None:
    release = month.the_law()

    assert rulesets.rulebook_in_force().sha256 == release.sha256 == packs.load_city("mianyang").sha256
    assert rulesets.rulebook(release.sha256) is rulesets.rulebook_in_force()
    rate = rulesets.rulebook_in_force().parameter("settlement.quality_deposit_rate", date(2023, 5, 31))
    assert (rate.value, rate.assumed) == (500, True)


def test_without_a_release_there_is_no_law() -> None:
    with pytest.raises(BusinessError, match=r"policy\.nothing_published"):
        rulesets.rulebook_in_force()


def test_the_drafter_cannot_publish() -> None:
    both = people.a_clerk("both", Duty.POLICY, Duty.POLICY_CHECK, area_code=month.CITY)
    draft = releases.draft(city="mianyang", content=packs.pack_bytes("mianyang"), by=both)

    with pytest.raises(BusinessError, match=r"policy\.same_person"):
        releases.publish(draft, by=both)
    with pytest.raises(IntegrityError, match="release_checker_is_not_drafter"), transaction.atomic():
        Release.objects.filter(pk=draft.pk).update(stage="published", published_by=both)


def test_a_county_writes_no_policy() -> None:
    local = people.a_clerk("local", Duty.POLICY, area_code=people.YOUXIAN)
    with pytest.raises(BusinessError, match=r"policy\.city_only"):
        releases.draft(city="mianyang", content=packs.pack_bytes("mianyang"), by=local)

    assert ActionLog.objects.get(action="policy.refused").by == local


def test_a_new_release_supersedes_the_former_and_the_same_bytes_are_recognized() -> None:
    first = month.the_law()
    content = packs.pack_bytes("mianyang").replace("局长访谈".encode(), "局长访谈录".encode())
    assert releases.draft(city="mianyang", content=packs.pack_bytes("mianyang"), by=first.drafted_by) == first

    second = releases.publish(
        releases.draft(city="mianyang", content=content, by=first.drafted_by), by=first.published_by
    )

    assert list(Release.objects.order_by("number").values_list("number", "stage")) == [
        (1, "superseded"),
        (2, "published"),
    ]
    assert rulesets.rulebook_in_force().sha256 == second.sha256
    assert rulesets.rulebook(first.sha256).sha256 == first.sha256


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policy_release SET content = 'x'",
        "UPDATE policy_release SET sha256 = 'x'",
        "UPDATE policy_release SET stage = 'draft'",
        "DELETE FROM policy_release",
        "TRUNCATE policy_release",
    ],
)
def test_what_is_published_stays(statement: str) -> None:
    month.the_law()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


def test_nothing_is_born_published() -> None:
    clerk = month.an_accountant()
    with pytest.raises(IntegrityError, match="先起草"), transaction.atomic():
        Release.objects.create(
            city="mianyang", number=1, area=clerk.area, stage="published", content=b"x", sha256="x", drafted_by=clerk
        )

"""A city's law from draft to release."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from bureau.kernel.errors import BusinessError
from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.rules import packs
from bureau.policy.selectors import differing, rulesets
from bureau.policy.services import drafts, releases
from bureau.trail.models import ActionLog
from tests.factories import month, people, policy

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


def test_a_county_writes_no_policy() -> None:
    local = people.a_clerk("local", Duty.POLICY, Duty.POLICY_CHECK, area_code=people.YOUXIAN)
    release = month.the_law()
    deeds = (
        lambda: releases.draft(city="mianyang", content=packs.pack_bytes("mianyang"), by=local),
        lambda: drafts.start(base=release, note="提高", by=local),
        lambda: drafts.save_document(release, name="x.yaml", text="", expected="", by=local),
        lambda: releases.submit(release, by=local),
        lambda: releases.check(release, by=local),
        lambda: releases.publish(release, by=local),
    )
    for deed in deeds:
        with pytest.raises(BusinessError, match=r"policy\.city_only"):
            deed()

    assert ActionLog.objects.filter(action="policy.refused", by=local).count() == len(deeds)


class TestTheWayOfARelease:
    def test_goes_by_two_people_and_supersedes_the_former(self) -> None:
        first = month.the_law()
        draft = policy.a_raised_ratio()

        assert releases.submit(draft, by=draft.drafted_by).stage == "submitted"
        checker = first.published_by
        for key in differing.differences(draft).keys:
            releases.open_change(policy.again(draft), key=key, by=checker)
        assert releases.check(draft, by=checker).stage == "checked"
        assert rulesets.rulebook_in_force().sha256 == first.sha256
        second = releases.publish(draft, by=checker)

        assert list(Release.objects.order_by("number").values_list("number", "stage")) == [
            (1, "superseded"),
            (2, "published"),
        ]
        assert second.checked_sha256 == second.submitted_sha256 == second.sha256
        assert second.checked_against == first.sha256
        assert rulesets.rulebook_in_force().sha256 == second.sha256 != first.sha256
        # What it changed can still be read when it is the law itself.
        assert [change.after for change in differing.differences(second).values] == ["45%", "55%"]
        assert rulesets.rulebook(first.sha256).sha256 == first.sha256

    def test_every_verb_has_its_duty_and_its_stage(self) -> None:
        month.the_law()
        draft = policy.a_raised_ratio()
        checker = policy.a_checker()

        with pytest.raises(BusinessError, match=r"stage\.not_allowed"):
            releases.check(draft, by=checker)
        with pytest.raises(BusinessError, match=r"stage\.not_allowed"):
            releases.publish(draft, by=checker)
        with pytest.raises(BusinessError, match=r"policy\.duty"):
            releases.submit(draft, by=checker)
        releases.submit(draft, by=draft.drafted_by)
        with pytest.raises(BusinessError, match=r"policy\.duty"):
            releases.check(draft, by=draft.drafted_by)

    def test_nobody_checks_or_publishes_what_they_drafted(self) -> None:
        month.the_law()
        both = people.a_clerk("", Duty.POLICY, Duty.POLICY_CHECK, area_code=month.CITY)
        draft = releases.submit(policy.a_raised_ratio(by=both), by=both)

        key = next(iter(differing.differences(draft).keys))
        for deed in (
            lambda: releases.open_change(draft, key=key, by=both),
            lambda: releases.check(draft, by=both),
            lambda: releases.send_back(draft, reason="改", by=both),
        ):
            with pytest.raises(BusinessError, match=r"policy\.same_person"):
                deed()
        with pytest.raises(IntegrityError, match="release_reader_is_not_drafter"), transaction.atomic():
            Release.objects.filter(pk=draft.pk).update(stage="checked", checked_by=both, checked_sha256=draft.sha256)
        draft = policy.checked(draft)
        with pytest.raises(BusinessError, match=r"policy\.same_person"):
            releases.publish(draft, by=both)
        with pytest.raises(IntegrityError, match="release_checker_is_not_drafter"), transaction.atomic():
            Release.objects.filter(pk=draft.pk).update(stage="published", published_by=both)

    def test_sent_back_it_can_be_changed_and_must_be_opened_anew(self) -> None:
        month.the_law()
        draft = policy.a_raised_ratio()
        checker = policy.a_checker()
        releases.submit(draft, by=draft.drafted_by)
        for key in differing.differences(draft).keys:
            releases.open_change(policy.again(draft), key=key, by=checker)

        with pytest.raises(BusinessError, match=r"policy\.reason_missing"):
            releases.send_back(draft, reason=" ", by=checker)
        back = releases.send_back(draft, reason="应为四个百分点", by=checker)
        assert (back.stage, back.return_reason, back.submitted_sha256) == ("draft", "应为四个百分点", "")
        text = policy.RAISED.replace("+5点", "+4点")
        back = drafts.save_document(back, name=policy.RAISED_FILE, text=text, expected=back.sha256, by=back.drafted_by)
        again = releases.submit(back, by=back.drafted_by)

        # The two changed ratios (inside the province or filed, and not) and the new document.
        with pytest.raises(BusinessError, match="还有 3 处改动没有打开核对（共 3 处）"):
            releases.check(again, by=checker)

    def test_every_change_must_be_opened_by_the_one_who_checks(self) -> None:
        month.the_law()
        draft = policy.a_raised_ratio()
        one, other = policy.a_checker(), policy.a_checker()
        releases.submit(draft, by=draft.drafted_by)
        keys = sorted(differing.differences(draft).keys)

        for key in keys:
            releases.open_change(policy.again(draft), key=key, by=other)
        for left, key in zip((3, 2, 1), keys, strict=True):
            with pytest.raises(BusinessError, match=f"还有 {left} 处改动"):
                releases.check(draft, by=one)
            releases.open_change(policy.again(draft), key=key, by=one)
        assert releases.check(draft, by=one).checked_by == one

        with pytest.raises(BusinessError, match=r"policy\.not_submitted"):
            releases.open_change(policy.again(draft), key=keys[0], by=one)

    def test_what_is_no_change_cannot_be_opened(self) -> None:
        month.the_law()
        draft = policy.a_raised_ratio()
        releases.submit(draft, by=draft.drafted_by)
        with pytest.raises(BusinessError, match=r"policy\.change_unknown"):
            releases.open_change(policy.again(draft), key="0" * 24, by=policy.a_checker())

    def test_another_release_in_between_voids_the_check(self) -> None:
        month.the_law()
        late = policy.checked(policy.submitted(policy.a_raised_ratio()))
        policy.published(policy.checked(policy.submitted(policy.a_raised_ratio(points="+3点"))))

        with pytest.raises(BusinessError, match=r"policy\.base_moved"):
            releases.publish(late, by=policy.a_checker())

    def test_a_withdrawn_draft_stays_to_be_read_and_goes_nowhere(self) -> None:
        month.the_law()
        draft = policy.submitted(policy.a_raised_ratio())
        with pytest.raises(BusinessError, match=r"policy\.not_the_drafter"):
            releases.withdraw(draft, by=people.a_clerk("", Duty.POLICY, area_code=month.CITY))

        gone = releases.withdraw(draft, by=draft.drafted_by)

        assert gone.stage == "withdrawn"
        for deed in (releases.submit, releases.withdraw):
            with pytest.raises(BusinessError, match="它已办结"):
                deed(gone, by=gone.drafted_by)

    def test_what_does_not_compile_or_changes_nothing_is_not_submitted(self) -> None:
        law = month.the_law()
        by = people.a_clerk("", Duty.POLICY, area_code=month.CITY)
        same = drafts.start(base=law, note="试", by=by)
        with pytest.raises(BusinessError, match=r"policy\.draft_changes_nothing"):
            releases.submit(same, by=by)

        # 55 instead of 50 per cent from the first day on: the document's own example pays 50.01 and comes to 55.01.
        name = "mianyang-outpatient-2023.yaml"
        text = policy.text_of(same, name).replace("in_service: 50%", "in_service: 55%")
        wrong = drafts.save_document(same, name=name, text=text, expected=same.sha256, by=by)
        with pytest.raises(BusinessError, match=r"pooled 应为 50\.01，算出 55\.01") as refused:
            releases.submit(wrong, by=by)
        assert refused.value.code == "policy.draft_has_faults"

    def test_only_the_packs_of_the_source_are_enacted_without_opening(self) -> None:
        month.the_law()
        with pytest.raises(BusinessError, match=r"policy\.not_the_packs"):
            releases.enact(policy.a_raised_ratio(), by=policy.a_checker())

    def test_one_city_has_one_law(self) -> None:
        month.the_law()
        with pytest.raises(BusinessError, match=r"policy\.another_city"):
            policy.a_release("changchun")

    def test_the_same_bytes_are_recognized(self) -> None:
        law = month.the_law()
        assert releases.draft(city="mianyang", content=packs.pack_bytes("mianyang"), by=law.drafted_by) == law
        assert releases.enact(law, by=law.published_by) == law


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policy_release SET content = 'x'",
        "UPDATE policy_release SET sha256 = 'x'",
        "UPDATE policy_release SET stage = 'draft'",
        "UPDATE policy_release SET stage = 'withdrawn'",
        "UPDATE policy_release SET checked_by_id = NULL",
        "DELETE FROM policy_release",
        "TRUNCATE policy_release CASCADE",
    ],
)
def test_what_is_published_stays(statement: str) -> None:
    month.the_law()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE policy_release SET content = 'x', sha256 = encode(sha256('x'), 'hex') WHERE id = %(id)s",
        "UPDATE policy_release SET stage = 'published', published_by_id = %(by)s WHERE id = %(id)s",
        "UPDATE policy_release SET stage = 'checked', checked_by_id = %(by)s WHERE id = %(id)s",
        "UPDATE policy_release SET stage = 'checked', checked_by_id = %(by)s, checked_sha256 = 'x' WHERE id = %(id)s",
        "UPDATE policy_release SET stage = 'superseded' WHERE id = %(id)s",
        "UPDATE policy_release SET note = 'x' WHERE id = %(id)s",
        "UPDATE policy_draftversion SET content = 'x'",
        "DELETE FROM policy_draftversion",
        "DELETE FROM policy_openedchange",
    ],
)
def test_what_is_submitted_stays_and_only_goes_its_way(statement: str) -> None:
    month.the_law()
    draft = policy.submitted(policy.a_raised_ratio())
    checker = policy.a_checker()
    releases.open_change(draft, key=next(iter(differing.differences(draft).keys)), by=checker)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"id": draft.pk, "by": checker.pk})


def test_nothing_is_born_published() -> None:
    clerk = month.an_accountant()
    with pytest.raises(IntegrityError, match="先起草"), transaction.atomic():
        Release.objects.create(
            city="mianyang", number=1, area=clerk.area, stage="published", content=b"x", sha256="x", drafted_by=clerk
        )

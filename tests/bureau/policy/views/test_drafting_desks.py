"""The desks of drafting and checking through their pages, without any script."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from bureau.policy.models import OpenedChange, Release
from bureau.policy.selectors import differing
from bureau.trail.models import ActionLog
from tests.factories import month, people, policy

pytestmark = pytest.mark.django_db

OUTPATIENT = "mianyang-outpatient-2023.yaml"


def signed_in(by: Staff) -> Client:
    client = Client()
    client.force_login(by)
    return client


def page(name: str, *args: object) -> str:
    return reverse(f"policy:{name}", args=args)


@pytest.fixture
def draft() -> Release:
    month.the_law()
    return policy.a_raised_ratio()


@pytest.fixture
def drafter(draft: Release) -> Client:
    return signed_in(draft.drafted_by)


def form_of(client: Client, draft: Release, name: str) -> dict[str, str]:
    """What the form of a document would send, untouched."""
    html = client.get(page("document", draft.pk, name)).content.decode()
    inputs = re.findall(r'name="(at-\d+)" value="([^"]*)"', html)
    return {"expected": draft.sha256, **dict(inputs)}


class TestEditing:
    def test_by_value_one_literal_changes_and_no_other_byte(self, drafter: Client, draft: Release) -> None:
        before = policy.text_of(draft, OUTPATIENT)
        form = form_of(drafter, draft, OUTPATIENT)
        (name,) = (key for key, word in form.items() if word == "2500元")

        answer = drafter.post(page("document", draft.pk, OUTPATIENT), form | {name: "2600元"})

        assert answer.status_code == 302
        assert policy.text_of(policy.again(draft), OUTPATIENT) == before.replace("retired: 2500元", "retired: 2600元")

    def test_as_text_nothing_is_changed_by_the_browsers_line_ends(self, drafter: Client, draft: Release) -> None:
        text = policy.text_of(draft, OUTPATIENT)
        drafter.post(
            page("document", draft.pk, OUTPATIENT) + "?as=text",
            {"expected": draft.sha256, "text": text.replace("\n", "\r\n")},
        )
        assert policy.again(draft).sha256 == draft.sha256

    def test_a_bad_value_comes_back_as_it_was_typed_with_its_line(self, drafter: Client, draft: Release) -> None:
        form = form_of(drafter, draft, OUTPATIENT)
        (name,) = (key for key, word in form.items() if word == "2500元")

        answer = drafter.post(page("document", draft.pk, OUTPATIENT), form | {name: "两千六 #"})

        html = answer.content.decode()
        assert f'name="{name}" value="两千六 #"' in html
        assert "不是一个取值" in html and 'data-line="29"' in html
        assert policy.again(draft).sha256 == draft.sha256

    def test_what_another_window_saved_is_not_overwritten_and_the_text_comes_back(
        self, drafter: Client, draft: Release
    ) -> None:
        address = page("document", draft.pk, policy.RAISED_FILE) + "?as=text"
        drafter.post(address, {"expected": draft.sha256, "text": policy.RAISED + "# 甲\n"})

        answer = drafter.post(address, {"expected": draft.sha256, "text": policy.RAISED + "# 乙\n"})

        assert "草稿已在别的窗口改过" in answer.content.decode()
        assert "# 乙" in answer.content.decode()
        assert "# 甲" in policy.text_of(policy.again(draft), policy.RAISED_FILE)

    def test_the_checks_answer_while_one_types_and_store_nothing(self, drafter: Client, draft: Release) -> None:
        text = policy.RAISED.replace("+5点", "+5%")
        answer = drafter.post(
            page("document_check", draft.pk, policy.RAISED_FILE), {"expected": draft.sha256, "text": text}
        )
        html = answer.content.decode()
        assert "不能修改“报销比例”，可写如 +5点" in html and 'data-line="10"' in html
        assert policy.again(draft).sha256 == draft.sha256

    def test_a_fault_in_another_document_leads_there(self, drafter: Client, draft: Release) -> None:
        text = policy.text_of(draft, OUTPATIENT).replace("- {name: outpatient.annual_limit", "# {name: x")
        answer = drafter.post(page("document", draft.pk, OUTPATIENT), {"expected": draft.sha256, "text": text})
        assert answer.status_code == 302
        html = drafter.get(page("document", draft.pk, policy.RAISED_FILE)).content.decode()
        assert "不能送审" in html
        assert re.search(rf'href="/policy/drafts/{draft.pk}/documents/[\w.-]+\?as=text#line-\d+"|#line-', html)

    def test_what_is_written_is_shown_and_never_run(self, drafter: Client, draft: Release) -> None:
        evil = policy.RAISED.replace("says: 在职职工", "says: <script>alert(1)</script></textarea>")
        drafter.post(page("document", draft.pk, policy.RAISED_FILE), {"expected": draft.sha256, "text": evil})
        for address in (page("draft", draft.pk), page("document", draft.pk, policy.RAISED_FILE)):
            for mode in ("", "?as=text"):
                assert "<script>alert" not in drafter.get(address + mode).content.decode()

    @pytest.mark.parametrize("name", ["none.yaml", "..", "mianyang"])
    def test_a_document_that_is_not_there_is_not_found(self, drafter: Client, draft: Release, name: str) -> None:
        assert drafter.get(page("draft", draft.pk) + f"documents/{name}/").status_code == 404


class TestWhoMayWhat:
    def test_a_county_that_tries_is_refused_and_written_down(self, draft: Release) -> None:
        local = people.a_clerk("", Duty.POLICY, Duty.POLICY_CHECK)
        client = signed_in(local)
        assert local.area_id == people.YOUXIAN
        deeds = {
            page("document", draft.pk, OUTPATIENT): {"expected": draft.sha256, "text": "x"},
            page("draft_submit", draft.pk): {},
            page("check", draft.pk): {},
            page("publish", draft.pk): {},
            page("return", draft.pk): {"reason": "改"},
            page("draft_start"): {"base": str(month.the_law().pk), "note": "试"},
        }
        for address, form in deeds.items():
            assert "政策只能由市级制定" in client.post(address, form).content.decode(), address
        assert ActionLog.objects.filter(action="policy.refused", by=local).count() == len(deeds)
        assert policy.again(draft).sha256 == draft.sha256

    @pytest.mark.parametrize("duty", [Duty.COUNTER, Duty.FINANCE, Duty.SYSTEM])
    def test_others_do_not_enter(self, draft: Release, duty: Duty) -> None:
        client = signed_in(people.a_clerk("", duty, area_code=month.CITY))
        for address in (page("drafts"), page("draft", draft.pk), page("document", draft.pk, OUTPATIENT)):
            assert client.get(address).status_code == 403

    def test_a_leader_reads_and_has_no_button(self, draft: Release) -> None:
        client = signed_in(people.a_clerk("", Duty.LEADER_CITY, area_code=month.CITY))
        html = client.get(page("draft", draft.pk)).content.decode()
        assert "50%" in html and "送审政策" not in html and "新增文件" not in html
        assert "只供查看" in client.get(page("document", draft.pk, OUTPATIENT)).content.decode()

    def test_opening_is_a_deed_and_no_look(self, draft: Release) -> None:
        policy.submitted(draft)
        checker = policy.a_checker()
        client = signed_in(checker)
        keys = sorted(differing.differences(draft).keys)

        for key in keys:
            assert client.get(page("change", draft.pk, key)).status_code == 200
        assert not OpenedChange.objects.exists()
        client.post(page("change", draft.pk, keys[0]))
        assert OpenedChange.objects.get().by == checker
        assert "还有 2 处改动没有打开核对（共 3 处）" in client.post(page("check", draft.pk)).content.decode()
        assert client.get(page("change", draft.pk, "f" * 24)).status_code == 409

    def test_a_reader_opens_nothing(self, draft: Release) -> None:
        policy.submitted(draft)
        key = next(iter(differing.differences(draft).keys))
        reader = people.a_clerk("", Duty.AUDIT, area_code=month.CITY)
        assert signed_in(reader).post(page("change", draft.pk, key)).status_code == 403
        assert not OpenedChange.objects.exists()


@pytest.mark.parametrize("name", ["drafts", "draft", "document", "change", "draft_submit"])
def test_a_page_asks_a_constant_number_of_questions(
    drafter: Client, draft: Release, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    key = next(iter(differing.differences(draft).keys))
    args = {"drafts": (), "document": (draft.pk, OUTPATIENT), "change": (draft.pk, key)}.get(name, (draft.pk,))
    with django_assert_max_num_queries(10):
        assert drafter.get(page(name, *args)).status_code == 200


def test_a_county_clerk_reads_the_law_and_finds_no_way_into_drafting(draft: Release) -> None:
    client = signed_in(people.a_clerk("510704", Duty.COUNTER))
    law = Release.objects.get(stage="published")

    listing = client.get("/admin/policy/release/").content.decode()
    one = client.get(f"/admin/policy/release/{law.pk}/change/").content.decode()

    assert str(law) in listing and str(draft) not in listing
    for text in (listing, one):
        assert f"{reverse('policy:documents')}?release={law.sha256[:12]}" in text
        assert "/policy/drafts/" not in text
    assert client.get(f"{reverse('policy:documents')}?release={law.sha256[:12]}").status_code == 200
    assert client.get(page("drafts")).status_code == 403
    assert client.get(f"/admin/policy/release/{draft.pk}/change/").status_code == 302


@pytest.mark.parametrize("duty", [Duty.POLICY, Duty.POLICY_CHECK, Duty.LEADER_CITY, Duty.AUDIT])
def test_who_sees_the_desk_goes_from_the_releases_to_it_and_back(draft: Release, duty: Duty) -> None:
    client = signed_in(people.a_clerk("", duty, area_code="510700"))

    listing = client.get("/admin/policy/release/").content.decode()

    assert page("draft", draft.pk) in listing
    assert f"{reverse('policy:documents')}?release={draft.sha256[:12]}" in listing
    assert client.get(f"{reverse('policy:documents')}?release={draft.sha256[:12]}").status_code == 200
    assert "/admin/policy/release/" in client.get(page("drafts")).content.decode()


def test_the_draft_is_what_is_tried_on_the_claims_of_the_year(draft: Release) -> None:
    text = signed_in(draft.drafted_by).get(page("draft", draft.pk)).content.decode()
    assert f"{reverse('simulation:new')}?release={draft.pk}" in text
    # The second person may not begin a simulation, and is not sent to a closed door.
    other = signed_in(people.a_clerk("", Duty.POLICY_CHECK, area_code="510700"))
    assert reverse("simulation:new") not in other.get(page("draft", draft.pk)).content.decode()

"""Writing a draft: nothing that was saved is lost, nothing is changed by anybody but its drafter."""

from __future__ import annotations

from datetime import date

import pytest

from bureau.kernel.errors import BusinessError
from bureau.organization.terms import Duty
from bureau.policy.models import DraftVersion, Release
from bureau.policy.rules import checks, packs
from bureau.policy.selectors import differing
from bureau.policy.services import drafts
from tests.factories import month, people, policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Release:
    month.the_law()
    return policy.a_raised_ratio()


def test_a_draft_begins_with_the_documents_of_its_base() -> None:
    law = month.the_law()
    by = people.a_clerk("", Duty.POLICY, area_code=month.CITY)
    draft = drafts.start(base=law, note="试", by=by)
    assert (draft.number, draft.sha256, draft.base, draft.stage) == (2, law.sha256, law, "draft")
    with pytest.raises(BusinessError, match=r"policy\.note_missing"):
        drafts.start(base=law, note=" ", by=by)
    with pytest.raises(BusinessError, match=r"policy\.base_not_published"):
        drafts.start(base=draft, note="试", by=by)


def test_every_save_is_a_version_and_going_back_is_one_too(draft: Release) -> None:
    by = draft.drafted_by
    again = drafts.save_document(draft, name=policy.RAISED_FILE, text=policy.RAISED, expected=draft.sha256, by=by)
    assert again.sha256 == draft.sha256
    wrong = drafts.save_document(draft, name=policy.RAISED_FILE, text="写坏了：[", expected=draft.sha256, by=by)
    assert not differing.report_of(wrong).is_clean

    back = drafts.restore(wrong, number=3, by=by)

    assert back.sha256 == draft.sha256
    assert list(DraftVersion.objects.filter(release=draft).order_by("number").values_list("number", "what")) == [
        (1, "依据绵阳市第 1 次发布起草"),
        (2, f"新增 {policy.RAISED_FILE}"),
        (3, f"改动 {policy.RAISED_FILE}"),
        (4, f"改动 {policy.RAISED_FILE}"),
        (5, "回到第 3 版"),
    ]
    with pytest.raises(BusinessError, match=r"policy\.version_unknown"):
        drafts.restore(back, number=9, by=by)


def test_a_second_window_does_not_overwrite_the_first(draft: Release) -> None:
    drafts.save_document(
        draft, name=policy.RAISED_FILE, text=policy.RAISED + "# 一\n", expected=draft.sha256, by=draft.drafted_by
    )
    with pytest.raises(BusinessError, match=r"policy\.draft_moved"):
        drafts.save_document(
            draft, name=policy.RAISED_FILE, text=policy.RAISED + "# 二\n", expected=draft.sha256, by=draft.drafted_by
        )


def test_nobody_else_writes_a_draft_and_nobody_a_submitted_one(draft: Release) -> None:
    other = people.a_clerk("", Duty.POLICY, area_code=month.CITY)
    save = {"name": policy.RAISED_FILE, "text": "x", "expected": draft.sha256}
    with pytest.raises(BusinessError, match=r"policy\.not_the_drafter"):
        drafts.save_document(draft, **save, by=other)
    policy.submitted(draft)
    for deed in (
        lambda: drafts.save_document(draft, **save, by=draft.drafted_by),
        lambda: drafts.restore(draft, number=1, by=draft.drafted_by),
        lambda: drafts.remove_document(draft, name=policy.RAISED_FILE, by=draft.drafted_by),
    ):
        with pytest.raises(BusinessError, match=r"policy\.not_a_draft"):
            deed()


def test_a_document_that_was_law_ends_and_does_not_vanish(draft: Release) -> None:
    by = draft.drafted_by
    with pytest.raises(BusinessError, match=r"policy\.document_was_law"):
        drafts.remove_document(draft, name="mianyang-away.yaml", by=by)
    gone = drafts.remove_document(draft, name=policy.RAISED_FILE, by=by)
    assert gone.sha256 == month.the_law().sha256


@pytest.mark.parametrize("document_id", ["", "A", "../x", "a/b", "x.yaml", "mianyang-away"])
def test_a_new_document_has_a_name_of_its_own(draft: Release, document_id: str) -> None:
    with pytest.raises(BusinessError, match=r"policy\.document_(id|exists)"):
        drafts.add_document(
            draft, document_id=document_id, title="试", valid_from=date(2023, 6, 1), by=draft.drafted_by
        )


def test_a_new_document_compiles_as_it_comes_and_wants_its_clause_said(draft: Release) -> None:
    title = "关于“调整”：100% [试行] # 'x' \\"
    added = drafts.add_document(
        draft, document_id="mianyang-trial", title=title, valid_from=date(2023, 7, 1), by=draft.drafted_by
    )
    report = differing.report_of(added)
    assert [(fault.code, fault.place.line) for fault in report.faults] == [("policy.unsaid", 7)]
    assert title in {document.title for document in report.rulebook.documents}


@pytest.mark.parametrize(
    ("text", "code"), [("x" * 200_001, "policy.too_long"), ("a\x00b", "policy.control_characters")]
)
def test_what_is_no_text_is_not_saved(draft: Release, text: str, code: str) -> None:
    with pytest.raises(BusinessError) as refused:
        drafts.save_document(draft, name=policy.RAISED_FILE, text=text, expected=draft.sha256, by=draft.drafted_by)
    assert refused.value.code == code


class TestWhatIsChecked:
    """WR-13 and WZ-23, the examples, and what ends: in the browser as in `policy_check`."""

    def report(self, name: str, old: str, new: str, city: str = "mianyang") -> checks.Report:
        files = packs.unbundle(packs.pack_bytes(city))[1]
        assert old in files[name]
        return checks.report(city, files | {name: files[name].replace(old, new, 1)}, on=date(2023, 5, 31))

    def test_the_engine_runs_the_examples(self) -> None:
        assert checks.registered() == ("例子",)
        found = self.report("mianyang-outpatient-2023.yaml", "pooled: 510.00元", "pooled: 511.00元")
        assert [fault.code for fault in found.faults] == ["policy.example"]
        assert "应为 511.00，算出 510.00" in found.faults[0].message

    def test_a_floor_that_is_broken_is_named_with_file_and_line(self) -> None:
        found = self.report(
            "wenzhou-relief-2019.yaml",
            "{relief: subsistence}, value: 70%",
            "{relief: subsistence}, value: 69%",
            city="wenzhou",
        )
        assert {(fault.code, str(fault.place)) for fault in found.faults} == {
            ("policy.floor", "wenzhou/wenzhou-relief-2019.yaml 第 41 行")
        }
        assert "低于" in found.faults[0].message and "下限 70%" in found.faults[0].message

    def test_what_ends_soon_is_listed(self) -> None:
        files = packs.unbundle(packs.pack_bytes("mianyang"))[1]
        ended = policy.RAISED.replace("until: null", "until: 2023-08-01")
        found = checks.report("mianyang", files | {policy.RAISED_FILE: ended}, on=date(2023, 6, 1))
        assert found.is_clean
        assert [(row.name, row.valid_until) for row in found.ending] == [("outpatient.raised", date(2023, 8, 1))]

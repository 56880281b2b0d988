"""The history of a row in sentences: what was, what is, who and when; in few queries, for whom the row is open."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau import walls
from bureau.console import history
from bureau.kernel.terms import Care, Employment, Scheme
from bureau.organization.models import Office, Staff
from bureau.organization.services import staffing
from bureau.organization.terms import Duty, OfficeKind
from bureau.policy.models import Release
from bureau.trail.models import ActionLog, ImportBatch
from bureau.trail.selectors import chain_head
from bureau.trail.services import actions, chain
from claims.models import Claim, SettlementRun
from enrollment.models import Enrollment, Person
from institutions.models import Agreement, Institution
from relief.models import ReliefStatus
from tests.factories import month, people
from tests.factories.people import JIANGYOU, YOUXIAN
from tests.factories.relief import a_status

pytestmark = pytest.mark.django_db


def a_counter() -> Staff:
    clerk = people.a_clerk("lin", Duty.COUNTER)
    office = Office.objects.create(area_id=YOUXIAN, name="综合受理窗口", kind=OfficeKind.AGENCY.value)
    Staff.objects.filter(pk=clerk.pk).update(full_name="林知夏", office=office)
    clerk.refresh_from_db()
    return clerk


def sentences(row, **more) -> list[tuple[str, str]]:
    """Who and what, the newest first, without what the factories wrote into the log."""
    return [(moment.by, moment.summary) for moment in history.of(row, **more)]


class TestSentences:
    def test_a_word_of_a_vocabulary_by_a_person_with_duty_and_window(self) -> None:
        enrollment = people.an_enrollment(people.a_person(), scheme=Scheme.EMPLOYEE)
        clerk = a_counter()
        with walls.as_staff(clerk):
            Enrollment.objects.filter(pk=enrollment.pk).update(employment=Employment.RETIRED.value)
        enrollment.refresh_from_db()

        assert sentences(enrollment)[0] == (
            "林知夏（综合柜员·综合受理窗口）",
            "将“就业状态”由“在职”改为“退休”。",
        )

    def test_each_state_is_told_from_the_next_one_and_the_last_from_the_row(self) -> None:
        person = people.a_person(name="林一")
        for name in ("林二", "林三"):
            Person.objects.filter(pk=person.pk).update(name=name)
        person.refresh_from_db()

        said = [summary for _, summary in sentences(person) if "姓名" in summary]
        assert said == ["将“姓名”由“林二”改为“林三”。", "将“姓名”由“林一”改为“林二”。"]

    def test_numbers_are_masked_money_is_yuan_and_other_rows_have_names(self) -> None:
        hospital = month.a_paid_hospital(bank_account="6222877001234561954")
        hospital.bank_account, hospital.contact = "6222877001234561987", "13987001268"
        hospital.save()
        said = sentences(hospital)[0][1]
        assert "6222877001234561" not in said
        assert "13987001268" not in said
        assert said.count("1987”") == 1
        assert "将“联系电话”由“" in said

        person = people.a_person()
        with walls.moving("enrollment_person"):
            Person.objects.filter(pk=person.pk).update(area_id=JIANGYOU, deceased_on=date(2023, 5, 3))
        person.refresh_from_db()
        assert sentences(person)[0][1] == "将“死亡日期”由“—”改为“2023-05-03”；将“区划”由“游仙区”改为“江油市”。"

        claim = a_claim(people.a_person(name="李四"))
        Claim.objects.filter(pk=claim.pk).update(total=2_080_050, is_filed=True)
        claim.refresh_from_db()
        assert sentences(claim)[0][1] == "将“已备案”由“否”改为“是”；将“医疗费总额”由“20,800.00 元”改为“20,800.50 元”。"

    def test_parts_say_what_they_are(self) -> None:
        person = people.a_person()
        enrollment = people.an_enrollment(person)
        Enrollment.objects.filter(pk=enrollment.pk).update(valid_until=date(2030, 1, 1))
        enrollment.refresh_from_db()
        told = sentences(person, parts=[enrollment])
        assert ("系统", "参保：将“待遇终止（不含）”由“—”改为“2030-01-01”。") in told
        assert ("系统", "建立参保：险种“居民医保”、待遇开始“2023-01-01”。") in told

    def test_a_task_is_the_system_with_the_name_of_its_work(self) -> None:
        person = people.a_person()
        with walls.as_nobody(), walls.through("claims.settle_month"), walls.as_system():
            Person.objects.filter(pk=person.pk).update(name="改")
        person.refresh_from_db()
        assert sentences(person)[0][0] == "系统（月结算）"

    def test_lines_of_the_log_and_changes_stand_in_one_order(self) -> None:
        clerk = people.a_clerk("", Duty.SECURITY, area_code="510700")
        staff = people.a_clerk("lin")
        staffing.rename(staff, full_name="林知夏", by=None)
        staff.refresh_from_db()
        moments = history.of(staff, parts=list(staff.duties.all()))
        assert [moment.at for moment in moments] == sorted((moment.at for moment in moments), reverse=True)
        assert any("将“姓名”由“" in moment.summary for moment in moments)
        assert ActionLog.objects.filter(subject_kind="organization.staff", subject_key=str(staff.pk)).count() == len(
            [moment for moment in moments if "改为“" not in moment.summary and "建立" not in moment.summary]
        )
        assert clerk.pk != staff.pk


def a_claim(person: Person) -> Claim:
    month.the_law()
    people.an_enrollment(person)
    month.filed(month.a_paid_hospital(), month.Bill("ZY-1", person, "20800", Care.INPATIENT))
    return Claim.objects.get()


@pytest.fixture
def busy() -> Client:
    """A month, settled, with the history of everything changed once more; somebody of the city with every duty."""
    person = people.a_person()
    a_status(person)
    people.a_recognition(person, valid_from=date(2023, 1, 1))
    a_claim(person)
    month.adjudicated()
    run = month.approved(month.settled())
    chain.seal()
    for model, column in ((Person, "name"), (ReliefStatus, "town"), (Institution, "bank_name"), (Agreement, "number")):
        model.objects.update(**{column: "改"})
    assert run.seal_sha256
    client = Client()
    client.force_login(people.a_clerk("all", *Duty, area_code="510700"))
    return client


def pages() -> list[str]:
    rows = (
        Person.objects.get(),
        ReliefStatus.objects.get(),
        Claim.objects.get(),
        Institution.objects.get(),
        Agreement.objects.get(),
        Release.objects.get(),
        ImportBatch.objects.first(),
        Staff.objects.first(),
    )
    assert all(rows)
    return [
        *(reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_history", args=[row.pk]) for row in rows),
        reverse("claims:settlement_history", args=[SettlementRun.objects.get().month]),
    ]


def test_every_page_with_a_history_takes_ten_queries_and_tells_something(busy: Client) -> None:
    counted = {}
    for address in pages():
        busy.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = busy.get(address)
        counted[address] = len(asked), answer.status_code, "timeline" in answer.content.decode()
    assert not [(address, seen) for address, seen in counted.items() if seen[0] > 10 or seen[1:] != (200, True)]


def test_a_month_and_an_institution_are_found_in_the_log_by_their_own_names(busy: Client) -> None:
    run, hospital = SettlementRun.objects.get(), Institution.objects.get()
    told = busy.get(reverse("claims:settlement_history", args=[run.month])).content.decode()
    assert f"开始 {run.month} 月结算，冻结单据 1 张。" in told
    assert f"封存 {run.month} 月结算，指纹 {run.seal_sha256[:12]}。" in told
    assert f"由“—”改为“{run.seal_sha256[:12]}”" in told
    assert f"由“—”改为“{run.seal_sha256}”" not in told

    with walls.as_system():
        actions.record(
            action="institution.told", subject_kind="institution", subject_key=hospital.code, summary="改了名", by=None
        )
    page = reverse("admin:institutions_institution_history", args=[hospital.pk])
    assert "改了名" in busy.get(page).content.decode()


def test_who_may_not_see_the_row_sees_no_history(busy: Client) -> None:
    for duty, area, refused in (
        (Duty.COUNTER, JIANGYOU, (302, 403, 404)),
        (Duty.SYSTEM, "510700", (403,)),
    ):
        client = Client()
        client.force_login(people.a_clerk("", duty, area_code=area))
        address = reverse("admin:enrollment_person_history", args=[Person.objects.get().pk])
        assert client.get(address).status_code in refused


def test_the_head_of_the_chain_is_printed_on_month_and_statement(busy: Client) -> None:
    head = chain_head()
    assert head is not None
    printed = " ".join(head.sha256[start : start + 8] for start in range(0, 64, 8))
    run = SettlementRun.objects.get()
    assert printed in busy.get(reverse("claims:settlement_history", args=[run.month])).content.decode()
    statement = run.settlements.get()
    assert printed in busy.get(reverse("claims:statement_sheet", args=[statement.number])).content.decode()
    assert chain.prove(paper_head=head.sha256).is_sound


def test_a_claims_own_table_opens_from_its_history(busy: Client) -> None:
    assert busy.get(reverse("admin:claims_claim_change", args=[Claim.objects.get().pk])).status_code == 200

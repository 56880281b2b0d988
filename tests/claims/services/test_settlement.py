"""A month worked by hand to the fen: two institutions, three claims, both schemes."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from bureau.funds.models import Entry, PaymentOrder, Posting
from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Care, Level, ReliefCategory, Scheme
from bureau.organization.models import Area
from bureau.organization.terms import AreaLevel
from claims.models import Approval, Claim, Settlement, SettlementLine, SettlementRun
from claims.selectors import settlements
from claims.services import checking, settlement
from tests.factories import month, people, relief

pytestmark = pytest.mark.django_db


@pytest.fixture
def may() -> None:
    """
    H…1, tertiary. Employee in service, outpatient 1,000.20: deductible 200.00, half of 800.20 = 400.10.
    Resident, inpatient 20,000.00 of which 1,000.00 excluded: deductible 800.00, 60 % of 18,200.00 = 10,920.00.
    H…2, secondary. Resident on subsistence, inpatient 60,000.00: deductible 400.00, 75 % of 59,600.00 = 44,700.00;
    major illness 65 % of 15,300.00 − 7,500.00 = 5,070.00; relief 70 % of 10,230.00 = 7,161.00.
    """
    first = month.a_paid_hospital(code="H51070400001")
    second = month.a_paid_hospital(code="H51070400002", level=Level.SECONDARY)
    worker, farmer, poor = people.a_person(), people.a_person(), people.a_person()
    people.an_enrollment(worker, scheme=Scheme.EMPLOYEE)
    people.an_enrollment(farmer)
    people.an_enrollment(poor)
    relief.a_status(poor, ReliefCategory.SUBSISTENCE)
    month.the_law()
    month.filed(
        first,
        month.Bill("MZ-1", worker, "1000.20"),
        month.Bill("ZY-1", farmer, "20000.00", Care.INPATIENT, date(2023, 5, 20), excluded="1000.00"),
    )
    month.filed(second, month.Bill("ZY-1", poor, "60000.00", Care.INPATIENT, date(2023, 5, 21)))
    assert month.adjudicated().problems == 0


def lines() -> list[tuple[object, ...]]:
    found = SettlementLine.objects.order_by("settlement__number", "fund", "scheme")
    return list(
        found.values_list(
            "settlement__number", "fund", "scheme", "claim_count", "due", "deducted", "withheld", "payable"
        )
    )


FIRST, SECOND = "JS-202305-H51070400001", "JS-202305-H51070400002"


def test_a_month_comes_out_as_worked_by_hand(may: None) -> None:
    run = month.settled()

    assert lines() == [
        # 5 % of 400.10 = 20.005, half up 20.01
        (FIRST, "employee_pool", "employee", 1, 400_10, 0, 20_01, 380_09),
        (FIRST, "resident_pool", "resident", 1, 10_920_00, 0, 546_00, 10_374_00),
        (SECOND, "assistance", "resident", 1, 7_161_00, 0, 0, 7_161_00),
        (SECOND, "major_illness", "resident", 1, 5_070_00, 0, 0, 5_070_00),
        (SECOND, "resident_pool", "resident", 1, 44_700_00, 0, 2_235_00, 42_465_00),
    ]
    report = settlements.report(run)
    assert (report.institutions, report.claims, report.due) == (2, 3, "68251.10")
    assert (report.deducted, report.withheld, report.payable) == ("0.00", "2801.01", "65450.09")
    assert report.by_fund["resident_pool"]["payable"] == "52839.00"
    assert len(report.sha256) == 64


def test_nothing_is_posted_before_approval(may: None) -> None:
    month.settled()

    assert Entry.objects.count() == PaymentOrder.objects.count() == 0


def test_approval_posts_and_orders_what_was_sealed(may: None) -> None:
    run = month.approved(month.settled())

    assert list(Entry.objects.values_list("fund", "voucher_number", "reference", "total")) == [
        ("assistance", 1, f"{SECOND}/assistance", 7_161_00),
        ("employee_pool", 1, f"{FIRST}/employee_pool", 400_10),
        ("major_illness", 1, f"{SECOND}/major_illness", 5_070_00),
        ("resident_pool", 1, f"{FIRST}/resident_pool", 10_920_00),
        ("resident_pool", 2, f"{SECOND}/resident_pool", 44_700_00),
    ]
    employee = Posting.objects.filter(entry__fund="employee_pool").order_by("id")
    assert list(employee.values_list("account__kind", "direction", "amount")) == [
        ("expenditure", "debit", 400_10),
        ("payable", "credit", 380_09),
        ("deposit", "credit", 20_01),
    ]
    assert PaymentOrder.objects.count() == 5
    assert {order.seal_sha256 for order in PaymentOrder.objects.all()} == {run.seal_sha256}


def test_the_payment_file_is_the_sealed_list(may: None) -> None:
    run = month.approved(month.settled())
    text = settlement.export_payments(run=run, by=month.a_cashier())

    assert text.splitlines()[0] == "付款单号,基金,收款机构编码,收款机构,开户行,收款账号,金额"
    assert text.splitlines()[1] == (
        "FK-202305-H51070400001-employee_pool,职工统筹基金,H51070400001,游仙第二医院,"
        "绵阳农商银行游仙支行,6222000000001234,380.09"
    )
    assert settlement.export_payments(run=run, by=month.a_cashier()) == text == run.payment_list
    assert {order.stage for order in PaymentOrder.objects.all()} == {"exported"}


def test_the_books_prove_sound_at_every_stage(may: None) -> None:
    run = month.settled()
    assert checking.check_books(by=None).faults == dict.fromkeys(checking.check_books(by=None).faults, 0)
    run = month.approved(run)
    assert checking.check_books(by=None).is_sound
    settlement.export_payments(run=run, by=month.a_cashier())
    proof = checking.check_books(by=None)
    assert proof.is_sound
    assert proof.counts == {
        "settled_claims": 3,
        "statements": 2,
        "entries": 5,
        "postings": 13,
        "payment_orders": 5,
    }


def test_started_twice_is_one_run_with_the_same_seal(may: None) -> None:
    first = month.settled()
    second = month.settled()

    assert (second.pk, second.seal_sha256) == (first.pk, first.seal_sha256)
    assert SettlementRun.objects.count() == 1
    assert Settlement.objects.count() == 2


def test_the_maker_cannot_approve(may: None) -> None:
    run = month.settled()
    accountant = month.an_accountant()
    # He became an approver since.
    people.DutyAssignment.objects.filter(staff=accountant).update(duty="finance_approval")

    with pytest.raises(BusinessError, match=r"claims\.same_person"):
        settlement.approve(run=run, by=accountant)
    # And where the service is gone round, the table refuses.
    with pytest.raises(IntegrityError, match="经办人不能审批自己的结算"), transaction.atomic():
        Approval.objects.create(run=run, seat=1, by=accountant, sha256=run.seal_sha256)


def test_approval_is_refused_when_the_content_is_no_longer_what_was_sealed(may: None) -> None:
    run = month.settled()
    with pytest.raises(IntegrityError, match="已结算，不得修改"), transaction.atomic():
        Claim.objects.filter(number="MZ-1").update(total=1)
    # The owner of the database can take the refusal away; the seal still tells.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_claim DISABLE TRIGGER claim_is_settled_once")
    Claim.objects.filter(number="MZ-1").update(total=1)

    with pytest.raises(BusinessError, match=r"claims\.seal_broken"):
        month.approved(run)


def test_no_claim_joins_a_month_that_is_sealed(may: None) -> None:
    run = month.settled()
    worker = Claim.objects.get(number="MZ-1")
    late = [month.Bill(number, worker.person, "10.00") for number in ("MZ-7", "MZ-8")]
    month.filed(worker.institution, *late, month="2023-06")

    for late_ones in (["MZ-7"], ["MZ-7", "MZ-8"]):
        with pytest.raises(IntegrityError, match="不能归入已封存的月份"), transaction.atomic():
            Claim.objects.filter(number__in=late_ones).update(settlement_run=run, settled_version=1)
    # Among settled ones, which stay as they are, the late one is found too.
    with pytest.raises(IntegrityError, match="不能归入已封存的月份"), transaction.atomic():
        Claim.objects.filter(number__in=["MZ-1", "MZ-7"]).update(settlement_run=run, settled_version=1)
    # What is not fixed on a settled claim may be corrected.
    assert Claim.objects.filter(settlement_run=run).update(is_filed=True) == 3


def test_a_second_run_of_the_month_is_refused_by_the_table(may: None) -> None:
    run = month.settled()

    with pytest.raises(IntegrityError, match="month"), transaction.atomic():
        SettlementRun.objects.create(
            month=run.month,
            run=run.run,
            area=run.area,
            deposit_rate=500,
            second_approval_from=1,
            policy_sha256="",
            opened_by=run.opened_by,
        )


def test_an_institution_without_bank_account_waits_for_a_person_and_is_then_tried_again(may: None) -> None:
    hospital = Claim.objects.get(number="MZ-1").institution
    hospital.bank_account = ""
    hospital.save()

    run = month.settled()
    assert run.stage == "computing"
    assert settlements.exceptions_of(run).failed == [
        ("H51070400001", "游仙第二医院没有登记银行账号，不能付款，请先补登。")
    ]

    hospital.bank_account = "6222000000001234"
    hospital.save()
    assert month.settled().stage == "sealed"
    assert len(lines()) == 5


def test_an_institution_outside_the_city_stands_in_the_books_of_the_city() -> None:
    """Chengdu, same province: deductible 1,000.00, 75 % of 9,000.00 = 6,750.00, deposit 337.50."""
    people.areas()
    Area.objects.get_or_create(code="510100", defaults={"name": "成都市", "level": AreaLevel.OUTSIDE.value})
    hospital = month.a_paid_hospital(code="H51010000001", level=Level.SECONDARY, area_code="510100")
    farmer = people.a_person()
    people.an_enrollment(farmer)
    month.the_law()
    month.filed(hospital, month.Bill("ZY-1", farmer, "10000.00", Care.INPATIENT, care_area="510100"))
    month.adjudicated()

    month.approved(month.settled())

    statement = Settlement.objects.get()
    assert (statement.area_id, statement.due, statement.withheld) == ("510700", 6_750_00, 337_50)
    assert set(Entry.objects.values_list("area_id", flat=True)) == {"510700"}
    assert set(PaymentOrder.objects.values_list("area_id", flat=True)) == {"510700"}

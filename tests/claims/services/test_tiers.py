"""How many approve a month: one below the tier, two from the tier on, and which two."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client

from bureau.funds.models import Entry, PaymentOrder
from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Care
from bureau.organization.services import staffing
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog
from claims.models import SettlementRun
from claims.rules.approval import seats_needed
from claims.selectors import settlements
from claims.services import checking, settlement
from tests.factories import month, people

pytestmark = pytest.mark.django_db


def a_sealed_month(tier: str) -> SettlementRun:
    """20,800.00 inpatient: 60 % of 20,000.00 = 12,000.00 due, 5 % withheld, 11,400.00 paid."""
    month.the_law(second_approval_from=tier)
    farmer = people.a_person()
    people.an_enrollment(farmer)
    month.filed(month.a_paid_hospital(), month.Bill("1", farmer, "20800.00", Care.INPATIENT))
    month.adjudicated()
    return month.settled()


def test_the_tier_begins_at_its_amount() -> None:
    assert [seats_needed(payable, second_from=100) for payable in (0, 99, 100, 101)] == [1, 1, 2, 2]


def test_below_the_tier_one_suffices() -> None:
    run = month.approved(a_sealed_month("11401元"))

    assert run.stage == "approved"
    assert [(seat.seat, seat.by) for seat in run.approvals.all()] == [(1, month.an_approver())]


def test_from_the_tier_on_nothing_is_posted_before_the_second_has_approved() -> None:
    run = month.approved(a_sealed_month("11400元"))
    assert (run.stage, run.approved_by, settlements.seats(run).missing) == ("sealed", None, 1)
    assert Entry.objects.count() == PaymentOrder.objects.count() == 0
    # The first once more changes nothing.
    assert settlements.seats(month.approved(run)).missing == 1

    run = settlement.approve(run=run, by=month.a_leader())

    assert (run.stage, run.approved_by) == ("approved", month.a_leader())
    assert {order.amount for order in PaymentOrder.objects.all()} == {11_400_00}
    assert [
        line.detail["seat"] for line in ActionLog.objects.filter(action="claims.settlement.approved").order_by("id")
    ] == [1, 2]
    assert checking.check_books(by=None).is_sound


def test_a_second_approver_may_be_another_of_finance_but_the_first_is_no_leader() -> None:
    run = a_sealed_month("1元")
    with pytest.raises(BusinessError, match="财务审批"):
        settlement.approve(run=run, by=month.a_leader())
    month.approved(run)
    other = people.a_clerk("approve-too", Duty.FINANCE_APPROVAL, area_code=month.CITY)

    assert settlement.approve(run=run, by=other).stage == "approved"


def test_neither_approver_pays() -> None:
    run = a_sealed_month("1元")
    month.approved(run)
    settlement.approve(run=run, by=month.a_leader())
    for person in (month.an_accountant(), month.an_approver(), month.a_leader()):
        with pytest.raises(BusinessError, match=r"claims\.duty"):
            settlement.export_payments(run=run, by=person)

    settlement.export_payments(run=run, by=month.a_cashier())
    assert PaymentOrder.objects.get().paid_by == month.a_cashier()


def test_who_lost_the_duty_no_longer_approves() -> None:
    run = a_sealed_month("1元")
    month.approved(run)
    security = people.a_clerk("security", Duty.SECURITY, area_code=month.CITY)
    staffing.withdraw_duty(month.a_leader(), duty=Duty.LEADER_CITY, by=security)

    with pytest.raises(BusinessError, match=r"claims\.duty"):
        settlement.approve(run=run, by=month.a_leader())
    # What was signed while it was held stays signed.
    assert settlements.seats(run).missing == 1


def test_the_command_says_that_one_more_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    run = a_sealed_month("1万元")
    month.an_approver(), month.a_leader()

    call_command("approve_settlement", str(run.pk), "--by", "approve-city")
    assert "还需 1 人审批后生效" in capsys.readouterr().out
    call_command("approve_settlement", str(run.pk), "--by", "leader-city")
    assert "已审批，实付 11400.00 元" in capsys.readouterr().out


def test_the_page_shows_who_has_signed_and_who_is_missing(client: Client) -> None:
    a_sealed_month("1万元")
    client.force_login(month.an_approver())
    seal = SettlementRun.objects.get().seal_sha256
    confirming = client.get("/settlement/2023-05/approve/").content.decode()
    assert "还须另一人审批" in confirming
    client.post("/settlement/2023-05/approve/", {"seal": seal})

    page = client.get("/settlement/2023-05/").content.decode()
    assert "第一审批人" in page
    assert "您已审批，须由另一人再审批。" in page
    assert "10,000.00 元须两人审批" in page
    client.force_login(month.a_leader())
    assert "核对并审批" in client.get("/").content.decode()
    client.post("/settlement/2023-05/approve/", {"seal": seal})
    assert SettlementRun.objects.get().stage == "approved"


def test_without_a_cashier_the_list_waits() -> None:
    run = month.approved(a_sealed_month("100万元"))
    people.DutyAssignment.objects.filter(staff=month.a_cashier()).update(valid_until=date(2021, 1, 1))

    with pytest.raises(BusinessError, match="请由出纳办理"):
        settlement.export_payments(run=run, by=month.a_cashier())

"""Two people at the same moment, on two real connections, many times: whoever is first, nothing is approved wrongly."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import DatabaseError, connection, transaction

from bureau import walls
from bureau.funds.models import Entry, PaymentOrder
from bureau.kernel.errors import BusinessError
from bureau.organization.models import DutyAssignment
from bureau.organization.services import staffing
from bureau.organization.terms import Duty
from bureau.trail.models import Run
from claims.models import Approval, Settlement, SettlementLine, SettlementRun
from claims.services import settlement
from institutions.models import Institution
from tests.conftest import ThrowawayDatabase
from tests.factories import month, people

ROUNDS = 20


@dataclass(frozen=True)
class Ended:
    """What each of the two got: nothing where it went well, else the error."""

    first: Exception | None
    second: Exception | None


def at_once(first: Callable[[], object], second: Callable[[], object]) -> Ended:
    """Both from one barrier, each in a thread with a connection of its own."""
    barrier, got = threading.Barrier(2), dict[int, Exception]()

    def run(number: int, deed: Callable[[], object]) -> None:
        try:
            with walls.as_system():
                connection.ensure_connection()
                barrier.wait()
                deed()
        except (BusinessError, DatabaseError) as error:
            got[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate((first, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Ended(got.get(0), got.get(1))


def a_sealed_month(number: int, *, tier: int = 1) -> SettlementRun:
    """A month that pays 95.00, sealed by the service from one written statement; from `tier` fen on two approve."""
    name = f"{2000 + number // 12}-{number % 12 + 1:02d}"
    hospital = Institution.objects.get(code="H51070400001")
    run = SettlementRun.objects.create(
        month=name,
        run=Run.objects.create(job=settlement.JOB, period=name, stage="done"),
        area_id=month.CITY,
        deposit_rate=0,
        second_approval_from=tier,
        opened_by=month.an_accountant(),
    )
    a_statement(run, hospital.pk, hospital.area_id)
    return settlement.seal(run.run_id)


def a_statement(run: SettlementRun, institution_id: int, area_id: str) -> None:
    amounts = {"due": 95_00, "deducted": 0, "withheld": 0, "payable": 95_00}
    with transaction.atomic():
        statement = Settlement.objects.create(
            run=run,
            number=f"JS-{run.month.replace('-', '')}-H51070400001",
            institution_id=institution_id,
            area_id=area_id,
            claim_count=0,
            total=0,
            **amounts,
        )
        SettlementLine.objects.create(
            settlement=statement, fund="employee_pool", scheme="employee", claim_count=0, **amounts
        )


@pytest.fixture
def people_of_money(throwaway_database: ThrowawayDatabase) -> None:
    month.a_paid_hospital(code="H51070400001")
    month.an_accountant(), month.an_approver(), month.a_leader()


def test_the_last_of_two_approvals_posts_once(people_of_money: None) -> None:
    """Leader and a second approver both come as the second: one of them takes effect, the books once."""
    leader, other = month.a_leader(), people.a_clerk("approve-too", Duty.FINANCE_APPROVAL, area_code=month.CITY)
    for number in range(ROUNDS):
        run = month.approved(a_sealed_month(number))
        at_once(
            lambda run=run: settlement.approve(run=run, by=leader),
            lambda run=run: settlement.approve(run=run, by=other),
        )

        run.refresh_from_db()
        assert run.stage == "approved"
        assert Approval.objects.filter(run=run).count() == 2
        assert run.approved_by_id in (leader.pk, other.pk)
        assert (
            Entry.objects.filter(month=run.month).count() == PaymentOrder.objects.filter(month=run.month).count() == 1
        )


def test_two_first_approvers_take_a_seat_each(people_of_money: None) -> None:
    other = people.a_clerk("approve-too", Duty.FINANCE_APPROVAL, area_code=month.CITY)
    for number in range(ROUNDS):
        run = a_sealed_month(number)
        ended = at_once(lambda run=run: month.approved(run), lambda run=run: settlement.approve(run=run, by=other))

        assert ended == Ended(None, None)
        assert sorted(Approval.objects.filter(run=run).values_list("seat", flat=True)) == [1, 2]
        run.refresh_from_db()
        assert run.stage == "approved"


def test_a_duty_withdrawn_while_it_is_used(people_of_money: None) -> None:
    """Either the approval came first and stands, or the duty was gone and there is none."""
    security = people.a_clerk("security", Duty.SECURITY, area_code=month.CITY)
    approver = month.an_approver()
    for number in range(ROUNDS):
        run = a_sealed_month(number, tier=10**9)
        ended = at_once(
            lambda run=run: settlement.approve(run=run, by=approver),
            lambda: staffing.withdraw_duty(approver, duty=Duty.FINANCE_APPROVAL, by=security),
        )

        assert ended.second is None
        assert not DutyAssignment.objects.filter(staff=approver, valid_until=None).exists()
        run.refresh_from_db()
        assert (run.stage == "approved") == (ended.first is None) == Approval.objects.filter(run=run).exists()
        DutyAssignment.objects.filter(staff=approver).update(valid_until=None)


def test_an_edit_beside_an_approval(people_of_money: None) -> None:
    """What is sealed cannot be edited, whoever is first: the approval stands on the amount that was sealed."""
    for number in range(ROUNDS):
        run = a_sealed_month(number, tier=10**9)
        ended = at_once(
            lambda run=run: month.approved(run),
            lambda run=run: Settlement.objects.filter(run=run).update(payable=1, due=1),
        )

        assert ended.first is None
        assert ended.second is not None
        assert PaymentOrder.objects.get(month=run.month).amount == 95_00


def test_a_line_that_comes_while_the_month_is_sealed(people_of_money: None) -> None:
    """The late line is refused, or the seal is: never a sealed month with a line it does not count."""
    hospital = Institution.objects.get(code="H51070400001")
    for number in range(ROUNDS):
        name = f"{2000 + number // 12}-{number % 12 + 1:02d}"
        run = SettlementRun.objects.create(
            month=name,
            run=Run.objects.create(job=settlement.JOB, period=name, stage="done"),
            area_id=month.CITY,
            deposit_rate=0,
            second_approval_from=10**9,
            opened_by=month.an_accountant(),
        )
        a_statement(run, hospital.pk, hospital.area_id)
        statement = Settlement.objects.get(run=run)
        late = {"fund": "assistance", "scheme": "employee", "claim_count": 0, "deducted": 0, "withheld": 0}
        at_once(
            lambda run=run: settlement.seal(run.run_id),
            lambda statement=statement, late=late: SettlementLine.objects.create(
                settlement=statement, due=1, payable=1, **late
            ),
        )

        run.refresh_from_db()
        is_sealed = run.stage == "sealed"
        assert is_sealed == (SettlementLine.objects.filter(settlement=statement).count() == 1)

"""A month's worth of things: the law in force, the accountants, hospitals that may be paid, claim files."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date

from bureau.funds.models import PaymentOrder
from bureau.funds.services import payments
from bureau.kernel.terms import Care, Fund, Level
from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.rules import packs
from bureau.policy.services import releases
from bureau.trail.models import Run
from claims.models import Approval, Settlement, SettlementLine, SettlementRun
from claims.services import adjudication, intake, settlement
from claims.services.intake import Receipt
from enrollment.models import Person
from institutions.models import Institution
from institutions.terms import Capability
from tests.factories import institutions, people, policy

CITY = "510700"
MONTH = "2023-05"
# The fingerprint of a month that was written down, not computed.
SEAL = "5" * 64
HEADER = (
    "单据号",
    "身份证号",
    "姓名",
    "就医日期",
    "医疗类别",
    "医疗费总额",
    "全自费",
    "超限价",
    "先行自付",
    "就医地",
    "异地备案",
)


def the_law(*, second_approval_from: str = "100万元") -> Release:
    """Mianyang's packs, drafted by one and published by another; on request with another tier of approval."""
    published = Release.objects.filter(city="mianyang", stage="published").first()
    if published is not None:
        return published
    drafter = people.a_clerk("policy-city", Duty.POLICY, area_code=CITY)
    checker = people.a_clerk("policy-check-city", Duty.POLICY_CHECK, area_code=CITY)
    content = packs.pack_bytes("mianyang").decode("utf-8")
    # The value, and the example that holds it.
    for place in ("clause: tiers, value: ", "settlement.second_approval_from, on: 2023-05-31, value: "):
        assert f"{place}100万元" in content
        content = content.replace(f"{place}100万元", f"{place}{second_approval_from}")
    draft = releases.draft(city="mianyang", content=content.encode("utf-8"), by=drafter)
    if draft.content != packs.pack_bytes("mianyang"):
        return policy.enacted(draft)
    return releases.enact(draft, by=checker)


def an_accountant() -> Staff:
    """Who settles."""
    return _once("finance-city", Duty.FINANCE)


def an_approver() -> Staff:
    """Who approves."""
    return _once("approve-city", Duty.FINANCE_APPROVAL)


def a_leader() -> Staff:
    """Who may approve second."""
    return _once("leader-city", Duty.LEADER_CITY)


def a_cashier() -> Staff:
    """Who pays."""
    return _once("cashier-city", Duty.CASHIER)


def _once(username: str, duty: Duty) -> Staff:
    return Staff.objects.filter(username=username).first() or people.a_clerk(username, duty, area_code=CITY)


def a_paid_hospital(
    *,
    code: str = "",
    level: Level = Level.TERTIARY,
    bank_account: str = "6222000000001234",
    since: date | None = None,
    area_code: str = people.YOUXIAN,
) -> Institution:
    """A hospital with agreement, every capability and a bank account."""
    hospital = institutions.a_hospital(code=code, level=level, area_code=area_code)
    hospital.bank_name, hospital.bank_account = "绵阳农商银行游仙支行", bank_account
    hospital.save()
    institutions.an_agreement(hospital, valid_from=since or date(2023, 1, 1))
    for capability in Capability:
        institutions.a_capability(hospital, capability, valid_from=since or date(2023, 1, 1))
    return hospital


@dataclass(frozen=True)
class Bill:
    """One line of a claim file; amounts as written."""

    number: str
    person: Person
    total: str
    care: Care = Care.OUTPATIENT
    on: date = date(2023, 5, 10)
    excluded: str = ""
    over_ceiling: str = ""
    upfront_copay: str = ""
    care_area: str = ""
    filing: str = ""
    name: str = ""
    id_number: str = ""

    def cells(self) -> list[str]:
        return [
            self.number,
            self.id_number or self.person.id_number,
            self.name or self.person.name,
            self.on.isoformat(),
            self.care.label,
            self.total,
            self.excluded,
            self.over_ceiling,
            self.upfront_copay,
            self.care_area,
            self.filing,
        ]


def a_claim_file(*bills: Bill) -> bytes:
    """A claim file as an institution hands it in."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows(bill.cells() for bill in bills)
    return out.getvalue().encode("utf-8")


def an_order(amount: int = 95_00) -> PaymentOrder:
    """A payment of an approved month that was written down, not computed."""
    hospital = a_paid_hospital(code="H51070400001")
    run = SettlementRun.objects.create(
        month=MONTH,
        run=Run.objects.create(job=settlement.JOB, period=MONTH),
        area_id=CITY,
        deposit_rate=0,
        second_approval_from=100_000_000,
        opened_by=an_accountant(),
    )
    statement = Settlement.objects.create(
        run=run,
        number=f"JS-202305-{hospital.code}",
        institution=hospital,
        area_id=hospital.area_id,
        claim_count=0,
        total=0,
        **_all_of_it(amount),
    )
    SettlementLine.objects.create(
        settlement=statement, fund="employee_pool", scheme="employee", claim_count=0, **_all_of_it(amount)
    )
    run.stage, run.seal_sha256 = "sealed", SEAL
    run.save()
    Approval.objects.create(run=run, seat=1, by=an_approver(), sha256=SEAL)
    run.stage, run.approved_by, run.approved_sha256 = "approved", an_approver(), SEAL
    run.save()
    draft = payments.OrderDraft(
        reference=f"FK-202305-{hospital.code}-employee_pool",
        fund=Fund.EMPLOYEE_POOL,
        month=MONTH,
        area_code=hospital.area_id,
        payee_code=hospital.code,
        payee_name=hospital.name,
        bank_name=hospital.bank_name,
        bank_account=hospital.bank_account,
        amount=amount,
    )
    return payments.create_orders([draft], seal_sha256=SEAL, made_by=an_accountant(), by=an_approver())[0]


def _all_of_it(amount: int) -> dict[str, int]:
    return {"due": amount, "deducted": 0, "withheld": 0, "payable": amount}


def filed(institution: Institution, *bills: Bill, month: str = MONTH, by: Staff | None = None) -> Receipt:
    """A claim file handed in."""
    return intake.receive(
        content=a_claim_file(*bills),
        file_name="claims.csv",
        institution_code=institution.code,
        month=month,
        by=by or an_accountant(),
    )


def adjudicated() -> adjudication.Summary:
    """Everything that waits, adjudicated."""
    the_law()
    return adjudication.adjudicate_due(by=None)


def settled(month: str = MONTH) -> SettlementRun:
    """A month opened and sealed by this process."""
    run = settlement.open_month(month=month, by=an_accountant())
    return settlement.work(run.run_id)


def approved(run: SettlementRun) -> SettlementRun:
    """A sealed month approved by the other person."""
    return settlement.approve(run=run, by=an_approver())

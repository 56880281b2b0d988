from __future__ import annotations

from bureau.demo.areas import AREAS, NAMES
from bureau.demo.staff import ACCOUNTS
from bureau.organization.terms import Duty


def test_the_accounts_are_those_that_are_promised():
    six = ("clerk", "relief", "relief-check", "review1", "review2", "leader")
    promised = {f"{kind}-{place}" for kind in six for place in ("youxian", "jiangyou")}
    promised |= {
        "town-xiaojian",
        "finance-city",
        "approve-city",
        "cashier-city",
        "policy-city",
        "policy-check-city",
        "audit-city",
    }
    promised |= {"leader-city", "admin", "security", "trail"}
    assert {account.username for account in ACCOUNTS} == promised


def test_nobody_makes_and_checks():
    for account in ACCOUNTS:
        assert not {Duty.RELIEF, Duty.RELIEF_CHECK} <= set(account.duties)
        assert not {Duty.FINANCE, Duty.FINANCE_APPROVAL} <= set(account.duties)
        assert not {Duty.POLICY, Duty.POLICY_CHECK} <= set(account.duties)


def test_every_area_has_its_parent_and_every_office_its_area():
    assert all(area.parent is None or area.parent in NAMES for area in AREAS)
    assert all(account.office.area_code in NAMES for account in ACCOUNTS)

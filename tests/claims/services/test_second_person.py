"""Every way we know to pay, publish or apply with too few people or after a change, as application and as owner.

Each is tried in a savepoint with its deferred constraints; what is accepted or touches nothing is a failure. (I17, I18)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection, transaction

from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Care
from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.rules import packs
from bureau.policy.services import releases
from bureau.trail.models import ImportBatch
from claims.models import Adjustment, SettlementRun
from claims.services import settlement
from relief.services import confirmation, rosters
from tests.factories import month, people, relief

# ruff: noqa: E501 - one attack a line
# Names in the statements are filled in from the world below.
ATTACKS = (
    # Approve with fewer people, without duty, or something else than was sealed.
    "UPDATE claims_settlementrun SET stage='approved', approved_by_id={approver}, approved_sha256=seal_sha256 WHERE id={sealed}",
    "UPDATE claims_settlementrun SET stage='approved', approved_by_id={leader}, approved_sha256=seal_sha256 WHERE id={half}",
    "UPDATE claims_settlementrun SET stage='approved', approved_by_id={approver}, approved_sha256=seal_sha256 WHERE id={half}",
    "UPDATE claims_settlementrun SET stage='paying' WHERE id={sealed}",
    "UPDATE claims_settlementrun SET stage='computing', seal_sha256='' WHERE id={sealed}",
    "UPDATE claims_settlementrun SET stage='sealed' WHERE id={approved}",
    "UPDATE claims_settlementrun SET second_approval_from=99999999999 WHERE id={half}",
    "UPDATE claims_settlementrun SET opened_by_id={cashier} WHERE id={sealed}",
    "UPDATE claims_settlementrun SET seal_sha256=repeat('0', 64) WHERE id={sealed}",
    "UPDATE claims_settlementrun SET payment_list=NULL WHERE id={sealed}",
    "UPDATE claims_settlementrun SET approved_by_id={leader} WHERE id={approved}",
    "UPDATE claims_settlementrun SET policy_sha256=repeat('0', 64) WHERE id={sealed}",
    "UPDATE claims_settlementrun SET deposit_rate=0 WHERE id={sealed}",
    "DELETE FROM claims_settlementrun WHERE id={half}",
    "INSERT INTO claims_approval (run_id,seat,by_id,at,sha256) SELECT id,1,{accountant},now(),seal_sha256 FROM claims_settlementrun WHERE id={sealed}",
    "INSERT INTO claims_approval (run_id,seat,by_id,at,sha256) SELECT id,1,{leader},now(),seal_sha256 FROM claims_settlementrun WHERE id={sealed}",
    "INSERT INTO claims_approval (run_id,seat,by_id,at,sha256) SELECT id,1,{cashier},now(),seal_sha256 FROM claims_settlementrun WHERE id={sealed}",
    "INSERT INTO claims_approval (run_id,seat,by_id,at,sha256) SELECT id,1,{county},now(),seal_sha256 FROM claims_settlementrun WHERE id={sealed}",
    "INSERT INTO claims_approval (run_id,seat,by_id,at,sha256) SELECT id,1,{gone},now(),seal_sha256 FROM claims_settlementrun WHERE id={sealed}",
    "INSERT INTO claims_approval (run_id,seat,by_id,at,sha256) SELECT id,2,{leader},now(),seal_sha256 FROM claims_settlementrun WHERE id={sealed}",
    "INSERT INTO claims_approval (run_id,seat,by_id,at,sha256) SELECT id,2,{approver},now(),seal_sha256 FROM claims_settlementrun WHERE id={half}",
    "INSERT INTO claims_approval (run_id,seat,by_id,at,sha256) VALUES ({sealed},1,{approver},now(),repeat('0', 64))",
    "INSERT INTO claims_approval (run_id,seat,by_id,at,sha256) SELECT id,2,{leader},now(),seal_sha256 FROM claims_settlementrun WHERE id={approved}",
    "UPDATE claims_approval SET by_id={leader}",
    "UPDATE claims_approval SET run_id={sealed}",
    "DELETE FROM claims_approval",
    "TRUNCATE claims_approval",
    # Change what was sealed.
    "UPDATE claims_settlement SET payable=payable+1, due=due+1 WHERE run_id={sealed}",
    "DELETE FROM claims_settlement WHERE run_id={sealed}",
    "UPDATE claims_settlementline SET payable=payable+1, due=due+1",
    "INSERT INTO claims_settlementline (settlement_id,fund,scheme,claim_count,due,deducted,withheld,payable) SELECT id,'employee_pool','employee',0,1,0,0,1 FROM claims_settlement WHERE run_id={sealed}",
    "INSERT INTO claims_settlement (run_id,number,institution_id,area_id,claim_count,total,due,deducted,withheld,payable,sha256) SELECT {sealed},'JS-x',id,area_id,0,0,9,0,0,9,'' FROM institutions_institution LIMIT 1",
    "INSERT INTO claims_adjustmentuse (adjustment_id,settlement_id,area_id,amount) SELECT a.id,s.id,a.area_id,1 FROM claims_adjustment a, claims_settlement s WHERE s.run_id={half} LIMIT 1",
    "UPDATE claims_adjustmentuse SET amount=amount+1",
    "DELETE FROM claims_adjustmentuse",
    "UPDATE claims_adjustment SET amount=amount+1",
    "UPDATE claims_adjustment SET stage='open' WHERE stage='settled'",
    "DELETE FROM claims_adjustment",
    "UPDATE claims_claim SET total=total+1 WHERE settlement_run_id={sealed}",
    "UPDATE claims_claim SET person_id=(SELECT max(id) FROM enrollment_person) WHERE settlement_run_id={sealed}",
    "UPDATE claims_claim SET settlement_run_id=NULL, settled_version=NULL WHERE settlement_run_id={sealed}",
    "UPDATE claims_claim SET settlement_run_id={sealed}, settled_version=1 WHERE settlement_run_id IS NULL",
    "DELETE FROM claims_claim WHERE settlement_run_id={sealed}",
    "UPDATE claims_adjudication SET pooled=pooled+1",
    # Pay without approval, another amount, or by whom it is not given to.
    "INSERT INTO funds_paymentorder (reference,area_id,month,fund,payee_code,payee_name,bank_name,bank_account,amount,seal_sha256,stage,made_by_id,approved_by_id,created_at) SELECT 'FK-x',area_id,month,'resident_pool','H','x','x','\\x00',1,seal_sha256,'ordered',{accountant},{approver},now() FROM claims_settlementrun WHERE id={sealed}",
    "INSERT INTO funds_paymentorder (reference,area_id,month,fund,payee_code,payee_name,bank_name,bank_account,amount,seal_sha256,stage,made_by_id,approved_by_id,created_at) SELECT reference||'x',area_id,month,fund,payee_code,payee_name,bank_name,bank_account,amount,seal_sha256,'ordered',made_by_id,approved_by_id,now() FROM funds_paymentorder LIMIT 1",
    "UPDATE funds_paymentorder SET amount=amount+1",
    "UPDATE funds_paymentorder SET payee_code='H51070400099'",
    "UPDATE funds_paymentorder SET stage='exported'",
    "UPDATE funds_paymentorder SET stage='exported', paid_by_id={approver}",
    "UPDATE funds_paymentorder SET stage='exported', paid_by_id={accountant}",
    "UPDATE funds_paymentorder SET stage='exported', paid_by_id={leader}",
    "UPDATE funds_paymentorder SET stage='confirmed', paid_by_id={cashier}, booked_by_id={accountant}",
    "UPDATE funds_paymentorder SET approved_by_id={leader}",
    "DELETE FROM funds_paymentorder",
    # Apply a list, or change one that was applied.
    "UPDATE trail_importbatch SET stage='applied' WHERE id={ready}",
    "UPDATE trail_importbatch SET stage='applied', confirmed_by_id=opened_by_id, confirmed_sha256=comparison_sha256 WHERE id={ready}",
    "UPDATE trail_importbatch SET stage='applied', confirmed_by_id={approver}, confirmed_sha256=comparison_sha256 WHERE id={ready}",
    "UPDATE trail_importbatch SET stage='applied', confirmed_by_id={checker}, confirmed_sha256='x' WHERE id={ready}",
    "UPDATE trail_importbatch SET confirmed_by_id={checker}, confirmed_sha256=comparison_sha256 WHERE id={ready}",
    "UPDATE trail_importbatch SET opened_by_id={approver} WHERE id={ready}",
    "UPDATE trail_importbatch SET comparison_sha256='x', confirmed_sha256='x' WHERE id={applied}",
    "UPDATE trail_importbatch SET confirmed_by_id=NULL WHERE id={applied}",
    "UPDATE trail_importbatch SET stage='ready' WHERE id={applied}",
    "UPDATE relief_rosterentry SET category='destitute' WHERE batch_id={applied}",
    "UPDATE relief_rosterentry SET batch_id={applied} WHERE batch_id={ready}",
    "DELETE FROM relief_rosterentry WHERE batch_id={applied}",
    "INSERT INTO relief_reliefstatus (person_id,source,category,area_id,town,village,valid_from,begun_by_id) SELECT id,'health','destitute',area_id,'','','2023-01-01',{ready} FROM enrollment_person LIMIT 1",
    # Publish.
    "UPDATE policy_release SET stage='published' WHERE id={draft}",
    "UPDATE policy_release SET stage='published', published_by_id=drafted_by_id WHERE id={draft}",
    "UPDATE policy_release SET stage='published', published_by_id={leader} WHERE id={draft}",
    "UPDATE policy_release SET stage='superseded', published_by_id={policy_checker} WHERE id={draft}",
    "UPDATE policy_release SET content='x' WHERE id={draft}",
    "UPDATE policy_release SET drafted_by_id={leader} WHERE id={draft}",
    # Become two people.
    "INSERT INTO organization_dutyassignment (staff_id,duty,valid_from) VALUES ({accountant},'finance_approval','2020-01-01')",
    "INSERT INTO organization_dutyassignment (staff_id,duty,valid_from) VALUES ({accountant},'cashier','2020-01-01')",
    "INSERT INTO organization_dutyassignment (staff_id,duty,valid_from) VALUES ({security},'finance_approval','2020-01-01')",
    "UPDATE organization_dutyassignment SET staff_id={accountant} WHERE staff_id={approver}",
)  # fmt: skip


def a_world() -> dict[str, int]:
    """May approved; June sealed, small; July sealed, large, approved by one of two; lists, a draft, and the people."""
    month.the_law(second_approval_from="15000元")
    farmer = people.a_person()
    people.an_enrollment(farmer)
    hospital = month.a_paid_hospital()

    def a_month(name: str, total: str) -> int:
        month.filed(hospital, month.Bill(name, farmer, total, Care.INPATIENT, on_day(name)), month=name)
        month.adjudicated()
        return month.settled(name)

    # May: 60 % of 19,200.00 less 5 %. June: the poor pay less, which makes a difference to May as well.
    approved = month.approved(a_month("2023-05", "20000.00"))
    relief.a_status(farmer)
    month.adjudicated()
    assert Adjustment.objects.exists()
    sealed = a_month("2023-06", "1000.00")
    half = month.approved(a_month("2023-07", "40000.00"))
    month.filed(hospital, month.Bill("late", farmer, "500.00", Care.INPATIENT, on_day("2023-07")), month="2023-08")
    assert (approved.stage, sealed.stage, half.stage) == ("approved", "sealed", "sealed")

    maker, checker = people.a_clerk("", Duty.RELIEF), people.a_clerk("", Duty.RELIEF_CHECK)
    applied, ready = (a_list(maker, source) for source in ("civil_affairs", "health"))
    confirmation.confirm(batch_id=applied, accept_shrink=True, by=checker)
    drafter = people.a_clerk("", Duty.POLICY, area_code=month.CITY)
    draft = releases.draft(city="mianyang", content=packs.pack_bytes("mianyang"), by=drafter)
    gone = people.a_clerk("", Duty.FINANCE_APPROVAL, area_code=month.CITY)
    gone.is_active = False
    gone.save()
    who = {
        "accountant": month.an_accountant(),
        "approver": month.an_approver(),
        "leader": month.a_leader(),
        "cashier": month.a_cashier(),
        "county": people.a_clerk("", Duty.FINANCE_APPROVAL),
        "gone": gone,
        "checker": checker,
        "policy_checker": people.a_clerk("", Duty.POLICY_CHECK, area_code=month.CITY),
        "security": people.a_clerk("", Duty.SECURITY, area_code=month.CITY),
    }
    rows = {"approved": approved.pk, "sealed": sealed.pk, "half": half.pk, "draft": draft.pk}
    return {**rows, "applied": applied, "ready": ready, **{name: one.pk for name, one in who.items()}}


def on_day(name: str) -> date:
    return date.fromisoformat(f"{name}-10")


def a_list(maker: Staff, source: str) -> int:
    content = relief.a_roster_file([relief.a_line(people.an_id_number())])
    staged = rosters.stage(
        content=content, file_name="a.xlsx", source=source, month="2023-07", area_code=people.YOUXIAN, by=maker
    )
    return staged.batch.pk


def attempt(statement: str) -> str:
    """What came of it: refused, or what went wrong with the attack itself."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            touched = cursor.rowcount
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except (IntegrityError, ProgrammingError) as error:
        # A rule of ours or a missing privilege; a mistake in the statement is none.
        refused = "IntegrityError" in type(error).__name__ or "permission denied" in str(error)
        return "" if refused else f"{statement}: {error}"
    return f"{statement}: accepted ({touched} rows)"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["owner", "application"])
def test_every_known_way_round_the_second_person_is_refused(role: str) -> None:
    world = a_world()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        if role == "application":
            cursor.execute(f'SET ROLE "{settings.APPLICATION_DATABASE["USER"]}"')
        else:
            # What switches ordinary triggers and foreign keys off for a superuser.
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'run_moves_on' AND tgenabled = 'A'")
            assert cursor.fetchone() == (1,)

    outcomes = [attempt(statement.format(**world)) for statement in ATTACKS]

    assert [outcome for outcome in outcomes if outcome] == []
    assert len(ATTACKS) >= 70


@pytest.mark.django_db
def test_the_services_refuse_the_same() -> None:
    world = a_world()
    who = {
        name: Staff.objects.get(pk=world[name]) for name in ("accountant", "approver", "leader", "cashier", "county")
    }
    sealed, half = (SettlementRun.objects.get(pk=world[name]) for name in ("sealed", "half"))
    batch = ImportBatch.objects.get(pk=world["ready"])
    draft = Release.objects.get(pk=world["draft"])
    ways: tuple[Callable[[], object], ...] = (
        *(lambda by=who[name]: settlement.approve(run=sealed, by=by) for name in ("accountant", "leader", "cashier")),
        lambda: settlement.approve(run=sealed, by=who["county"]),
        lambda: settlement.export_payments(run=sealed, by=who["cashier"]),
        lambda: settlement.export_payments(run=half, by=who["cashier"]),
        lambda: confirmation.confirm(batch_id=batch.pk, by=batch.opened_by),
        lambda: confirmation.confirm(batch_id=batch.pk, by=who["approver"]),
        lambda: releases.publish(draft, by=draft.drafted_by),
        lambda: releases.publish(draft, by=who["leader"]),
    )
    for way in ways:
        with pytest.raises(BusinessError), transaction.atomic():
            way()

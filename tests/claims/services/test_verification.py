"""What is stored follows from what is stored with it: clean is silent, a fen is found, an altered law is found."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Care, ReliefCategory
from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.rules import packs
from bureau.policy.selectors import rulesets
from bureau.policy.services import releases
from bureau.trail.models import Step
from bureau.trail.terms import RunStage
from claims.models import Adjudication, Claim, Discrepancy, PersonYear
from claims.selectors import waterfall
from claims.services import adjudication, verification
from enrollment.models import Person
from relief.models import ReliefStatus
from tests.factories import month, people, relief
from tests.factories.month import Bill

pytestmark = pytest.mark.django_db


def poor_year() -> Person:
    """Two stays of a poor resident at a tertiary hospital, 20,000.00 and 40,000.00; adjudicated."""
    poor = people.a_person()
    people.an_enrollment(poor)
    relief.a_status(poor, ReliefCategory.SUBSISTENCE)
    month.filed(
        month.a_paid_hospital(code="H51070400001"),
        Bill("ZY-1", poor, "20000.00", Care.INPATIENT, date(2023, 5, 5)),
        Bill("ZY-2", poor, "40000.00", Care.INPATIENT, date(2023, 5, 21)),
    )
    assert month.adjudicated().problems == 0
    return poor


def leave_relief(person: Person) -> None:
    """From May 10 on the person is poor no more: the second stay gets another version."""
    ReliefStatus.objects.filter(person=person).update(valid_until=date(2023, 5, 10))
    adjudication.recalculate([PersonYear.objects.get(person=person).pk], reason="救助身份更正", by=None)


def tamper(statement: str, *arguments: object) -> None:
    """What only the owner of the database can do: the guards off, a row changed, the guards on."""
    table = statement.split()[1]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, arguments)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_what_was_computed_is_confirmed_former_versions_too() -> None:
    person = poor_year()
    leave_relief(person)

    verified = verification.verify()

    # ZY-1 keeps its version; ZY-2 has two.
    assert (verified.person_years, verified.adjudications) == (1, 3)
    assert verified.is_sound
    assert not Discrepancy.objects.exists()


@pytest.mark.parametrize(
    "layer", ["pooled", "major_illness", "assistance", "personal_burden", "eligible", "deductible"]
)
def test_one_fen_in_any_amount_of_any_version_is_found(layer: str) -> None:
    person = poor_year()
    leave_relief(person)
    held = Adjudication.objects.get(claim__number="ZY-2", version=1)
    tamper(f"UPDATE claims_adjudication SET {layer} = {layer} + 1 WHERE id = %s", held.pk)

    verified = verification.verify()

    finding = Discrepancy.objects.get()
    assert verified.findings == {"amount": 1}
    assert (finding.adjudication_id, finding.stage, finding.area_id) == (held.pk, "open", people.YOUXIAN)
    assert finding.stored == {layer: getattr(held, layer) + 1}
    assert finding.recomputed == {layer: getattr(held, layer)}


def test_a_changed_fact_a_changed_bill_and_a_changed_trace_are_found() -> None:
    poor_year()
    first, second = Adjudication.objects.order_by("pk")
    tamper("UPDATE claims_adjudication SET trace = jsonb_set(trace, '{9}', '1') WHERE id = %s", first.pk)
    assert verification.verify().findings == {"trace": 1}
    assert Discrepancy.objects.get().adjudication == first

    tamper("UPDATE claims_adjudication SET facts = facts - 'scheme' WHERE id = %s", second.pk)
    # The year cannot be computed without it: nothing of it is confirmed.
    assert verification.verify().findings == {"facts": 2}

    tamper("""UPDATE claims_adjudication SET facts = facts || '{"scheme": "resident"}' WHERE id = %s""", second.pk)
    Claim.objects.filter(number="ZY-2").update(total=40_000_01)
    found = verification.verify().findings
    assert found == {"trace": 1, "amount": 1}
    # 40,000.01 instead of 40,000.00 are eligible, and the person bears what no layer takes of the fen.
    assert Discrepancy.objects.get(adjudication=second).recomputed["eligible"] == 40_000_01


def test_an_altered_law_is_found_once_and_computes_nothing_any_more() -> None:
    poor_year()
    release = Release.objects.get()
    rulesets.rulebook.cache_clear()
    altered = bytes(release.content).replace("20万元".encode(), "21万元".encode(), 1)
    assert altered != bytes(release.content)
    tamper("UPDATE policy_release SET content = %s WHERE id = %s", altered, release.pk)

    assert verification.verify().findings == {"policy": 1}
    assert Discrepancy.objects.get().adjudication == Adjudication.objects.order_by("pk")[0]
    with pytest.raises(BusinessError, match=r"policy\.release_altered"):
        rulesets.rulebook(release.sha256)


def test_a_year_that_was_computed_under_two_laws_is_confirmed_by_both() -> None:
    person = poor_year()
    former = Release.objects.get()
    content = packs.pack_bytes("mianyang").replace("假定·二三级住院".encode(), "假定·二三级医院住院".encode())
    assert packs.load_bytes(content).sha256 != former.sha256
    drafter, checker = (
        people.a_clerk("", Duty.POLICY, area_code=month.CITY),
        people.a_clerk("", Duty.POLICY_CHECK, area_code=month.CITY),
    )
    releases.publish(releases.draft(city="mianyang", content=content, by=drafter), by=checker)
    leave_relief(person)

    policies = Adjudication.objects.filter(is_current=True).values_list("policy_sha256", flat=True)

    assert len(set(policies)) == 2
    assert verification.verify().is_sound


def test_a_claim_canceled_since_is_still_in_the_versions_that_met_it() -> None:
    poor_year()
    Claim.objects.filter(number="ZY-1").update(stage="canceled")
    # The deductible and the scale of major illness begin anew for ZY-2: another version.
    adjudication.recalculate(PersonYear.objects.values_list("pk", flat=True), reason="冲正", by=None)
    assert Adjudication.objects.filter(claim__number="ZY-2").count() == 2

    verified = verification.verify()

    assert (verified.adjudications, verified.findings) == (3, {})


def test_a_finding_is_explained_once_and_opens_again_only_for_another_difference() -> None:
    poor_year()
    held = Adjudication.objects.get(claim__number="ZY-2")
    tamper("UPDATE claims_adjudication SET pooled = pooled + 1 WHERE id = %s", held.pk)
    verification.verify()
    finding = Discrepancy.objects.get()
    second = people.a_clerk("", Duty.REVIEW_SECOND)

    with pytest.raises(BusinessError, match=r"claims\.duty"):
        verification.explain(finding_id=finding.pk, reason="误改", by=people.a_clerk("", Duty.REVIEW_FIRST))
    with pytest.raises(BusinessError, match=r"claims\.reason_missing"):
        verification.explain(finding_id=finding.pk, reason="  ", by=second)
    elsewhere = people.a_clerk("", Duty.REVIEW_SECOND, area_code=people.JIANGYOU)
    with pytest.raises(BusinessError, match=r"claims\.discrepancy_unknown"):
        verification.explain(finding_id=finding.pk, reason="误改", by=elsewhere)
    verification.explain(finding_id=finding.pk, reason="维护时误改一分，已报信息科", by=second)
    with pytest.raises(BusinessError, match=r"claims\.discrepancy_explained"):
        verification.explain(finding_id=finding.pk, reason="再说一次", by=second)

    verification.verify()
    finding.refresh_from_db()
    assert (finding.stage, finding.reason, finding.explained_by) == ("explained", "维护时误改一分，已报信息科", second)

    tamper("UPDATE claims_adjudication SET pooled = pooled + 1 WHERE id = %s", held.pk)
    verification.verify()
    finding.refresh_from_db()
    assert (finding.stage, finding.reason, finding.explained_by) == ("open", "", None)
    assert finding.stored["pooled"] - finding.recomputed["pooled"] == 2


def test_the_night_goes_through_all_in_steps_and_a_second_start_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verification, "CHUNK", 2)
    hospital = month.a_paid_hospital(code="H51070400001")
    for number in range(5):
        someone = people.a_person()
        people.an_enrollment(someone)
        month.filed(hospital, Bill(f"MZ-{number}", someone, "500.00"))
    month.adjudicated()
    last = Adjudication.objects.order_by("-pk")[0]
    tamper("UPDATE claims_adjudication SET pooled = pooled - 1 WHERE id = %s", last.pk)

    run = verification.open_run(on=date(2023, 6, 1))
    done = verification.work(run.pk)

    assert done.stage == RunStage.DONE
    assert Step.objects.filter(run=run, stage="done").count() == 3
    assert Discrepancy.objects.get().adjudication == last
    assert verification.work(verification.open_run(on=date(2023, 6, 1)).pk) == done
    assert Step.objects.filter(run=run).count() == 3
    assert Discrepancy.objects.count() == 1


def test_it_takes_as_many_queries_for_many_years_as_for_one() -> None:
    hospital = month.a_paid_hospital(code="H51070400001")
    taken = []
    for count in (1, 20):
        for number in range(count):
            someone = people.a_person()
            people.an_enrollment(someone)
            month.filed(hospital, Bill(f"MZ-{count}-{number}", someone, "500.00"))
        month.adjudicated()
        rulesets.rulebook(Release.objects.get().sha256)
        with CaptureQueriesContext(connection) as queries:
            assert verification.verify().is_sound
        taken.append(len(queries))

    assert taken[0] == taken[1] <= 8


def test_the_command_counts_and_fails_where_something_differs(capsys: pytest.CaptureFixture[str]) -> None:
    poor_year()
    call_command("verify_adjudications", "--year=2023", "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["person_years"], said["adjudications"], said["findings"], said["ok"]) == (1, 2, {}, True)
    call_command("verify_adjudications", "--year=2022", "--json")
    assert json.loads(capsys.readouterr().out)["person_years"] == 0
    call_command("verify_adjudications", "--sample=5", "--json")
    assert json.loads(capsys.readouterr().out)["person_years"] == 1

    tamper("UPDATE claims_adjudication SET assistance = assistance + 1 WHERE version = %s", 1)
    with pytest.raises(CommandError, match=r"金额不符 2 处。\[claims\.discrepancy\]"):
        call_command("verify_adjudications", "--all")


def test_a_version_of_an_older_engine_is_explained_from_its_facts() -> None:
    person = poor_year()
    leave_relief(person)
    held = list(Adjudication.objects.filter(claim__number="ZY-2").order_by("version"))
    shown = [waterfall.steps(version) for version in held]
    assert shown[0] != shown[1]

    tamper("UPDATE claims_adjudication SET trace = jsonb_set(trace, '{0}', '0') WHERE version >= %s", 1)

    assert [waterfall.steps(Adjudication.objects.get(pk=version.pk)) for version in held] == shown
    # The amounts are confirmed; the columns of that trace nobody can compare any more.
    assert verification.verify().is_sound

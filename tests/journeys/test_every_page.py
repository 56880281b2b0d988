"""Every page of our own, met by those who use it: no barrier, no sideways scroll, nothing wrong behind the scenes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from bureau.kernel.terms import Care, Scheme
from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.rules import packs
from bureau.simulation.rules import scenarios as rules
from bureau.simulation.services import scenarios, simulations, snapshots
from bureau.trail.models import ImportBatch
from institutions.models import Institution
from tests.browser import Portal, grave_findings
from tests.factories import month, people

PERSON = "PERSON"
BATCH = "BATCH"
INSTITUTION = "INSTITUTION"
RELEASE = "RELEASE"
STAFF = "STAFF"
SIMULATION = "SIMULATION"
CLAIM = "/claims/H51070400001/ZY-1/"
STATEMENT = "JS-202305-H51070400001"
PAGES = {
    Duty.COUNTER: [
        "/",
        "/styleguide/",
        "/people/",
        "/people/?scheme=resident&poor=yes",
        "/people/find/",
        f"/people/{PERSON}/",
        "/claims/files/",
        f"/claims/files/{BATCH}/",
        "/claims/files/new/",
        "/claims/",
        "/nowhere/",
    ],
    Duty.INSTITUTIONS: [
        "/admin/institutions/institution/",
        f"/admin/institutions/institution/{INSTITUTION}/change/",
        "/admin/institutions/agreement/",
    ],
    Duty.RELIEF: ["/", "/relief/rosters/", "/admin/relief/reliefstatus/"],
    Duty.REVIEW_FIRST: [
        CLAIM,
        f"/claims/sheet{CLAIM.removeprefix('/claims')}",
        f"/claims/letter{CLAIM.removeprefix('/claims')}",
        "/claims/refused/",
        "/claims/problems/",
    ],
    Duty.REVIEW_SECOND: ["/", "/claims/discrepancies/"],
    Duty.FINANCE: [
        "/",
        "/settlement/",
        "/settlement/2023-05/",
        "/settlement/new/",
        "/settlement/statements/",
        f"/settlement/statements/{STATEMENT}/",
        f"/settlement/statements/{STATEMENT}/sheet/",
        "/claims/differences/",
        "/funds/accounts/",
        "/funds/trial-balance/?check=yes",
        "/funds/entries/",
        f"/funds/entries/{STATEMENT}/resident_pool/",
        "/funds/payments/",
    ],
    Duty.LEADER_CITY: [
        "/",
        "/policy/benefits/?on=2023-05-01&relief=subsistence",
        "/policy/benefits/ratio/?care=outpatient&level=tertiary&relation=other_province&on=2023-05-01",
        "/policy/parameters/",
        "/policy/parameters/?q=YX-66",
        "/policy/parameters/chronic.annual_limit/?on=2022-06-01",
        "/policy/documents/",
        "/policy/documents/mianyang-outpatient-2023/",
        "/policy/changes/",
        "/policy/changes/2023-01-01/",
        "/policy/compare/?a=mianyang&a_on=2023-05-01&b=wenzhou&b_on=2023-05-01",
        "/policy/ending/",
        "/policy/assumed/",
    ],
    Duty.POLICY: [
        "/",
        "/policy/drafts/",
        "/policy/drafts/new/",
        f"/policy/drafts/{RELEASE}/",
        "/simulation/",
        "/simulation/?name=2022",
        f"/simulation/new/?release={RELEASE}",
        "/simulation/account/",
        "/simulation/account/?base=abc",
        f"/simulation/compare/?a={SIMULATION}&b={SIMULATION}",
        f"/simulation/{SIMULATION}/",
        f"/simulation/{SIMULATION}/?by=relief",
        f"/simulation/{SIMULATION}/kept/",
        f"/simulation/{SIMULATION}/kept/?at_least=99999999",
        f"/simulation/{SIMULATION}/delete/",
    ],
    Duty.POLICY_CHECK: [
        "/admin/policy/release/",
        f"/admin/policy/release/{RELEASE}/change/",
        f"/policy/drafts/{RELEASE}/documents/mianyang-framework.yaml/",
        f"/policy/drafts/{RELEASE}/documents/mianyang-framework.yaml/?as=text",
    ],
    Duty.SYSTEM: [
        "/",
        "/admin/organization/staff/",
        "/admin/organization/staff/add/",
        f"/admin/organization/staff/{STAFF}/change/",
        f"/admin/organization/staff/{STAFF}/history/",
        "/admin/organization/office/",
        "/admin/organization/area/",
        "/admin/trail/run/",
    ],
    Duty.SECURITY: ["/", "/admin/organization/dutyassignment/", "/admin/organization/dutyassignment/add/"],
    Duty.TRAIL: ["/", "/admin/trail/actionlog/", "/admin/trail/importbatch/"],
}


@pytest.fixture
def a_month(portal: Portal, settings: Settings, tmp_path: Path) -> dict[str, str]:
    """A person with a stay that was filed, adjudicated, settled, approved, booked, and simulated."""
    hospital = month.a_paid_hospital(code="H51070400001")
    person = people.a_person(name="陈山")
    people.an_enrollment(person, scheme=Scheme.RESIDENT)
    people.a_recognition(person, valid_from=date(2023, 1, 1))
    month.the_law()
    month.filed(hospital, month.Bill("ZY-1", person, "20000.00", Care.INPATIENT, date(2023, 5, 20)))
    month.adjudicated()
    month.approved(month.settled())
    return {
        PERSON: str(person.pk),
        BATCH: str(ImportBatch.objects.get().pk),
        INSTITUTION: str(Institution.objects.get().pk),
        RELEASE: str(Release.objects.get().pk),
        SIMULATION: str(a_simulation(settings, tmp_path)),
        STAFF: str(Staff.objects.order_by("pk")[0].pk),
    }


def a_simulation(settings: Settings, folder: Path) -> int:
    """The month under a law by which stays are paid five points less, so that there is a loser."""
    settings.SNAPSHOT_DIR = folder
    by = people.a_clerk("", Duty.POLICY, area_code="510700")
    snapshot = snapshots.build(valid_from=date(2023, 5, 1), valid_until=date(2023, 6, 1), by=by)
    law = packs.load_city("mianyang")
    resident = {"scheme": ("resident",), "level": ("tertiary",)}
    found = rules.fields(law, date(2023, 5, 1), "inpatient.ratio")
    ratio = next(one for one in found if resident.items() <= one.row.labels.items())
    composed = rules.compose(packs.pack_bytes("mianyang"), law, {ratio.name: "-5点"}, date(2023, 5, 1), "降五个点")
    scenario = scenarios.create(name="降五个点", base=packs.pack_bytes("mianyang"), changes=composed.changes, by=by)
    simulation = simulations.start(scenario=scenario, snapshot=snapshot, by=by)
    done = simulations.work(simulation.run_id or 0)
    # (20,000 − 800) × 5 %: one loser, of 960.
    assert done is not None
    assert done.result is not None
    assert [loss for _, loss in done.result["losers"]] == [960_00]
    return simulation.pk


@pytest.mark.slow
def test_no_page_has_a_barrier(portal: Portal, a_month: dict[str, str]) -> None:
    faults: list[str] = []
    for duty, addresses in PAGES.items():
        by = people.a_clerk("", duty, area_code="510700")
        with portal.browse(by) as page:
            for address in addresses:
                for word, key in a_month.items():
                    address = address.replace(word, key)
                answer = page.goto(address)
                if answer is None or not (answer.ok or address == "/nowhere/"):
                    faults.append(f"{duty} {address}: {answer and answer.status}")
                    continue
                faults += [f"{address}: {finding}" for finding in grave_findings(page)]
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if wide > 0:
                    faults.append(f"{address}: scrolls sideways by {wide} px")
                if "陈山" in page.title():
                    faults.append(f"{address}: a name in the title")

    assert faults == []


def test_a_person_is_found_and_read_by_keyboard_alone(portal: Portal, a_month: dict[str, str]) -> None:
    by = people.a_clerk("", Duty.COUNTER)
    number = people.Person.objects.get(pk=a_month[PERSON]).id_number

    with portal.browse(by) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip-to-content-link"
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "portal-search"
        page.keyboard.type(number)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/people/{a_month[PERSON]}/")

        assert page.title() == "个人档案 · 医疗保障经办"
        assert number not in page.content()
        assert number not in page.url
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"

"""The law in force: the packs of a city, drafted by one and published by another."""

from __future__ import annotations

from datetime import date

from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.rules import packs
from bureau.policy.selectors import differing
from bureau.policy.selectors.releases import files_of
from bureau.policy.services import drafts, releases
from tests.factories.people import a_clerk


def a_release(city: str = "mianyang") -> Release:
    """The published release of a city's packs."""
    drafter = a_clerk("", Duty.POLICY, area_code="510700")
    checker = a_clerk("", Duty.POLICY_CHECK, area_code="510700")
    draft = releases.draft(city=city, content=packs.pack_bytes(city), by=drafter)
    return releases.enact(draft, by=checker)


# Employees in service at tertiary hospitals get five points more from June on; 50 % become 55 %.
RAISED_FILE = "mianyang-outpatient-2023-06.yaml"
RAISED = """\
document:
  id: mianyang-outpatient-2023-06
  title: 绵阳市职工门诊待遇调整（测试）
  number: null
  in_force: {from: 2023-06-01, until: null}
  applies: {scheme: employee, care: [outpatient]}
clauses:
  raised: {at: 第一条, says: 在职职工三级医疗机构门诊报销比例提高五个点}
modifiers:
- {name: outpatient.raised, changes: ratio, clause: raised, for: {level: tertiary, employment: in_service}, value: +5点}
"""


def a_checker() -> Staff:
    """Somebody of the city who may check and publish."""
    return a_clerk("", Duty.POLICY_CHECK, area_code="510700")


def a_raised_ratio(*, points: str = "+5点", by: Staff | None = None) -> Release:
    """A draft on the law in force that raises a ratio from 2023-06-01."""
    by = by or a_clerk("", Duty.POLICY, area_code="510700")
    law = Release.objects.get(city="mianyang", stage="published")
    draft = drafts.start(base=law, note="提高门诊待遇", by=by)
    draft = drafts.add_document(
        draft, document_id=RAISED_FILE.removesuffix(".yaml"), title="调整", valid_from=date(2023, 6, 1), by=by
    )
    text = RAISED.replace("+5点", points)
    return drafts.save_document(draft, name=RAISED_FILE, text=text, expected=draft.sha256, by=by)


def again(release: Release) -> Release:
    """The row as it stands now."""
    return Release.objects.get(pk=release.pk)


def text_of(release: Release, name: str) -> str:
    """One document of a release."""
    return files_of(release)[name]


def submitted(draft: Release) -> Release:
    """Handed to the second person."""
    return releases.submit(draft, by=draft.drafted_by)


def opened(release: Release) -> Staff:
    """Somebody who has opened every change."""
    by = a_checker()
    for key in differing.differences(release).keys:
        releases.open_change(release, key=key, by=by)
    return by


def checked(release: Release) -> Release:
    """Every change opened, and found right."""
    return releases.check(release, by=opened(release))


def published(release: Release) -> Release:
    """In force."""
    return releases.publish(release, by=a_checker())


def enacted(draft: Release) -> Release:
    """The whole way: handed in, every change opened, checked, in force."""
    return published(checked(submitted(draft)))

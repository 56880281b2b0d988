"""Areas, offices, staff, and the law in force: drafted by one, published by another."""

from __future__ import annotations

from datetime import date

from bureau.demo.areas import AREAS
from bureau.demo.city import City
from bureau.demo.staff import ACCOUNTS, PASSWORD
from bureau.demo.stages.colleagues import colleague
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import staff_named
from bureau.organization.services import areas, offices, staffing
from bureau.policy.rules import packs
from bureau.policy.selectors import rulesets
from bureau.policy.services import releases

APPOINTED = date(2023, 1, 1)


def found(city: City) -> str:
    """Areas, offices and accounts; nobody is there yet who could be the one acting."""
    areas.load(AREAS, by=None)
    rooms = offices.load({account.office for account in ACCOUNTS}, by=None)
    new = [account for account in ACCOUNTS if staff_named(account.username) is None]
    for account in new:
        staffing.appoint(
            username=account.username,
            full_name=account.full_name,
            area_code=account.office.area_code,
            office=rooms[account.office.area_code, account.office.name],
            duties=account.duties,
            password=PASSWORD,
            since=APPOINTED,
            by=None,
        )
    return f"区划 {len(AREAS)} 个，工作人员 {len(ACCOUNTS)} 人"


def legislate(city: City) -> str:
    """The packs of the source tree, unless some law is in force."""
    if not _is_law_in_force():
        draft = releases.draft(
            city="mianyang", content=packs.pack_bytes("mianyang"), note="首次发布", by=colleague("policy-city")
        )
        releases.enact(draft, by=colleague("policy-check-city"))
    return f"现行政策指纹 {rulesets.rulebook_in_force().sha256[:12]}"


def _is_law_in_force() -> bool:
    try:
        rulesets.rulebook_in_force()
    except BusinessError:
        return False
    return True

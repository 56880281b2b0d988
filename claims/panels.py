"""What claims show on pages below them: waiting work, search hits, a person's claims and limits, statements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Sum
from django.http import HttpRequest
from django.urls import reverse

from bureau.console import access, panels, search, waiting
from bureau.kernel.identity import mask_name
from bureau.kernel.money import format_yuan
from bureau.organization.selectors import scope
from bureau.organization.terms import Duty
from bureau.policy.rules import checks
from claims.rules import examples, wording
from claims.selectors import claims, cockpit, limits, listing, versions
from claims.terms import SettlementStage
from claims.views import CLAIM_READERS, SETTLEMENT_READERS

if TYPE_CHECKING:
    from enrollment.models import Person
    from institutions.models import Institution

MOST_CLAIMS = 12
MOST_STATEMENTS = 12
MOST_MONTHS = 4

# Before a draft of the law may be submitted, the engine runs its examples.
checks.register("例子", examples.failing)


# Waiting work


def _for_reviewers(request: HttpRequest) -> Iterable[waiting.Waiting]:
    by = access.staff(request)
    yield waiting.Waiting(
        count=claims.years_in_trouble(by).count(),
        title="个人年不能核算",
        url=reverse("claims:problems"),
        button="查看原因",
        detail="参保或事实有误，改正后自动重算",
        is_urgent=True,
    )
    newest = next(iter(listing.months()), "")
    yield waiting.Waiting(
        count=listing.refused(by, month=newest).count() if newest else 0,
        title=f"{newest} 申报中退回的行",
        url=f"{reverse('claims:refused')}?month={newest}",
        button="查看退回的行",
        detail="请通知机构更正后重新申报",
    )


def _for_second_review(request: HttpRequest) -> Iterable[waiting.Waiting]:
    yield waiting.Waiting(
        count=versions.open_findings(access.staff(request)),
        title="处核算不符待说明",
        url=f"{reverse('claims:discrepancies')}?stage=open",
        button="查看并说明" if access.may(request, Duty.REVIEW_SECOND) else "查看",
        detail="由所存事实和政策重新计算，得不出所存的金额",
        is_urgent=True,
    )


def _for_finance(request: HttpRequest) -> Iterable[waiting.Waiting]:
    if not scope.is_city(access.staff(request)):
        return
    months = cockpit.waiting_months()
    if months:
        first = months[0]
        yield waiting.Waiting(
            count=first.claims,
            title=f"张 {first.month} 申报的单据待结算",
            url=f"{reverse('claims:settlement_start')}?month={first.month}",
            button="开始结算",
            detail=f"医疗费总额 {format_yuan(first.total, grouped=True)} 元",
        )
    yield waiting.Waiting(
        count=claims.waiting_years(),
        title="个人年待核算",
        url=reverse("claims:problems"),
        button="查看",
        detail="核算由系统自动进行",
    )


def _for_approvers(request: HttpRequest) -> Iterable[waiting.Waiting]:
    for run in cockpit.runs_to_approve(access.staff(request)):
        yield waiting.Waiting(
            count=1,
            title=f"{run.month} 月结算待审批",
            url=reverse("claims:settlement", args=[run.month]),
            button="核对并审批",
            detail=f"{run.institutions} 家机构，实付 {format_yuan(int(run.payable or 0), grouped=True)} 元",
            is_urgent=True,
        )


def _for_cashiers(request: HttpRequest) -> Iterable[waiting.Waiting]:
    for run in cockpit.approved_runs(access.staff(request)):
        yield waiting.Waiting(
            count=1,
            title=f"{run.month} 月付款清单待导出",
            url=reverse("claims:settlement", args=[run.month]),
            button="核对并导出",
            detail=f"{run.institutions} 家机构，实付 {format_yuan(int(run.payable or 0), grouped=True)} 元",
            is_urgent=True,
        )


waiting.register(_for_reviewers, Duty.REVIEW_FIRST, Duty.COUNTER, order=30)
waiting.register(_for_second_review, Duty.REVIEW_SECOND, Duty.AUDIT, order=25)
waiting.register(_for_finance, Duty.FINANCE, order=20)
waiting.register(_for_approvers, Duty.FINANCE_APPROVAL, Duty.LEADER_CITY, order=10)
waiting.register(_for_cashiers, Duty.CASHIER, order=10)


# Search


def _find_claims(request: HttpRequest, text: str) -> Iterable[search.Hit]:
    found = claims.visible_to(access.staff(request)).filter(number=text)
    for claim in found[: search.MOST_PER_GROUP + 1]:
        yield search.Hit(
            label=claim.number,
            url=reverse("claims:claim", args=[claim.institution.code, claim.number]),
            detail=" · ".join(
                (
                    claim.institution.name,
                    claim.get_care_display(),
                    claim.service_date.isoformat(),
                    mask_name(claim.person.name),
                )
            ),
            is_exact=True,
        )


def _find_statements(request: HttpRequest, text: str) -> Iterable[search.Hit]:
    for settlement in cockpit.statements(access.staff(request)).filter(number=text.upper()):
        yield search.Hit(
            label=settlement.number,
            url=reverse("claims:statement", args=[settlement.number]),
            detail=f"{settlement.institution.name} · 实付 {format_yuan(settlement.payable, grouped=True)} 元",
            is_exact=True,
        )


search.register("费用单据", _find_claims, *CLAIM_READERS, order=30)
search.register("结算单", _find_statements, *SETTLEMENT_READERS, order=40)


# Panels


def _person(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    shown, sums = listing.of_person(person.pk, by=access.staff(request), most=MOST_CLAIMS)
    return {"person": person, "claims": shown, "sums": sums}


def _year_of_person(person: Person, found: dict[str, Any]) -> dict[str, Any]:
    """What is left of the year, to whoever sees a claim of the person."""
    year = limits.of_person(person.pk) if found["claims"] else None
    rooms = [(room, wording.grounds(year.rulebook, room.sources)) for room in year.rooms] if year else []
    return {"year": year, "rooms": rooms}


def _institution(request: HttpRequest, institution: Institution) -> dict[str, Any] | None:
    found = cockpit.statements(access.staff(request)).filter(institution_id=institution.pk).order_by("-run__month")
    added = found.order_by().aggregate(withheld_sum=Sum("withheld"), payable_sum=Sum("payable"))
    return {
        "institution": institution,
        "settlements": list(found[:MOST_STATEMENTS]),
        "withheld": int(added["withheld_sum"] or 0),
        "payable": int(added["payable_sum"] or 0),
    }


def _months(request: HttpRequest, subject: Any) -> dict[str, Any]:
    by = access.staff(request)
    runs = list(cockpit.months_in_sums(by)[:MOST_MONTHS])
    return {
        "runs": [{**run, "stage": SettlementStage.label_of(run["run__stage"])} for run in runs],
        "waiting": cockpit.waiting_months() if scope.is_city(by) else [],
    }


panels.register(panels.HOME, _months, template="claims/panels/months.html", order=40, duties=SETTLEMENT_READERS)
panels.register(
    panels.PERSON,
    _person,
    complete=_year_of_person,
    template="claims/panels/person.html",
    order=60,
    duties=CLAIM_READERS,
)
panels.register(
    panels.INSTITUTION, _institution, template="claims/panels/institution.html", order=60, duties=SETTLEMENT_READERS
)

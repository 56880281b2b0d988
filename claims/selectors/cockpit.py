"""The month's settlement as the cockpit shows it: sums over what one may see, and what moved since last month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from bureau import walls
from bureau.kernel.periods import Month
from bureau.kernel.terms import Fund
from bureau.organization.selectors import scope
from bureau.organization.selectors.staff import has_duty
from bureau.trail import selectors as trail
from claims.models import (
    Adjudication,
    AdjustmentUse,
    Approval,
    Claim,
    PersonYear,
    Settlement,
    SettlementLine,
    SettlementRun,
)
from claims.rules import approval
from claims.selectors import settlements
from claims.terms import ClaimStage, SettlementStage

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bureau.organization.models import Staff
    from bureau.policy.rules.rulebook import Resolved, Rulebook
    from bureau.trail.selectors import Progress


@dataclass(frozen=True, slots=True)
class Sums:
    """How many and how much; amounts in fen."""

    institutions: int
    claims: int
    total: int
    due: int
    deducted: int
    withheld: int
    payable: int


@dataclass(frozen=True, slots=True)
class Row:
    """One institution's statement beside what it was due the month before (None: it had none)."""

    settlement: Settlement
    due_before: int | None

    @property
    def change(self) -> int:
        return self.settlement.due - (self.due_before or 0)


@dataclass(frozen=True, slots=True)
class FundSum:
    """A fund's share of the month."""

    fund: str
    due: int
    deducted: int
    withheld: int
    payable: int

    @property
    def label(self) -> str:
        return Fund.label_of(self.fund)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A month with adjudicated claims that no run has taken up."""

    month: str
    claims: int
    total: int


def runs(by: Staff) -> QuerySet[Any]:
    """All months, the latest first, with the sums over the institutions that `by` may see."""
    seen = Q() if scope.is_city(by) else Q(settlements__area__code__startswith=by.area.prefix if by.area else "-")
    return (
        SettlementRun.objects.select_related("run", "opened_by", "approved_by")
        .defer("payment_list")
        .annotate(
            institutions=Count("settlements", filter=seen),
            claim_sum=Sum("settlements__claim_count", filter=seen),
            due=Sum("settlements__due", filter=seen),
            deducted=Sum("settlements__deducted", filter=seen),
            withheld=Sum("settlements__withheld", filter=seen),
            payable=Sum("settlements__payable", filter=seen),
        )
        .order_by("-month")
    )


def months_in_sums(by: Staff) -> QuerySet[Any, Any]:
    """Month and stage with the sums of the statements that `by` may see, the latest month first."""
    return (
        statements(by)
        .values("run__month", "run__stage")
        .order_by("-run__month")
        .annotate(
            institutions=Count("pk"),
            claim_sum=Sum("claim_count"),
            due_sum=Sum("due"),
            withheld_sum=Sum("withheld"),
            payable_sum=Sum("payable"),
        )
    )


def months() -> list[str]:
    """The months that were settled, the latest first."""
    return list(SettlementRun.objects.order_by("-month").values_list("month", flat=True))


def run_of(month: str) -> Any:
    """The run of a month, with how many claims it froze (`frozen`); None where there is none."""
    found = SettlementRun.objects.select_related("run", "area", "opened_by", "approved_by").defer("payment_list")
    claims = Claim.objects.filter(settlement_run=OuterRef("pk")).order_by().values("settlement_run")
    frozen = Subquery(claims.annotate(count=Count("pk")).values("count"))
    return settlements.with_seats(found).annotate(frozen=Coalesce(frozen, 0)).filter(month=month).first()


def progress(run: SettlementRun) -> Progress:
    """How many institutions are computed."""
    return trail.progress(run.run_id)


def failed(run: SettlementRun) -> list[tuple[str, str]]:
    """Institution code and reason where a step waits for a person."""
    return trail.failed_steps(run.run_id)


def statements(by: Staff, *, run: SettlementRun | None = None) -> QuerySet[Settlement]:
    """The statements `by` may see, of one month or of all."""
    found = Settlement.objects.select_related("institution", "area", "run").defer("run__payment_list")
    found = scope.narrow(found, by)
    return found if run is None else found.filter(run=run)


def rows(run: SettlementRun, *, by: Staff) -> tuple[list[Row], str]:
    """Every statement of the month with what the institution was due the month before, and which month that was."""
    earlier = SettlementRun.objects.filter(month__lt=run.month).order_by("-month").values("pk")[:1]
    former = scope.narrow(Settlement.objects.filter(run=Subquery(earlier)), by)
    known = list(former.values_list("institution_id", "due", "run__month"))
    dues = {institution_id: due for institution_id, due, _ in known}
    previous = known[0][2] if known else ""
    found = statements(by, run=run).order_by("institution__code")
    return [Row(settlement, dues.get(settlement.institution_id)) for settlement in found], previous


def top_changes(found: Sequence[Row], count: int = 10) -> list[Row]:
    """Where the due amount moved most since the month before."""
    moved = [row for row in found if row.change]
    return sorted(moved, key=lambda row: (-abs(row.change), row.settlement.number))[:count]


def sums(settlements: Iterable[Settlement]) -> Sums:
    """Sums over statements in memory."""
    found = list(settlements)
    return Sums(
        institutions=len(found),
        claims=sum(row.claim_count for row in found),
        total=sum(row.total for row in found),
        due=sum(row.due for row in found),
        deducted=sum(row.deducted for row in found),
        withheld=sum(row.withheld for row in found),
        payable=sum(row.payable for row in found),
    )


def sums_of(found: QuerySet[Settlement]) -> Sums:
    """Sums over a list in the database, in one query."""
    added = found.order_by().aggregate(
        institutions=Count("institution", distinct=True),
        claims=Sum("claim_count"),
        whole=Sum("total"),
        **{f"{name}_sum": Sum(name) for name in ("due", "deducted", "withheld", "payable")},
    )
    return Sums(
        institutions=added["institutions"],
        claims=int(added["claims"] or 0),
        total=int(added["whole"] or 0),
        due=int(added["due_sum"] or 0),
        deducted=int(added["deducted_sum"] or 0),
        withheld=int(added["withheld_sum"] or 0),
        payable=int(added["payable_sum"] or 0),
    )


def by_fund(run: SettlementRun, *, by: Staff) -> list[FundSum]:
    """The month by fund, as far as `by` may see, in the order of the funds."""
    lines = scope.narrow(SettlementLine.objects.filter(settlement__run=run), by, path="settlement__area")
    added = (
        lines.order_by()
        .values("fund")
        .annotate(
            due_sum=Sum("due"), deducted_sum=Sum("deducted"), withheld_sum=Sum("withheld"), payable_sum=Sum("payable")
        )
    )
    found = {
        row["fund"]: FundSum(
            row["fund"],
            int(row["due_sum"]),
            int(row["deducted_sum"]),
            int(row["withheld_sum"]),
            int(row["payable_sum"]),
        )
        for row in added
    }
    return [found[fund] for fund in Fund if fund in found]


def claims_of(settlement: Settlement) -> QuerySet[Adjudication]:
    """The claims of a statement, by number, each as the version by which it was settled."""
    return (
        Adjudication.objects.select_related("claim__person")
        .defer("trace", "facts")
        .filter(
            claim__settlement_run_id=settlement.run_id,
            claim__institution_id=settlement.institution_id,
            version=F("claim__settled_version"),
        )
        .order_by("claim__number")
    )


def contents_of(
    settlement: Settlement, claims: Iterable[Adjudication], *, by: Staff
) -> tuple[list[Adjudication], list[AdjustmentUse]]:
    """Some of its claims, and the differences that a statement settles, for whoever may open the statement.

    It is the institution's county's to read, with patients from everywhere; the city sees them anyhow.
    """
    uses = AdjustmentUse.objects.select_related("adjustment__claim").filter(settlement=settlement)
    with nullcontext() if scope.is_city(by) else walls.as_system():
        return list(claims), list(uses.order_by("adjustment__claim__number", "pk"))


def waiting_months() -> list[Waiting]:
    """Months whose adjudicated claims wait for a run, the earliest first."""
    waiting = (
        Claim.objects.filter(stage=ClaimStage.ADJUDICATED.value)
        .order_by()
        .values("received_month")
        .annotate(count=Count("pk"), whole=Sum("total"))
        .order_by("received_month")
    )
    return [Waiting(row["received_month"], row["count"], int(row["whole"])) for row in waiting]


def uncomputed(month: str) -> tuple[int, int]:
    """What stays out of a month: claims that are not adjudicated, and person-years that cannot be."""
    received = Claim.objects.filter(stage=ClaimStage.RECEIVED.value, received_month__lte=month).count()
    return received, PersonYear.objects.exclude(problem_code="").count()


def runs_to_approve(by: Staff) -> QuerySet[Any]:
    """Months that wait for this person's approval: those he made or signed wait for others."""
    first_is_mine = has_duty(by, *approval.SEATS[1])
    signed = Approval.objects.filter(run=OuterRef("pk"))
    waiting = runs(by).filter(stage=SettlementStage.SEALED.value).exclude(opened_by=by)
    waiting = waiting.exclude(Exists(signed.filter(by=by)))
    return waiting if first_is_mine else waiting.filter(Exists(signed))


def approved_runs(by: Staff) -> QuerySet[Any]:
    """Months whose payment list has not left yet."""
    return runs(by).filter(stage=SettlementStage.APPROVED.value)


def deposit_rule(rulebook: Rulebook, month: str) -> Resolved:
    """The parameter by which the quality deposit of a month is withheld."""
    return rulebook.parameter("settlement.quality_deposit_rate", Month.parse(month).last_day)


def tier_rule(rulebook: Rulebook, month: str) -> Resolved:
    """The parameter from which on a month takes two approvers."""
    return rulebook.parameter("settlement.second_approval_from", Month.parse(month).last_day)

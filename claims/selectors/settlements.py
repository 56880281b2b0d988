"""Reads of the month's settlement: what is frozen, statements, totals, exceptions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Count, Max, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from bureau.kernel.errors import BusinessError
from bureau.kernel.money import format_yuan
from bureau.organization.selectors.scope import narrow
from bureau.trail.selectors import failed_steps, progress
from claims.models import Adjustment, AdjustmentUse, Approval, Claim, Settlement, SettlementLine, SettlementRun
from claims.rules import approval
from claims.rules.seal import statement_digest
from claims.rules.statement import Difference, Share
from claims.selectors.claims import left_out
from claims.terms import AdjustmentStage

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from bureau.organization.models import Staff
    from bureau.trail.selectors import Progress


@dataclass(frozen=True, slots=True)
class Report:
    """A month's settlement in figures; amounts in yuan, as `manage.py settle --json` prints them."""

    run: int
    month: str
    stage: str
    institutions: int
    claims: int
    due: str
    deducted: str
    withheld: str
    payable: str
    by_fund: dict[str, dict[str, str]]
    sha256: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Signed:
    """One who approved."""

    by_id: int
    name: str
    at: datetime
    seat: int


@dataclass(frozen=True, slots=True)
class Seats:
    """Who has approved a sealed month, and how many it takes for what it pays (fen)."""

    payable: int
    needed: int
    taken: list[Signed]

    @property
    def missing(self) -> int:
        return self.needed - len(self.taken)

    @property
    def next(self) -> int:
        return len(self.taken) + 1


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What a person must look at before or after a month is sealed."""

    failed: list[tuple[str, str]]
    left_out: int


def run_for(text: str) -> SettlementRun | None:
    """A settlement by its number or its month."""
    runs = SettlementRun.objects.select_related("run", "area", "opened_by", "approved_by")
    return runs.filter(pk=int(text)).first() if text.isdigit() else runs.filter(month=text).first()


def run_named(text: str) -> SettlementRun:
    """The same, where it must be there."""
    found = run_for(text)
    if found is None:
        raise BusinessError("claims.run_unknown", f"没有编号或月份为 {text} 的结算。")
    return found


def runs() -> QuerySet[SettlementRun]:
    """All months, the latest first."""
    return SettlementRun.objects.select_related("run", "opened_by", "approved_by").defer("payment_list")


def progress_of(run: SettlementRun) -> Progress:
    """How many institutions are computed."""
    return progress(run.run_id)


def exceptions_of(run: SettlementRun) -> Exceptions:
    """Institutions that could not be computed, and claims that had to stay out."""
    return Exceptions(failed_steps(run.run_id), left_out(run.month))


def statements(run: SettlementRun, *, by: Staff) -> QuerySet[Settlement]:
    """The statements of a month that `by` may see."""
    return narrow(Settlement.objects.select_related("institution", "area", "run").filter(run=run), by)


def lines_of(settlement: Settlement) -> QuerySet[SettlementLine]:
    """The lines of a statement."""
    return SettlementLine.objects.filter(settlement=settlement).order_by("fund", "scheme")


def amounts(run: SettlementRun) -> list[tuple[Settlement, str, int, int]]:
    """Statement, fund, withheld and payable (fen) of a month, summed over the schemes."""
    statements = Settlement.objects.select_related("institution").filter(run=run).in_bulk()
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    by_number = {settlement.number: settlement for settlement in statements.values()}
    for line in SettlementLine.objects.filter(settlement__run=run):
        found = sums[statements[line.settlement_id].number, line.fund]
        found[0] += line.withheld
        found[1] += line.payable
    return [
        (by_number[number], fund, withheld, payable) for (number, fund), (withheld, payable) in sorted(sums.items())
    ]


def claims_of(settlement: Settlement) -> QuerySet[Claim]:
    """The claims that a statement settles."""
    return Claim.objects.filter(settlement_run_id=settlement.run_id, institution_id=settlement.institution_id)


def report(run: SettlementRun) -> Report:
    """The month in figures."""
    whole = Settlement.objects.filter(run=run).aggregate(
        institutions=Count("pk"),
        claims=Sum("claim_count"),
        due=Sum("due"),
        deducted=Sum("deducted"),
        withheld=Sum("withheld"),
        payable=Sum("payable"),
    )
    amounts = ("due", "deducted", "withheld", "payable")
    by_fund = (
        SettlementLine.objects.filter(settlement__run=run)
        .order_by("fund")
        .values_list("fund")
        .annotate(*(Sum(name) for name in amounts))
    )
    return Report(
        run=run.pk,
        month=run.month,
        stage=run.stage,
        institutions=whole["institutions"],
        claims=int(whole["claims"] or 0),
        **{name: format_yuan(int(whole[name] or 0)) for name in amounts},
        by_fund={fund: dict(zip(amounts, map(format_yuan, sums), strict=True)) for fund, *sums in by_fund},
        sha256=run.seal_sha256,
    )


def with_seats(runs: QuerySet[SettlementRun]) -> QuerySet[Any]:
    """The same rows with what `seats` wants to know, so that a page asks once."""
    statements = Settlement.objects.filter(run=OuterRef("pk")).order_by().values("run")
    signed = Approval.objects.filter(run=OuterRef("pk")).order_by("seat")
    name = Coalesce(NullIf("by__full_name", Value("")), "by__username")
    return runs.annotate(
        whole_payable=Subquery(statements.annotate(whole=Sum("payable")).values("whole")),
        signed=ArraySubquery(signed.values(one=JSONObject(by="by_id", name=name, at="at", seat="seat"))),
    )


def seats(run: SettlementRun) -> Seats:
    """The seats of a month's approval, in their order."""
    known: Any = run if hasattr(run, "signed") else with_seats(SettlementRun.objects.filter(pk=run.pk)).get()
    payable = int(known.whole_payable or 0)
    taken = [Signed(one["by"], one["name"], datetime.fromisoformat(one["at"]), one["seat"]) for one in known.signed]
    # What was approved needs nobody more.
    needed = len(taken) if run.approved_by_id else approval.seats_needed(payable, second_from=run.second_approval_from)
    return Seats(payable, needed, taken)


# What a statement is made of


def shares(run: SettlementRun, institution_id: int) -> list[Share]:
    """What each fund bears of the frozen claims of an institution, by the version that was frozen."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARES, [run.pk, institution_id])
        return [Share(*row) for row in cursor.fetchall()]


def frozen_claims(run: SettlementRun, institution_id: int) -> tuple[int, int]:
    """Number and total of the frozen claims of an institution."""
    found = Claim.objects.filter(settlement_run=run, institution_id=institution_id).aggregate(
        count=Count("pk"), total=Sum("total")
    )
    return found["count"], int(found["total"] or 0)


def open_differences(run: SettlementRun, institution_id: int) -> list[Difference]:
    """What is left of the differences that this month took up for an institution."""
    taken = (
        Adjustment.objects.filter(settlement_run=run, institution_id=institution_id, stage=AdjustmentStage.OPEN.value)
        .annotate(used=Sum("uses__amount"))
        .values_list("fund", "scheme", "claim__number", "adjudication__version", "pk", "amount", "used")
    )
    return [
        Difference(fund, scheme, (number, version), key, amount - (used or 0))
        for fund, scheme, number, version, key, amount, used in taken
    ]


def claims_digests(run: SettlementRun, institution_id: int | None = None) -> dict[int, str]:
    """Institution → fingerprint of its frozen claims by the versions that were frozen."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS_DIGESTS, {"run": run.pk, "institution": institution_id})
        return dict(cursor.fetchall())


def digests_of(run: SettlementRun) -> dict[str, str]:
    """Statement number → fingerprint, computed anew from the tables; what a seal is compared with."""
    claims = claims_digests(run)
    lines: dict[int, list[tuple[Any, ...]]] = {}
    for settlement_id, *line in SettlementLine.objects.filter(settlement__run=run).values_list(
        "settlement_id", "fund", "scheme", "claim_count", "due", "deducted", "withheld", "payable"
    ):
        lines.setdefault(settlement_id, []).append(tuple(line))
    used: dict[int, list[tuple[Any, ...]]] = {}
    for settlement_id, *use in AdjustmentUse.objects.filter(settlement__run=run).values_list(
        "settlement_id", "adjustment__claim__number", "adjustment__fund", "adjustment__scheme", "amount"
    ):
        used.setdefault(settlement_id, []).append(tuple(use))
    return {
        number: statement_digest(
            number=number,
            claim_count=claim_count,
            total=total,
            lines=lines.get(settlement_id, []),
            differences=used.get(settlement_id, []),
            claims_digest=claims.get(institution_id, ""),
        )
        for settlement_id, number, institution_id, claim_count, total in Settlement.objects.filter(run=run).values_list(
            "pk", "number", "institution_id", "claim_count", "total"
        )
    }


def stored_digests(run: SettlementRun) -> dict[str, str]:
    """Statement number → fingerprint as it was written."""
    return dict(Settlement.objects.filter(run=run).values_list("number", "sha256"))


def latest_care(run: SettlementRun) -> list[tuple[int, date]]:
    """Person and latest day of care among the frozen claims."""
    latest = Claim.objects.filter(settlement_run=run).values("person_id").order_by().annotate(day=Max("service_date"))
    return list(latest.values_list("person_id", "day"))


_SHARES = """
    SELECT part.fund, adjudication.scheme, count(*), sum(part.amount)::bigint
      FROM claims_claim claim
      JOIN claims_adjudication adjudication
        ON adjudication.claim_id = claim.id AND adjudication.version = claim.settled_version
     CROSS JOIN LATERAL (VALUES
            (adjudication.scheme || '_pool', adjudication.pooled),
            ('major_illness', adjudication.major_illness),
            ('assistance', adjudication.assistance)
          ) AS part(fund, amount)
     WHERE claim.settlement_run_id = %s AND claim.institution_id = %s AND part.amount > 0
     GROUP BY part.fund, adjudication.scheme
     ORDER BY part.fund, adjudication.scheme
"""
_CLAIMS_DIGESTS = """
    SELECT institution_id,
           encode(sha256(convert_to(string_agg(item, chr(10) ORDER BY item COLLATE "C"), 'UTF8')), 'hex')
      FROM (
        SELECT claim.institution_id,
               concat_ws('|', claim.number, claim.total, adjudication.scheme, adjudication.pooled,
                         adjudication.major_illness, adjudication.assistance) AS item
          FROM claims_claim claim
          JOIN claims_adjudication adjudication
            ON adjudication.claim_id = claim.id AND adjudication.version = claim.settled_version
         WHERE claim.settlement_run_id = %(run)s
           AND (%(institution)s::bigint IS NULL OR claim.institution_id = %(institution)s)
      ) frozen
     GROUP BY institution_id
"""

"""Adjudicate whole person-years, many in one transaction and a constant number of queries per chunk.

Amounts that were settled stay; what a re-run changes in them becomes a difference (decision 2). A person-year that
cannot be computed keeps its reason and spoils nobody else's.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import ReliefCategory
from bureau.policy.selectors import rulesets
from bureau.trail.services import actions
from claims.models import PersonYear
from claims.rules.facts import Encoder
from claims.rules.person_year import ClaimFacts, trace_year
from claims.selectors import years
from claims.services import freezing
from enrollment.selectors import coverage
from relief.selectors import statuses

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bureau.organization.models import Staff
    from bureau.policy.rules.rulebook import Rulebook
    from claims.rules.person_year import Traced
    from claims.selectors.years import FiledClaim
    from enrollment.selectors.coverage import CoverageFacts

CHUNK = 1_000

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Summary:
    """What a run over person-years did."""

    person_years: int = 0
    claims: int = 0
    written: int = 0
    differences: int = 0
    problems: int = 0

    def add(self, other: Summary) -> None:
        self.person_years += other.person_years
        self.claims += other.claims
        self.written += other.written
        self.differences += other.differences
        self.problems += other.problems


def adjudicate_due(*, seconds: float | None = None, chunk: int = CHUNK, by: Staff | None) -> Summary:
    """All person-years that wait, chunk by chunk; any number of processes may do this side by side.

    They wait since intake, or since the database saw a fact of theirs change (`migrations/0008_late_facts.sql`).
    """
    ends_at = None if seconds is None else time.monotonic() + seconds
    whole, last = Summary(), 0
    while ends_at is None or time.monotonic() < ends_at:
        with transaction.atomic():
            freezing.share()
            waiting = PersonYear.objects.filter(is_due=True, pk__gt=last).order_by("pk")
            taken = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[:chunk])
            if not taken:
                break
            whole.add(_adjudicate_locked(taken, reason=None))
        last = taken[-1]
    _record(whole, by)
    return whole


def recalculate(person_year_ids: Iterable[int], *, reason: str, by: Staff | None) -> Summary:
    """These person-years once more, whether they wait or not."""
    wanted = sorted(set(person_year_ids))
    whole = Summary()
    for start in range(0, len(wanted), CHUNK):
        with transaction.atomic():
            freezing.share()
            # The order in which intake locks them, so that nobody waits in a circle.
            locked = PersonYear.objects.filter(pk__in=wanted[start : start + CHUNK]).order_by("person_id", "year")
            whole.add(
                _adjudicate_locked(sorted(locked.select_for_update().values_list("pk", flat=True)), reason=reason)
            )
    _record(whole, by)
    return whole


def _record(summary: Summary, by: Staff | None) -> None:
    if summary.person_years == 0:
        return
    actions.record(
        action="claims.adjudicated",
        subject_kind="adjudication",
        subject_key="bulk",
        summary=f"核算 {summary.person_years} 个人年、{summary.claims} 张单据，{summary.problems} 个人年不能核算。",
        detail={"written": summary.written, "differences": summary.differences},
        by=by,
    )


def _adjudicate_locked(person_year_ids: Sequence[int], *, reason: str | None) -> Summary:
    """Gather, compute, write; the person-years are locked by the caller. Without a reason, theirs stands."""
    rulebook = rulesets.rulebook_in_force()
    filed = years.claims_of(person_year_ids)
    days = {(claim.person_id, claim.service_date) for claim in filed}
    covered = coverage.facts_by_person(days)
    relieved = statuses.categories_for(days)

    computed: list[tuple[FiledClaim, ClaimFacts, Traced]] = []
    problems: list[tuple[int, str, str]] = []
    encoder = Encoder(rulebook)
    for person_year_id, group in groupby(filed, key=attrgetter("person_year_id")):
        claims = list(group)
        try:
            facts = [_facts(claim, covered, relieved) for claim in claims]
            computed += zip(claims, facts, trace_year(rulebook, facts, encoder), strict=True)
        except BusinessError as error:
            problems.append((person_year_id, error.code, error.message))
        except (ArithmeticError, LookupError, TypeError, ValueError):
            # A fault of ours must not stop everybody else's claims either.
            log.exception("person-year %s cannot be computed", person_year_id)
            problems.append((person_year_id, "claims.engine_fault", "核算程序出错，请联系系统管理员。"))

    written, differences = _write(rulebook, computed, reason)
    _mark(person_year_ids, problems)
    return Summary(len(person_year_ids), len(filed), written, differences, len(problems))


def _facts(
    claim: FiledClaim,
    covered: dict[tuple[int, date], CoverageFacts],
    relieved: dict[tuple[int, date], ReliefCategory],
) -> ClaimFacts:
    key = (claim.person_id, claim.service_date)
    person = covered[key]
    if person.refusal is not None:
        raise BusinessError(f"claims.{person.refusal.value}", f"单据 {claim.number}：{person.refusal.label}。")
    return ClaimFacts(
        claim_id=str(claim.claim_id),
        sequence=claim.sequence,
        service_date=claim.service_date,
        scheme=person.scheme,
        employment=person.employment,
        relief=relieved.get(key, ReliefCategory.NONE).value,
        registered_poor=person.is_registered_poor,
        care=claim.care,
        level=claim.level,
        insured_area=person.insured_area[:6],
        care_area=claim.care_area,
        filing=claim.is_filed,
        signed=False,
        chronic_count=person.chronic_count,
        total=claim.total,
        excluded=claim.excluded,
        over_ceiling=claim.over_ceiling,
        upfront_copay=claim.upfront_copay,
    )


def facts_json(facts: ClaimFacts) -> str:
    """The facts that the claim itself does not carry, as they are stored; always the same text for the same facts."""
    return json.dumps(
        {
            "scheme": facts.scheme,
            "employment": facts.employment,
            "relief": facts.relief,
            "registered_poor": facts.registered_poor,
            "level": facts.level,
            "insured_area": facts.insured_area,
            "chronic_count": facts.chronic_count,
        },
        separators=(",", ":"),
    )


def _write(
    rulebook: Rulebook, computed: Sequence[tuple[FiledClaim, ClaimFacts, Traced]], reason: str | None
) -> tuple[int, int]:
    if not computed:
        return 0, 0
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy(_COPY) as copy:
            for claim, facts, traced in computed:
                copy.write_row(_row(claim, facts, traced, rulebook.sha256))
        cursor.execute("ANALYZE computed_claim")
        cursor.execute(_ADJUDICATED)
        cursor.execute(_DROP_UNCHANGED)
        cursor.execute(_RETIRE)
        cursor.execute(_INSERT)
        written: int = cursor.rowcount
        cursor.execute(_DIFFERENCES, {"reason": reason and reason[:200]})
        differences: int = cursor.rowcount
        cursor.execute("DROP TABLE computed_claim")
    return written, differences


def _row(claim: FiledClaim, facts: ClaimFacts, traced: Traced, policy_sha256: str) -> tuple[Any, ...]:
    outcome = traced.outcome
    return (
        claim.claim_id,
        facts.scheme,
        outcome.eligible,
        outcome.prepay,
        outcome.deductible,
        outcome.pooled,
        outcome.major_illness,
        outcome.assistance,
        outcome.personal_burden,
        facts_json(facts),
        json.dumps(traced.trace, separators=(",", ":")),
        policy_sha256,
    )


def _mark(person_year_ids: Sequence[int], problems: Sequence[tuple[int, str, str]]) -> None:
    PersonYear.objects.filter(pk__in=person_year_ids).update(is_due=False, due_because="", problem_code="", problem="")
    in_trouble = [
        PersonYear(pk=person_year_id, is_due=False, problem_code=code[:60], problem=message[:300])
        for person_year_id, code, message in problems
    ]
    if in_trouble:
        PersonYear.objects.bulk_update(in_trouble, ["problem_code", "problem"], batch_size=500)


_STAGE = """
    CREATE TEMPORARY TABLE computed_claim (
        claim_id bigint PRIMARY KEY, scheme text, eligible bigint, prepay bigint, deductible bigint,
        pooled bigint, major_illness bigint, assistance bigint, personal_burden bigint,
        facts jsonb, trace jsonb, policy_sha256 text
    ) ON COMMIT DROP
"""
_COPY = """
    COPY computed_claim (claim_id, scheme, eligible, prepay, deductible, pooled, major_illness, assistance,
                         personal_burden, facts, trace, policy_sha256) FROM STDIN
"""
_ADJUDICATED = """
    UPDATE claims_claim claim SET stage = 'adjudicated'
      FROM computed_claim computed WHERE claim.id = computed.claim_id AND claim.stage = 'received'
"""
# Another policy that leads to the same amounts from the same facts is no reason for a new version.
_DROP_UNCHANGED = """
    DELETE FROM computed_claim computed USING claims_adjudication former
     WHERE former.claim_id = computed.claim_id AND former.is_current
       AND (former.scheme, former.eligible, former.prepay, former.deductible, former.pooled, former.major_illness,
            former.assistance, former.personal_burden, former.facts)
         = (computed.scheme, computed.eligible, computed.prepay, computed.deductible, computed.pooled,
            computed.major_illness, computed.assistance, computed.personal_burden, computed.facts)
       AND (former.policy_sha256 <> computed.policy_sha256 OR former.trace = computed.trace)
"""
_RETIRE = """
    UPDATE claims_adjudication former SET is_current = false
      FROM computed_claim computed WHERE former.claim_id = computed.claim_id AND former.is_current
"""
# It stands where its claim stands, which may be a town; the law looks at the county alone.
_INSERT = """
    INSERT INTO claims_adjudication (
        claim_id, version, is_current, area_id, scheme, eligible, prepay, deductible, pooled, major_illness, assistance,
        personal_burden, facts, trace, policy_sha256, created_at
    )
    SELECT claim.id,
           1 + coalesce((SELECT max(version) FROM claims_adjudication former WHERE former.claim_id = claim.id), 0),
           true, claim.area_id, computed.scheme, eligible, prepay, deductible, pooled, major_illness, assistance,
           personal_burden, facts, trace, policy_sha256, now()
      FROM computed_claim computed JOIN claims_claim claim ON claim.id = computed.claim_id ORDER BY claim.id
"""
# Settled version + differences = current version, for each fund and scheme: so each re-run adds what it changes.
_DIFFERENCES = """
    INSERT INTO claims_adjustment (
        claim_id, adjudication_id, institution_id, area_id, fund, scheme, amount, reason, stage, created_at
    )
    SELECT claim.id, present.id, claim.institution_id, present.area_id, part.fund, part.scheme, sum(part.amount),
           coalesce(%(reason)s, nullif(owner.due_because, ''), '重新核算'), 'open', now()
      FROM computed_claim computed
      JOIN claims_claim claim ON claim.id = computed.claim_id AND claim.settled_version IS NOT NULL
      JOIN claims_personyear owner ON owner.person_id = claim.person_id AND owner.year = claim.year
      JOIN claims_adjudication present ON present.claim_id = claim.id AND present.is_current
      JOIN claims_adjudication former ON former.claim_id = claim.id AND former.version = present.version - 1
     CROSS JOIN LATERAL (VALUES
            (present.scheme || '_pool', present.scheme, present.pooled),
            ('major_illness', present.scheme, present.major_illness),
            ('assistance', present.scheme, present.assistance),
            (former.scheme || '_pool', former.scheme, -former.pooled),
            ('major_illness', former.scheme, -former.major_illness),
            ('assistance', former.scheme, -former.assistance)
          ) AS part(fund, scheme, amount)
     GROUP BY claim.id, present.id, owner.due_because, part.fund, part.scheme HAVING sum(part.amount) <> 0
     ORDER BY claim.id, part.fund, part.scheme
"""

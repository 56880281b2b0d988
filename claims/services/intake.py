"""Take a month's claim file of one institution in: every row judged, the good ones become claims, the bad ones stay
with their reason (J2). One transaction; the same bytes again are recognized.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.kernel.identity import mask_within, repair_name
from bureau.kernel.periods import Month
from bureau.organization.selectors import areas, scope, staff
from bureau.organization.terms import Duty
from bureau.trail.services import actions, batches
from bureau.trail.terms import BatchKind, BatchStage
from claims.importing import claim_file
from claims.models import Claim, ClaimRow
from claims.rules import intake as rules
from claims.terms import ClaimStage, RowVerdict
from enrollment.selectors import coverage
from institutions.selectors import agreements, directory

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from bureau.organization.models import InstitutionKey, Staff
    from bureau.trail.models import ImportBatch
    from claims.importing.claim_file import BadRow, CleanRow
    from enrollment.selectors.coverage import CoverageFacts
    from institutions.models import Institution

_MAY_HAND_IN = (Duty.COUNTER, Duty.REVIEW_FIRST, Duty.INSTITUTIONS, Duty.FINANCE)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a file."""

    batch: int
    sha256: str
    rows: int
    accepted: int
    refused: int
    recognized: bool

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@transaction.atomic
def receive(*, content: bytes, file_name: str, institution_code: str, month: str, by: Staff) -> Receipt:
    """Judge the file and take its good rows in."""
    last_day = Month.parse(month).last_day
    institution = _institution(institution_code)
    _check_may(by, institution)
    return _receive(content, file_name, institution, month, last_day, by)


@transaction.atomic
def receive_from_institution(*, content: bytes, month: str, by: InstitutionKey) -> Receipt:
    """The same for an institution's own system, which hands in for itself alone."""
    last_day = Month.parse(month).last_day
    return _receive(content, "interface.csv", _institution(by.institution_code), month, last_day, None)


# The patients of an institution come from every county.
@walls.as_system()
def _receive(
    content: bytes, file_name: str, institution: Institution, month: str, last_day: date, by: Staff | None
) -> Receipt:
    institution_code = institution.code
    opened = batches.open_batch(
        kind=BatchKind.CLAIMS,
        source=institution_code,
        area_code=institution.area_id,
        month=month,
        file_name=file_name,
        content=content,
        by=by,
    )
    if opened.is_recognized:
        return _receipt(opened.batch, recognized=True)
    _lock_institution(institution_code)
    clean, bad = claim_file.read(content, today=timezone.localdate())
    facts = coverage.facts_for((row.id_number, row.service_date) for row in clean)

    good, refused = _judge(clean, facts, institution, last_day)

    _insert(good, facts, institution, opened.batch, month)
    _keep(opened.batch, institution, [*bad, *refused])
    counts = {"rows": len(clean) + len(bad), "accepted": len(good), "refused": len(bad) + len(refused)}
    batch = batches.record_check(opened.batch, stage=BatchStage.APPLIED, counts=counts)

    how = "" if by else "（接口）"
    actions.record(
        action="claims.file.received",
        subject_kind="claim_batch",
        subject_key=str(batch.pk),
        summary=f"{month} {institution.name} 费用申报{how}：受理 {len(good)} 行，退回 {counts['refused']} 行。",
        detail=counts,
        area_code=institution.area_id,
        by=by,
    )
    return _receipt(batch, recognized=False)


def _receipt(batch: ImportBatch, *, recognized: bool) -> Receipt:
    counts = batch.counts
    return Receipt(batch.pk, batch.sha256, counts["rows"], counts["accepted"], counts["refused"], recognized)


def _institution(code: str) -> Institution:
    found = directory.by_code(code)
    if found is None:
        raise BusinessError("claims.institution_unknown", f"没有编码为 {code} 的定点医药机构。")
    return found


def _check_may(by: Staff, institution: Institution) -> None:
    if not staff.has_duty(by, *_MAY_HAND_IN):
        raise BusinessError("claims.duty", f"{by}的岗位不能受理费用申报。")
    is_in_pool = institution.area_id.startswith(areas.city_area().prefix)
    if is_in_pool and not scope.covers(by, institution.area_id[:6]):
        raise BusinessError("claims.other_area", f"机构 {institution.code} 不在{by}的办理范围内。")


def _lock_institution(code: str) -> None:
    """Two files of one institution wait for each other, so that no number is taken in twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"claims.intake:{code}"])


def _judge(
    rows: Sequence[CleanRow],
    facts: dict[tuple[str, date], CoverageFacts],
    institution: Institution,
    last_day: date,
) -> tuple[list[CleanRow], list[BadRow]]:
    pool_prefix = areas.city_area().prefix
    standings = agreements.standing_for((institution.code, row.service_date) for row in rows)
    around = rules.Circumstances(
        last_day=last_day,
        today=timezone.localdate(),
        pool_prefix=pool_prefix,
        known_areas=areas.known_areas({row.care_area for row in rows if row.care_area}),
        doubled_numbers={number for number, times in Counter(row.number for row in rows).items() if times > 1},
        known_numbers=_known_numbers(institution, rows),
    )
    places = {
        day: rules.KnownInstitution(
            kind=standing.kind,
            care_area=standing.area_code[:6],
            is_in_pool=standing.area_code.startswith(pool_prefix),
            has_agreement=standing.has_agreement,
            capabilities=standing.capabilities,
        )
        for (_, day), standing in standings.items()
    }
    good: list[CleanRow] = []
    refused: list[BadRow] = []
    for row in rows:
        known = facts.get((row.id_number, row.service_date))
        against = rules.refusal(
            rules.Filed(row.number, row.name, row.service_date, row.care, row.care_area),
            rules.KnownPerson(repair_name(known.name).value, known.deceased_on, known.scheme) if known else None,
            places[row.service_date],
            around,
        )
        if against is None:
            good.append(row)
        else:
            refused.append(
                claim_file.BadRow(
                    row.line, row.number, against.column, against.code, against.message, claim_file.raw_of(row)
                )
            )
    return good, refused


def _known_numbers(institution: Institution, rows: Iterable[CleanRow]) -> set[str]:
    numbers = [row.number for row in rows]
    known = Claim.objects.filter(institution_id=institution.pk, number__in=numbers)
    return set(known.values_list("number", flat=True))


def _keep(batch: ImportBatch, institution: Institution, rows: Iterable[BadRow]) -> None:
    ClaimRow.objects.bulk_create(
        [
            ClaimRow(
                batch_id=batch.pk,
                area_id=institution.area_id,
                line=row.line,
                number=mask_within(row.number),
                raw=row.raw,
                verdict=RowVerdict.REFUSED.value,
                code=row.code,
                column=row.column,
                message=mask_within(row.message)[:300],
            )
            for row in rows
        ],
        batch_size=2_000,
    )


def _insert(
    rows: Sequence[CleanRow],
    facts: dict[tuple[str, date], CoverageFacts],
    institution: Institution,
    batch: ImportBatch,
    month: str,
) -> None:
    """Claims in one set-based statement; their sequence is given under the lock of the person-year (decision 2)."""
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy(_COPY) as copy:
            for row in rows:
                known = facts[row.id_number, row.service_date]
                copy.write_row(
                    (
                        row.number,
                        known.person_id,
                        known.insured_area,
                        row.service_date,
                        row.service_date.year,
                        row.care.value,
                        row.care_area or institution.area_id[:6],
                        row.is_filed,
                        row.total,
                        row.excluded,
                        row.over_ceiling,
                        row.upfront_copay,
                    )
                )
        cursor.execute(
            _INSERT,
            {"institution": institution.pk, "batch": batch.pk, "month": month, "stage": ClaimStage.RECEIVED.value},
        )
        cursor.execute("DROP TABLE arriving_claim")


_STAGE = """
    CREATE TEMPORARY TABLE arriving_claim (
        number text COLLATE "C", person_id bigint, area_id text, service_date date, year smallint, care text,
        care_area text, is_filed boolean, total bigint, excluded bigint, over_ceiling bigint, upfront_copay bigint
    ) ON COMMIT DROP
"""
_COPY = """
    COPY arriving_claim (number, person_id, area_id, service_date, year, care, care_area, is_filed,
                         total, excluded, over_ceiling, upfront_copay) FROM STDIN
"""
# The upsert locks the person-years in one order everywhere, so that two files never wait for each other in a circle.
_INSERT = """
    WITH arrived AS (
        SELECT person_id, year, min(area_id) AS area_id, count(*) AS claims
          FROM arriving_claim GROUP BY person_id, year
    ), locked AS (
        INSERT INTO claims_personyear (person_id, year, area_id, last_sequence, is_due, problem_code, problem)
        SELECT person_id, year, area_id, claims, true, '', '' FROM arrived ORDER BY person_id, year
        ON CONFLICT (person_id, year) DO UPDATE
            SET last_sequence = claims_personyear.last_sequence + excluded.last_sequence, is_due = true
        RETURNING person_id, year, last_sequence
    )
    INSERT INTO claims_claim (
        institution_id, number, person_id, area_id, service_date, year, sequence, care, care_area, is_filed,
        total, excluded, over_ceiling, upfront_copay, stage, batch_id, received_month
    )
    SELECT %(institution)s, claim.number, claim.person_id, claim.area_id, claim.service_date, claim.year,
           locked.last_sequence - arrived.claims
               + row_number() OVER (PARTITION BY claim.person_id, claim.year ORDER BY claim.service_date, claim.number),
           claim.care, claim.care_area, claim.is_filed,
           claim.total, claim.excluded, claim.over_ceiling, claim.upfront_copay,
           %(stage)s, %(batch)s, %(month)s
      FROM arriving_claim claim JOIN arrived USING (person_id, year) JOIN locked USING (person_id, year)
     ORDER BY claim.person_id, claim.year, claim.service_date, claim.number
"""

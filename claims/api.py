"""The institutions' interface, version 1: own data, claim files in, results and statements out (docs)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.console.api import InstitutionView, Refused, key
from bureau.console.api_bodies import Amount, Body, Text, Truth, checked
from bureau.kernel.errors import BusinessError
from bureau.kernel.money import format_yuan
from bureau.kernel.periods import Month
from bureau.kernel.terms import Fund, Level, Scheme
from claims.selectors import files, own, settlements, waterfall
from claims.services import interface
from claims.terms import ClaimStage
from institutions.selectors import agreements, directory

if TYPE_CHECKING:
    from datetime import date

    from bureau.trail.models import ImportBatch
    from claims.models import Adjudication, Claim, Settlement

PER_PAGE = 200
MOST_CLAIMS = 20_000
_IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_RESULT = ("eligible", "deductible", "pooled", "major_illness", "assistance", "personal_burden")
_PAID = ("due", "deducted", "withheld", "payable")


class ClaimBody(Body):
    """One claim; the business says which of them are taken in."""

    number = Text(longest=40)
    id_number = Text(longest=18)
    name = Text(longest=60)
    service_date = Text(pattern=r"\d{4}-\d{2}-\d{2}", hint="日期须写成 2023-05-10 的样子。")
    care = Text(longest=20)
    total = Amount()
    excluded = Amount(required=False)
    over_ceiling = Amount(required=False)
    upfront_copay = Amount(required=False)
    care_area = Text(required=False, longest=6)
    filing = Truth(required=False)


class ClaimFileBody(Body):
    """A month's claims."""

    month = Text(longest=7)
    claims = serializers.ListField(child=ClaimBody(), min_length=1, max_length=MOST_CLAIMS)


class OwnInstitution(InstitutionView):
    """The institution and its agreement on a day."""

    def get(self, request: Request) -> Response:
        _only(request, "on")
        institution = directory.by_code(key(request).institution_code)
        if institution is None:
            raise Http404
        day = _day(request)
        agreement = agreements.agreement_on(institution, day)
        return Response(
            {
                "code": institution.code,
                "name": institution.name,
                "level": Level.label_of(institution.level),
                "area": institution.area_id,
                "on": day,
                "agreement": agreement
                and {
                    "number": agreement.number,
                    "stage": agreement.get_stage_display(),
                    "valid_from": agreement.valid_from,
                    "valid_until": agreement.valid_until,
                },
            }
        )


class ClaimFiles(InstitutionView):
    """A month's claims in: the same body or the same idempotency key has no second effect."""

    def post(self, request: Request) -> Response:
        _only(request)
        once = request.headers.get("Idempotency-Key", "")
        if not _IDEMPOTENCY_KEY.fullmatch(once):
            message = "请给出 Idempotency-Key：8 至 64 个字母、数字、连字符或下划线。"
            raise Refused(400, "api.idempotency_key", message, "Idempotency-Key")
        body = checked(ClaimFileBody, request.data)
        receipt = interface.receive(
            claims=body["claims"], month=_month(body["month"], "month"), idempotency_key=once, by=key(request)
        )
        self.is_recorded = not receipt.repeated
        status = 200 if receipt.recognized else 201
        return Response({"id": receipt.batch, **_counts(receipt.counts), "recognized": receipt.recognized}, status)


class ClaimFile(InstitutionView):
    """What became of a file: counts, and each refused row with its reason."""

    def get(self, request: Request, batch_id: int) -> Response:
        _only(request)
        batch = own.file(batch_id, by=key(request))
        if batch is None:
            raise Http404
        return Response(
            {"id": batch.pk, "month": batch.month, **_counts(batch.counts), "refused_rows": _refused(batch)}
        )


class Claims(InstitutionView):
    """Results of a month, claim by claim; `next` is where the next page begins."""

    def get(self, request: Request) -> Response:
        _only(request, "month", "after")
        month = _month(request.query_params.get("month", ""), "month")
        found = list(own.claims(month, after=request.query_params.get("after", ""), by=key(request))[: PER_PAGE + 1])
        page = found[:PER_PAGE]
        following = page[-1].number if len(found) > PER_PAGE else None
        return Response({"month": month, "claims": [_claim(claim) for claim in page], "next": following})


class Statements(InstitutionView):
    """Statements of approved months."""

    def get(self, request: Request) -> Response:
        _only(request)
        return Response({"statements": [_statement(found) for found in own.statements(key(request))]})


class Statement(InstitutionView):
    """One statement with its lines."""

    def get(self, request: Request, number: str) -> Response:
        _only(request)
        found = own.statements(key(request)).filter(number=number).first()
        if found is None:
            raise Http404
        return Response({**_statement(found), "lines": [_line(line) for line in settlements.lines_of(found)]})


def _only(request: Request, *known: str) -> None:
    """A question with a misspelt condition, or with one twice, gets no answer to another question."""
    for name, values in request.query_params.lists():
        if name not in known:
            raise Refused(400, "api.parameter", "没有这个查询条件。", name[:40])
        if len(values) > 1:
            raise Refused(400, "api.parameter", "这个查询条件给了不止一次。", name[:40])


def _month(text: str, where: str) -> str:
    try:
        return str(Month.parse(text))
    except BusinessError as error:
        raise Refused(400, error.code, error.message, where) from None


def _day(request: Request) -> date:
    text = request.query_params.get("on")
    if text is None:
        return timezone.localdate()
    try:
        return serializers.DateField(input_formats=["%Y-%m-%d"]).run_validation(text)
    except serializers.ValidationError:
        raise Refused(400, "api.field", "日期须写成 2023-05-10 的样子。", "on") from None


def _counts(counts: dict[str, Any]) -> dict[str, int]:
    return {name: counts[name] for name in ("rows", "accepted", "refused")}


def _refused(batch: ImportBatch) -> list[dict[str, Any]]:
    columns = ("line", "number", "column", "code", "message")
    return [{name: getattr(row, name) for name in columns} for row in files.refused_of(batch)]


def _claim(claim: Claim) -> dict[str, Any]:
    held: list[Adjudication] = claim.current_adjudications  # type: ignore[attr-defined]
    return {
        "number": claim.number,
        "service_date": claim.service_date,
        "care": claim.care,
        "total": format_yuan(claim.total),
        "stage": ClaimStage.label_of(claim.stage),
        "result": _result(held[0]) if held else None,
    }


def _result(held: Adjudication) -> dict[str, Any]:
    try:
        steps = waterfall.steps(held)
    except BusinessError:
        # The trace of an older engine: the amounts hold, only their steps cannot be told.
        steps = []
    return {
        "version": held.version,
        "scheme": Scheme.label_of(held.scheme),
        **{name: format_yuan(getattr(held, name)) for name in _RESULT},
        "steps": [{"title": step.title, "formula": step.formula, "amount": format_yuan(step.amount)} for step in steps],
    }


def _statement(found: Settlement) -> dict[str, Any]:
    amounts = {name: format_yuan(getattr(found, name)) for name in ("total", *_PAID)}
    return {"number": found.number, "month": found.run.month, "claims": found.claim_count, **amounts}


def _line(line: Any) -> dict[str, Any]:
    amounts = {name: format_yuan(getattr(line, name)) for name in _PAID}
    return {
        "fund": Fund.label_of(line.fund),
        "scheme": Scheme.label_of(line.scheme),
        "claims": line.claim_count,
        **amounts,
    }

"""The tables of claims and settlement, to be read; what is done with them is done at the desks."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from bureau.console.model_admin import ReadOnlyAdmin
from claims.models import Adjudication, Claim, Settlement
from claims.views import CLAIM_READERS, SETTLEMENT_READERS


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    """费用单据."""

    view_duties = CLAIM_READERS
    list_display = ("number", "institution", "service_date", "care", "total", "stage", "received_month")
    list_filter: ClassVar = ["stage", "care", "received_month"]
    search_fields: ClassVar = ["=number"]
    list_select_related: ClassVar = ["institution"]
    ordering: ClassVar = ["-id"]
    fields: ClassVar = [
        "number", "institution", "person", "area", "service_date", "year", "sequence", "care", "care_area", "is_filed",
        "total", "excluded", "over_ceiling", "upfront_copay", "stage", "received_month", "settled_version",
    ]  # fmt: skip


@admin.register(Adjudication)
class AdjudicationAdmin(ReadOnlyAdmin):
    """待遇核算."""

    view_duties = CLAIM_READERS
    list_display = (
        "claim",
        "version",
        "is_current",
        "scheme",
        "eligible",
        "pooled",
        "major_illness",
        "assistance",
        "personal_burden",
        "created_at",
    )
    list_filter: ClassVar = ["is_current", "scheme"]
    search_fields: ClassVar = ["=claim__number"]
    list_select_related: ClassVar = ["claim"]
    exclude: ClassVar = ["trace"]
    ordering: ClassVar = ["-id"]


@admin.register(Settlement)
class SettlementAdmin(ReadOnlyAdmin):
    """结算单."""

    view_duties = SETTLEMENT_READERS
    list_display = ("number", "institution", "claim_count", "due", "deducted", "withheld", "payable")
    list_filter: ClassVar = ["run__month"]
    search_fields: ClassVar = ["=number", "institution__name"]
    list_select_related: ClassVar = ["institution"]

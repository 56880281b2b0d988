"""From a bill to money: claims, adjudications, differences, and the month's settlement with its statements."""

from claims.models.adjudications import Adjudication, Discrepancy
from claims.models.adjustments import Adjustment, AdjustmentUse
from claims.models.claims import Claim, ClaimRow, PersonYear
from claims.models.settlements import Approval, Settlement, SettlementLine, SettlementRun

__all__ = [
    "Adjudication",
    "Adjustment",
    "AdjustmentUse",
    "Approval",
    "Claim",
    "ClaimRow",
    "Discrepancy",
    "PersonYear",
    "Settlement",
    "SettlementLine",
    "SettlementRun",
]

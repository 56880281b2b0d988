"""The month's settlement (decisions 12–16): freeze, compute an institution a step, seal, approve, export.

Everything is derived from business keys and the frozen claims, so a month gives the same seal wherever and however
often it is started, killed and started again.
"""

from claims.services.settlement.approving import approve
from claims.services.settlement.computing import work
from claims.services.settlement.exporting import export_payments
from claims.services.settlement.opening import JOB, open_month
from claims.services.settlement.sealing import digest, seal

__all__ = ["JOB", "approve", "digest", "export_payments", "open_month", "seal", "work"]

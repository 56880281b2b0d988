"""Addresses of claims and of the month's settlement."""

from django.urls import path

from bureau.console.api import Unknown
from claims import api
from claims.views import claims, differences, discrepancies, files, problems, refused, settlements, statements, tryout

app_name = "claims"

urlpatterns = [
    path("api/v1/institution", api.OwnInstitution.as_view(), name="api_institution"),
    path("api/v1/claim-files", api.ClaimFiles.as_view(), name="api_claim_files"),
    path("api/v1/claim-files/<int:batch_id>", api.ClaimFile.as_view(), name="api_claim_file"),
    path("api/v1/claims", api.Claims.as_view(), name="api_claims"),
    path("api/v1/statements", api.Statements.as_view(), name="api_statements"),
    path("api/v1/statements/<str:number>", api.Statement.as_view(), name="api_statement"),
    path("api/<path:rest>", Unknown.as_view(), name="api_unknown"),
    path("claims/", claims.index, name="claims"),
    path("claims/files/", files.index, name="batches"),
    path("claims/files/new/", files.hand_in, name="intake"),
    path("claims/files/<int:batch_id>/", files.show, name="batch"),
    path("claims/files/<int:batch_id>/refused.csv", files.refused_rows, name="batch_refused"),
    path("claims/refused/", refused.index, name="refused"),
    path("claims/problems/", problems.index, name="problems"),
    path("claims/differences/", differences.index, name="adjustments"),
    path("claims/discrepancies/", discrepancies.index, name="discrepancies"),
    path("claims/discrepancies/<int:finding_id>/", discrepancies.explain, name="discrepancy"),
    path("claims/sheet/<str:code>/<path:number>/", claims.sheet, name="claim_sheet"),
    path("claims/letter/<str:code>/<path:number>/", claims.letter, name="claim_letter"),
    path("claims/<str:code>/<path:number>/", claims.show, name="claim"),
    path("tryout/", tryout.index, name="tryout"),
    path("settlement/", settlements.index, name="settlements"),
    path("settlement/new/", settlements.start, name="settlement_start"),
    path("settlement/statements/", statements.index, name="statements"),
    path("settlement/statements/<str:number>/", statements.show, name="statement"),
    path("settlement/statements/<str:number>/sheet/", statements.sheet, name="statement_sheet"),
    path("settlement/<str:month>/", settlements.show, name="settlement"),
    path("settlement/<str:month>/history/", settlements.tell, name="settlement_history"),
    path("settlement/<str:month>/progress/", settlements.progress, name="settlement_progress"),
    path("settlement/<str:month>/retry/", settlements.retry, name="settlement_retry"),
    path("settlement/<str:month>/approve/", settlements.approve, name="settlement_approve"),
    path("settlement/<str:month>/payments.csv", settlements.payments, name="settlement_payments"),
]

"""Addresses of claims and of the month's settlement."""

from django.urls import path

from claims.views import claims, differences, files, problems, refused, settlements, statements

app_name = "claims"

urlpatterns = [
    path("claims/", claims.index, name="claims"),
    path("claims/files/", files.index, name="batches"),
    path("claims/files/new/", files.hand_in, name="intake"),
    path("claims/files/<int:batch_id>/", files.show, name="batch"),
    path("claims/files/<int:batch_id>/refused.csv", files.refused_rows, name="batch_refused"),
    path("claims/refused/", refused.index, name="refused"),
    path("claims/refused.csv", refused.download, name="refused_rows"),
    path("claims/problems/", problems.index, name="problems"),
    path("claims/differences/", differences.index, name="adjustments"),
    path("claims/sheet/<str:code>/<path:number>/", claims.sheet, name="claim_sheet"),
    path("claims/<str:code>/<path:number>/", claims.show, name="claim"),
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

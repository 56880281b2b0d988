"""The books, to be read."""

from django.urls import path

from bureau.funds import views

app_name = "funds"

urlpatterns = [
    path("accounts/", views.accounts, name="accounts"),
    path("trial-balance/", views.trial_balance, name="trial_balance"),
    path("entries/", views.entries, name="entries"),
    path("entries/<path:reference>/", views.entry, name="entry"),
    path("payments/", views.payments, name="payments"),
]

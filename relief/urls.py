"""The addresses of the roster desk."""

from django.urls import path

from relief.views import roster_desk as views

app_name = "relief"

urlpatterns = [
    path("rosters/", views.rosters_list, name="rosters"),
    path("rosters/new/", views.upload, name="roster_upload"),
    path("rosters/<int:batch_id>/", views.roster, name="roster"),
    path("rosters/<int:batch_id>/history/", views.roster_history, name="roster_history"),
    path("rosters/<int:batch_id>/rows/<int:line>/", views.settle_row, name="roster_row"),
    path("rosters/<int:batch_id>/compare/", views.compare_again, name="roster_compare"),
    path("rosters/<int:batch_id>/confirm/", views.confirm, name="roster_confirm"),
    path("rosters/<int:batch_id>/revoke/", views.revoke, name="roster_revoke"),
    path("rosters/<int:batch_id>/errors/", views.download_errors, name="roster_errors"),
]

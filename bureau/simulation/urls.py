"""Addresses of simulations."""

from django.urls import path

from bureau.simulation.views import accounts, composing, listing, reports, steering

app_name = "simulation"

urlpatterns = [
    path("", listing.index, name="simulations"),
    path("new/", composing.new, name="new"),
    path("account/", accounts.effect, name="account"),
    path("compare/", listing.compare, name="compare"),
    path("<int:simulation_id>/", reports.show, name="simulation"),
    path("<int:simulation_id>/progress/", steering.progress, name="progress"),
    path("<int:simulation_id>/kept/", reports.kept, name="kept"),
    path("<int:simulation_id>/cancel/", steering.cancel, name="cancel"),
    path("<int:simulation_id>/resume/", steering.resume, name="resume"),
    path("<int:simulation_id>/delete/", steering.delete, name="delete"),
    path("<int:simulation_id>/report.xlsx", reports.workbook, name="workbook"),
]

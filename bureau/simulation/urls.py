"""Addresses of simulations."""

from django.urls import path

from bureau.simulation import views

app_name = "simulation"

urlpatterns = [
    path("", views.index, name="simulations"),
    path("new/", views.new, name="new"),
    path("compare/", views.compare, name="compare"),
    path("<int:simulation_id>/", views.show, name="simulation"),
    path("<int:simulation_id>/progress/", views.progress, name="progress"),
    path("<int:simulation_id>/kept/", views.kept, name="kept"),
    path("<int:simulation_id>/cancel/", views.cancel, name="cancel"),
    path("<int:simulation_id>/resume/", views.resume, name="resume"),
    path("<int:simulation_id>/delete/", views.delete, name="delete"),
    path("<int:simulation_id>/report.xlsx", views.workbook, name="workbook"),
]

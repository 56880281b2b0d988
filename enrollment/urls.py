"""The people pages."""

from django.urls import path

from enrollment import views

app_name = "enrollment"

urlpatterns = [
    path("", views.people_list, name="people"),
    path("find/", views.find, name="find"),
    path("<int:person_id>/", views.person_file, name="person"),
    path("<int:person_id>/history/", views.person_history, name="history"),
    path("<int:person_id>/reveal/", views.reveal, name="reveal"),
]

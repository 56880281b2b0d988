"""Publishing a release."""

from django.urls import path

from bureau.policy import views

app_name = "policy"

urlpatterns = [
    path("releases/<int:release_id>/publish/", views.publish, name="publish"),
]

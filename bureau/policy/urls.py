"""Publishing a release."""

from django.urls import path

from bureau.policy.views import releases

app_name = "policy"

urlpatterns = [
    path("releases/<int:release_id>/publish/", releases.publish, name="publish"),
]

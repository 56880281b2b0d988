"""Reading the law, and publishing a release of it."""

from datetime import date

from django.urls import path, register_converter

from bureau.policy.views import benefits, browser, changes, releases

app_name = "policy"


class DayConverter:
    """`2023-01-01`; what is no day is no address of ours."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return f"{value}"


register_converter(DayConverter, "day")

urlpatterns = [
    path("releases/<int:release_id>/publish/", releases.publish, name="publish"),
    path("parameters/", browser.parameters, name="parameters"),
    path("parameters/<str:name>/", browser.parameter, name="parameter"),
    path("benefits/", benefits.index, name="benefits"),
    path("benefits/<slug:key>/", benefits.cell, name="benefit"),
    path("documents/", browser.documents, name="documents"),
    path("documents/<slug:document_id>/", browser.document, name="clauses"),
    path("changes/", changes.index, name="changes"),
    path("changes/<day:day>/", changes.on_day, name="changes_on"),
    path("compare/", changes.compare, name="compare"),
    path("ending/", browser.ending, name="ending"),
    path("assumed/", browser.assumed, name="assumed"),
]

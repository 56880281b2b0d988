"""The law: a book to read, the drafter's desks under `drafts/`, the second person's under `releases/`."""

from datetime import date

from django.urls import path, register_converter

from bureau.policy.views import benefits, browser, changes, documents, drafts, releases

app_name = "policy"


class DayConverter:
    """`2023-01-01`; what is no day is no address of ours."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return f"{value}"


register_converter(DayConverter, "day")

_DRAFT = "drafts/<int:release_id>/"
_DOCUMENT = f"{_DRAFT}documents/<str:name>/"
_RELEASE = "releases/<int:release_id>/"

urlpatterns = [
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
    path("drafts/", drafts.listing, name="drafts"),
    path("drafts/new/", drafts.start, name="draft_start"),
    path(_DRAFT, drafts.draft, name="draft"),
    path(f"{_DRAFT}submit/", drafts.submit, name="draft_submit"),
    path(f"{_DRAFT}withdraw/", drafts.withdraw, name="draft_withdraw"),
    path(f"{_DRAFT}restore/<int:number>/", drafts.restore, name="draft_restore"),
    path(f"{_DRAFT}documents/new/", documents.add, name="document_add"),
    path(_DOCUMENT, documents.edit, name="document"),
    path(f"{_DOCUMENT}check/", documents.check, name="document_check"),
    path(f"{_DOCUMENT}remove/", documents.remove, name="document_remove"),
    path(f"{_RELEASE}changes/<str:key>/", releases.change, name="change"),
    path(f"{_RELEASE}check/", releases.check, name="check"),
    path(f"{_RELEASE}return/", releases.send_back, name="return"),
    path(f"{_RELEASE}publish/", releases.publish, name="publish"),
]

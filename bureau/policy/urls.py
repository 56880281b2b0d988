"""From draft to law: the drafter's desks under `drafts/`, the second person's under `releases/`."""

from django.urls import path

from bureau.policy.views import documents, drafts, releases

app_name = "policy"

_DRAFT = "drafts/<int:release_id>/"
_DOCUMENT = f"{_DRAFT}documents/<str:name>/"
_RELEASE = "releases/<int:release_id>/"

urlpatterns = [
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

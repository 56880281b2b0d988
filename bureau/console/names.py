"""Tables searched by the names of people: what is typed is sent, and no address or log of addresses bears it."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

# All that an address says of the words: that there are some. The session keeps them, for each table the last ones.
KEPT = "~"
_SEARCHED = "portal.searched"
_LONGEST = 80


class SearchedByName:
    """Stands before `PortalModelAdmin`; `search_fields` are columns with names."""

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        return super().get_search_results(request, queryset, self._words(request, search_term))  # type: ignore[misc]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)  # type: ignore[misc]
        changelist.query = self._words(request, changelist.query)
        changelist.sends_words = True
        return changelist

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if request.method == "POST" and SEARCH_VAR in request.POST:
            if not self.has_view_permission(request):  # type: ignore[attr-defined]
                raise PermissionDenied
            return self._keep(request, request.POST[SEARCH_VAR].strip()[:_LONGEST])
        return super().changelist_view(request, extra_context)  # type: ignore[misc]

    def _words(self, request: HttpRequest, asked: str) -> str:
        """What was sent before; what an address asks for is not looked for."""
        return str(request.session.get(_SEARCHED, {}).get(self.opts.label, "")) if asked == KEPT else ""  # type: ignore[attr-defined]

    def _keep(self, request: HttpRequest, words: str) -> HttpResponse:
        label = self.opts.label  # type: ignore[attr-defined]
        request.session[_SEARCHED] = {**request.session.get(_SEARCHED, {}), label: words}
        address = f"{request.path}{_without_words(request)}"
        return redirect(f"{address}{'&' if '?' in address else '?'}{SEARCH_VAR}={KEPT}" if words else address)


def _without_words(request: HttpRequest) -> str:
    """The filters and the order of the list, from its first page on."""
    kept = request.GET.copy()
    for name in (SEARCH_VAR, PAGE_VAR):
        kept.pop(name, None)
    return f"?{kept.urlencode()}" if kept else ""

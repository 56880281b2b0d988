"""The law as a book: parameters, one parameter over time, documents with their clauses, what ends, what is assumed."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bureau.console import access
from bureau.policy.forms.browser import AssumedForm, LawForm, SearchForm
from bureau.policy.rules import catalog, uses
from bureau.policy.rules.timeline import timeline
from bureau.policy.views.law import READERS, Law, law

ENDING_DAYS = 90


@access.desk(*READERS)
def parameters(request: HttpRequest) -> HttpResponse:
    """All parameters by chapter, or those in which the words of a search stand, with the clauses that hold them."""
    found = law(request, SearchForm)
    words = found.form.cleaned_data.get("q", "")
    entries = catalog.entries_about(found.catalog, words)
    lines = [(entry, catalog.said(found.rulebook, entry.on(found.day), found.day)) for entry in entries]
    context = {
        "title": "政策参数",
        "law": found,
        "words": words,
        "count": len(entries),
        "values": sum(len(entry.rows) for entry in entries),
        "chapters": [(name, list(group)) for name, group in groupby(lines, key=lambda line: line[0].chapter)],
        "passages": catalog.passages_about(found.catalog, words) if words else [],
    }
    return render(request, "policy/browser/parameters.html", context)


@access.desk(*READERS)
def parameter(request: HttpRequest, name: str) -> HttpResponse:
    """One parameter: its values over the days for all people, what changes it, who uses it."""
    found = law(request, LawForm)
    entry = found.catalog.by_name.get(name)
    if entry is None:
        raise Http404(f"这次发布里没有名为“{name}”的参数。")
    changes = catalog.changes_of(found.rulebook, entry)
    context = {
        "title": entry.title,
        "law": found,
        "entry": entry,
        "rows": catalog.said(found.rulebook, entry.rows, found.day),
        "changes": catalog.said(found.rulebook, changes, found.day),
        "demands": [
            (kind, catalog.said(found.rulebook, [row], found.day)[0])
            for kind, row in catalog.demands_on(found.rulebook, entry)
        ],
        "used_by": uses.used_by(entry.mechanism),
        "drawing": timeline(found.rulebook, entry.rows, found.day),
    }
    return render(request, "policy/browser/parameter.html", context)


@access.desk(*READERS)
def documents(request: HttpRequest) -> HttpResponse:
    """The documents of a release, with what each of them holds."""
    found = law(request, LawForm)
    lines = [
        {
            "document": document,
            "values": sum(row.document.id == document.id for row in found.rulebook.rows),
            "assumed": sum(row.document.id == document.id for row in found.rulebook.assumed()),
            "is_over": document.valid_until is not None and document.valid_until <= found.day,
        }
        for document in found.rulebook.documents
    ]
    return render(request, "policy/browser/documents.html", {"title": "政策文件", "law": found, "lines": lines})


@access.desk(*READERS)
def document(request: HttpRequest, document_id: str) -> HttpResponse:
    """One document, clause by clause: where it stands, what it says, the document's own words, the values under it."""
    found = law(request, LawForm)
    passages = [passage for passage in found.catalog.passages if passage.document.id == document_id]
    shown = next((one for one in found.rulebook.documents if one.id == document_id), None)
    if shown is None:
        raise Http404(f"这次发布里没有编号为“{document_id}”的文件。")
    context = {
        "title": shown.title,
        "law": found,
        "document": shown,
        "passages": [(one.clause, catalog.said(found.rulebook, one.rows, found.day)) for one in passages],
        "examples": [one for one in found.rulebook.examples if one.place.file == shown.place.file],
    }
    return render(request, "policy/browser/document.html", context)


@access.desk(*READERS)
def ending(request: HttpRequest) -> HttpResponse:
    """Values that end within ninety days and are taken up by no other."""
    found = law(request, LawForm)
    rows = sorted(found.rulebook.ending(found.day, ENDING_DAYS), key=lambda row: (row.valid_until, row.name))
    context = {"title": "即将到期", "law": found, "days": ENDING_DAYS, **_rows(found, rows)}
    return render(request, "policy/browser/ending.html", context)


@access.desk(*READERS)
def assumed(request: HttpRequest) -> HttpResponse:
    """Every value that no document gives."""
    found = law(request, AssumedForm)
    words, only = found.form.cleaned_data.get("q", ""), found.form.cleaned_data.get("only", "")
    names = {entry.name for entry in catalog.entries_about(found.catalog, words)}
    rows = [row for row in found.rulebook.assumed() if row.name in names]
    context = {"title": "假定值", "law": found, "words": words, "only": only, **_rows(found, rows)}
    if only:
        context["rows"] = [one for one in context["rows"] if one.state.code == only]
    return render(request, "policy/browser/assumed.html", context)


def _rows(found: Law[Any], rows: list[Any]) -> dict[str, Any]:
    return {"rows": catalog.said(found.rulebook, rows, found.day)}

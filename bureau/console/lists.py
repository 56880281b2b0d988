"""What every list of a desk needs: one page of rows, and the filters that are on as chips."""

from __future__ import annotations

from typing import Any, TypedDict, TypeVar

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

PER_PAGE = 50
M = TypeVar("M", bound=Model)


class Chip(TypedDict):
    """One filter that is on, and the address without it."""

    label: str
    without: str


def page_of(request: HttpRequest, rows: QuerySet[M] | list[Any], *, per_page: int = PER_PAGE) -> Page[Any]:
    """The page that `?page=` asks for; what is no page number gives the first or last."""
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


def chips_of(request: HttpRequest, form: forms.Form) -> list[Chip]:
    """The filled fields of a GET form in words."""
    chips: list[Chip] = []
    for field in form:
        value = request.GET.get(field.html_name, "")
        if not value:
            continue
        choices = dict(getattr(field.field, "choices", ()))
        rest = request.GET.copy()
        rest.pop(field.html_name)
        rest.pop("page", None)
        chips.append(Chip(label=f"{field.label}：{choices.get(value, value)}", without=f"?{rest.urlencode()}"))
    return chips

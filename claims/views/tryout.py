"""试算: a made-up person and a few bills, computed by one law or by two beside each other. Nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bureau.console import access
from bureau.kernel.errors import BusinessError
from bureau.organization.terms import Duty
from bureau.trail.services import reads
from bureau.trail.terms import ReadKind
from claims.forms.tryout import FIELD_OF_COLUMN, MOST_ROWS, Tryout, rearranged
from claims.selectors import claims, tryouts
from claims.views import CLAIM_READERS

if TYPE_CHECKING:
    from claims.selectors.tryouts import Result, Taken

# Drafts are the policy desk's, and of those who decide on them.
SEE_DRAFTS = (Duty.POLICY, Duty.POLICY_CHECK, Duty.LEADER_CITY)


@access.desk(*CLAIM_READERS, Duty.POLICY, Duty.POLICY_CHECK)
def index(request: HttpRequest) -> HttpResponse:
    """The empty form; with a row more or less; with the facts of a real year; or computed."""
    laws = tryouts.laws(with_unpublished=access.may(request, *SEE_DRAFTS))
    action = request.POST.get("action", "")
    context: dict[str, Any] = {"title": "试算", "most_rows": MOST_ROWS}
    if request.method != "POST":
        tried = Tryout(None, laws=laws)
    elif action == "take":
        taken = _take(request)
        tried = Tryout(None, laws=laws, person=taken.person, visits=taken.bills)
        context["notes"] = taken.notes or ["已带入这一年的单据和最近一次就医的事实，没有带入姓名和证件号。"]
    elif action in ("", "calculate"):
        tried = Tryout(request.POST, laws=laws)
        if tried.is_valid():
            context["result"] = _computed(tried, dict(laws))
    else:
        tried = Tryout(rearranged(request.POST, action), laws=laws)
        context["is_unchecked"] = True
    context |= {"tried": tried, "errors": [] if context.get("is_unchecked") else tried.errors()}
    return render(request, "claims/tryout.html", context)


def _computed(tried: Tryout, labels: dict[str, str]) -> Result | None:
    """The columns; what a law cannot compute becomes an error at its field."""
    standing = tried.person.standing()
    visits = [form.visit() for form in tried.visits]
    columns = []
    for form, (law, on) in zip((tried.first, tried.second), tried.columns(), strict=False):
        try:
            columns.append(tryouts.column(law, labels[law], on, standing, visits))
        except tryouts.FactErrors as error:
            for number, fault in error.found:
                row = tried.visits[number]
                name = FIELD_OF_COLUMN.get(fault.column, fault.column)
                target = form if on and name == "on" else row if name in row.fields else tried.person
                target.add_error(name if name in target.fields else None, f"{labels[law]}：{fault.message}")
            return None
        except BusinessError as error:
            form.add_error("law", error.message)
            return None
    titles = [
        f"{visit.on.isoformat()} {_label(form, 'care')} · {_label(form, 'level')}"
        for visit, form in zip(visits, tried.visits, strict=True)
    ]
    return tryouts.result(columns, titles)


def _label(form: Any, name: str) -> str:
    return str(dict(form.fields[name].choices)[form.cleaned_data[name]])


def _take(request: HttpRequest) -> Taken:
    """The facts of the year of a claim that this person may open; the look is written down as that of its page."""
    by = access.staff(request)
    found = claims.visible_to(by).filter(
        institution__code=request.POST.get("code", ""), number=request.POST.get("number", "")
    )
    claim = found.first()
    if claim is None:
        raise Http404("没有这张单据，或它不在您的办理范围内。")
    reads.record(
        kind=ReadKind.VIEWED,
        subject_kind="person",
        subject_key=str(claim.person_id),
        screen="tryout",
        area_code=claim.area_id,
        by=by,
    )
    return tryouts.taken_from(claim, by=by, most=MOST_ROWS)

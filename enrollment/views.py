"""Find a person, and the one-person file: who, insured how, helped why, treated where. Names stay out of titles."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from bureau import walls
from bureau.console import access, history, lists, panels
from bureau.console.menu import BUSINESS
from bureau.kernel.terms import Employment, Scheme
from bureau.trail.services import actions, reads
from bureau.trail.terms import ReadKind
from enrollment.forms import DayForm, FindForm, PeopleFilter, RevealForm
from enrollment.models import Person
from enrollment.selectors import coverage, files, people
from enrollment.services import lookups
from enrollment.services import reveal as reveal_service
from enrollment.services.reveal import MAY_REVEAL
from enrollment.terms import Hidden, RefusedCoverage

if TYPE_CHECKING:
    from django.db.models import QuerySet


def listed(request: HttpRequest) -> tuple[PeopleFilter, QuerySet[Person]]:
    """The filter as it is asked for, and what it leaves."""
    by = access.staff(request)
    today = timezone.localdate()
    form = PeopleFilter(request.GET, by=by)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = files.listed(
        by=by,
        on=today,
        scheme=wanted.get("scheme", ""),
        area_code=wanted.get("area", ""),
        only_poor=bool(wanted.get("poor")),
        only_chronic=bool(wanted.get("chronic")),
    )
    return form, rows


@access.desk(*BUSINESS)
def people_list(request: HttpRequest) -> HttpResponse:
    """Everybody one may see, filtered, insured as of today."""
    form, rows = listed(request)
    context = {
        "title": "人员查询",
        "page": lists.page_of(request, rows),
        "filter_form": form,
        "chips": lists.chips_of(request, form),
        "find_form": FindForm(),
    }
    return render(request, "enrollment/people.html", context)


@access.desk(*BUSINESS)
def find(request: HttpRequest) -> HttpResponse:
    """By exact ID number straight to the file, by the beginning of a name to a list; both leave a line in the log."""
    form = FindForm(request.POST or None)
    rows: list[Person] = []
    if form.is_valid():
        by, text = access.staff(request), form.cleaned_data["q"]
        if people.is_id_number(text):
            person = lookups.by_number(text, screen="people", by=by)
            if person is not None:
                return redirect("enrollment:person", person_id=person.pk)
        else:
            found = people.search(text, by=by)
            rows = list(files.with_coverage(found, on=timezone.localdate())[: lists.PER_PAGE])
            _record(request, "enrollment.people.searched", "", f"查询人员：{len(rows)} 条结果。")
    context = {"title": "人员查询", "find_form": form, "rows": rows, "most": lists.PER_PAGE}
    return render(request, "enrollment/found.html", context)


@access.desk(*BUSINESS)
def person_file(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person's file as of a day; whoever opens it is written down."""
    person = _opened(request, person_id, screen="person")
    form = DayForm(request.GET)
    day = (form.cleaned_data.get("day") if form.is_valid() else None) or timezone.localdate()
    blocks = panels.gathered(panels.PERSON, request, person)
    # Who may open the file may see it whole, with the time in which another county insured the person: one step over
    # the wall for all of it, since each tells the database twice who acts.
    with walls.as_system():
        blocks = panels.completed(blocks, person)
        facts = coverage.coverage_on(person, day)
        enrollments, recognitions = list(people.enrollments_of(person)), list(people.recognitions_of(person))
    context = {
        "title": "个人档案",
        "person": person,
        "extra": _standing(person, facts),
        "day": day,
        "is_today": day == timezone.localdate(),
        "day_form": DayForm(initial={"day": day}),
        "coverage": facts,
        "verdict": _verdict(facts, day, {enrollment.area_id: enrollment.area.name for enrollment in enrollments}),
        "enrollments": enrollments,
        "recognitions": recognitions,
        "blocks": blocks,
        "history_url": reverse("enrollment:history", args=[person.pk]),
        "reveal_form": RevealForm() if access.may(request, *MAY_REVEAL) else None,
    }
    return render(request, "enrollment/person.html", context)


@access.desk(*BUSINESS)
def person_history(request: HttpRequest, person_id: int) -> HttpResponse:
    """What happened to the person and to each part of the file; the file's page fetches it once it stands."""
    person = _opened(request, person_id, screen="person_history")
    # Those of other areas tell nothing here anyway: their events stand behind the wall too.
    parts = [*people.enrollments_of(person), *people.recognitions_of(person)]
    context = {"title": "个人档案的经过", "person": person, "actions": history.of(person, parts=parts)}
    return render(request, "enrollment/history.html", context)


@require_POST
@access.desk(*MAY_REVEAL)
def reveal(request: HttpRequest, person_id: int) -> HttpResponse:
    """A whole number, once, after the reason was written down; no cache keeps the page."""
    person = people.openable(access.staff(request)).filter(pk=person_id).first()
    if person is None:
        raise Http404
    form = RevealForm(request.POST)
    context: dict[str, Any] = {"title": "完整号码", "person": person, "reveal_form": form}
    if not form.is_valid():
        return render(request, "enrollment/revealed.html", context, status=422)
    hidden = Hidden(form.cleaned_data["hidden"])
    shown = reveal_service.reveal(
        person_id=person.pk, hidden=hidden, reason=form.cleaned_data["reason"], by=access.staff(request)
    )
    context |= {"label": hidden.label, "shown": shown or "（未登记）", "reason": form.cleaned_data["reason"]}
    return render(request, "enrollment/revealed.html", context)


def _opened(request: HttpRequest, person_id: int, *, screen: str) -> Person:
    """The person, if one may open the file; whoever opens it is written down."""
    by = access.staff(request)
    person = people.openable(by).filter(pk=person_id).first()
    if person is None:
        raise Http404
    reads.record(
        kind=ReadKind.VIEWED,
        subject_kind="person",
        subject_key=str(person.pk),
        screen=screen,
        area_code=person.area_id,
        by=by,
    )
    return person


def _standing(person: Person, facts: coverage.CoverageFacts) -> list[tuple[str, str]]:
    employment = f"（{Employment.label_of(facts.employment)}）" if facts.employment else ""
    pairs = [("参保", Scheme.label_of(facts.scheme) + employment if facts.scheme else "未参保")]
    if person.is_registered_poor:
        pairs.append(("标识", "建档立卡"))
    if person.deceased_on:
        pairs.append(("死亡日期", person.deceased_on.isoformat()))
    return pairs


def _verdict(facts: coverage.CoverageFacts, day: date, places: dict[str, str]) -> dict[str, Any]:
    """The sentence for the counter: may this person be reimbursed for care on that day, and if not, what to do."""
    said = f"{day.year}年{day.month}月{day.day}日"
    if facts.refusal is not None:
        if facts.refusal is RefusedCoverage.DECEASED:
            tone, text = "bad", "就医日在死亡日期之后。如登记有误，请更正档案。"
        else:
            tone, text = "look", "当天没有参保。请核对参保记录，或办理参保登记。"
        return {"tone": tone, "heading": f"{said}不能享受待遇", "text": text}
    where = places[facts.insured_area]
    chronic = f"，门诊慢性病 {facts.chronic_count} 种" if facts.chronic_count else ""
    text = f"当天参加{Scheme.label_of(facts.scheme)}，参保地{where}{chronic}。"
    return {"tone": "done", "heading": f"{said}可以享受待遇", "text": text}


def _record(request: HttpRequest, action: str, key: str, summary: str) -> None:
    actions.record(
        action=action,
        subject_kind="person",
        subject_key=key,
        summary=summary,
        by=access.staff(request),
    )

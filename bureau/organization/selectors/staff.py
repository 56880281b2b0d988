"""Who works here and which duties they hold on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone

from bureau.fields import valid_on
from bureau.organization.models import DutyAssignment, OpenSession, Staff
from bureau.organization.selectors import scope
from bureau.organization.terms import AreaLevel, Duty

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Signature:
    """A name with what its bearer held on a day: 林知夏（综合柜员·综合受理窗口）."""

    name: str
    office: str
    # (duty, from, until) of each assignment, past ones too.
    held: list[tuple[str, date, date | None]]

    def on(self, day: date) -> str:
        duties = [
            Duty.label_of(duty) for duty, since, until in self.held if since <= day and (not until or day < until)
        ]
        place = "·".join(part for part in ("、".join(duties), self.office) if part)
        return f"{self.name}（{place}）" if place else self.name


def signatures(keys: Iterable[int]) -> dict[int, Signature]:
    """Who the keys are; one query, however many."""
    wanted = set(keys)
    found: dict[int, Signature] = {}
    if not wanted:
        return found
    columns = ("full_name", "username", "office__name", "duties__duty", "duties__valid_from", "duties__valid_until")
    rows = Staff.objects.filter(pk__in=wanted).order_by("pk", "duties__duty").values_list("pk", *columns)
    for key, name, username, office, duty, since, until in rows:
        signature = found.setdefault(key, Signature(name or username, office or "", []))
        if duty:
            signature.held.append((duty, since, until))
    return found


def has_duty(by: Staff, *duties: Duty, on: date | None = None) -> bool:
    """Whether `by` holds one of `duties` on the day (today when not given)."""
    return bool(duties_of(by, on=on) & {str(duty) for duty in duties})


def duties_of(by: Staff, *, on: date | None = None) -> set[str]:
    """The codes of the duties held on the day."""
    held = DutyAssignment.objects.filter(valid_on(on or timezone.localdate()), staff=by)
    return set(held.order_by().values_list("duty", flat=True))


def staff_named(username: str) -> Staff | None:
    """An active staff member by user name."""
    return Staff.objects.select_related("area").filter(username=username, is_active=True).first()


def city_holder_of(duty: Duty) -> Staff | None:
    """Who holds a duty for the whole city today; the first by user name where there are several."""
    held = DutyAssignment.objects.filter(
        valid_on(timezone.localdate()), duty=duty.value, staff__is_active=True, staff__area__level=AreaLevel.CITY.value
    )
    assignment = held.select_related("staff__area").order_by("staff__username").first()
    return assignment.staff if assignment else None


def assignments_today() -> QuerySet[DutyAssignment]:
    """The assignments in force today, in the order of the vocabulary as far as codes sort."""
    return DutyAssignment.objects.filter(valid_on(timezone.localdate())).order_by("duty")


def holding(rows: QuerySet[Staff], duty: str) -> QuerySet[Staff]:
    """Those of `rows` who hold the duty today; `none`: those who hold none."""
    held = assignments_today()
    if duty == "none":
        return rows.exclude(pk__in=held.values("staff"))
    return rows.filter(pk__in=held.filter(duty=duty).values("staff"))


def without_duty() -> QuerySet[Staff]:
    """Active accounts that hold no duty today."""
    return holding(Staff.objects.filter(is_active=True), "none")


def active_staff(pk: int) -> Staff | None:
    """An active staff member by key, with the area and, as `duties_today`, what every page asks next."""
    held = assignments_today().filter(staff=OuterRef("pk")).order_by().values("duty")
    found = Staff.objects.select_related("area").annotate(duties_today=ArraySubquery(held))
    return found.filter(pk=pk, is_active=True).first()


def with_protection(*, by: Staff) -> QuerySet[Staff]:
    """The accounts of the area of `by` with what protects them; the second factor's seed is not read."""
    accounts = scope.narrow(Staff.objects.all(), by).select_related("area", "office", "second_factor")
    return accounts.defer("second_factor__seed").order_by("username")


def open_sessions(by: Staff) -> QuerySet[OpenSession]:
    """Where somebody is signed in, the latest first: what the next click would end is left out."""
    now = timezone.now()
    rows = OpenSession.objects.filter(
        staff=by,
        began_at__gt=now - timedelta(seconds=settings.SESSION_LONGEST_SECONDS),
        seen_at__gt=now - timedelta(seconds=settings.SESSION_IDLE_SECONDS),
    )
    return rows if by.sessions_from is None else rows.filter(began_at__gt=by.sessions_from)

"""A city with everything in five places, each text and amount of which says where it belongs.

Rows are made through the services; then free text gets a canary `Z<table><column><place>Q`, so that one look at an
answer tells whose row it came from. Numbers, amounts and fingerprints that one place alone has are canaries too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from bureau.fields import MoneyField
from bureau.fields.encrypted import EncryptedTextField
from bureau.fields.history import Event
from bureau.funds.models import Entry
from bureau.kernel.identity import mask_account, mask_id, mask_phone
from bureau.kernel.money import format_yuan
from bureau.kernel.terms import Care, ReliefCategory
from bureau.organization.models import Office, Staff
from bureau.organization.services import institution_calls, institution_keys
from bureau.organization.terms import Duty
from bureau.policy.rules import packs
from bureau.policy.selectors import differing
from bureau.simulation.models import Simulation, SimulationPart
from bureau.simulation.services import scenarios, simulations, snapshots
from bureau.trail.models import ImportBatch
from bureau.trail.services import reads
from bureau.trail.terms import ReadKind
from claims.models import Adjudication, Claim, Discrepancy, Settlement
from claims.services import adjudication
from enrollment.models import Person
from institutions.models import Institution
from relief.models import ReliefStatus, RosterEntry
from relief.services import confirmation, rosters
from relief.terms import RosterSource
from tests.factories import month, people, policy, relief
from tests.factories.simulation import a_row

# Letter of a place → its area: a county with a town, another county with a town, and the city itself.
PLACES = {"Y": people.YOUXIAN, "T": "510704102", "J": people.JIANGYOU, "S": "510781100", "C": month.CITY}
# Where those who ask work: a county, a town of it, another county, the city.
PLACES_OF_STAFF = ("Y", "T", "J", "C")
# Whose rows people of a place may see.
SEEN = {"Y": "YT", "T": "T", "J": "JS", "C": "YTJSC"}
TOKEN = re.compile(r"Z\d{4}[A-Z]Q")
WORD = re.compile(r"[0-9A-Za-z*.,_-]{6,}")
# Tables without a place: the law, the calendar and jobs of the whole city.
OF_THE_CITY = {
    "organization.Area",
    "policy.Release",
    "policy.ReleaseEvent",
    "policy.DraftVersion",
    "policy.OpenedChange",
    "trail.DayHead",
    "trail.Seal",
    "trail.Run",
    "trail.Step",
    "claims.Approval",
    "claims.SettlementRun",
    "claims.SettlementRunEvent",
    "funds.Account",
    "funds.VoucherCounter",
    "organization.Tally",
    "organization.SecondFactor",
}
# Django's own, what a session holds, and what the history's library brings and nobody writes.
NOT_OURS = {"admin", "auth", "contenttypes", "sessions", "pghistory"}
# Tables that the database shows to all staff (decision 22); the screens narrow them.
SHARED = {
    "institutions.Institution",
    "organization.Staff",
    "organization.Office",
    "organization.InstitutionKey",
    "organization.DutyAssignment",
    # Behind the wall themselves, but they hold the words of tables that are not.
    "organization.StaffEvent",
    "organization.DutyAssignmentEvent",
}
PLACE_OF = {
    "claims.SettlementLine": "settlement__area_id",
    "funds.Posting": "entry__area_id",
    "organization.DutyAssignment": "staff__area_id",
    "organization.DutyAssignmentEvent": "staff__area_id",
    "organization.OpenSession": "staff__area_id",
    "simulation.SimulationPart": "simulation__area_id",
}
# Words that the programs read, and keys that stand in addresses: they stay as the services wrote them.
KEPT = {
    "action", "address", "area_code", "bank_account", "base_sha256", "care_area", "categories", "category", "city",
    "client", "code", "code_version", "column", "comparison_sha256", "confirmed_sha256", "contact", "counts",
    "detail", "digest", "disease_code", "email", "facts", "first_name", "id_number", "institution_code", "key",
    "kind", "last_name", "level", "message", "month", "number", "password", "payment_list", "pgh_label", "pgh_via",
    "phone", "policy_sha256", "prefix", "previous_category", "problem_code", "raw", "received_month", "reference",
    "screen", "settled_how", "sha256", "source", "subject_key", "subject_kind", "trace", "username", "verdict",
    "warnings",
}  # fmt: skip

MONTH = re.compile(r"\d{4}-\d\d")
# What a place's rows share with other places' by their nature.
_SPREAD = {"area_code", "care_area", "month", "received_month", "period"}


@dataclass(eq=False)
class City:
    """What the tests must know of the city, read once: canaries, and the keys of one record of each place."""

    # A word that is no token → the place that alone has it; the same for words of tables shared by the database.
    words: dict[str, str] = field(default_factory=dict)
    shared_words: set[str] = field(default_factory=set)
    shared_tokens: set[str] = field(default_factory=set)
    whole_ids: set[str] = field(default_factory=set)
    # Place → the text of its institution's key.
    secrets: dict[str, str] = field(default_factory=dict)
    # Name of a parameter, place → value.
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    # Table and column → the places that have a canary there.
    planted: dict[str, set[str]] = field(default_factory=dict)


def tables() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label not in NOT_OURS and not model._meta.proxy]


def place_path(model: type[models.Model]) -> str | None:
    """The lookup that gives the code of a row's area; None where the table is the whole city's."""
    label = model._meta.label
    if label in OF_THE_CITY:
        return None
    names = {column.name for column in model._meta.get_fields()}
    if label in PLACE_OF:
        return PLACE_OF[label]
    if "area" in names:
        return "area_id"
    if "area_code" in names:
        return "area_code"
    raise AssertionError(f"{label}: to which area does a row belong? Say it in tests/matrix/city.py")


def letter_of(code: str) -> str:
    return next((letter for letter, area in PLACES.items() if area == code), "")


def build() -> City:
    """The rows, made by those who make them in life; then the canaries."""
    for number, (place, area) in enumerate(PLACES.items(), start=1):
        _somebody_with_everything(place, area, number)
    month.adjudicated()
    month.approved(month.settled())
    ReliefStatus.objects.update(category=ReliefCategory.DESTITUTE.value)
    # The database has marked their years; what was paid becomes a difference.
    adjudication.adjudicate_due(by=None)
    month.settled("2023-06")
    for number, place in enumerate("YJ", start=1):
        _lists(PLACES[place], number)
    _simulations()
    _findings()
    city = City(secrets=_called())
    _drafts(city)
    # The factories' own clerks did work everywhere: they are people of the city.
    strangers = (
        Staff.objects.exclude(username__startswith="clerk-of-")
        .exclude(username__startswith="ma")
        .exclude(username__startswith="checker-")
    )
    strangers.update(area_id=month.CITY)
    return city


def _somebody_with_everything(place: str, area: str, number: int) -> None:
    """A person, insured, ill, poor, with a hospital, a claim that is settled and a row that was refused."""
    clerk = people.a_clerk(f"clerk-of-{place}", Duty.COUNTER, area_code=area)
    born = date(1950 + number, number, 10 + number)
    person = people.a_person(
        id_number=people.an_id_number(people.YOUXIAN, born, 100 * number + 37), name="甲", area_code=area, by=clerk
    )
    Person.objects.filter(pk=person.pk).update(phone=f"1390000{number:02d}{number:02d}")
    person.refresh_from_db()
    # Counties insure, for their towns too.
    people.an_enrollment(person, area_code=area[:6])
    people.a_recognition(person, disease_code=f"M0{number}9{number}{number}", valid_from=date(2023, 1, 1))
    relief.a_status(person, area_code=area)
    hospital = month.a_paid_hospital(
        code=f"H{area[:6]}7{number:04d}", area_code=area, bank_account=f"62220000{number:04d}{number * 1117:04d}"
    )
    hospital.contact = f"1391111{number:02d}{number:02d}"
    hospital.save()
    month.filed(
        hospital,
        month.Bill(f"ZY-{place}-0001", person, f"{31000 + 1013 * number}.{number}7", Care.INPATIENT),
        month.Bill(f"MZ-{place}-0002", person, f"{12 + number}", name="别人"),
    )
    month.filed(
        hospital,
        month.Bill(f"ZY-{place}-0003", person, f"{2000 + 107 * number}.{number}3", Care.INPATIENT, date(2023, 6, 5)),
        month="2023-06",
    )
    reads.record(
        kind=ReadKind.VIEWED,
        subject_kind="person",
        subject_key=str(person.pk),
        screen="person",
        area_code=area,
        by=clerk,
    )
    Office.objects.create(area_id=area, name=f"窗口{place}", kind="agency")


def _called() -> dict[str, str]:
    """A key for one institution of each place, with which it has called; their clear texts by place."""
    found = {}
    for place, area in PLACES.items():
        code = Institution.objects.get(area_id=area).code
        issued = institution_keys.issue(institution_code=code, area_code=area, by=None)
        institution_calls.record(what="GET api_claims", status=200, by=issued.key)
        found[place] = issued.text
    return found


def _findings() -> None:
    """Every adjudication in doubt; of each county's one has been explained."""
    found = Discrepancy.objects.all()
    for held in Adjudication.objects.filter(is_current=True):
        found.create(adjudication=held, area_id=held.area_id, kind="trace")
    by = people.a_clerk("reviewer", Duty.REVIEW_SECOND, area_code=month.CITY)
    for area in set(found.values_list("area_id", flat=True)):
        one = found.filter(area_id=area, stage="open").latest("pk").pk
        found.filter(pk=one).update(stage="explained", reason="已查明", explained_by=by, explained_at=timezone.now())


def _drafts(city: City) -> None:
    """Three on their way to become law: one being written, one handed in, one checked."""
    draft, submitted, checked = (policy.a_raised_ratio(points=points) for points in ("+6点", "+7点", "+8点"))
    policy.checked(policy.submitted(checked))
    submitted = policy.submitted(submitted)
    values = {
        "release_id": draft.pk,
        "submitted_release": submitted.pk,
        "checked_release": checked.pk,
        "document_name": policy.RAISED_FILE,
        "document_id": "mianyang-inpatient",
        "version_number": 1,
        "parameter": "outpatient.ratio",
        "benefit": "ratio",
        "change": min(differing.differences(submitted).keys),
    }
    city.keys |= {(name, "C"): str(value) for name, value in values.items()}


def _simulations() -> None:
    """One of each place with its report. Only the city makes them; the others' stand here to try the wall."""
    month.the_law()
    by = people.a_clerk("forecaster", Duty.POLICY, area_code=month.CITY)
    snapshot = snapshots.keep_invented(
        key="matrix",
        name="试",
        city="mianyang",
        valid_from=date(2022, 1, 1),
        valid_until=date(2023, 1, 1),
        rows=[a_row(1, 1, 3_100_011)],
        by=None,
    )
    scenario = scenarios.create(name="试", base=packs.pack_bytes("mianyang"), year=2023, by=by)
    simulation = simulations.start(scenario=scenario, snapshot=snapshot, by=by)
    simulations.work(simulation.run_id)
    simulation.refresh_from_db()
    SimulationPart.objects.create(simulation=simulation, key="000000", content=b"")
    for place, area in PLACES.items():
        if place == "C":
            continue
        snapshot.pk, snapshot.area_id, snapshot.key, snapshot._state.adding = None, area, f"matrix-{place}", True
        scenario.pk, scenario.area_id, scenario._state.adding = None, area, True
        snapshot.save()
        scenario.save()
        simulation.pk, simulation._state.adding = None, True
        simulation.scenario, simulation.snapshot, simulation.area_id = scenario, snapshot, area
        simulation.save()
        SimulationPart.objects.create(simulation=simulation, key="000000", content=b"")


def _lists(area: str, number: int) -> None:
    """Three rosters of a county: one in force, one with a row in error, one that waits for the second person."""
    maker = people.a_clerk(f"maker-{number}", Duty.RELIEF, area_code=area)
    checker = people.a_clerk(f"checker-{number}", Duty.RELIEF_CHECK, area_code=area)

    def staged(source: RosterSource, *lines: list[str]) -> Any:
        return rosters.stage(
            content=relief.a_roster_file(lines),
            file_name="名单.xlsx",
            source=source.value,
            month="2023-06",
            area_code=area,
            by=maker,
        ).batch

    born = date(1930 + number, 3, 4)
    sources = (RosterSource.HEALTH, RosterSource.DISABLED_FEDERATION, RosterSource.RURAL_AFFAIRS)
    for order, source in enumerate(sources):
        known = people.an_id_number(people.YOUXIAN, born, 100 * number + order + 51)
        wrong = known[:17] + ("1" if known[17] != "1" else "2")
        batch = staged(
            source,
            relief.a_line(known, f"甲{order}", ("低保", "残疾", "低保")[order], "", phone=f"1392222{number}{order}00"),
            relief.a_line(wrong, f"乙{order}", town=""),
        )
        if order != 1:
            rosters.set_aside_row(batch_id=batch.pk, line=3, reason="原件无法辨认", by=maker)
        if not order:
            confirmation.confirm(batch_id=batch.pk, accept_shrink=True, by=checker)


# Canaries


def plant() -> None:
    """Free text of each row gets its canary, past triggers that keep the books; as the tables' owner."""
    for events in tables():
        if issubclass(events, Event):
            _an_event_of_every_row(events)
    for table, model in enumerate(tables()):
        path = place_path(model)
        columns = free_text(model)
        if path is None or not columns:
            continue
        name = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = %s", [model._meta.db_table])
            forced = cursor.fetchone()[0]
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY")
            for place, area in PLACES.items():
                if place == "C" and model is Staff:
                    # People of the city sign what all counties read.
                    continue
                rows = model._base_manager.filter(**{path: area}).order_by()
                if model is Discrepancy:
                    # What is open has no words yet.
                    rows = rows.filter(stage="explained")
                values = {each.name: f"Z{table:02d}{number:02d}{place}Q" for number, each in enumerate(columns)}
                for row, pk in enumerate(rows.values_list("pk", flat=True)):
                    unique = {
                        each.name: f"{values[each.name]}{row}"
                        for each in columns
                        if each.unique or (each.name == "name" and model is Office)
                    }
                    model._base_manager.filter(pk=pk).update(**values | unique)
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER" + (", FORCE ROW LEVEL SECURITY" if forced else ""))


def _an_event_of_every_row(events: type[Event]) -> None:
    """As the trigger would write it: the history of each row has something to show."""
    tracked = events.pgh_tracked_model._meta
    known = {column.column for column in tracked.local_fields}
    columns = ", ".join(f'"{column.column}"' for column in events._meta.local_fields if column.column in known)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {events._meta.db_table} ({columns}, pgh_obj_id, pgh_label, pgh_created_at)"
            f" SELECT {columns}, {tracked.pk.column}, 'updated', now() FROM {tracked.db_table}"
        )


def free_text(model: type[models.Model]) -> list[Any]:
    return [
        column
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and not isinstance(column, EncryptedTextField)
        and not column.is_relation
        and not column.choices
        and not column.primary_key
        and column.name not in KEPT
    ]


def compare_again() -> None:
    """What waits for a second person is held against the lists as they now stand."""
    for batch in ImportBatch.objects.filter(kind="roster", source=RosterSource.RURAL_AFFAIRS.value):
        # A canary is no town.
        RosterEntry.objects.filter(batch=batch).update(town="")
        rosters.compare_again(batch_id=batch.pk, by=batch.opened_by)


def read(city: City) -> City:
    """Collect what belongs to one place alone, and the keys by which addresses are filled."""
    owners: dict[str, set[str]] = {}
    shared: set[str] = set()
    for model in tables():
        path = place_path(model)
        if path is None:
            continue
        for column in model._meta.concrete_fields:
            for row, code in model._base_manager.values_list(column.name, path):
                for word in () if column.is_relation else _words_of(column, row):
                    place = letter_of(code)
                    if not place or (model is Staff and place == "C"):
                        continue
                    owners.setdefault(word, set()).add(place)
                    if model._meta.label in SHARED:
                        shared.add(word)
                    city.planted.setdefault(f"{model._meta.label}.{column.name}", set()).add(place)
    for word, places in owners.items():
        if len(places) == 1 and not TOKEN.match(word) and not MONTH.fullmatch(word):
            city.words[word] = next(iter(places))
    city.shared_words = {word for word in shared if not TOKEN.match(word)}
    city.shared_tokens = {word[:7] for word in shared if TOKEN.match(word)}
    city.whole_ids = set(Person.objects.values_list("id_number", flat=True))
    _keys(city)
    return city


def _is_telling(value: str) -> bool:
    """A canary, or a number of at least six characters; plain words stand on every page."""
    return bool(TOKEN.match(value) or (WORD.fullmatch(value) and any(character.isdigit() for character in value)))


def _words_of(column: Any, value: Any) -> Iterator[str]:
    if isinstance(column, MoneyField):
        # Round amounts are limits and deductibles of the law as well.
        if abs(value) >= 100_000 and value % 100:
            yield from (format_yuan(value), format_yuan(value, grouped=True))
    elif isinstance(value, str) and not column.choices and column.name not in _SPREAD and _is_telling(value):
        yield value
        if column.name == "id_number":
            yield mask_id(value)
        elif column.name == "bank_account":
            yield mask_account(value)
        elif column.name in ("phone", "contact"):
            yield mask_phone(value)


_LISTS = {
    RosterSource.HEALTH.value: "applied_batch",
    RosterSource.DISABLED_FEDERATION.value: "roster_batch",
    RosterSource.RURAL_AFFAIRS.value: "clean_batch",
}


def _keys(city: City) -> None:
    """One record of each place for each parameter of an address."""
    for place, area in PLACES.items():
        city.keys |= {
            ("person_id", place): str(Person.objects.filter(area_id=area).order_by("pk")[0].pk),
            ("staff_id", place): str(Staff.objects.get(username=f"clerk-of-{place}").pk),
            ("code", place): Institution.objects.get(area_id=area).code,
            ("statement", place): Settlement.objects.get(area_id=area, run__month="2023-05").number,
            ("reference", place): Entry.objects.filter(area_id=area).order_by("pk")[0].reference,
            ("claim_batch", place): str(ImportBatch.objects.get(kind="claims", area_code=area, month="2023-05").pk),
            ("institution", place): str(Institution.objects.get(area_id=area).pk),
            ("simulation_id", place): str(Simulation.objects.get(area_id=area).pk),
        }
        if Claim.objects.filter(area_id=area, number=f"ZY-{place}-0001").exists():
            city.keys["claim", place] = f"ZY-{place}-0001"
            city.keys["finding_id", place] = str(Discrepancy.objects.filter(area_id=area, stage="open")[0].pk)
        lists = ImportBatch.objects.filter(kind="roster", area_code=area)
        for batch in lists:
            city.keys[_LISTS[batch.source], place] = str(batch.pk)
        for model in tables():
            path = place_path(model)
            rows = model._base_manager.order_by("pk")
            row = rows.first() if path is None else rows.filter(**{path: area}).first()
            if row is not None:
                city.keys[model._meta.label, place] = str(row.pk)

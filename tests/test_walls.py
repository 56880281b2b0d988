"""The second wall, with real connections of the application's role: nobody named means no rows, and no foreign ones."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection, models, transaction
from django.db.utils import DatabaseError, IntegrityError, ProgrammingError
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from bureau import walls
from bureau.fields.history import Event
from bureau.funds.models import Entry
from bureau.kernel.identity import mask_id
from bureau.kernel.terms import Care, ReliefCategory
from bureau.organization.models import Staff
from bureau.organization.selectors import scope
from bureau.organization.services import institution_calls, institution_keys
from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.simulation.models import Scenario, Simulation, SimulationPart, Snapshot
from bureau.trail.models import ActionLog, ImportBatch, Run
from bureau.trail.services import chain
from claims.models import Adjudication, Adjustment, Claim, Discrepancy, Settlement
from claims.services import adjudication
from enrollment.models import Person
from enrollment.services import lookups
from institutions.models import Agreement, Institution
from relief.models import ReliefStatus
from relief.services import rosters
from relief.terms import RosterSource
from tests.conftest import drop_database
from tests.factories import month, people, policy, relief
from tests.factories.people import JIANGYOU, YOUXIAN

# Django's own tables, and those that are read before anybody is named (decision 20).
OPEN = {
    "admin.LogEntry",  # never written: the portal keeps its own log
    "auth.Group",
    "auth.Permission",
    "contenttypes.ContentType",
    "sessions.Session",
    "organization.Area",
    "organization.DutyAssignment",
    "organization.InstitutionKey",
    "organization.Office",
    "organization.OpenSession",
    "organization.SecondFactor",
    "organization.Staff",
    "organization.Tally",
    "pghistory.Context",  # never written: events carry who and by which door themselves
}
# Everybody on the staff reads these; the city writes them, or the area whose the row is.
SHARED = {
    "funds.Account",
    "funds.VoucherCounter",
    "institutions.Institution",
    "policy.DraftVersion",
    "policy.OpenedChange",
    "policy.Release",
    "trail.DayHead",
    "trail.Run",
    "trail.Seal",
    "trail.Step",
    "claims.Approval",
    "claims.SettlementRun",
    "claims.SettlementRunEvent",
    "policy.ReleaseEvent",
}
TABLES = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
BUSINESS = [model for model in TABLES if model._meta.label not in OPEN]
BUSINESS_LABELS = {model._meta.label for model in BUSINESS}
# By the wall; of some tables a trigger refuses what a copy is before the wall is asked, and to the chain nobody adds.
REFUSED = (
    "row-level security|政策须先起草|不得再添|须从计算开始|须从校验开始|封存待审|与已审批的结算不符|不得直接录入"
    "|permission denied for table trail_(seal|dayhead)"
)
# Views that show what whoever asks may see.
VIEWS = {("trail_line", "security_invoker=true")}
CITY, TOWN = "510700", "510704102"


def desks_without_key(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """The names of all addresses outside the admin that take no argument and are opened by looking."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            if entry.app_name != "admin":
                yield from desks_without_key(entry.url_patterns, f"{entry.namespace}:" if entry.namespace else space)
            continue
        name = f"{space}{entry.name}"
        try:
            reverse(name)
        except NoReverseMatch:
            continue
        if name not in ("portal:sign_in", "portal:sign_out"):
            yield name


ORIGINAL = dict(vars(scope))
DESKS_WITHOUT_KEY = list(desks_without_key(get_resolver().url_patterns))


def label(model: type[models.Model]) -> str:
    return model._meta.label


def a_busy_city() -> None:
    """Both counties with a row in every table: people, relief, claims, two settled months with a difference between."""
    for area, town in ((YOUXIAN, TOWN), (JIANGYOU, "510781100")):
        person = people.a_person(area_code=town, name=f"张{area}")
        people.an_enrollment(person, area_code=area)
        people.a_recognition(person, valid_from=date(2023, 1, 1))
        relief.a_status(person, area_code=area)
        hospital = month.a_paid_hospital(area_code=area)
        bills = (
            month.Bill("ZY-1", person, "30000", Care.INPATIENT),
            month.Bill("MZ-2", person, "10", name="别人"),
        )
        month.filed(hospital, *bills)
        issued = institution_keys.issue(institution_code=hospital.code, area_code=area, by=None)
        institution_calls.record(what="GET api_institution", status=200, by=issued.key)
    month.adjudicated()
    month.approved(month.settled())
    differ()
    policy.opened(policy.submitted(policy.a_raised_ratio()))
    for area in (YOUXIAN, JIANGYOU):
        stage_a_roster(area)
        simulate(area)
    for held in Adjudication.objects.filter(is_current=True):
        Discrepancy.objects.create(adjudication=held, area_id=held.area_id, kind="trace")
    month.settled("2023-06")
    for area, elsewhere in ((YOUXIAN, JIANGYOU), (JIANGYOU, YOUXIAN)):
        counter = people.a_clerk(f"zz-counter-{area}", Duty.COUNTER, area_code=area)
        wanted = Person.objects.get(area_id__in=(TOWN, "510781100"), name=f"张{elsewhere}")
        assert lookups.by_number(wanted.id_number, screen="people", by=counter) == wanted
    chain.close_day(date(2023, 5, 3))
    for events in (model for model in TABLES if issubclass(model, Event)):
        an_event_of_every_row(events)


def an_event_of_every_row(events: type[Event]) -> None:
    """As the trigger would write it, so that each table of history has rows of both counties."""
    tracked = events.pgh_tracked_model._meta
    known = {column.column for column in tracked.local_fields}
    columns = ", ".join(f'"{column.column}"' for column in events._meta.local_fields if column.column in known)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {events._meta.db_table} ({columns}, pgh_obj_id, pgh_label, pgh_created_at)"
            f" SELECT {columns}, {tracked.pk.column}, 'updated', now() FROM {tracked.db_table}"
        )


def differ() -> None:
    """The people of the settled claims turn out to be poor: the hospitals get more, in the next month."""
    ReliefStatus.objects.update(category=ReliefCategory.DESTITUTE.value)
    adjudication.adjudicate_due(by=None)
    assert Adjustment.objects.exists()


def simulate(area: str) -> None:
    """A simulation in the middle of its work; only the city makes them, so these rows are written by hand."""
    by = people.a_clerk("", Duty.POLICY, area_code=area)
    days = {"valid_from": date(2022, 1, 1), "valid_until": date(2023, 1, 1)}
    snapshot = Snapshot.objects.create(
        key=area, name="试", area_id=area, city="mianyang", claims=1, persons=1, person_years=1, sha256="0", **days
    )
    scenario = Scenario.objects.create(
        name="试",
        area_id=area,
        city="mianyang",
        base_content=b"",
        base_sha256="0",
        content=b"",
        sha256="0",
        created_by=by,
    )
    simulation = Simulation.objects.create(scenario=scenario, snapshot=snapshot, area_id=area, created_by=by)
    SimulationPart.objects.create(simulation=simulation, key="000000", content=b"")


def stage_a_roster(area: str) -> None:
    rosters.stage(
        content=relief.a_roster_file([relief.a_line(people.an_id_number(area), town="")]),
        file_name="名单.xlsx",
        source=RosterSource.DISABLED_FEDERATION.value,
        month="2023-06",
        area_code=area,
        by=people.a_clerk("", Duty.RELIEF, area_code=area),
    )


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker, request: pytest.FixtureRequest) -> Iterator[str]:
    """A clone with the busy city, for all tests here: they speak to it as the application and commit nothing."""
    template = str(connection.settings_dict["NAME"])
    name, former_user = f"{template}_walls", connection.settings_dict["USER"]
    with django_db_blocker.unblock():
        connection.close()
        drop_database(name)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        connection.settings_dict["NAME"] = name
        try:
            # People who could not exist: only the owner can set the refusal aside.
            people.a_clerk("all-duties", *Duty, area_code=YOUXIAN)
            people.a_clerk("city-duties", *Duty, area_code=CITY)
            connection.close()
            connection.settings_dict["USER"] = settings.APPLICATION_DATABASE["USER"]
            a_busy_city()
            yield name
        finally:
            connection.close()
            connection.settings_dict.update(NAME=template, USER=former_user)
            drop_database(name)


@pytest.fixture
def open_city(city: str, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


pytestmark = pytest.mark.usefixtures("open_city")


def a_clerk_of(area: str) -> Staff:
    """Somebody new, who has done nothing yet: one's own deeds one sees wherever they were done."""
    return people.a_clerk(area_code=area)


class TestEveryTable:
    def test_has_a_forced_wall_or_is_known_to_be_open(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relrowsecurity AND relforcerowsecurity"
            )
            walled = {name for (name,) in cursor.fetchall()}
            cursor.execute(
                "SELECT relname, reloptions[1] FROM pg_class"
                " WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
            )
            assert set(cursor.fetchall()) == VIEWS, "a view shows what its owner sees: make it security_invoker"

        bare = {label(model) for model in TABLES if model._meta.db_table not in walled}
        assert not LogEntry.objects.exists()
        assert bare == OPEN

    @pytest.mark.parametrize("model", BUSINESS, ids=label)
    def test_shows_nothing_where_nobody_is_named(self, model: type[models.Model]) -> None:
        assert model._base_manager.exists(), "the test city has no row of this table"

        with walls.as_nobody():
            assert model._base_manager.count() == 0

    @pytest.mark.parametrize("model", BUSINESS, ids=label)
    def test_takes_nothing_where_nobody_is_named(self, model: type[models.Model]) -> None:
        with walls.as_nobody():
            assert touched(model._base_manager.all()) == 0
            with pytest.raises((ProgrammingError, IntegrityError), match=REFUSED), transaction.atomic():
                copy_of_a_row(model)

    @pytest.mark.parametrize("model", [model for model in BUSINESS if label(model) not in SHARED], ids=label)
    def test_of_another_county_can_be_neither_read_nor_written(self, model: type[models.Model]) -> None:
        foreign = keys_of(model, JIANGYOU)
        assert foreign, "the test city has no row of the other county"

        with walls.as_staff(a_clerk_of(YOUXIAN)):
            assert not model._base_manager.filter(pk__in=foreign).exists()
            assert model._base_manager.exists(), "and the own county's rows are there"
            assert touched(model._base_manager.filter(pk__in=foreign)) == 0
            with pytest.raises((ProgrammingError, IntegrityError), match=REFUSED), transaction.atomic():
                copy_of_a_row(model, foreign[0])

    @pytest.mark.parametrize("model", BUSINESS, ids=label)
    def test_shows_the_city_and_the_system_everything(self, model: type[models.Model]) -> None:
        clerk = a_clerk_of(CITY)
        whole = model._base_manager.count()

        with walls.as_staff(clerk):
            assert model._base_manager.count() == whole


def keys_of(model: type[models.Model], area: str) -> list[object]:
    columns = {column.name for column in model._meta.get_fields()}
    if "area" in columns:
        path = "area__code"
    elif "area_code" in columns:
        path = "area_code"
    else:
        path = {
            "claims.SettlementLine": "settlement__area__code",
            "funds.Posting": "entry__area__code",
            "simulation.SimulationPart": "simulation__area__code",
            "organization.DutyAssignmentEvent": "staff__area__code",
        }[label(model)]
    return list(model._base_manager.filter(**{f"{path}__startswith": area}).values_list("pk", flat=True))


def touched(rows: models.QuerySet) -> int:
    """How many rows an update or a delete reaches; none also where the application may do neither."""
    key = rows.model._meta.pk.name
    try:
        with transaction.atomic():
            return rows.update(**{key: models.F(key)}) + rows._raw_delete(using="default")
    except ProgrammingError as error:
        assert "permission denied" in str(error), error
        return 0


def copy_of_a_row(model: type[models.Model], key: object = None) -> None:
    """Insert a row like one that is there, under another key: the wall is asked before any other rule."""
    with walls.as_system():
        rows = model._base_manager.all() if key is None else model._base_manager.filter(pk=key)
        copied = rows.first()
    assert copied is not None
    copied.pk = None if not isinstance(model._meta.pk, models.CharField) else "copied"
    copied.save(force_insert=True)


class TestWhoActs:
    def test_a_county_sees_its_towns_and_a_town_only_itself(self) -> None:
        with walls.as_staff(a_clerk_of(YOUXIAN)):
            assert set(Person.objects.values_list("area_id", flat=True)) == {TOWN}
        with walls.as_staff(people.a_clerk(area_code=TOWN)):
            assert Person.objects.count() == 1
            assert not Claim.objects.exists()
        with walls.as_staff(people.a_clerk(area_code="510704103")):
            assert not Person.objects.exists()

    def test_somebody_without_an_area_sees_nothing_and_may_still_be_logged(self) -> None:
        stranger = Staff.objects.create_user(username="stranger", full_name="无区划")

        with walls.as_staff(stranger):
            assert not Institution.objects.exists()
            ActionLog.objects.create(action="a.b", subject_kind="s", subject_key="1", summary="来过", by=stranger)

    def test_a_suspended_person_sees_nothing_from_the_next_statement_on(self) -> None:
        clerk = people.a_clerk()
        with walls.as_staff(clerk):
            assert Person.objects.exists()
            Staff.objects.filter(pk=clerk.pk).update(is_active=False)
            assert not Person.objects.exists()

    def test_a_context_ends_where_it_ends_also_after_an_error(self) -> None:
        clerk = a_clerk_of(YOUXIAN)
        everybody = Person.objects.count()

        with pytest.raises(DatabaseError), transaction.atomic(), walls.as_staff(clerk), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

        assert Person.objects.count() == everybody

    def test_a_line_of_the_log_in_anothers_name_is_refused(self) -> None:
        clerk, other = a_clerk_of(YOUXIAN), a_clerk_of(JIANGYOU)

        with walls.as_staff(clerk), pytest.raises(ProgrammingError, match="row-level"), transaction.atomic():
            ActionLog.objects.create(action="a.b", subject_kind="s", subject_key="1", summary="冒名", by=other)


class TestTheStatementOfWhoActs:
    def state(self, text: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('walls.actor', %s, true)", [text])
        return Person.objects.count()

    def test_counts_only_when_signed(self) -> None:
        with walls.as_nobody():
            assert self.state("system") == 0
            assert self.state("system:" + "0" * 64) == 0
            assert self.state(f"{a_clerk_of(CITY).pk}:") == 0

    def test_of_another_connection_is_worth_nothing(self) -> None:
        address = connection.settings_dict
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('walls.actor')")
            (stated,) = cursor.fetchone()
        with psycopg.connect(
            host=address["HOST"], port=address["PORT"] or None, user=address["USER"], dbname=address["NAME"]
        ) as other:
            other.execute("SELECT set_config('walls.actor', %s, false)", [stated])
            assert other.execute("SELECT walls_reach()").fetchone() == (None,)
            assert other.execute("SELECT count(*) FROM funds_account").fetchone() == (0,)

    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT * FROM walls_key",
            "ALTER TABLE enrollment_person DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE enrollment_person NO FORCE ROW LEVEL SECURITY",
            "DROP POLICY by_area ON enrollment_person",
            "CREATE POLICY open ON enrollment_person USING (true)",
            "CREATE OR REPLACE FUNCTION walls_reach() RETURNS text LANGUAGE sql AS 'SELECT '''''",
            "SET session_replication_role = replica",
            "SET ROLE postgres",
        ],
    )
    def test_cannot_be_gone_round_by_the_application(self, statement: str) -> None:
        with (
            pytest.raises(ProgrammingError, match=r"permission denied|must be owner|must be able"),
            transaction.atomic(),
        ):
            connection.cursor().execute(statement)

    def test_without_row_security_the_database_refuses_rather_than_shows(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL row_security = off")
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                cursor.execute("SELECT count(*) FROM enrollment_person")

    def test_the_application_is_neither_owner_nor_above_the_wall(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (False,)
            cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
            assert cursor.fetchone() == (0,)


class TestWhatTheCityOwns:
    def test_a_county_reads_the_law_and_cannot_write_it(self) -> None:
        with walls.as_staff(a_clerk_of(YOUXIAN)):
            release = Release.objects.get(stage="published")
            assert Release.objects.filter(pk=release.pk).update(note="改") == 0
            with pytest.raises(ProgrammingError, match="row-level"), transaction.atomic():
                Run.objects.create(job="x", period="y")

    def test_a_county_reads_the_directory_and_writes_its_own_institutions(self) -> None:
        with walls.as_staff(a_clerk_of(YOUXIAN)):
            assert Institution.objects.filter(area_id=JIANGYOU).exists()
            assert Institution.objects.filter(area_id=JIANGYOU).update(bank_account="1") == 0
            assert Institution.objects.filter(area_id=YOUXIAN).update(bank_account="1") == 1


class TestChildrenInTheAreaOfTheirParent:
    def test_an_agreement_stands_where_its_institution_stands(self) -> None:
        with pytest.raises(IntegrityError, match="不能改换区划"), transaction.atomic():
            Agreement.objects.filter(institution__area_id=YOUXIAN).update(area_id=JIANGYOU)

    def test_a_foreign_key_cannot_hang_an_own_row_on_a_foreign_parent(self) -> None:
        foreign = Institution.objects.get(area_id=JIANGYOU)
        with walls.as_staff(a_clerk_of(YOUXIAN)), pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.filter(area_id=YOUXIAN).update(institution_id=foreign.pk)


class TestWithoutAnyScopingInPython:
    """Every list and every record's page, asked for by a county's clerk with every duty: the database alone stands."""

    @pytest.fixture(autouse=True)
    def unscoped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in list(sys.modules.values()):
            for name, everything in (
                ("narrow", lambda rows, by, **_: rows),
                ("narrow_codes", lambda rows, by, **_: rows),
                ("is_city", lambda by: True),
                ("covers", lambda by, area_code: True),
            ):
                found = getattr(module, name, None)
                if found is ORIGINAL[name]:
                    monkeypatch.setattr(module, name, everything)

    @pytest.fixture
    def client(self) -> Client:
        client = Client()
        client.force_login(Staff.objects.get(username="all-duties"))
        return client

    def canaries(self) -> list[str]:
        """What stands in records of the other county alone, and in no address that the test asks for."""
        foreign = Person.objects.get(area_id="510781100")
        return [foreign.name, foreign.id_number, mask_id(foreign.id_number)]

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Every address without a key; and those of one record, for each record of the other county."""
        yield from ((name, reverse(name)) for name in DESKS_WITHOUT_KEY)
        for table in admin.site._registry:
            yield table._meta.label, reverse(f"admin:{table._meta.app_label}_{table._meta.model_name}_changelist")

    def foreign_records(self) -> Iterator[str]:
        person = Person.objects.get(area_id="510781100")
        yield reverse("enrollment:person", args=[person.pk])
        for claim in Claim.objects.filter(area__code=JIANGYOU):
            yield reverse("claims:claim", args=[claim.institution.code, claim.number])
            yield reverse("claims:claim_sheet", args=[claim.institution.code, claim.number])
        for statement in Settlement.objects.filter(area__code=JIANGYOU):
            yield reverse("claims:statement", args=[statement.number])
            yield reverse("claims:statement_sheet", args=[statement.number])
        for entry in Entry.objects.filter(area__code=JIANGYOU):
            yield reverse("funds:entry", args=[entry.reference])
        for batch in ImportBatch.objects.filter(area_code=JIANGYOU):
            for name in ("relief:roster", "claims:batch", "claims:batch_refused"):
                yield reverse(name, args=[batch.pk])
        for table in admin.site._registry:
            if table._meta.label in BUSINESS_LABELS - SHARED:
                for key in keys_of(table, JIANGYOU):
                    for page in ("change", "history"):
                        yield reverse(f"admin:{table._meta.app_label}_{table._meta.model_name}_{page}", args=[key])

    def test_every_list_is_free_of_the_other_countys_records(self, client: Client) -> None:
        canaries, opened, leaking = self.canaries(), 0, []
        for name, address in self.addresses():
            answer = client.get(address)
            opened += answer.status_code == 200
            if answer.status_code >= 500 or any(text in answer.content.decode() for text in canaries):
                leaking.append((name, answer.status_code))
        assert leaking == []
        assert opened >= 30

    def test_to_the_city_the_same_lists_show_them(self) -> None:
        client = Client()
        client.force_login(Staff.objects.get(username="city-duties"))
        canaries = self.canaries()
        showing = {
            name
            for name, address in self.addresses()
            if any(text in client.get(address).content.decode() for text in canaries)
        }
        assert showing >= {"enrollment:people", "claims:claims", "enrollment.Person", "relief.ReliefStatus"}

    def test_no_record_of_the_other_county_opens(self, client: Client) -> None:
        with walls.as_system():
            asked = list(self.foreign_records())
        opened = [address for address in asked if client.get(address).status_code == 200]
        assert opened == []
        assert len(asked) >= 50

    def test_the_search_finds_nobody_of_the_other_county(self, client: Client) -> None:
        name, number, _ = self.canaries()
        relief_desk = Client()
        relief_desk.force_login(people.a_clerk("no-counter", Duty.RELIEF, area_code=YOUXIAN))
        for who, address, text in (
            (client, "portal:search", name),
            (client, "enrollment:find", name),
            (relief_desk, "portal:search", number),
            (relief_desk, "enrollment:find", number),
        ):
            answer = who.post(reverse(address), {"q": text})
            assert answer.status_code == 200
            assert "没有" in answer.content.decode()


def test_who_left_is_still_known_to_the_county_that_insured_him() -> None:
    person = Person.objects.get(area_id=TOWN)
    with walls.moving("enrollment_person"):
        Person.objects.filter(pk=person.pk).update(area_id=JIANGYOU)

    with walls.as_staff(a_clerk_of(YOUXIAN)):
        assert Claim.objects.select_related("person").first().person.name == person.name
        assert Person.objects.filter(pk=person.pk).update(name="改") == 0


def test_the_month_is_everybodys_to_see_and_its_statements_are_not() -> None:
    with walls.as_staff(a_clerk_of(YOUXIAN)):
        shown = Settlement.objects.select_related("run")
        assert {row.institution.area_id for row in shown} == {YOUXIAN}
        assert shown.filter(run__month="2023-05").exists()

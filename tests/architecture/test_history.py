"""Every table is tracked, or stands here with the reason why its rows need no history of their own."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from bureau.fields.encrypted import BlindIndexField, EncryptedField
from bureau.fields.history import Event, events_of

EVENTS = [model for model in apps.get_models() if issubclass(model, Event)]
TABLES = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy and model not in EVENTS]
UNTRACKED = {
    "admin.LogEntry": "never written",
    "auth.Group": "never written: duties take their place",
    "auth.Permission": "Django's list of what could be permitted",
    "contenttypes.ContentType": "Django's list of tables",
    "sessions.Session": "who is signed in; coming and going stand in the log",
    "pghistory.Context": "never written: events carry who and by which door themselves",
    "trail.ActionLog": "only ever added to, and sealed",
    "trail.ReadRecord": "only ever added to, and sealed",
    "trail.DayHead": "only ever added to, and sealed",
    "trail.Seal": "the chain itself",
    "trail.ImportBatch": "its stages are steps that the log tells of with the same key; its bytes never change",
    "trail.Run": "how far a job is; what the job did stands in the tables that it wrote",
    "trail.Step": "how far a job is",
    "organization.Area": "names of places from the national list; each change is a line of the log",
    "organization.Office": "names of windows; each change is a line of the log",
    "organization.SecondFactor": "seeds are secrets; binding and taking away are lines of the log",
    "organization.OpenSession": "goes with its session; sign-ins and their ends are lines of the log",
    "organization.InstitutionKey": "issued once, revoked once, both with who and when in the row and in the log",
    "organization.Tally": "counts of the hour",
    "funds.Account": "made by a migration of the books, never changed by anybody",
    "funds.VoucherCounter": "the next number of a sequence",
    "funds.Entry": "only ever added to",
    "funds.Posting": "only ever added to",
    "claims.PersonYear": "a lock and a mark that something waits; no fact",
    "claims.ClaimRow": "rows of a file as they came, written once",
    "claims.SettlementLine": "refuses any change",
    "claims.AdjustmentUse": "written once, with its statement",
    "claims.Approval": "only ever added to",
    "claims.Discrepancy": "opened once, explained once, both with who and when in the row and in the log",
    "policy.DraftVersion": "only ever added to: it is the history of a draft",
    "policy.OpenedChange": "only ever added to",
    "organization.InstitutionCall": "only ever added to: it is the log of calls",
    "simulation.Snapshot": "never changed: another one is made",
    "simulation.Scenario": "never changed: another one is made; its deletion is a line of the log",
    "simulation.Simulation": "how far a computation is; its result is written once",
    "simulation.SimulationPart": "written once, by its step",
}


def test_every_table_is_tracked_or_says_why_not() -> None:
    assert {table._meta.label for table in TABLES if events_of(table) is None} == set(UNTRACKED)
    assert len(EVENTS) == 17


@pytest.mark.parametrize("events", EVENTS, ids=lambda model: model._meta.label)
class TestEachEventTable:
    def test_holds_numbers_of_people_as_ciphertext_that_no_rotation_touches(self, events: type[Event]) -> None:
        columns = events._meta.local_fields
        encrypted = {column.name for column in columns if isinstance(column, EncryptedField)}
        assert encrypted <= {
            column.name for column in events.pgh_tracked_model._meta.local_fields if isinstance(column, EncryptedField)
        }
        assert all(column.is_kept for column in columns if isinstance(column, EncryptedField))
        assert not [column for column in columns if isinstance(column, BlindIndexField)]
        assert not {"password", "seed", "digest", "content"} & {column.name for column in columns}

    @pytest.mark.django_db
    def test_is_walled_filled_by_statements_and_only_added_to(self, events: type[Event]) -> None:
        table, tracked = events._meta.db_table, events.pgh_tracked_model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute("SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = %s", [table])
            assert cursor.fetchone() == (True,)
            cursor.execute(
                "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
            )
            assert set(cursor.fetchall()) == {("stays", "A"), ("is_not_emptied", "A")}
            cursor.execute(
                "SELECT tgtype & 1, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass"
                " AND tgname LIKE 'pgtrigger%%'",
                [tracked],
            )
            filling = cursor.fetchall()
            assert set(filling) == {(0, "A")}, "by statement, always"
            assert len(filling) >= 2
            cursor.execute(
                "SELECT privilege_type FROM information_schema.role_table_grants"
                " WHERE table_name = %s AND grantee <> current_user",
                [table],
            )
            assert {kind for (kind,) in cursor.fetchall()} == {"SELECT", "INSERT"}

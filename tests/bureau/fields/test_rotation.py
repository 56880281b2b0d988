"""A new key takes over: chunk by chunk, twice without effect, and what is append-only stays readable."""

from __future__ import annotations

import base64
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from bureau import walls
from bureau.fields import rotation
from bureau.funds.models import PaymentOrder
from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Care
from claims.models import SettlementRun
from claims.services import checking
from enrollment.models import Person
from enrollment.selectors import people as known
from institutions.models import Institution
from tests.factories import month, people
from tests.factories.month import Bill

pytestmark = pytest.mark.django_db

NEWER = f"2:{base64.b64encode(bytes(range(32))).decode()}"


def a_settled_month() -> SettlementRun:
    farmer = people.a_person()
    people.an_enrollment(farmer)
    month.filed(month.a_paid_hospital(), Bill("1", farmer, "20800.00", Care.INPATIENT), Bill("2", farmer, "x"))
    month.adjudicated()
    return month.approved(month.settled())


def test_the_command_reaches_behind_the_walls() -> None:
    a_settled_month()

    with walls.as_nobody():
        assert not Person.objects.exists()
        said = rotated("--verify")

    assert "enrollment_person.id_number：1 个值，0 个不符" in said


def keys_of(table: str, column: str) -> set[int]:
    return {usage.key for usage in rotation.usages() if (usage.table, usage.column) == (table, column)}


def rotated(*options: str) -> str:
    out = StringIO()
    call_command("rotate_field_keys", *options, stdout=out)
    return out.getvalue()


def test_everything_that_may_change_gets_the_new_key_and_the_rest_is_named(settings: Settings) -> None:
    run = a_settled_month()
    numbers = list(Person.objects.values_list("id_number", flat=True))
    settings.FIELD_KEYS = f"{NEWER},{settings.FIELD_KEYS}"

    said = rotated("--chunk", "2")

    for table, column in (
        ("enrollment_person", "id_number"),
        ("institutions_institution", "bank_account"),
        ("trail_importbatch", "content"),
        ("claims_claimrow", "raw"),
    ):
        assert keys_of(table, column) == {2}
    assert keys_of("funds_paymentorder", "bank_account") == keys_of("claims_settlementrun", "payment_list") == {1}
    assert "当前密钥编号 2。" in said
    assert "密钥 1 不能移除：funds_paymentorder.bank_account 有 1 行（只增不改，须保留此密钥）" in said
    assert "密钥 1 不能移除：claims_settlementrun.payment_list 有 1 行（只增不改，须保留此密钥）" in said
    assert sorted(Person.objects.values_list("id_number", flat=True)) == sorted(numbers)
    assert PaymentOrder.objects.get().bank_account == Institution.objects.get().bank_account == "6222000000001234"
    assert SettlementRun.objects.get(pk=run.pk).payment_list == run.payment_list
    assert checking.check_books(by=None).is_sound


def test_a_second_rotation_finds_nothing_and_a_broken_off_one_goes_on(settings: Settings) -> None:
    for _ in range(5):
        people.a_person()
    settings.FIELD_KEYS = f"{NEWER},{settings.FIELD_KEYS}"

    first = rotation.rotate(chunk=2)
    assert next(first) == ("enrollment_person", 2)
    first.close()
    assert [rows for table, rows in rotation.rotate(chunk=2) if table == "enrollment_person"] == [2, 1]
    assert "没有需要处理的行" in rotated()
    # The table itself needs the former key no more; its history does: one event of making and one of rotating each.
    assert "密钥 1 不能移除：enrollment_personevent.id_number 有 10 行（只增不改" in rotated("--status")

    settings.FIELD_KEYS = NEWER
    assert len(set(Person.objects.values_list("id_number", flat=True))) == 5


def test_a_key_that_went_too_early_is_called_for(settings: Settings) -> None:
    people.a_person()
    settings.FIELD_KEYS = NEWER
    with pytest.raises(BusinessError, match="缺少编号为 1 的字段密钥"):
        list(Person.objects.all())


def test_another_index_key_finds_people_again_once_reindexed(settings: Settings) -> None:
    person = people.a_person()
    settings.FIELD_INDEX_KEY = base64.b64encode(bytes(range(5, 37))).decode()
    assert known.by_id_number(person.id_number) is None

    assert "重算索引 enrollment_person：1 行" in rotated("--reindex")

    assert known.by_id_number(person.id_number) == person


def test_a_value_swapped_with_another_persons_is_found() -> None:
    first, second = people.a_person(), people.a_person()
    call_command("rotate_field_keys", "--verify", stdout=StringIO())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enrollment_person mine SET id_number = other.id_number FROM enrollment_person other"
            " WHERE mine.id = %s AND other.id = %s",
            [first.pk, second.pk],
        )
    with pytest.raises(CommandError, match="有 1 个加密值被改动或调换"):
        call_command("rotate_field_keys", "--verify", stdout=StringIO())


def test_the_application_role_can_rotate(as_application: None) -> None:
    people.a_person()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (settings.APPLICATION_DATABASE["USER"],)
    assert list(rotation.rotate()) == []

"""A plain column becomes an encrypted one, whatever its size, and the old one is gone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations import RunPython

from bureau import walls
from bureau.fields import converting
from bureau.fields.encrypted import EncryptedJSONField, EncryptedTextField, blind_index, decrypt

pytestmark = pytest.mark.django_db


def test_every_row_is_filled_in_chunks_also_with_gaps_and_blanks() -> None:
    text, json = EncryptedTextField(context="t.number"), EncryptedJSONField(context="t.raw")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE plain (id bigint PRIMARY KEY, number text, raw jsonb, number_encrypted bytea,"
            " raw_encrypted bytea, mark bytea)"
        )
        cursor.execute(
            "INSERT INTO plain SELECT n * 3, CASE WHEN n = 5 THEN '' ELSE 'N' || n END, jsonb_build_object('a', n)"
            " FROM generate_series(1, 25) n"
        )
    encoders = {"number": ("number_encrypted", text.to_bytes), "raw": ("raw_encrypted", converting._encoder(json))}

    done = converting.fill("plain", encoders, [converting.Index("mark", "number", "t.number")], chunk=10)

    with connection.cursor() as cursor:
        cursor.execute("SELECT id / 3, number_encrypted, raw_encrypted, mark FROM plain ORDER BY id")
        rows = [(n, *(None if value is None else bytes(value) for value in row)) for n, *row in cursor.fetchall()]
    assert done == len(rows) == 25
    for n, number, raw, mark in rows:
        expected = "" if n == 5 else f"N{n}"
        assert text.to_value(number) == expected
        assert json.to_value(raw) == {"a": n}
        assert mark == (blind_index(expected, "t.number") if expected else None)


def test_a_table_behind_a_wall_is_filled_too() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE walled (id bigint PRIMARY KEY, area_id text, number text, number_encrypted bytea)")
        cursor.execute("INSERT INTO walled VALUES (1, '510704', 'N1')")
        cursor.execute("CALL walls_enclose('walled')")
    step = next(
        step
        for step in converting.encrypting("walled", "walled", {"number": EncryptedTextField(context="t.number")})
        if isinstance(step, RunPython)
    )

    with walls.as_nobody():
        step.code(None, None)

    with connection.cursor() as cursor:
        cursor.execute("SELECT number_encrypted FROM walled")
        assert decrypt(bytes(cursor.fetchone()[0]), "t.number") == "N1"


def test_no_table_keeps_a_plain_column_beside_the_encrypted_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE column_name LIKE %s",
            [f"%{converting.SUFFIX}"],
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'bytea'"
            " AND column_name IN ('id_number', 'phone', 'raw', 'bank_account', 'contact', 'payment_list', 'content')"
            " AND table_name !~ '^(policy|simulation)_|event$'"
        )
        assert cursor.fetchone() == (11,)

"""Hostile bodies at the institutions' interface: whatever comes, a refusal in our shape and never an error of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from bureau.kernel import strict_json
from bureau.kernel.errors import BusinessError
from claims.models import Claim
from tests.claims.api.conftest import Caller
from tests.claims.views.conftest import May

# Not JSON at all, or JSON that two readers understand differently.
NO_JSON: list[bytes] = [
    *(
        text.encode()
        for text in (
            "",
            " ",
            "[",
            "]",
            "{",
            "}",
            "[1",
            "[1,",
            "[1,]",
            "[,1]",
            "[1,,2]",
            "[1 2]",
            "[1:2]",
            '["a":1]',
            '{"a"}',
            '{"a":}',
            '{"a":1,}',
            '{,"a":1}',
            '{"a":1,,"b":2}',
            '{"a" 1}',
            '{"a"::1}',
            "{a:1}",
            "{'a':1}",
            "{1:1}",
            "{null:1}",
            '{"a":1 "b":2}',
            '{"a":1}}',
            '{"a":1}x',
            '{"a":1}{"b":2}',
            "[1]]",
            "[1][2]",
            "nul",
            "NULL",
            "Null",
            "tru",
            "True",
            "False",
            "fals",
            "undefined",
            "nan",
            "NaN",
            "[NaN]",
            "Infinity",
            "-Infinity",
            "[+1]",
            "[+Infinity]",
            "[01]",
            "[-01]",
            "[1.]",
            "[.5]",
            "[-]",
            "[--1]",
            "[1e]",
            "[1e+]",
            "[1.e1]",
            "[0x1F]",
            "[0b1]",
            "[1_000]",
            "[1,000.5.5]",
            "[1e400]",
            "[-1e400]",
            "[１]",
            '["\\x41"]',
            '["\\u12"]',
            '["\\uZZZZ"]',
            '["\\a"]',
            '["\\"]',
            '["a]',
            "['a']",
            '["a\nb"]',
            '["a\tb"]',
            '["a\x01b"]',
            '["\x00"]',
            '["\\u0000"]',
            '["\\ud800"]',
            '["\\udc00\\ud800"]',
            '{"\\ud800":1}',
            '{"\\u0000":1}',
            '{"a":1,"a":2}',
            '{"a":1,"\\u0061":2}',
            '[{"b":[{"c":1,"c":1}]}]',
            "// c\n1",
            "/* c */1",
            "# c\n1",
            "[1]// c",
            "\ufeff{}",
            "\u00a01",
            "\x0c1",
            "\u2028[]",
            "﹛}",
            "<a/>",
            "a=1",
            "--- 1",
            "[" * 9 + "]" * 9,
            '{"a":' * 9 + "1" + "}" * 9,
            "[" + "9" * 41 + "]",
            "[" + "-" + "9" * 5000 + "]",
            '[{"a":1},',
            '[""',
            '["a",',
            "{{}}",
            "[{]}",
            "(1)",
        )
    ),
    b"\xff",
    b"\xff\xfe[\x00]\x00",
    b'["\xed\xa0\x80"]',
    b'["\xc0\xaf"]',
    b'["\xf5\x80\x80\x80"]',
    '["绵阳"]'.encode("gb18030"),
    "{}".encode("utf-16"),
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'["' + b"\\" * 99_999,
    b"[" * 50_000 + b"]" * 50_000,
]
# JSON, and yet no claim file.
NO_FILE: list[Any] = [
    None,
    True,
    0,
    1.5,
    "x",
    [],
    {},
    [[]],
    {"month": "2023-05"},
    {"claims": []},
    {"month": 1, "claims": 1},
]
GOOD = {
    "number": "MZ-1",
    "id_number": "510704197001010012",
    "name": "王芳",
    "service_date": "2023-05-11",
    "care": "outpatient",
    "total": "100.00",
}
WRONG_FIELDS: list[tuple[str, Any]] = [
    ("total", 100),
    ("total", 100.0),
    ("total", "100"),
    ("total", "100.0"),
    ("total", "100.000"),
    ("total", "1e2"),
    ("total", "-1.00"),
    ("total", "+1.00"),
    ("total", "01.00"),
    ("total", "１00.00"),
    ("total", "1,000.00"),
    ("total", " 1.00"),
    ("total", "1.00\n"),
    ("total", "9999999999.00"),
    ("total", True),
    ("total", None),
    ("total", ["1.00"]),
    ("number", 7),
    ("number", ""),
    ("number", "x" * 41),
    ("number", "a\nb"),
    ("number", {"$gt": ""}),
    ("service_date", "11/05/2023"),
    ("service_date", 20230511),
    ("filing", "yes"),
    ("filing", 1),
    ("extra", 1),
    ("__proto__", {}),
]
# Texts that some program somewhere takes for more than a text.
NAUGHTY = (
    "undefined",
    "null",
    "None",
    "NaN",
    "-1/0",
    "0x0",
    "1;DROP TABLE claims_claim",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "%s%s%n",
    "../../etc/passwd",
    "=cmd|'x'!A1",
    "٣٣٣",
    "𠀀𠮷",
    "👨‍👩‍👧‍👦",
    "ﷺ",
    "\u202ertl",
    "\u200b",
    "\ufeff",
    "Z̮̞̠͙͔ͅͅa̗̖l",
    "合计",
    "单据号",
    '"',
    ",",
    ";",
    "\\",
    "'",
)


def said(answer: Any) -> dict[str, str]:
    body = answer.json()
    assert set(body) == {"code", "message", "where"}
    assert body["message"]
    return body


def test_there_are_more_than_a_hundred() -> None:
    assert len(set(NO_JSON)) > 100


@pytest.mark.parametrize("content", NO_JSON, ids=range(len(NO_JSON)))
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(BusinessError, match="json"):
        strict_json.loads(content)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'{"a": [1, -2, 0.5, 1e3, true, null, "\\u7ef5\\u9633"]}', {"a": [1, -2, 0.5, 1000.0, True, None, "绵阳"]}),
        (b' \t\r\n"\\ud840\\udc00" ', "𠀀"),
        (b'"[[[[[[[[[[[["', "[" * 12),
        (b'"\\"[[[[[[[[[["', '"' + "[" * 10),
        (b"[[[[[[[[]]]]]]]]", [[[[[[[[]]]]]]]]),
        (b"[" + b"9" * 40 + b"]", [int("9" * 40)]),
    ],
)
def test_what_is_json_is_read(content: bytes, value: Any) -> None:
    assert strict_json.loads(content) == value


@pytest.mark.django_db
class TestAtTheDoor:
    def test_bodies_that_are_no_json(self, first: Caller, may: May, monkeypatch: pytest.MonkeyPatch) -> None:
        before = Claim.objects.count()
        for content in NO_JSON:
            answer = first.post("claim-files", content)
            assert answer.status_code == 400, content[:60]
            said(answer)
        assert Claim.objects.count() == before

    def test_bodies_that_are_no_claim_file(self, first: Caller, may: May) -> None:
        for body in NO_FILE:
            answer = first.post("claim-files", body)
            assert answer.status_code == 400, body
            said(answer)

    def test_the_place_of_the_fault_is_named(self, first: Caller, may: May) -> None:
        for name, value in WRONG_FIELDS:
            answer = first.post("claim-files", {"month": "2023-05", "claims": [GOOD, {**GOOD, name: value}]})
            assert answer.status_code == 400, (name, value)
            assert said(answer)["where"] == f"claims[1].{name}", (name, value)

    def test_naughty_texts_are_texts(self, first: Caller, may: May) -> None:
        for place, text in enumerate(NAUGHTY):
            for name in ("number", "name", "id_number", "care", "care_area"):
                body = {"month": "2023-05", "claims": [{**GOOD, name: text[:6] if name == "care_area" else text[:18]}]}
                answer = first.post("claim-files", body, once=f"naughty-{place}-{name}")
                assert answer.status_code in (200, 201, 400, 409), (name, text)
                assert "<script>" not in answer.content.decode() or answer["Content-Type"] == "application/json"
            assert first.get("claims", month="2023-05", after=text).status_code == 200
            assert first.get("claims", month=text).status_code == 400
            assert first.get("institution", on=text).status_code == 400

    @pytest.mark.parametrize(
        "kind", ["text/plain", "text/html", "application/x-www-form-urlencoded", "multipart/form-data"]
    )
    def test_other_kinds_of_body(self, first: Caller, may: May, kind: str) -> None:
        headers = {"Authorization": f"Bearer {first.text}", "Idempotency-Key": "key-00000001"}
        answer = first.client.post("/api/v1/claim-files", b"a=1", content_type=kind, headers=headers)
        assert answer.status_code in (400, 415)

    @pytest.mark.parametrize("once", ["", "short", "a b c d e f", "ключ-ключ", "x" * 65])
    def test_an_idempotency_key_is_asked_for(self, first: Caller, may: May, once: str) -> None:
        assert first.post("claim-files", {"month": "2023-05", "claims": [GOOD]}, once=once).status_code == 400

    @pytest.mark.parametrize("asked", ["claims?month=2023-05&month=2023-04", "institution?on=2023-05-01&on=2023-05-01"])
    def test_a_condition_given_twice(self, first: Caller, may: May, asked: str) -> None:
        answer = first.get(asked)
        assert (answer.status_code, said(answer)["code"]) == (400, "api.parameter")

    def test_other_methods_and_tastes(self, first: Caller, may: May) -> None:
        headers = {"Authorization": f"Bearer {first.text}"}
        for method in ("put", "patch", "delete", "options", "head", "trace"):
            assert getattr(first.client, method)("/api/v1/claims", headers=headers).status_code == 405
        page = first.client.get("/api/v1/institution", headers={**headers, "Accept": "text/html"})
        assert (page.status_code, page["Content-Type"]) == (406, "application/json")

    @pytest.mark.parametrize(
        "text", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer ybk_", "Bearer \u00e9", "ybk_00000000_x"]
    )
    def test_odd_keys(self, text: str) -> None:
        answer = Client().get("/api/v1/institution", headers={"Authorization": text})
        assert (answer.status_code, said(answer)["code"]) == (401, "api.key")

    def test_a_body_that_is_too_long_is_not_read(
        self, first: Caller, may: May, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bureau.console.api.MOST_BYTES", 1000)
        answer = first.post("claim-files", json.dumps({"month": "2023-05", "x": "y" * 1000}).encode())
        assert (answer.status_code, said(answer)["code"]) == (413, "api.too_large")

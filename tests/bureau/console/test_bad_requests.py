"""Hostile requests at every address of the portal: whatever is sent, no error of ours, and no lookup that tells digits.

The addresses are those of the URL conf, so a new one is tried without being named here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver

from bureau.console import limits
from bureau.console.model_admin import MASKED, PortalModelAdmin
from bureau.console.names import SearchedByName
from bureau.kernel.terms import Care
from bureau.organization.models import Staff
from bureau.organization.services import institution_keys
from bureau.organization.terms import Duty
from relief.services import rosters
from tests.factories import month, people, relief
from tests.factories.month import Bill

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HOSTILE = (
    "\0",
    "\ud800",
    "1e999999999",
    "9" * 30,
    "([^",
    "'\"--%s%(x)s{0}{{x}}",
    "9999-12-31",
    "2023-13",
    "３３",
    "🀄" * 400,
)


def words(text: str) -> list[str]:
    return text.split()


QUERY = words(
    """
    page month fund kind account stage care code institution source scheme area poor chronic day version verdict
    check accept_shrink next term app_label model_name field_name object_id _to_field _popup _changelist_filters
    q all
    """
)
FORM = words(
    """
    username password code reason q source month area file institution accept_shrink id_number name category
    line full_name office is_active duty valid_from valid_until staff kind level parent digest note
    institution_code old_password new_password1 new_password2 action select_across index _selected_action _save
    _continue _addanother duties-TOTAL_FORMS duties-INITIAL_FORMS form-TOTAL_FORMS
    """
)
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
UPLOAD = (
    b'--x\r\nContent-Disposition: form-data; name="source"\r\n\r\ncivil_affairs\r\n'
    b'--x\r\nContent-Disposition: form-data; name="month"\r\n\r\n2023-05\r\n'
    b'--x\r\nContent-Disposition: form-data; name="area"\r\n\r\n510704\r\n'
    b'--x\r\nContent-Disposition: form-data; name="institution"\r\n\r\nH51070400001\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\0b.xlsx"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\nPK\x03\x04\0\0\0\r\n--x--\r\n"
)
OF_TABLES = ("page", "p", "o", "q", "all", "e", "_to_field", "_popup", "of", "duty", "is_active", "at__year", "at__day")
STAFF = "/admin/organization/staff/"
ROWS_OF = ("staff", "area", "person")
VERBS = words(
    """
    exact startswith regex gt in isnull
    """
)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals need no lines, and no memory for them."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world() -> dict[str, list[str]]:
    """One of most things; what a parameter of an address may be, besides nonsense."""
    month.the_law()
    farmer = people.a_person()
    people.an_enrollment(farmer, valid_from=date(2023, 1, 1))
    hospital = month.a_paid_hospital(code="H51070400001")
    receipt = month.filed(hospital, Bill("1", farmer, "60000.00", Care.INPATIENT), Bill("2", farmer, "x"))
    month.adjudicated()
    run = month.approved(month.settled())
    institution_keys.issue(institution_code=hospital.code, area_code=people.YOUXIAN, by=None)
    clerk = people.a_clerk("relief-fuzz", Duty.RELIEF)
    staged = rosters.stage(
        content=relief.a_roster_file([relief.a_line(people.an_id_number())]),
        file_name="roster.xlsx",
        source="civil_affairs",
        month="2023-05",
        area_code=people.YOUXIAN,
        by=clerk,
    )
    return {
        "batch_id": [str(receipt.batch), str(staged.batch.pk)],
        "person_id": [str(farmer.pk)],
        "staff_id": [str(clerk.pk)],
        "deed": ["pause"],
        "month": [run.month],
        "code": [hospital.code],
        "number": ["1"],
        "line": ["2"],
        "object_id": [str(farmer.pk), people.YOUXIAN],
    }


class Visitor:
    """Somebody who asks for anything, and whose every request is taken back."""

    def __init__(self, name: str, staff: Staff | None) -> None:
        self.name = name
        client = Client()
        if staff is not None:
            client.force_login(staff)
        self.request = RequestFactory().get("/")
        self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}

    def ask(self, path: str, data: dict[str, str] | None = None, *, method: str = "GET") -> Any:
        if method == "POST":
            return self.send("POST", path, encoded(data or {}).encode(), URLENCODED)
        return self.send(method, path, b"", "", QUERY_STRING=encoded(data or {}))

    def send(self, method: str, path: str, body: bytes, kind: str, **head: str) -> Any:
        client = Client(raise_request_exception=False)
        client.cookies = SimpleCookie(self.cookies)
        with transaction.atomic():
            answer = client.generic(method, path, body, content_type=kind, **head)
            transaction.set_rollback(True)
        return answer


def encoded(data: dict[str, str]) -> str:
    """As a browser would write it, were it to send lone surrogates."""
    return "&".join(f"{quote_plus(name)}={quote_plus(value, errors='surrogatepass')}" for name, value in data.items())


@pytest.fixture
def visitors() -> list[Visitor]:
    """With every duty in the city, with one in a county, with none, and not signed in."""
    everything = people.a_clerk("everything", *Duty, area_code="510700")
    return [
        Visitor("everything", everything),
        Visitor("county", people.a_clerk("county", Duty.COUNTER, Duty.RELIEF_CHECK)),
        Visitor("anonymous", None),
    ]


def patterns(resolver: Any = None, before: str = "/") -> Iterator[tuple[str, dict[str, Any]]]:
    for part in (resolver or get_resolver()).url_patterns:
        route = getattr(part.pattern, "_route", None)
        if route is None:
            continue
        if isinstance(part, URLPattern):
            yield before + route, part.pattern.converters
        else:
            yield from patterns(part, before + route)


def filled(route: str, names: Any, values: dict[str, str]) -> str:
    for name in names:
        for form in (f"<path:{name}>", f"<int:{name}>", f"<str:{name}>", f"<slug:{name}>"):
            route = route.replace(form, values[name])
    return route


def real(route: str, names: Any, world: dict[str, list[str]]) -> list[str]:
    """The address with parameters that exist."""
    most = max((len(world.get(name, ["1"])) for name in names), default=1)
    choices = [
        {name: world.get(name, ["1"])[turn % len(world.get(name, ["1"]))] for name in names} for turn in range(most)
    ]
    return [filled(route, names, choice) for choice in choices]


def failures(answers: Iterator[tuple[str, Any]]) -> list[str]:
    return [f"{answer.status_code} {said}" for said, answer in answers if answer.status_code >= 500]


def routes() -> Iterator[tuple[str, Any]]:
    """Every address; the pages of one row only for some tables."""
    return ((route, names) for route, names in patterns() if "object_id" not in names or route.split("/")[3] in ROWS_OF)


def doors(world: dict[str, list[str]]) -> Iterator[str]:
    """The same with parameters that exist."""
    for route, names in routes():
        yield from real(route, names, world)


def test_no_query_brings_the_portal_down(world: dict[str, list[str]], visitors: list[Visitor]) -> None:
    def answers() -> Iterator[tuple[str, Any]]:
        for path in doors(world):
            for value in HOSTILE:
                for visitor in visitors if value == "([^" else visitors[:1]:
                    yield f"{visitor.name} {path} {value[:20]!r}", visitor.ask(path, dict.fromkeys(QUERY, value))

    assert failures(answers()) == []


def test_no_parameter_of_a_table_brings_it_down(world: dict[str, list[str]], visitors: list[Visitor]) -> None:
    def answers() -> Iterator[tuple[str, Any]]:
        for model, of in admin.site._registry.items():
            table = table_of(model)
            offered = of._filters_offered(visitors[0].request) if isinstance(of, PortalModelAdmin) else set()
            lookups = [f"{name}__{verb}" for name in offered for verb in ("exact", "gte", "year")]
            for name in (*OF_TABLES, *sorted(offered), *sorted(lookups)):
                for value in ("9" * 30, "9999"):
                    yield f"{table} {name}={value}", visitors[0].ask(table, {name: value})
        log = "/admin/trail/actionlog/"
        yield "the last month of time", visitors[0].ask(log, {"at__year": "9999", "at__month": "12"})

    assert failures(answers()) == []


def test_nothing_masked_can_be_asked_for_in_a_table(world: dict[str, list[str]], visitors: list[Visitor]) -> None:
    told = []
    for model in admin.site._registry:
        for path in masked_paths(model):
            for lookup in (path, *(f"{path}__{verb}" for verb in VERBS)):
                answer = visitors[0].ask(table_of(model), {lookup: "5107"})
                if answer.status_code != 400:
                    told.append(f"{answer.status_code} {table_of(model)}?{lookup}")
    assert told == []


def masked_paths(model: Any) -> list[str]:
    """The masked columns of a table and of those that it points to."""
    columns = {field.name: field for field in model._meta.get_fields()}
    pointed = {name: field.related_model for name, field in columns.items() if field.many_to_one}
    own = [name for name in columns if name in MASKED]
    return own + [
        f"{name}__{field.name}"
        for name, other in pointed.items()
        for field in other._meta.fields
        if field.name in MASKED
    ]


def test_a_table_is_not_filtered_by_what_it_does_not_offer(visitors: list[Visitor]) -> None:
    table = "/admin/enrollment/person/"
    assert visitors[0].ask(table, {"gender__exact": "male"}).status_code == 200
    for lookup in ("name__startswith", "born_on__gte", "area__name__regex", "enrollments__area__name", "id__in"):
        assert visitors[0].ask(table, {lookup: "1"}).status_code == 400, lookup


def test_tables_neither_find_nor_sort_by_what_is_masked(world: dict[str, list[str]]) -> None:
    for model_admin in admin.site._registry.values():
        found = model_admin.get_search_fields(None)  # type: ignore[arg-type]
        assert not [name for name in found if name.rpartition("__")[2].lstrip("=^@") in MASKED]
        # What is searched stands in the address, but for names of people.
        is_by_name = "person__name" in found or model_admin.opts.label == "enrollment.Person"
        assert is_by_name == isinstance(model_admin, SearchedByName)
    person_admin = next(of for model, of in admin.site._registry.items() if model._meta.label == "enrollment.Person")
    column = person_admin.get_list_display(None)[1]  # type: ignore[arg-type]
    assert column.__name__ == "id_number"
    assert not hasattr(column, "admin_order_field")


def test_no_form_brings_the_portal_down(world: dict[str, list[str]], visitors: list[Visitor]) -> None:
    def answers() -> Iterator[tuple[str, Any]]:
        for path in doors(world):
            for value in HOSTILE:
                form = dict.fromkeys(FORM, value)
                yield f"POST {path} {value[:20]!r}", visitors[0].ask(path, form, method="POST")
            yield f"POST {path} file", visitors[0].send("POST", path, UPLOAD, MULTIPART)

    assert failures(answers()) == []


BODIES = (
    ("application/json", b"[" * 100_000),
    ("application/json", b'{"a": NaN, "a": 1e400}'),
    ("text/xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\n\0'),
    ("multipart/form-data; boundary=" + "x" * 300, b"--"),
    ("multipart/form-data; boundary=\xff", b"--"),
    ("application/x-www-form-urlencoded; charset=hex", b"q=1"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"q=1"),
    ("application/x-www-form-urlencoded; charset=undefined", b"q=1"),
    ("application/x-www-form-urlencoded", b"q=%ed%a0%80%ff%fe"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2000))),
    ("application/x-www-form-urlencoded", b"q=" + b"x" * 3_000_000),
    ("", b"\0\xff"),
)


def test_no_body_type_or_method_brings_the_portal_down(world: dict[str, list[str]], visitors: list[Visitor]) -> None:
    def answers() -> Iterator[tuple[str, Any]]:
        # The tables share one base: what becomes of a body is tried at one of them.
        paths = [path for path in doors(world) if not path.startswith("/admin/") or path.startswith(STAFF)]
        for path in paths:
            for kind, body in BODIES:
                yield f"{kind} {path}", visitors[0].send("POST", path, body, kind)
            for method in ("HEAD", "OPTIONS", "PUT", "ABSURD"):
                yield f"{method} {path}", visitors[0].send(method, path, b"x", "text/plain")

    assert failures(answers()) == []


def test_no_address_brings_the_portal_down(visitors: list[Visitor]) -> None:
    wrong = ("%00", "_00", "9" * 30, "9" * 5000, "%ff", "2023-99", "a" * 3000)

    def answers() -> Iterator[tuple[str, Any]]:
        for route, names in routes():
            for value in wrong if names else ():
                path = filled(route, names, dict.fromkeys(names, value))
                yield path[:80], visitors[0].send("GET", path, b"", "")
                yield (
                    f"POST {path[:80]}",
                    visitors[0].send("POST", path, b"reason=x", "application/x-www-form-urlencoded"),
                )

    assert failures(answers()) == []


@pytest.mark.parametrize(
    "head",
    [
        {"HTTP_COOKIE": 'sessionid="\\000abc"'},
        {"HTTP_COOKIE": "sessionid=" + "x" * 4000},
        {"HTTP_COOKIE": 'csrftoken="\\000"; messages="\\000"'},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "\0"},
        {"HTTP_X_FORWARDED_FOR": "x, \0, ::ffff:::, 999.1.1.1"},
        {"HTTP_ACCEPT_LANGUAGE": "\0;q=1e999"},
        {"HTTP_IF_MODIFIED_SINCE": "Mon, 99 Foo 99999 99:99:99 GMT"},
        {"HTTP_RANGE": "bytes=-9999999999999999999999"},
        {"HTTP_REFERER": "\0"},
        {"REMOTE_ADDR": ""},
        {"QUERY_STRING": "&".join(f"a{number}=1" for number in range(2000))},
        {"QUERY_STRING": "q=%00"},
        {"QUERY_STRING": "%00=q"},
        {"QUERY_STRING": "%ff%fe=%ed%a0%80&&&===;;"},
    ],
    ids=str,
)
def test_no_head_brings_the_portal_down(head: dict[str, str]) -> None:
    client = Client(raise_request_exception=False)
    for path in ("/", "/login/", "/people/", "/admin/enrollment/person/", "/static/portal/base.css", "/nowhere/"):
        for method in ("GET", "POST"):
            assert client.generic(method, path, **head).status_code < 500, (method, path)


class TestTheRefusal:
    def test_is_said_in_chinese_and_bears_our_policy(self, visitors: list[Visitor]) -> None:
        answer = visitors[0].ask("/people/", {"page": "\0"})

        assert answer.status_code == 400
        assert "请求有误，没有办理" in answer.content.decode()
        assert "default-src 'self'" in answer["Content-Security-Policy"]

    def test_comes_in_chinese_for_what_django_refuses_too(self, visitors: list[Visitor]) -> None:
        answer = visitors[0].ask("/admin/enrollment/person/", {"name__regex": "("})

        assert answer.status_code == 400
        assert "请求有误，没有办理" in answer.content.decode()

    def test_of_a_wrong_method_says_what_to_do(self, visitors: list[Visitor]) -> None:
        answer = visitors[0].ask("/logout/")

        assert answer.status_code == 405
        assert answer["Allow"] == "POST"
        assert "须在页面上按按钮办理" in answer.content.decode()

    @pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "PATCH", "DELETE", "CONNECT", "TRACK"])
    def test_of_a_method_that_no_page_has(self, visitors: list[Visitor], method: str) -> None:
        for path in ("/", "/login/", "/people/", "/admin/enrollment/person/", "/static/portal/base.css", "/healthz"):
            answer = visitors[0].send(method, path, b"", "", HTTP_COOKIE="secret=canary")
            assert (answer.status_code, answer["Allow"][:9]) == (405, "GET, HEAD"), path
            assert "canary" not in b"".join(answer).decode()

    def test_of_a_body_beyond_every_file_comes_before_it_is_read(self) -> None:
        """The body is never there: whoever read it would find out."""
        answer = Client().generic("POST", "/relief/rosters/new/", b"", MULTIPART, CONTENT_LENGTH=str(21 * 1024**2 + 1))

        assert answer.status_code == 413
        assert "文件不得超过 20 MB" in answer.content.decode()

    def test_does_not_repeat_what_was_sent(
        self, visitors: list[Visitor], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Here the database refuses: the words of its refusal hold what was sent."""

        def ask_for_an_absurd_number(*_: Any) -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s::int", ["510704199001010018"])

        logging.disable(logging.NOTSET)
        monkeypatch.setattr("bureau.console.waiting.for_request", ask_for_an_absurd_number)

        answer = visitors[0].ask("/")

        assert answer.status_code == 400
        assert "超出了系统能够处理的范围" in answer.content.decode()
        assert "510704199001010018" not in answer.content.decode() + caplog.text
        assert "refused as absurd: DataError at portal:home" in caplog.text


def test_every_file_that_leaves_is_counted(world: dict[str, list[str]], visitors: list[Visitor]) -> None:
    """A view that hands out a file and has no limit is found here."""
    free = []
    for route, names in patterns():
        for path in real(route, names, world):
            for method in ("GET", "POST"):
                answer = visitors[0].ask(path, method=method)
                if "attachment" in answer.headers.get("Content-Disposition", ""):
                    request = answer.wsgi_request
                    if limits.limit_of(request, request.resolver_match.view_name) is not limits.DOWNLOAD:
                        free.append(f"{method} {route}")
    assert free == []


def table_of(model: Any) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"

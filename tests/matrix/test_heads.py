"""What every answer bears, whoever asks and whatever becomes of it: orders to the browser, a kind, no third cookie."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.contrib.staticfiles import finders

from bureau.organization.terms import Duty
from tests.matrix import doors
from tests.matrix.city import City
from tests.matrix.judging import said
from tests.matrix.visits import Answer, Guests, Visitor

POLICY = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'")
TEXT = r"(text/[a-z]+|image/svg\+xml); charset=\"?utf-8\"?"
KIND = re.compile(rf"{TEXT}|application/json|font/woff2?|image/(png|gif)")
FILE = re.compile(r"application/vnd\.openxmlformats-officedocument\.spreadsheetml\.sheet|text/csv; charset=utf-8")
LINKS = re.compile(r"\s(?:href|src|action|formaction|data-live|data-check)=\"([^\"]*)\"")
COOKIES = re.compile(r"Set-Cookie: (\w+)=")


def of_heads(answer: Answer, where: str) -> Iterator[str]:
    heads = answer.headers
    policy = heads.get("Content-Security-Policy", "")
    yield from (f"{where}: without {part}" for part in POLICY if part not in policy)
    if "unsafe" in policy or "*" in policy:
        yield f"{where}: policy is open"
    if heads.get("X-Content-Type-Options") != "nosniff":
        yield f"{where}: kind may be guessed"
    if heads.get("Referrer-Policy") != "same-origin":
        yield f"{where}: its address may leave"
    if any(name.startswith("Access-Control-") for name in heads):
        yield f"{where}: opened to other origins"
    kind = heads.get("Content-Type", "")
    if answer.body and not KIND.fullmatch(kind) and not FILE.fullmatch(kind):
        yield f"{where}: kind is {kind!r}"
    leaves = heads.get("Content-Disposition", "").startswith("attachment; filename")
    if bool(FILE.fullmatch(kind)) != leaves:
        yield f"{where}: a file that does not leave as one, or the other way round"
    if kind.startswith("text/html"):
        # To addresses of our own, within the page, or with another query: nothing that was typed leads anywhere.
        elsewhere = [link for link in LINKS.findall(answer.text) if link and not re.match(r"/(?![/\\])|[?#]", link)]
        yield from (f"{where}: leads to {link!r}" for link in elsewhere[:3])
    third = set(COOKIES.findall(heads["cookies"])) - {"sessionid", "csrftoken"}
    if third:
        yield f"{where}: sets {sorted(third)}"
    for cookie in heads["cookies"].splitlines():
        is_taken_back = "Max-Age=0" in cookie
        if not is_taken_back and ("HttpOnly" not in cookie or "SameSite=Lax" not in cookie):
            yield f"{where}: a cookie for scripts or for other origins"


def of_all(city: City, visitor: Visitor) -> Iterator[str]:
    for door in doors.doors(city):
        for method in ("GET", "POST"):
            answer = visitor.get(door.path) if method == "GET" else visitor.post(door.path)
            where = f"{visitor} {method} {door.path} {answer.status}"
            yield from of_heads(answer, where)
            session = visitor.cookies.partition("sessionid=")[2].partition(";")[0]
            if session and session.encode() in answer.body:
                yield f"{where}: the page holds the session's key"


def test_every_answer_bears_the_policy_and_says_what_it_is(city: City, guests: Guests) -> None:
    found = [*of_all(city, guests.of(*Duty, place="C")), *of_all(city, guests.nobody())]

    assert not found, said(found)


def test_every_static_file_does_too(city: City, guests: Guests) -> None:
    anybody = guests.nobody()
    paths = [path for finder in finders.get_finders() for path, _ in finder.list(["*.txt", "*.md", "LICENSE*"])]

    found = [
        finding
        for path in paths
        if (answer := anybody.get(f"/static/{path}")).status == 200
        for finding in of_heads(answer, f"/static/{path}")
    ]

    assert len(paths) > 20
    assert not found, said(found)


def test_what_is_refused_before_any_view_does_too(city: City, guests: Guests) -> None:
    anybody = guests.nobody()
    answers = {
        "an unknown host": anybody.send("GET", "/login/", HTTP_HOST="evil.example"),
        "half a character": anybody.send("GET", "/login/", QUERY_STRING="next=%00"),
        "no form": anybody.send("POST", "/login/", b"x", "multipart/form-data; boundary=\xff"),
        "an unknown static file": anybody.get("/static/nowhere.css"),
        "a folder": anybody.get("/static/portal/"),
        "the folder of versions": anybody.get("/.git/config"),
    }

    found = [finding for where, answer in answers.items() for finding in of_heads(answer, where)]

    assert not found, said(found)
    assert {where: answer.status for where, answer in answers.items()} == {
        "an unknown host": 400,
        "half a character": 400,
        "no form": 400,
        "an unknown static file": 404,
        "a folder": 404,
        "the folder of versions": 404,
    }

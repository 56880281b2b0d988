"""Who asks and what comes back: visitors by duty and place, each of whose requests is taken back at its end."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, ClientHandler, RequestFactory, encode_multipart

from bureau.organization.terms import Duty
from tests.factories import people
from tests.matrix.city import PLACES, SEEN, TOKEN, WORD, City

URLENCODED = "application/x-www-form-urlencoded"
# What a request may write although nothing is done: that it was made.
OF_REQUESTS = ("django_session", "organization_tally", "trail_actionlog", "trail_readrecord")
# How many requests each kind of test has made in this process.
ASKED: Counter[str] = Counter()


@dataclass(frozen=True)
class Answer:
    """A response with what it was an answer to."""

    status: int
    headers: dict[str, str]
    body: bytes
    written: frozenset[str]

    @cached_property
    def text(self) -> str:
        """What a browser gets: head and body, archives unpacked; without tokens, which by chance spell canaries."""
        head = "\n".join(f"{name}: {value}" for name, value in self.headers.items())
        return _TOKENS.sub("", f"{head}\n{_opened(self.body)}")


# Of forms and of their cookie, and the numbers of sessions.
_TOKENS = re.compile(r'(?<=csrfmiddlewaretoken" value=")\w+|(?<=csrftoken=)\w+|(?<=sessionid=)\w+')


def _opened(body: bytes) -> str:
    if not body.startswith(b"PK\x03\x04"):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


class Visitor:
    """Somebody with a session, or with an institution's key; what the city may show is known by the place."""

    def __init__(
        self, city: City, *, name: str, place: str, staff: Any = None, cookies: str = "", key: str = ""
    ) -> None:
        self.city, self.name, self.place, self.staff, self.cookies, self.key = city, name, place, staff, cookies, key
        self.sees = SEEN.get(place, "")
        self._factory, self._handler = RequestFactory(), ClientHandler(enforce_csrf_checks=False)

    def __repr__(self) -> str:
        return self.name

    def get(self, path: str, query: dict[str, str] | None = None) -> Answer:
        path, _, asked = path.partition("?")
        return self.send("GET", path, QUERY_STRING=urlencode(query) if query else asked)

    def post(self, path: str, data: dict[str, Any] | None = None) -> Answer:
        """A form, sent and taken back."""
        with transaction.atomic():
            answer = self.post_and_keep(path, data)
            transaction.set_rollback(True)
        return answer

    def post_and_keep(self, path: str, data: dict[str, Any] | None = None) -> Answer:
        """A form as a browser sends it; with a file in it, as multipart."""
        data = data or {}
        if any(hasattr(value, "read") for value in data.values()):
            return self.ask("POST", path, encode_multipart(BOUNDARY, data), MULTIPART_CONTENT)
        return self.ask("POST", path, urlencode(data, doseq=True).encode(), URLENCODED)

    def send(self, method: str, path: str, body: bytes = b"", kind: str = "", **head: str) -> Answer:
        """Ask, look at what was written, take it back."""
        with transaction.atomic():
            answer = self.ask(method, path, body, kind, **head)
            transaction.set_rollback(True)
        return answer

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "", **head: str) -> Answer:
        """Ask, and let what was done stand."""
        ASKED[method] += 1
        if self.cookies:
            head["HTTP_COOKIE"] = self.cookies
        if self.key:
            head["HTTP_AUTHORIZATION"] = f"Bearer {self.key}"
        written: set[str] = set()
        request = self._factory.generic(method, path, body, content_type=kind or "application/octet-stream", **head)
        with connection.execute_wrapper(_noting(written)):
            response = self._handler(request.environ)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        headers = {name: str(value) for name, value in response.headers.items()}
        headers["cookies"] = str(response.cookies)
        return Answer(response.status_code, headers, content, frozenset(written))

    def may_not_see(self, answer: Answer, *, asked: str = "", only_walled: bool = False) -> set[str]:
        """The canaries of places beyond this person's in an answer; what was asked with does not count.

        `only_walled`: without those of tables that the database shows to all staff.
        """
        text, city = answer.text, self.city
        tokens = {token for token in TOKEN.findall(text) if token[5] not in self.sees}
        words = {word for word in city.words.keys() & WORD.findall(text) if city.words[word] not in self.sees}
        if only_walled:
            tokens, words = tokens - city.shared_tokens, words - city.shared_words
        return {found for found in tokens | words if found not in asked}

    def whole_numbers(self, answer: Answer) -> set[str]:
        """Unmasked ID numbers of anybody."""
        return {number for number in self.city.whole_ids if number in answer.text}


def _noting(written: set[str]) -> Callable[..., Any]:
    """Which tables statements write, by their own words."""

    def note(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        words = str(sql).split(None, 3)
        verb = words[0].upper() if words else ""
        if verb in ("INSERT", "DELETE", "COPY"):
            written.add(words[2].strip('"'))
        elif verb == "UPDATE":
            written.add(words[1].strip('"'))
        elif verb == "WITH" or "enrollment_open" in str(sql):
            written.add(verb.lower())
        return execute(sql, params, many, context)

    return note


class Guests:
    """Visitors, made when they are first asked for and signed in without a password being hashed."""

    def __init__(self, city: City) -> None:
        self.city = city

    def of(self, *duties: Duty, place: str, name: str = "") -> Visitor:
        """Somebody with these duties at a place."""
        name = name or f"{'+'.join(duties) if len(duties) < 3 else 'everything'}-{place}"
        staff = get_user_model().objects.filter(username=name).first()
        if staff is None:
            staff = people.a_clerk(name, *duties, area_code=PLACES[place])
        return self.signed_in(staff, name=name, place=place)

    def signed_in(self, staff: Any, *, name: str, place: str) -> Visitor:
        client = Client()
        client.force_login(staff)
        cookies = "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items())
        return Visitor(self.city, name=name, place=place, staff=staff, cookies=cookies)

    def nobody(self) -> Visitor:
        """Not signed in."""
        return Visitor(self.city, name="anonymous", place="")

    def suspended(self) -> Visitor:
        """Signed in when the account ended."""
        account = get_user_model().objects.filter(username="suspended")
        staff = account.first() or people.a_clerk("suspended", Duty.FINANCE, area_code=PLACES["C"])
        visitor = self.signed_in(staff, name="suspended", place="")
        account.update(is_active=False)
        visitor.staff = None
        return visitor

    def by_key(self, place: str) -> Visitor:
        """With the key of this place's institution, which sees its own alone."""
        visitor = Visitor(self.city, name=f"key-{place}", place=place, key=self.city.secrets[place])
        visitor.sees = place
        return visitor

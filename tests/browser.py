"""The portal in a real Chromium: a server of its own on a throwaway database, and a watchful eye on every page.

Playwright keeps an event loop on this thread while a page is open, and Django refuses its ORM beside one (decision 22):
arrange before `browse`, look afterwards, or ask through `portal.meanwhile`.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

from bureau import walls
from bureau.launcher.crew import Crew
from bureau.launcher.portal import start_web

if TYPE_CHECKING:
    from bureau.organization.models import Staff
    from tests.conftest import ThrowawayDatabase

CHECKOUT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}",
]
# Chromium's own words, as on a button to choose a file, follow the environment and not the page.
ENVIRONMENT: dict[str, str | float | bool] = {**os.environ, "LANGUAGE": "zh_CN"}
SCREEN = {"width": 1366, "height": 768}
GRAVE = {"serious", "critical"}
Answer = TypeVar("Answer")


class Watch:
    """Notes whatever no page of ours may do: break its policy, err, ask another host, fail inside."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.home = urlsplit(address).netloc
        self.complaints: list[str] = []
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"error in a script: {error.error}"))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self.home:
            self.complaints.append(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} from {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        """Chromium calls a refused page (403, 404) an error too, which is the test's matter, and a missing favicon."""
        address = message.location["url"]
        is_expected = address.endswith("/favicon.ico") or (message.page is not None and address == message.page.url)
        if message.type == "error" and not (is_expected and message.text.startswith("Failed to load resource")):
            self.complaints.append(f"console: {message.text}")


class Portal:
    """A running server and the browser that visits it."""

    def __init__(self, address: str, program: str) -> None:
        self.address = address
        self.program = program

    @contextmanager
    def browse(self, by: Staff | None = None, **options: Any) -> Iterator[Page]:
        """A page in a fresh browser, signed in as `by`; at the end nothing may have gone wrong behind the scenes."""
        cookies = self._signed_in(by) if by else []
        connection.close()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=self.program, args=FLAGS, env=ENVIRONMENT)
            context = browser.new_context(base_url=self.address, locale="zh-CN", viewport=SCREEN, **options)
            context.add_cookies(cookies)
            watch = Watch(context, self.address)
            yield context.new_page()
            browser.close()
        if watch.complaints:
            raise AssertionError("behind the page: " + "; ".join(watch.complaints))

    def meanwhile(self, ask: Callable[[], Answer]) -> Answer:
        """Ask the database while a page is open."""

        @walls.as_system()
        def asked() -> Answer:
            try:
                return ask()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asked).result()

    def _signed_in(self, by: Staff) -> list[Any]:
        client = Client()
        client.force_login(by)
        name = settings.SESSION_COOKIE_NAME
        return [{"name": name, "value": client.cookies[name].value, "url": self.address}]


def grave_findings(page: Page) -> list[str]:
    """What axe finds serious or worse on the page as it stands."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_load_state("load")
    # Loading imported sheets beforehand would add inline styles, which our policy refuses and the watch reports.
    found = Axe().run(page, options={"preload": False}).response["violations"]
    return [
        f"{finding['id']}: {finding['help']} ({', '.join(str(node['target']) for node in finding['nodes'][:3])})"
        for finding in found
        if finding["impact"] in GRAVE
    ]


def find_chromium() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; without it a test is skipped, or fails where REQUIRE_BROWSER is set."""
    program = find_chromium()
    if program is None:
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip)("Chromium is not installed")
    return program


@pytest.fixture
def portal(chromium: str, throwaway_database: ThrowawayDatabase, tmp_path: Path) -> Iterator[Portal]:
    """The portal as users meet it: gunicorn, the application's database role, strict policy, static files."""
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
    with Crew(CHECKOUT, throwaway_database.environment, logs=tmp_path / "log") as crew:
        start_web(crew, HOST, port, workers=1)
        yield Portal(f"http://{HOST}:{port}", chromium)

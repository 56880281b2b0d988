"""`make screens`: the pictures of docs/screens/, taken of the demo city in a real Chromium."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from bureau.demo.staff import PASSWORD
from bureau.kernel.errors import BusinessError
from bureau.launcher import portal, services
from bureau.launcher.crew import Crew
from tests.browser import CHECKOUT, ENVIRONMENT, FLAGS, HOST, SCREEN, find_chromium

FOLDER = CHECKOUT / "docs" / "screens"


@dataclass(frozen=True, slots=True)
class Screen:
    """A picture: who looks, where, and through the first link from there whose address is of this form."""

    name: str
    account: str
    path: str
    through: str = ""
    is_whole: bool = False


SCREENS = (
    Screen("roster", "relief-youxian", "/relief/rosters/", through=r"/relief/rosters/\d+/"),
    Screen("claim", "review1-youxian", "/claims/?care=inpatient", through=r"/claims/H.+/", is_whole=True),
    Screen("settlement", "finance-city", "/settlement/2023-05/"),
)


def main() -> None:
    """All of them, or those that are named."""
    wanted = [screen for screen in SCREENS if screen.name in sys.argv[1:] or len(sys.argv) == 1]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS, env=ENVIRONMENT)
        for screen in wanted:
            take(browser, address, screen)
            print(f"docs/screens/{screen.name}.png")  # noqa: T201


@contextmanager
def served() -> Iterator[str]:
    """The portal on the demo's data."""
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
    with services.using(CHECKOUT), Crew(CHECKOUT, os.environ) as crew:
        try:
            crew.run(sys.executable, "manage.py", "demo_summary", captured=True)
        except BusinessError as error:
            raise SystemExit("make demo SERVE=no builds the city that is shown; run it first.") from error
        portal.start_web(crew, HOST, port)
        yield f"http://{HOST}:{port}"


def take(browser: Browser, address: str, screen: Screen) -> None:
    context = browser.new_context(base_url=address, locale="zh-CN", viewport=SCREEN)
    page = context.new_page()
    sign_in(page, screen.account)
    page.goto(screen.path)
    if screen.through:
        links = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        page.goto(next(link for link in links if link and re.fullmatch(screen.through, link)))
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{screen.name}.png", full_page=screen.is_whole)
    context.close()


def sign_in(page: Page, account: str) -> None:
    page.goto("/login/")
    page.get_by_label("用户名").fill(account)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_label("密码").press("Enter")
    page.wait_for_url("**/")


if __name__ == "__main__":
    main()

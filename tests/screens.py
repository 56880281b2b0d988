"""`make screens`: pictures of the demo city for the README, at the size of an office screen."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import django

CHECKOUT = Path(__file__).resolve().parents[1]
PICTURES = CHECKOUT / "docs" / "screens"
HOST = "127.0.0.1"
SCREEN = {"width": 1366, "height": 768}
LARGEST = 300 * 1024


def main() -> None:
    """Build the city if there is none, start the portal beside it, and walk to three pages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings.local")
    subprocess.run([sys.executable, "manage.py", "demo", "--serve", "no"], cwd=CHECKOUT, check=True)
    django.setup()
    from bureau import walls
    from bureau.launcher import services
    from bureau.launcher.crew import Crew
    from bureau.launcher.portal import start_web

    with services.using(CHECKOUT), socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        with walls.as_system():
            pages = {
                "home": ("finance-city", "/"),
                "claim": ("review1-youxian", _claim()),
                "roster": ("relief-youxian", _roster()),
            }
        server.close()
        with Crew(CHECKOUT, os.environ) as crew:
            start_web(crew, HOST, port, workers=1)
            _shoot(f"http://{HOST}:{port}", pages)


def _claim() -> str:
    """Of Youxian, a stay that the pool, major illness and relief all paid for; else the dearest one."""
    from django.urls import reverse

    from claims.models import Claim

    of_youxian = Claim.objects.filter(area__code__startswith="510704", adjudications__pooled__gt=0)
    claim = of_youxian.order_by(
        "-adjudications__assistance", "-adjudications__major_illness", "-total", "number"
    ).select_related("institution")[0]
    return reverse("claims:claim", args=[claim.institution.code, claim.number])


def _roster() -> str:
    """The roster with rows in error."""
    from django.urls import reverse

    from bureau.trail.models import ImportBatch

    batch = ImportBatch.objects.filter(kind="roster", stage="has_errors").order_by("pk").defer("content")[0]
    return reverse("relief:roster", args=[batch.pk])


def _shoot(portal: str, pages: dict[str, tuple[str, str]]) -> None:
    from playwright.sync_api import sync_playwright

    from bureau.demo.staff import PASSWORD
    from tests.browser import FLAGS, PROGRAMS

    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for name, (username, address) in pages.items():
            page = browser.new_context(base_url=portal, locale="zh-CN", viewport=SCREEN).new_page()
            page.goto("/login/")
            page.get_by_label("用户名").fill(username)
            page.get_by_label("密码").fill(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(f"{portal}/")
            page.goto(address)
            # The claim's picture shows its waterfall, which stands below the bill.
            for heading in page.get_by_role("heading", name="待遇计算").all():
                heading.evaluate("heading => scrollTo(0, heading.getBoundingClientRect().top - 72)")
            path = PICTURES / f"{name}.png"
            page.screenshot(path=path)
            if path.stat().st_size > LARGEST:
                raise SystemExit(f"{path.name} is larger than {LARGEST // 1024} KB")
            sys.stdout.write(f"{path.relative_to(CHECKOUT)} {path.stat().st_size // 1024} KB\n")
        browser.close()


if __name__ == "__main__":
    main()

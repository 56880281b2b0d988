"""The watch over pages notices what it should: a browser test that cannot fail proves nothing."""

from __future__ import annotations

import pytest

from bureau.organization.models import Area
from tests.browser import Portal, grave_findings


def test_a_plain_page_is_served_and_nothing_is_amiss(portal: Portal) -> None:
    with portal.browse() as page:
        page.goto("/healthz")
        assert page.inner_text("body").strip() == "ok"


def test_the_database_can_be_asked_while_a_page_is_open(portal: Portal) -> None:
    with portal.browse() as page:
        page.goto("/healthz")
        portal.meanwhile(lambda: Area.objects.create(code="510700", name="绵阳市", level="city"))
        assert portal.meanwhile(Area.objects.count) == 1
    assert Area.objects.count() == 1


@pytest.mark.parametrize(
    ("deed", "complaint"),
    [
        ("fetch('http://elsewhere.example/').catch(() => 0)", "Content Security Policy"),
        ("location.href = 'http://elsewhere.example/'", "another host"),
        ("console.error('broken')", "console: broken"),
        ("setTimeout(() => { throw new Error('late') })", "error in a script"),
        ("document.head.append(Object.assign(document.createElement('script'), {text: 'window.x = 1'}))", "console"),
    ],
)
def test_a_misdeed_behind_the_page_fails_the_test(portal: Portal, deed: str, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint), portal.browse() as page:
        page.goto("/healthz")
        page.evaluate(f"() => {{ {deed} }}")
        page.wait_for_timeout(200)


def test_axe_finds_a_picture_without_words(portal: Portal) -> None:
    with portal.browse() as page:
        page.goto("/healthz")
        page.evaluate("() => document.body.append(document.createElement('img'))")
        assert any(finding.startswith("image-alt") for finding in grave_findings(page))

"""From a number of the calculation to the clause behind it, as the law stood when the claim was computed."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.test import Client

from bureau.organization.models import Staff
from tests.claims.views.conftest import May
from tests.factories import month

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/policy/documents/[^"]+)"')


@pytest.mark.parametrize("address", ["/claims/H51078100002/ZY-1/", "/claims/sheet/H51078100002/ZY-1/"])
def test_every_place_of_the_waterfall_opens_its_clause(
    may: May, signed_in: Callable[[Staff], Client], address: str
) -> None:
    client = signed_in(month.an_accountant())
    links = {html.unescape(link) for link in LINK.findall(client.get(address).content.decode())}
    sha256 = month.the_law().sha256

    # Ratio and deductible of the level, cap, major illness with its tilt, relief: five clauses of two documents.
    assert sorted(link.partition("#")[2] for link in links) == [
        "clause-cap",
        "clause-major",
        "clause-major_tilt",
        "clause-relief",
        "clause-upper",
    ]
    for link in links:
        assert f"?release={sha256[:12]}&on=2023-05-21#" in link
        page = client.get(link.partition("#")[0]).content.decode()
        assert f'id="{link.partition("#")[2]}"' in page

"""Which address is believed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from bureau.console.addresses import address_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "2.2.2.2", "2.2.2.2"),
        (1, "9.9.9.9, 2.2.2.2", "2.2.2.2"),
        (2, "9.9.9.9, 2.2.2.2, 3.3.3.3", "2.2.2.2"),
        (2, "3.3.3.3", "10.0.0.1"),
        (1, "9.9.9.9, nonsense", "unknown"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "::ffff:2.2.2.2", "2.2.2.2"),
    ],
)
def test_what_our_own_proxies_saw(settings: Any, proxies: int, forwarded: str, address: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request) == address

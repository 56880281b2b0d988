"""Where a request came from, as far as it can be believed, and by which kind of browser, as it says."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# The first that fits: most browsers name others too.
_BROWSERS = (("Edg", "Edge"), ("QIHU", "360"), ("QQBrowser", "QQ 浏览器"), ("Firefox", "Firefox"), ("Chrome", "Chrome"))
_SYSTEMS = (("Windows", "Windows"), ("Android", "安卓"), ("iPhone", "iPhone"), ("Mac OS", "macOS"), ("Linux", "Linux"))


def address_of(request: HttpRequest) -> str:
    """The address that the outermost of our own proxies saw; what a caller adds before it is not believed.

    Of an IPv6 address the network counts, since every house has millions of them.
    """
    said = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    proxies: int = settings.TRUSTED_PROXIES
    text = said[-proxies] if 0 < proxies <= len(said) and said[-proxies] else request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ip_network((address, 64), strict=False).network_address)
    return str(address)


def client_of(request: HttpRequest) -> str:
    """The browser and system that a request names, for people to tell their own sessions apart."""
    said = request.META.get("HTTP_USER_AGENT", "")
    browser = next((word for sign, word in _BROWSERS if sign in said), "其他浏览器")
    return " · ".join([browser, *(word for sign, word in _SYSTEMS if sign in said)][:2])

"""The people in whose name the stages act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.demo.areas import JIANGYOU, YOUXIAN
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import staff_named

if TYPE_CHECKING:
    from bureau.organization.models import Staff

_PLACES = {YOUXIAN: "youxian", JIANGYOU: "jiangyou"}


def colleague(username: str) -> Staff:
    """The demo's account of that name."""
    found = staff_named(username)
    if found is None:
        raise BusinessError("demo.account", f"演示账号 {username} 不在了，请先执行 make clean 重建演示城市。")
    return found


def of_county(kind: str, county: str, *, otherwise: str) -> Staff:
    """The county's own account of a kind; where the county has none here, a city one."""
    place = _PLACES.get(county)
    return colleague(f"{kind}-{place}" if place else otherwise)

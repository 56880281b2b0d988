"""Build the demo city: the stages in the order in which a bureau would have lived them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from bureau.demo.areas import CITY
from bureau.demo.city import City, draw
from bureau.demo.sizes import size_of
from bureau.demo.stages import founding, lists, months, parties, reforms
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.areas import known_areas
from bureau.trail import selectors as trail
from bureau.trail.services import actions

Stage = Callable[[City], str]

STAGES: tuple[Stage, ...] = (
    founding.found,
    founding.legislate,
    parties.designate,
    parties.settle_in,
    lists.april,
    months.settle_earlier,
    lists.may,
    months.take_in_shown,
    months.take_in_june,
    lists.waiting,
    reforms.simulate,
    reforms.draft,
)
_BEGUN, _BUILT = "demo.city.begun", "demo.city.built"
# Any constant of our own.
_LOCK = 7_201_051_703


def build(name: str, *, scale: str, seed: int, say: Callable[[str], None]) -> None:
    """Build the city once; what its visitors did to it afterwards stays."""
    if not getattr(settings, "DEMO_ACCOUNTS", False):
        raise BusinessError("demo.settings", "演示账号的密码是公开的，只能在 local 设置下建演示城市。")
    size = size_of(scale)
    with _alone():
        asked = {"scale": scale, "seed": seed}
        if _is_built(name, asked):
            say("演示城市已建好，不作改动。")
            return
        city = draw(name, size, seed)
        _begin(name, asked)
        perform(city, say)
        _note(_BUILT, name, asked)


def perform(city: City, say: Callable[[str], None]) -> None:
    """All stages; those that are done find nothing to do."""
    for stage in STAGES:
        say(f"  {stage(city)}")


def _is_built(name: str, asked: dict[str, object]) -> bool:
    noted = {line.action: line.detail for line in trail.history("demo_city", name)}
    if noted and noted[_BEGUN] != asked:
        there = noted[_BEGUN]
        raise BusinessError(
            "demo.other_city",
            f"数据库里已有规模 {there['scale']}、种子 {there['seed']} 的演示城市；要换一个，请先执行 make clean。",
        )
    return _BUILT in noted


def _begin(name: str, asked: dict[str, object]) -> None:
    if trail.history("demo_city", name).exists():
        return
    if known_areas([CITY]):
        raise BusinessError("demo.in_use", "数据库里已有别的数据，不能再建演示城市；请换一个数据库。")
    _note(_BEGUN, name, asked)


def _note(action: str, name: str, asked: dict[str, object]) -> None:
    summary = "开始建演示城市" if action == _BEGUN else "演示城市建成"
    actions.record(action=action, subject_kind="demo_city", subject_key=name, summary=summary, detail=asked, by=None)


@contextmanager
def _alone() -> Iterator[None]:
    """A second builder waits, and then finds the city there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])

"""The second wall, seen from Python: who acts is told to the database, which shows and takes only that person's rows.

The policies stand in the migrations (`organization/0002_walls.sql`), the reasons in `docs/decisions`. Nobody told means
no rows. `as_system` steps over the wall; where that is done is listed in `tests/architecture/test_scoping.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import Error, connection, connections
from django.db.backends.signals import connection_created
from django.db.transaction import TransactionManagementError
from django.utils.encoding import force_bytes

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

SYSTEM = "system"

_actor: ContextVar[str] = ContextVar("walls.actor", default="")
# Who does it, whoever's rights are used for a moment, and by which door; for the history of rows, not for rights.
_author: ContextVar[str] = ContextVar("walls.author", default="")
_door: ContextVar[str] = ContextVar("walls.door", default="")


@contextmanager
def as_staff(by: AbstractBaseUser) -> Iterator[None]:
    """Inside, the database shows and takes the rows of this person's area. Usable as a decorator, like `as_system`."""
    token = _author.set(str(by.pk))
    try:
        yield from _acting(str(by.pk))
    finally:
        _author.reset(token)


@contextmanager
def as_institution(key_id: int) -> Iterator[None]:
    """Inside, the rows of the one institution that this key speaks for, to read; a revoked key shows nothing more.

    Keys act under their negative number, so that none is ever taken for a member of staff.
    """
    yield from _acting(str(-key_id))


@contextmanager
def as_system() -> Iterator[None]:
    """Inside, the whole city: for work that belongs to nobody, and for what a service has checked itself."""
    yield from _acting(SYSTEM)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Inside, nothing: as it is where nobody was named."""
    yield from _acting("")


@contextmanager
def moving(table: str) -> Iterator[None]:
    """Inside a transaction: rows of this table may change their area, which is refused otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [table])
        yield
        cursor.execute(_MOVE, [""])


@contextmanager
def through(door: str) -> Iterator[None]:
    """Inside, who is told to the database comes by this door: the name of an address, a task or a command."""
    token = _door.set(door.replace(" ", "_"))
    try:
        yield
    finally:
        _door.reset(token)


def actor() -> str:
    """Who acts at present: `system`, the key of a staff member, that of an institution below zero, or nobody."""
    return _actor.get()


def connect() -> None:
    """Called once, when the apps are ready: a connection that opens late, or anew, learns who acts."""
    connection_created.connect(_tell_new, dispatch_uid="walls.tell")


def renew_keys(*, using: str, **_: Any) -> None:
    """After each migrate the owner stores what signatures are checked with; former secrets go."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.walls_key')")
        if cursor.fetchone()[0] is None:
            return
        keys = [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
        cursor.execute("DELETE FROM walls_key WHERE secret <> ALL(%s)", [keys])
        cursor.execute("INSERT INTO walls_key SELECT unnest(%s::bytea[]) ON CONFLICT DO NOTHING", [keys])


def _acting(who: str) -> Iterator[None]:
    former = _actor.get()
    _actor.set(who)
    try:
        if who != former:
            _tell(who)
        yield
    finally:
        _actor.set(former)
        if who != former:
            _take_back(former)


def _tell(who: str) -> None:
    # A connection that is not open yet learns it when it opens.
    if connection.connection is not None:
        with connection.cursor() as cursor:
            cursor.execute(_STATE, [signed(who, connection.connection.info.backend_pid), _deed()])


def _take_back(former: str) -> None:
    try:
        _tell(former)
    except (Error, TransactionManagementError):
        # In a failed transaction its rollback restores the setting, which was changed inside it; else nobody may
        # inherit this connection.
        if not connection.in_atomic_block:
            connection.close()


def _tell_new(connection: Any, **_: Any) -> None:
    if _actor.get() and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_STATE, [signed(_actor.get(), connection.connection.info.backend_pid), _deed()])


def signed(who: str, backend_pid: int) -> str:
    """As `walls_actor` checks it: for one actor on one connection."""
    if not who:
        return ""
    key = _key(settings.SECRET_KEY)
    return f"{who}:{sha256(key + sha256(key + f'{who}:{backend_pid}'.encode()).digest()).hexdigest()}"


def _key(secret: str | bytes) -> bytes:
    return sha256(b"walls:" + force_bytes(secret)).digest()


def _deed() -> str:
    """As the event tables read it (`bureau.fields.history`): the key of a staff member or nothing, and the door."""
    return f"{_author.get()} {_door.get()}"


_MOVE = "SELECT set_config('walls.moving', %s, true)"
_STATE = "SELECT set_config('walls.actor', %s, false), set_config('walls.deed', %s, false)"

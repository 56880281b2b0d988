"""The only place of the settings that reads the environment."""

from __future__ import annotations

import base64
import hashlib
import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

from bureau.kernel import ciphers

# They stand in the repository, so they protect nothing: for a developer's machine, the demo and the tests.
LOCAL_FIELD_KEYS = (
    "1:" + base64.b64encode(hashlib.sha256(b"field key of this machine, never of production").digest()).decode()
)
LOCAL_FIELD_INDEX_KEY = base64.b64encode(
    hashlib.sha256(b"index key of this machine, never of production").digest()
).decode()


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    return text(name).lower() in {"1", "yes", "true", "on"}


def names(name: str) -> list[str]:
    """A list separated by commas."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def required(sentences: dict[str, str]) -> None:
    """Refuse to start, with the sentence of every variable that is missing."""
    missing = [f"{name}：{sentence}" for name, sentence in sentences.items() if not text(name)]
    if missing:
        raise ImproperlyConfigured("缺少必要的环境变量，系统拒绝启动。\n" + "\n".join(missing))


def secret(name: str, *, shortest: int) -> str:
    """A secret long enough to be one."""
    value = text(name)
    if len(value) < shortest or len(set(value)) < 5:
        raise ImproperlyConfigured(f"{name}：应为不少于 {shortest} 个字符的随机密钥，系统拒绝启动。")
    return value


def server(name: str) -> str:
    """The address of a server that learns who calls: by a socket of this machine, a certificate, or a real password."""
    value = text(name)
    parts = urlsplit(value)
    options = dict(parse_qsl(parts.query))
    is_local = "socket" in parts.scheme or parts.scheme == "unix" or options.get("host", "").startswith("/")
    password = unquote(parts.password or "")
    is_secret = len(password) >= 12 and len(set(password)) >= 5
    if not (is_local or is_secret or options.get("sslcert") or options.get("ssl_certfile")):
        raise ImproperlyConfigured(f"{name}：经网络连接须有不少于 12 个字符的随机密码，或用客户端证书，系统拒绝启动。")
    return value


def field_keys() -> str:
    """The key ring of encrypted columns, looked at before anything is encrypted with it."""
    return _keys("FIELD_KEYS", text("FIELD_KEYS"), LOCAL_FIELD_KEYS)


def field_index_key() -> str:
    """The key of the blind indices; it is none of the ring's."""
    value = _keys("FIELD_INDEX_KEY", text("FIELD_INDEX_KEY"), LOCAL_FIELD_INDEX_KEY)
    if ciphers.read_key(value) in ciphers.read_keys(text("FIELD_KEYS")).values():
        raise ImproperlyConfigured("FIELD_INDEX_KEY：不得与 FIELD_KEYS 中的密钥相同，系统拒绝启动。")
    return value


def _keys(name: str, value: str, local: str) -> str:
    try:
        found = ciphers.read_keys(value) if name == "FIELD_KEYS" else {0: ciphers.read_key(value)}
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}：{error}系统拒绝启动。") from None
    known = ciphers.read_key(local.rpartition(":")[2])
    if known in found.values():
        raise ImproperlyConfigured(f"{name}：这是开发机的密钥，人人知道，系统拒绝启动。")
    return value


def is_web() -> bool:
    """Whether this process answers requests; `bureau.wsgi` says so, nothing else does."""
    return text("PORTAL_PROCESS") == "web"


def database_variable() -> str:
    """Which address this process uses; `manage.py migrate` sets the role, nothing else does."""
    return "DATABASE_OWNER_URL" if text("DATABASE_ROLE") == "owner" else "DATABASE_URL"


def database(address: str) -> dict[str, Any]:
    """Django's form of `postgresql://user:password@host:port/name?option=value`; a socket folder is `?host=/folder`."""
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("数据库地址应以 postgresql:// 开头。")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }


def over_tls(name: str, address: str) -> str:
    """An address of another machine, if what passes is encrypted and the server's certificate is looked at."""
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query))
    is_here = "socket" in parts.scheme or (options.get("host") or parts.hostname or "/").startswith("/")
    if is_here or parts.hostname in {"localhost", "127.0.0.1", "::1"}:
        return address
    if parts.scheme == "rediss" and options.get("ssl_cert_reqs", "required") == "required":
        return address
    if parts.scheme in {"postgresql", "postgres"} and options.get("sslmode") == "verify-full":
        return address
    raise ImproperlyConfigured(
        f"{name}：服务在另一台机器上，须用 TLS 并核对其证书：数据库地址加 ?sslmode=verify-full&sslrootcert=证书文件，"
        "消息队列用 rediss://。系统拒绝启动。"
    )


def broker(address: str, number: int) -> str:
    """The same Valkey server, another of its numbered databases."""
    parts = urlsplit(address)
    if "socket" in parts.scheme:
        # urlunsplit would leave out the empty host of a socket's address.
        return f"{parts.scheme}://{parts.path}?virtual_host={number}"
    return urlunsplit(parts._replace(path=f"/{number}"))


def test_worker() -> int:
    """Which of the parallel test processes this is; the first and only one is 0."""
    return int(text("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

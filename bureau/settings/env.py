"""The only place of the settings that reads the environment."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured


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

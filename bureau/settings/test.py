"""Tests: a database and a Valkey database of their own, as the owner, without waiting for the disk."""

from bureau.settings import env
from bureau.settings.base import BASE_DIR, DATABASE_DEFAULTS
from bureau.settings.local import *  # noqa: F403
from bureau.settings.local import address

DEBUG = False
APPLICATION_DATABASE = env.database(address("DATABASE_URL"))
DATABASES = {"default": {**env.database(address("DATABASE_OWNER_URL")), **DATABASE_DEFAULTS, "CONN_MAX_AGE": 0}}
DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
REDIS_URL = env.broker(address("REDIS_URL"), 1 + env.test_worker())
CELERY_BROKER_URL = REDIS_URL
# Quick by default; Argon2 stays at hand for a server started beside the tests.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
SNAPSHOT_DIR = BASE_DIR / "var" / "test" / "snapshots"

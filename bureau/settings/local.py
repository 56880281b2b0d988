"""A developer's machine and the demo: addresses from the environment, else those of the launcher's own servers."""

from bureau.launcher.places import locate
from bureau.settings import env
from bureau.settings.base import *  # noqa: F403
from bureau.settings.base import BASE_DIR, DATABASE_DEFAULTS, SESSION_LIMITS


def address(name: str) -> str:
    """The environment wins; an owner's address missing beside a given DATABASE_URL means that one role does both."""
    fallback = env.text("DATABASE_URL") if name == "DATABASE_OWNER_URL" else ""
    return env.text(name) or fallback or locate(BASE_DIR).addresses()[name]


DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY", "only-for-this-machine-never-for-production")
FIELD_KEYS = env.text("FIELD_KEYS", env.LOCAL_FIELD_KEYS)
FIELD_INDEX_KEY = env.text("FIELD_INDEX_KEY", env.LOCAL_FIELD_INDEX_KEY)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]

DATABASES = {"default": {**env.database(address(env.database_variable())), **DATABASE_DEFAULTS}}
DATABASES["default"]["OPTIONS"].setdefault("options", SESSION_LIMITS)
REDIS_URL = address("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# The demo's accounts have a password alone; SECOND_FACTOR=yes shows how it is elsewhere.
SECOND_FACTOR_REQUIRED = env.flag("SECOND_FACTOR")
SECOND_FACTOR_KEY = SECRET_KEY

# Visitors of the demo share its accounts.
SESSIONS_AT_ONCE = 50

# The demo's city.
PASSWORD_WORDS = tuple(
    ["mianyang", "youxian", "jiangyou", "fucheng", "anzhou", "santai", "yanting", "zitong", "pingwu", "sichuan"]
)

# All parts of the screens on one page.
SHOW_STYLEGUIDE = True

# `demo_city` makes accounts whose password stands in the README; nowhere else.
DEMO_ACCOUNTS = True

"""What is the same everywhere. No policy numbers here, ever."""

from pathlib import Path

import pghistory

from bureau.settings import env

BASE_DIR = Path(__file__).resolve().parents[2]
# The machine code of the compiled kernel, kept from one run to the next.
KERNEL_CACHE = BASE_DIR / "var" / "numba"

# From the ground floor up; the roof comes last, since it loads the tasks of all others.
INSTALLED_APPS = [
    "bureau.console.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "bureau.trail.apps.TrailConfig",
    "bureau.organization.apps.OrganizationConfig",
    "bureau.console.apps.ConsoleConfig",
    "bureau.policy.apps.PolicyConfig",
    "bureau.funds.apps.FundsConfig",
    "enrollment.apps.EnrollmentConfig",
    "institutions.apps.InstitutionsConfig",
    "relief.apps.ReliefConfig",
    "claims.apps.ClaimsConfig",
    "bureau.simulation.apps.SimulationConfig",
    "bureau.apps.BureauConfig",
]
MIDDLEWARE = [
    # First, so that scripts, pictures and what other middleware refuses bear the policy too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bureau.console.bad_requests.BadRequests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "bureau.console.middleware.WallsMiddleware",
    "bureau.console.security_events.Refusals",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bureau.console.sessions.SessionLimits",
    "bureau.console.limits.Limits",
]
ROOT_URLCONF = "bureau.urls"
WSGI_APPLICATION = "bureau.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
# Event tables are asked by the row that an event is of, never along another foreign key.
PGHISTORY_CREATED_AT_FUNCTION = "statement_timestamp()"
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Words and clocks. The database's sessions keep Chinese days too, so that SQL and Python agree what "today" is.
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
FORMAT_MODULE_PATH = "bureau.console.formats"
USE_TZ = True
DATABASE_DEFAULTS = {
    "TIME_ZONE": TIME_ZONE,
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
}
# A frozen process loses its row locks when its session ends, and cannot commit afterwards.
SESSION_LIMITS = "-c idle_in_transaction_session_timeout=60000"
# Nobody waits longer for a page; a statement that does must not hold its connection.
if env.is_web():
    SESSION_LIMITS += " -c statement_timeout=60000"

# Who comes in.
AUTH_USER_MODEL = "organization.Staff"
AUTHENTICATION_BACKENDS = ["bureau.console.sessions.StaffOfSessions"]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "bureau.organization.services.passwords.CommonRoots"},
    {"NAME": "bureau.organization.services.passwords.ListedWords"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# What the city and its places are called in letters, which no password may rest upon; the names of areas come from the
# table: PASSWORD_WORDS=bazhong,…
PASSWORD_WORDS = tuple(env.names("PASSWORD_WORDS"))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# A session ends after 20 minutes without a click and after 10 hours in any case.
SESSION_IDLE_SECONDS = 20 * 60
SESSION_LONGEST_SECONDS = 10 * 3600
# One person may be signed in at the counter, at the desk and in a meeting; with one more the eldest ends.
SESSIONS_AT_ONCE = 3
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Sentences for the next page may name people: they stay here, and the browser keeps two cookies and no third.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# No page of ours reads this cookie by script.
CSRF_COOKIE_HTTPONLY = True
SECOND_FACTOR_REQUIRED = True
# How many proxies stand before us; each adds the address it was called from.
TRUSTED_PROXIES = 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    },
}

# A form of ours has some dozens of fields; an upload is a file, not a field.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 5
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# How often one person may look behind the masks. A guessed ID number is a miss: few are made in good faith.
# Across counties the database goes no further than these same figures (enrollment/migrations/0005_openings.sql).
REVEALS_PER_HOUR = 30
ID_SEARCHES_PER_HOUR = 60
ID_MISSES_PER_DAY = 10

STATIC_URL = "/static/"
# No page of another origin needs ours.
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}

# Snapshots for simulations, and machine code of the compiled kernel; web and workers see the same folder.
SNAPSHOT_DIR = BASE_DIR / "var" / "snapshots"
COMPILED_DIR = BASE_DIR / "var" / "numba"

# Whatever writes a line, no ID number, telephone or account number stands in it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "bureau.logs.Scrubbing", "format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Django's own handlers mail errors and print unscrubbed ones.
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}

# Celery carries hints only; a message lost, doubled or late changes nothing, and no result is kept.
VISIBILITY_TIMEOUT = 300
# Whoever sends a hint does not wait for a dead broker: the sweeper sends it again.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": VISIBILITY_TIMEOUT,
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": VISIBILITY_TIMEOUT}
CELERY_VISIBILITY_TIMEOUT = VISIBILITY_TIMEOUT
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 30
CELERY_TASK_TIME_LIMIT = 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(BASE_DIR / "var" / "beat")

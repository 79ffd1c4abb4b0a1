"""Settings of the whole project. What an operator may set comes from the environment
(or from `.env` in the installation's folder) and is listed in README.md."""

from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, SELF

from realtime_project import installation
from realtime_project.live.postgres import ImpatientConnection

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
VAR = installation.folder(Path(env.str("SIGNALBOX_VAR", default=str(BASE_DIR / "var"))))
if (VAR / ".env").exists():
    env.read_env(str(VAR / ".env"), overwrite=False)

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or installation.secret(VAR / "secret_key")
# Earlier keys, under which something may still be signed or encrypted.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
SITE_NAME = env.str("SITE_NAME", default="Signalbox")

# Where people reach the installation. Without it only this machine is served.
SITE_URL = env.str("SITE_URL", default="").rstrip("/")
_site = urlsplit(SITE_URL)
IS_HTTPS = _site.scheme == "https"
# Pages of this machine may connect where no address was set.
LOCAL_HOSTS = [] if SITE_URL else ["127.0.0.1", "localhost", "::1"]
ALLOWED_HOSTS = [
    *([_site.hostname] if _site.hostname else []),
    *env.list("ALLOWED_HOSTS", default=[]),
    *("127.0.0.1", "localhost", "[::1]"),
]
EXTRA_ORIGINS = env.list("EXTRA_ORIGINS", default=[])
CSRF_TRUSTED_ORIGINS = [*([SITE_URL] if SITE_URL else []), *EXTRA_ORIGINS]

INSTALLED_APPS = [
    "daphne",  # before staticfiles, so that runserver speaks WebSocket
    "realtime_project.live",
    "realtime_project.accounts",
    "notifications",
    "chat",
    "dashboard",
    "channels",
    "servestatic",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "realtime_project.accounts.site_config.SiteAdminConfig",  # Django's admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # What was collected is answered beneath Django.
    *(["servestatic.middleware.ServeStaticMiddleware"] if DEBUG else []),
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "realtime_project.accounts.middleware.ClientMiddleware",
    "realtime_project.accounts.middleware.TimeZoneMiddleware",
]

ROOT_URLCONF = "realtime_project.urls"
ASGI_APPLICATION = "realtime_project.asgi.application"
ASGI_APPLICATION_PATH = "realtime_project.asgi:application"  # as daphne wants it
TOPICS = "realtime_project.routing.topics"
BEARERS = "realtime_project.accounts.bearers"

# What `manage.py prepare` and `serve --prepare` run: names and arguments of management commands.
PREPARE = [
    ("migrate", ["--no-input", "--verbosity=0"]),
    ("createcachetable", ["--verbosity=0"]),
    ("collectstatic", ["--no-input", "--verbosity=0"]),
    ("setup_link", ["{address}", "--verbosity=0"]),
]

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
                "realtime_project.live.context_processors.site",
                "realtime_project.accounts.context_processors.sign_up",
            ],
        },
    },
]

# --- Data ---------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{VAR / 'db.sqlite3'}")
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        # A writer takes its lock at once: two that read first and write later would deadlock.
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        # FULL: an acknowledged post survives a power cut; it costs about 0.2 ms a commit.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
        ),
    }
    # Threads of the hot path have their own connections, which a memory database cannot share.
    _database["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
else:
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {
        "pool": {
            "min_size": 1,
            "max_size": 16,
            # Pages ask again after 5 s: better told before that the database is away.
            "timeout": 3,
            # Beyond it the pool tries no more by itself, but whenever somebody wants a connection.
            # On its own it would double its pauses, and find a database that was away for a minute
            # a minute after it is back.
            "reconnect_timeout": 2,
            "connection_class": ImpatientConnection,
        },
        # The longest that anybody waits for a row which somebody else locks.
        "options": "-c lock_timeout=3s",
        "connect_timeout": 3,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
    }

# Without a broker there is one process: a lock in the installation's folder refuses a second one.
REDIS_URL = env.str("REDIS_URL", default="")
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
if REDIS_URL:
    CHANNEL_LAYERS["default"] = {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "signalbox"},
    }

# allauth counts its rate limits here, and a count kept per process would not be a limit.
CACHES = {
    "default": {
        "BACKEND": "realtime_project.live.cache.DatabaseCache",
        "LOCATION": "cache",
        # When it is full Django throws a third away, and counts that stand in it are forgotten.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# Whoever has it may read /metrics from anywhere; without it only this machine may.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- People -------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_ENGINE = "realtime_project.accounts.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_AGE = env.int("SESSION_DAYS", default=14) * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

SIGNUP = env.str("SIGNUP", default="invite")
INVITERS = env.str("INVITERS", default="staff")
ACCOUNT_ADAPTER = "realtime_project.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_FORMS = {"signup": "realtime_project.accounts.forms.SignUpForm"}
# Beside allauth's own: how often an address may try the secrets of links, and how many letters
# somebody may have sent to addresses that they name.
ACCOUNT_RATE_LIMITS = {"link": "20/m/ip", "change_email": "5/h/user", "push_test": "6/m/user"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_USERNAME_VALIDATORS = "realtime_project.accounts.models.username_validators"
# For links in mail and for those that an admin makes.
PASSWORD_RESET_TIMEOUT = 24 * 3600

MFA_ADAPTER = "realtime_project.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody's address is verified here: there may be no mail at all.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # half a minute early or late: phones' clocks are not exact

# A mail server that does not answer holds up one letter, not all of them.
EMAIL_TIMEOUT = 10
EMAIL_URL = env.str("EMAIL_URL", default="consolemail://")
vars().update(env.email_url_config(EMAIL_URL))
# How many letters about notifications somebody gets at once within an hour; more come together.
MAIL_PER_HOUR = env.int("MAIL_PER_HOUR", default=10)
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="Signalbox <signalbox@localhost>")

# How long pushes and letters wait for somebody who may be reading just now.
READER_SECONDS = env.int("READER_SECONDS", default=15)

# For how long the inbox keeps what happened, after its last event.
INBOX_DAYS = env.int("INBOX_DAYS", default=180)

# How many series are kept, in all and of one source that sends its own.
MAX_SERIES = env.int("MAX_SERIES", default=20_000)
MAX_SERIES_PER_SOURCE = env.int("MAX_SERIES_PER_SOURCE", default=1_000)

# How many numbers a second one token may send to one worker, and how large a request may be,
# unpacked.
INGEST_RATE = env.int("INGEST_RATE", default=25_000)
INGEST_BODY_BYTES = env.int("INGEST_BODY_MEGABYTES", default=8) * 1024 * 1024

# Lines of logs go when they are so old, or when there are so many of them, compressed.
LOG_DAYS = env.int("LOG_DAYS", default=14)
LOG_MEGABYTES = env.int("LOG_MEGABYTES", default=256)

# By which browsers know who may push to them: with another one they have to subscribe anew.
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", default="") or installation.secret(
    VAR / "vapid_key", size=32
)
# Whom the people of a push service may write to.
PUSH_CONTACT = env.str(
    "PUSH_CONTACT",
    default=SITE_URL if IS_HTTPS else f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}",
)
# Push services that the operator runs: with addresses that are not public, or other ports.
PUSH_HOSTS = env.list("PUSH_HOSTS", default=[])

# --- Pages --------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# The browser says which one. What is not translated here is in none of Django's other languages.
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
LOCALE_PATHS = [BASE_DIR / "locale"]

MEDIA_ROOT = VAR / "media"

STATIC_URL = "/static/"
# A proxy that hands them out itself may read this folder, and need not see the one with secrets.
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "realtime_project.live.static.HashedStaticStorage"
    },
}
SERVESTATIC_USE_FINDERS = DEBUG
SERVESTATIC_AUTOREFRESH = DEBUG

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [NONCE, "'strict-dynamic'"],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "object-src": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)-7s %(name)s %(message)s"}},
    "filters": {"seldom": {"()": "realtime_project.live.logs.Seldom"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "log_view": {"class": "dashboard.logs.handler.LogViewHandler"},
    },
    "root": {"handlers": ["console", "log_view"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "daphne": {"level": "WARNING"},
        "django.channels.server": {"level": "INFO"},
        "asyncio": {"level": "WARNING"},
        # It logs a traceback each second while the broker is away; the hub says that in a line.
        "channels_redis": {"level": "CRITICAL"},
        # Of a job that fails `broker.py` tells, by its name.
        "huey": {"level": "CRITICAL"},
        "huey.consumer": {"level": "WARNING"},
        "huey.consumer.Scheduler": {"filters": ["seldom"]},
        "huey.consumer.Worker": {"filters": ["seldom"]},
    },
}

"""Settings, all of them, read from the environment.

Nothing set gives a development server on SQLite. `DATABASE_URL` picks PostgreSQL; `PRODUCTION=1` asks for
everything that `manage.py check --deploy` looks at, and refuses to start without a secret key and host names.
"""

from pathlib import Path

import environ
import fontpkg
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
PRODUCTION = env.bool("PRODUCTION", False)
DEBUG = env.bool("DEBUG", False) and not PRODUCTION
VAR_DIR = Path(env.str("VAR_DIR", str(VAR_DIR)))
VAR_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = env.str("SECRET_KEY", "" if PRODUCTION else "only-for-development-" + "x" * 40)
if not SECRET_KEY:
    raise ImproperlyConfigured("PRODUCTION=1 needs SECRET_KEY.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("PRODUCTION=1 needs ALLOWED_HOSTS.")
# The address printed in documents (QR of the verification page); never taken from a request's Host header.
PUBLIC_URL = env.str("PUBLIC_URL", "https://" + ALLOWED_HOSTS[0] if PRODUCTION else "http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    # For the second factor; none of its pages is mounted (docs/decisions/the-second-factor-is-allauths-the-door-is-ours.md).
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "django_q",
    "guardian",
    "heroicons",
    "mptt",
    "thai",
    "acts",
    "accounts",
    "fiscal",
    "orgunits",
    "indicators",
    "agreements",
    "results",
    "workflow",
    "desk",
]

# First those that put their headers on every answer: a redirect to https, a static file, the page of maintenance.
MIDDLEWARE = [
    "acts.middleware.RequestIdMiddleware",
    "acts.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "acts.middleware.BrowserLanguageMiddleware",
    "acts.maintenance.MaintenanceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.idle.IdleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "accounts.middleware.NoStoreMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "acts.middleware.RefusalMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

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
                "accounts.language.switch",
                "accounts.theme.switch",
                "accounts.illustrative.notice",
                "desk.context.navigation",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "thai.templatetags.thai"],
        },
    },
]

# Fields are rendered by templates/django/forms/, so that every form has the same field.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# SQLite: IMMEDIATE, because DEFERRED read-then-write transactions fail "database is locked" under load;
# recursive_triggers, because INSERT OR REPLACE would otherwise pass the append-only triggers.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
    ),
}
DATABASES = {"default": env.db("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    # A file, not memory: races in an in-memory database fail for reasons of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "accounts.backends.SecondFactorBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.NotLikeTheName"},
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "accounts.passwords.NotCommon"},
    {"NAME": "accounts.passwords.NotDigitsAlone"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
# The page of one's own account, where the pages of password and second factor lead back to.
PROFILE_URL = "desk:profile"
# How long the link by which a password is set can be used.
INVITATION_DAYS = env.int("INVITATION_DAYS", 7)

# Nobody makes an account for themselves, however allauth's pages might come to be mounted.
ACCOUNT_ADAPTER = "accounts.allauth_adapters.ClosedAccounts"
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "accounts.allauth_adapters.SealedSecrets"
MFA_TOTP_ISSUER = "Performance Agreements"
# A telephone's clock may be a step of 30 seconds off, either way.
MFA_TOTP_TOLERANCE = 1

# Locked by person *and* address, with a cool-off: an address alone would lock the whole office out.
AXES_FAILURE_LIMIT = env.int("SIGN_IN_FAILURE_LIMIT", 5)
AXES_COOLOFF_TIME = env.float("SIGN_IN_COOLOFF_HOURS", 0.25)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_VERBOSE = False
# The time told to someone who is locked out stays true, however often they try meanwhile.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# axes keeps what a failed sign-in posted; what the sign-in page carries is someone's draft and none of its business.
AXES_SENSITIVE_PARAMETERS = [
    *("username", "ip_address", "carried"),
    *("one_time_code", "old_password", "password1", "password2", "secret"),
]

# guardian would otherwise create an active user of its own; rights are rows on units, never asked through has_perm.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
# guardian.W001 asks for its backend, which answers has_perm.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", 30 * 60)
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "accounts.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
# The table of a thousand indicators has seven fields in each row.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# Thai first: accounts.language says who reads what.
LANGUAGE_CODE = "th"
LANGUAGES = [("th", "ไทย"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Bangkok"
USE_I18N = True
USE_TZ = True
# ๐–๙ on screens and on paper; off: 0–9. One style throughout.
THAI_DIGITS = env.bool("THAI_DIGITS", True)
# A demonstration: the page of the door says that people, figures and texts are invented.
ILLUSTRATIVE = env.bool("ILLUSTRATIVE", False)

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("manual", BASE_DIR / "docs" / "manual" / "pictures"),
    ("fonts", Path(fontpkg.path("sarabun", 400, "normal")).parent),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
# Evidence and sealed documents: by content, outside any web root, served only through a rights check.
PRIVATE_ROOT = Path(env.str("PRIVATE_ROOT", str(VAR_DIR / "private")))
# Parts of documents that were laid out before (agreements.set_parts): may be deleted at any time, each is made anew.
SET_PARTS_ROOT = Path(env.str("SET_PARTS_ROOT", str(VAR_DIR / "set-parts")))
# An image (svg, png, jpg) for the cover and the first page of documents; none unless one is named.
DOCUMENT_EMBLEM = env.str("DOCUMENT_EMBLEM", "")

# The organisation's certificate with its key, which seals every document (agreements.seal).
SEAL_PKCS12 = env.str("SEAL_PKCS12", "")
SEAL_PASSWORD = env.str("SEAL_PASSWORD", "")
# A time-stamp server (RFC 3161), and the roots that vouch for it (PEM): without them the seal has no time stamp.
SEAL_TSA = env.str("SEAL_TSA", "")
SEAL_TSA_CA = env.str("SEAL_TSA_CA", "")
if SEAL_TSA and not SEAL_TSA_CA:
    raise ImproperlyConfigured("SEAL_TSA needs SEAL_TSA_CA: a stamp that nobody vouches for proves no time.")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    if env.bool("BEHIND_PROXY", False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Without EMAIL_HOST nothing is mailed; links that would have been are shown instead. EMAIL_BACKEND=console prints what
# would be mailed, =file keeps each letter under EMAIL_FILE_PATH.
EMAIL_HOST = env.str("EMAIL_HOST", "")
MAILER = env.str("EMAIL_BACKEND", "smtp" if EMAIL_HOST else "dummy")
EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if MAILER == 'file' else MAILER}.EmailBackend"
EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", str(VAR_DIR / "mail"))
MAILS_GO_OUT = MAILER != "dummy"
EMAIL_PORT = env.int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "webmaster@localhost")

# Jobs live in the database, so a job is queued in the transaction that asks for it. retry > timeout: a job whose
# worker was killed is delivered again, never twice at once.
Q_CLUSTER = {
    "name": "agreements",
    "orm": "default",
    "workers": env.int("WORKERS", 1),
    "timeout": 300,
    "retry": 330,
    "max_attempts": 5,
    "ack_failures": False,
    "catch_up": False,
    "poll": 0.5,
    "label": "jobs",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Who asked is a number, and where a name: the log holds nothing that a person typed. Lines of access are gunicorn's.
    "filters": {"context": {"()": "acts.logs.ContextFilter"}},
    "formatters": {
        "line": {
            "format": "%(asctime)s %(levelname)s %(name)s "
            "request=%(request_id)s person=%(person)s route=%(route)s job=%(job)s %(message)s"
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["context"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}

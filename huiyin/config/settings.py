"""Every setting of Huiyin in one place. A county sets HUIYIN_* variables, which docs/settings.md describes; the rest is fixed.

HUIYIN_MODE decides what is safe: production is the default, demo is set by `huiyin demo`, test by tests/settings.py.
"""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from huiyin.adapters import keys
from huiyin.config import environment as env

# Roles that a person of staff can be posted as.
STAFF_ROLES = ("pro", "com", "off", "head", "rev", "sup", "co", "cus", "leader", "admin", "grv")
PACKAGE = Path(__file__).resolve().parent.parent

# ---- the installation -------------------------------------------------------------------------------------------------

HUIYIN_MODE = env.choice("HUIYIN_MODE", ("production", "demo", "test"), "production")
PRODUCTION = HUIYIN_MODE == "production"
DEMO = HUIYIN_MODE == "demo"
TEST = HUIYIN_MODE == "test"
DEBUG = False

HUIYIN_DATA = env.path("HUIYIN_DATA", Path("var/demo") if DEMO else Path("/var/lib/huiyin"))
HUIYIN_UPLOADS = env.path("HUIYIN_UPLOADS", HUIYIN_DATA / "files")
# The largest PDF that is kept, a whole file with all its photos.
MAX_DOCUMENT_BYTES = 1024 * 1024 * 1024
HUIYIN_INCOMING = HUIYIN_DATA / "incoming"
# Fonts that an office owns (方正小标宋, 仿宋_GB2312 …), used before those that are shipped; empty where there are none.
HUIYIN_FONT_DIR = env.text("HUIYIN_FONT_DIR")

HUIYIN_KEY_FILE = env.path(
    "HUIYIN_KEY_FILE", HUIYIN_DATA.parent / "keys" / "huiyin.key" if DEMO else Path("/etc/huiyin/huiyin.key")
)
HUIYIN_KEY = b"tests only".ljust(32, b".") if TEST else b""


def _secret_key() -> str:
    """Signs sessions. Empty until the launcher has made the key file; Django refuses to sign anything with an empty one."""
    try:
        return keys.expand(HUIYIN_KEY or keys.read(HUIYIN_KEY_FILE), "sessions", 48).hex()
    except keys.KeyMissing:
        return ""


SECRET_KEY = _secret_key()

# ---- the web ----------------------------------------------------------------------------------------------------------

HUIYIN_ADDRESS = env.address("HUIYIN_ADDRESS", "127.0.0.1")
HUIYIN_PORT = env.number("HUIYIN_PORT", 8020, low=1, high=65535)
HUIYIN_TLS_CERT = env.text("HUIYIN_TLS_CERT")
HUIYIN_TLS_KEY = env.text("HUIYIN_TLS_KEY")
HUIYIN_PROXY = env.networks("HUIYIN_PROXY")
# Threads of one web process, each with a database connection. More of them only wait for each other.
HUIYIN_THREADS = env.number("HUIYIN_THREADS", 4, low=1, high=64)

ALLOWED_HOSTS = env.words("HUIYIN_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
# Serving by itself the port is a part of the address that people open; behind a proxy it is nobody's business.
_PUBLIC_PORT = f":{HUIYIN_PORT}" if HUIYIN_TLS_CERT and HUIYIN_PORT != 443 else ""
HUIYIN_SITE_URL = env.url(
    "HUIYIN_SITE_URL", f"https://{ALLOWED_HOSTS[0]}{_PUBLIC_PORT}" if PRODUCTION else f"http://127.0.0.1:{HUIYIN_PORT}"
)
CSRF_TRUSTED_ORIGINS = [HUIYIN_SITE_URL]

ROOT_URLCONF = "huiyin.config.urls"
WSGI_APPLICATION = "huiyin.config.wsgi.application"

INSTALLED_APPS = [
    "huiyin.records",
    "huiyin.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "huiyin.web.middleware.trusted_proxy",
    "huiyin.web.middleware.guarding_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "huiyin.web.middleware.machine_trouble",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "huiyin.web.middleware.refused_bodies",
    "huiyin.web.middleware.page_above",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "huiyin.web.middleware.staff_sessions",
    "huiyin.web.actors.middleware",
    "allauth.account.middleware.AccountMiddleware",
    "huiyin.web.factor.second_factor",
    "django.contrib.messages.middleware.MessageMiddleware",
]

_LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", _LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "huiyin.web.actors.frame",
            ],
        },
    }
]

# ---- data -------------------------------------------------------------------------------------------------------------

_SYNCHRONOUS = env.choice("HUIYIN_SQLITE_SYNCHRONOUS", ("FULL", "NORMAL"), "FULL" if PRODUCTION else "NORMAL")
_DATABASE_URL = env.text("HUIYIN_DATABASE_URL")
_STATEMENT_SECONDS = env.number("HUIYIN_STATEMENT_SECONDS", 30)

DATABASES = {
    "default": env.postgres("HUIYIN_DATABASE_URL", _DATABASE_URL, statement_seconds=_STATEMENT_SECONDS)
    if _DATABASE_URL
    else env.sqlite(HUIYIN_DATA / "huiyin.sqlite3", synchronous=_SYNCHRONOUS)
}
if TEST and not _DATABASE_URL:
    DATABASES["default"]["TEST"] = {"NAME": str(HUIYIN_DATA / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "huiyin"}}

# ---- people -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "records.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers." + ("MD5PasswordHasher" if TEST else "Argon2PasswordHasher")]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "huiyin.web.account_adapter.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = False if TEST else {"login_failed": "10/15m/key,100/15m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "回音"
MFA_ADAPTER = "huiyin.web.factor.Adapter"

# Roles that sign in with a second factor beside coordinator, custodian and administrator, who always do (vocabulary values).
HUIYIN_SECOND_FACTOR = env.choices("HUIYIN_SECOND_FACTOR", STAFF_ROLES)

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "huiyin"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "huiyin.web.errors.csrf_failed"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION
STAFF_IDLE_SECONDS = 30 * 60
STAFF_SESSION_SECONDS = 12 * 3600

# ---- security ---------------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = env.number("HUIYIN_HSTS_SECONDS", 365 * 24 * 3600) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Being on the browsers' preload list is for the owner of the domain to decide, not for a program on one of its hosts.
# X-Frame-Options is said by our own header middleware beside frame-ancestors.
SILENCED_SYSTEM_CHECKS = ["security.W021", "security.W002"]

# ---- files ------------------------------------------------------------------------------------------------------------

HUIYIN_UPLOAD_RESERVE_MB = env.number("HUIYIN_UPLOAD_RESERVE_MB", 500)
HUIYIN_VIDEO_MB = env.number("HUIYIN_VIDEO_MB", 200, low=1, high=1000)
MAX_PHOTO_BYTES = 20 * 1024 * 1024
# Six photos and the text around them, as the form without scripts sends them.
MAX_BODY_BYTES = 6 * MAX_PHOTO_BYTES + 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["huiyin.web.uploads.BoundedUpload"]
FILE_UPLOAD_TEMP_DIR = str(HUIYIN_INCOMING)
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20

STATIC_URL = "/static/"
STATIC_ROOT = HUIYIN_DATA / "static"
_STATIC_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage" if TEST else "huiyin.web.staticfiles.Hashed"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HUIYIN_UPLOADS}},
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}
STATICFILES_DIRS: list[Path] = []
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]
WHITENOISE_USE_FINDERS = TEST
WHITENOISE_AUTOREFRESH = False

# ---- messages to residents and staff ----------------------------------------------------------------------------------

EMAIL_HOST = env.text("HUIYIN_MAIL_HOST")
EMAIL_PORT = env.number("HUIYIN_MAIL_PORT", 465, low=1, high=65535)
EMAIL_HOST_USER = env.text("HUIYIN_MAIL_USER")
EMAIL_HOST_PASSWORD = env.text("HUIYIN_MAIL_PASSWORD")
_MAIL_SECURITY = env.choice("HUIYIN_MAIL_SECURITY", ("tls", "starttls", "none"), "tls")
EMAIL_USE_SSL = _MAIL_SECURITY == "tls"
EMAIL_USE_TLS = _MAIL_SECURITY == "starttls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("HUIYIN_MAIL_FROM", "huiyin@localhost")
EMAIL_BACKEND = "django.core.mail.backends." + ("locmem" if TEST else "smtp") + ".EmailBackend"
HUIYIN_GATEWAY_URL = env.posted_to("HUIYIN_GATEWAY_URL", plain=DEMO or TEST)
HUIYIN_GATEWAY_SECRET = env.text("HUIYIN_GATEWAY_SECRET")
# Whether a message may be owed by that way. In the demo it may, and ends on a page that says it was not sent.
MAIL_ON = bool(EMAIL_HOST) or DEMO
# Without a gateway whoever left only a telephone number is called back, in the demo too.
GATEWAY_ON = bool(HUIYIN_GATEWAY_URL)

# ---- language and time ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# ---- log --------------------------------------------------------------------------------------------------------------

_LEVEL = env.choice("HUIYIN_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO")
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "huiyin.config.logs.Discreet"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "huiyin": {"level": _LEVEL},
        # Django's own handlers are replaced, so that nothing is printed by a formatter that is not ours.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        # A wrong path or an expired form is a visitor's affair; what the server did wrong is ours.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
    },
}

"""Django's settings. What an administrator may choose comes from `DRUMBEAT_…` variables; see docs/guide/install.md."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from drumbeat.config.database import django_settings, embedded_server, named_url
from drumbeat.config.settled import secret_key, settled_path

PACKAGE = Path(__file__).resolve().parents[1]

SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("DRUMBEAT_HOSTS", "127.0.0.1,localhost,testserver").split(",")
# Behind a proxy that speaks TLS: cookies travel only there, and Django trusts the proxy's word for it.
IS_BEHIND_TLS = os.environ.get("DRUMBEAT_TLS", "") == "1"
SMTP_URL = os.environ.get("DRUMBEAT_SMTP_URL", "")
# Where servers return what they can't deliver, such as bounces@example.com; each letter gets its own form of it (VERP).
BOUNCE_ADDRESS = os.environ.get("DRUMBEAT_BOUNCE_ADDRESS", "")
IMAP_URL = os.environ.get("DRUMBEAT_IMAP_URL", "")
# Who tells by webhook what became of letters (mailgun, mailjet, postmark), and the secret that such a post shows.
MAIL_PROVIDER = os.environ.get("DRUMBEAT_MAIL_PROVIDER", "")
MAIL_WEBHOOK_SECRET = os.environ.get("DRUMBEAT_MAIL_WEBHOOK_SECRET", "")
# A provider posts a whole letter in one field of JSON or of a form, in base64: 25 MB of mail are 34.
DATA_UPLOAD_MAX_MEMORY_SIZE = 36_000_000
# A demo lives in its own time: so many seconds beside the real clock. Read at the doors only.
CLOCK_OFFSET = float(os.environ.get("DRUMBEAT_CLOCK_OFFSET", "0"))
# The role that answers questions in SQL, where it can't be the one that is made by itself.
READER_URL = os.environ.get("DRUMBEAT_READER_URL", "")
# Who asks for /metrics shows it as a bearer token; without one there are no metrics.
METRICS_TOKEN = os.environ.get("DRUMBEAT_METRICS_TOKEN", "")
# Files that people hand in lie in a folder; networks inside the house that webhooks may speak to all the same.
FILES_FOLDER = Path(os.environ.get("DRUMBEAT_FILES") or settled_path() / "files")
WEBHOOK_NETWORKS = [part for part in os.environ.get("DRUMBEAT_WEBHOOK_NETWORKS", "").split(",") if part]
# Where how-to texts are read, such as https://help.example.com/{key}; without it their names are shown alone.
ARTICLES_URL = os.environ.get("DRUMBEAT_ARTICLES_URL", "")
PUBLIC_URL = os.environ.get("DRUMBEAT_URL", "http://127.0.0.1:8000").rstrip("/")

APPS = (
    "operations", "events", "people", "goals", "partners", "ledger", "sales", "messages", "meetings", "forms", "webhooks", "savedreports", "deals", "routines",
    "figures", "scorecards", "reports", "intake", "packs", "stories", "inquiries",
)  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    *(f"drumbeat.apps.{name}" for name in APPS),
    "drumbeat.interfaces.kit",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "drumbeat.config.urls"
WSGI_APPLICATION = "drumbeat.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "OPTIONS": {
            "loaders": [
                ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "drumbeat.interfaces.kit.frame.frame",
            ],
            "builtins": ["drumbeat.interfaces.kit.templatetags.kit"],
        },
    }
]

DATABASES = {"default": django_settings(named_url() or embedded_server().url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_IMPORT_PATHS = ["drumbeat.interfaces.clock.tasks"]

AUTH_USER_MODEL = "people.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/today/"
LOGOUT_REDIRECT_URL = "/login/"
# In the database alone: with several web processes a log-out must count in all of them at once.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if IS_BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"drumbeat": {"level": "INFO"}, "procrastinate": {"level": "WARNING"}},
}

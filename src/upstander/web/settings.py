"""Django's settings, made from one typed class: ``Installation`` lists everything that a school may set.

Values come from the environment (prefix ``UPSTANDER_``) or from ``upstander.env`` in the data folder.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

DATA = Path(os.environ.get("UPSTANDER_DATA", "var")).resolve()


class OidcProvider(BaseModel):
    """A provider of sign-in that the school has already (OpenID Connect).

    ``server``: its issuer; ``trusts_email``: believe addresses that it does not mark as checked; ``second_factor``: it asks for
    one itself, so none is asked for here.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    server: str = Field(pattern=r"^(https://|http://localhost[:/])")
    client_id: str
    secret: str = ""
    trusts_email: bool = False
    second_factor: bool = False

    @property
    def origin(self) -> str:
        parts = urlsplit(self.server)
        return f"{parts.scheme}://{parts.netloc}"


class Installation(BaseSettings):
    """What an installation may set. Every name is read with the prefix ``UPSTANDER_``."""

    model_config = SettingsConfigDict(env_prefix="UPSTANDER_", env_file=DATA / "upstander.env", extra="ignore")

    database_url: str = Field(
        "", description="PostgreSQL as postgres://user:password@host/name; empty: SQLite in the data folder."
    )
    site_url: str = Field(
        "http://localhost:8000", description="The address under which people reach the school's pages."
    )
    allowed_hosts: list[str] = Field(["localhost", "127.0.0.1", "[::1]"], description="Host names that are answered.")
    secret_key: str = Field("", description="Signs sessions and forms; empty: made once and kept in the data folder.")
    root_key: str = Field(
        "", description="The root key itself (base64, 32 bytes); empty: root_key_command or root_key_file."
    )
    root_key_command: str = Field("", description="A command that prints the root key (base64), for a KMS.")
    root_key_file: str = Field("", description="Where the root key lies; empty: root.key in the data folder.")
    root_key_previous: str = Field("", description="During a rotation: the root key before this one.")
    root_key_previous_command: str = Field("", description="During a rotation: prints the root key before this one.")
    backup_to: list[str] = Field([], description="Public age keys (age1…) for which backups are encrypted.")
    demo: bool = Field(
        False, description="Demo schools: invented people, a clock that can be moved, a page with the mails."
    )
    debug: bool = Field(False, description="Developers only: error pages with internals.")
    mail: Literal["console", "file", "smtp"] = Field("console", description="Where mails go.")
    mail_url: str = Field("", description="smtp://user:password@host:port, with ?tls=starttls or ?tls=ssl.")
    mail_from: str = Field("Upstander <upstander@localhost>", description="The sender of mails.")
    emergency_hours: int = Field(
        4, description="For how long records opened in an emergency stay open; 0: nobody opens any."
    )
    confirm_minutes: int = Field(
        10,
        description="For so long after signing in nobody is asked again who they are before an export or an emergency.",
    )
    idle_minutes: int = Field(30, description="A staff session ends after so many minutes without a page.")
    max_file_mb: int = Field(10, description="Largest file, in megabytes.")
    max_report_mb: int = Field(30, description="Largest report with all its files, in megabytes.")
    clamav: str = Field(
        "", description="The socket of ClamAV's clamd, a path or host:port; empty: files are not scanned."
    )
    trusted_proxies: int = Field(0, description="How many proxies in front set X-Forwarded-For.")
    proof_of_work: bool = Field(False, description="Ask the door's visitors for a proof of work during a flood.")
    oidc: list[OidcProvider] = Field([], description="Providers of sign-in that the school has already, as JSON.")
    require_totp: bool = Field(True, description="Staff need a second factor.")


INSTALLATION = Installation()


def _kept_secret(name: str) -> str:
    """A random secret that is made once and kept, readable only by its owner."""
    path = DATA / name
    if not path.exists():
        DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = DATA / f".{name}.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text().strip()


BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = INSTALLATION.secret_key or _kept_secret("secret.key")
DEBUG = INSTALLATION.debug
ALLOWED_HOSTS = INSTALLATION.allowed_hosts
CSRF_TRUSTED_ORIGINS = [INSTALLATION.site_url] if INSTALLATION.site_url.startswith("https") else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "upstander.web.urls"
WSGI_APPLICATION = "upstander.web.wsgi.application"

INSTALLED_APPS = [
    "upstander.ui",
    "upstander.vault",
    "upstander.people",
    "upstander.access",
    "upstander.records",
    "upstander.school",
    "upstander.tell",
    "upstander.cases",
    "upstander.notify",
    "upstander.portal",
    "upstander.api",
    "upstander.web",
    "upstander.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "upstander.web.middleware.headers",
    "upstander.web.middleware.behind_walls",
    "upstander.web.middleware.read_once",
    "upstander.web.middleware.sessions_only_inside",
    "upstander.web.middleware.idle_end",
    "upstander.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "upstander.web.middleware.messages_only_inside",
    "upstander.web.middleware.cannot_judge",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csrf",
                "upstander.web.context.site",
                "django.contrib.messages.context_processors.messages",
                "upstander.ui.context.look",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "upstander.ui.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "upstander.ui.forms.LookRenderer"

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA recursive_triggers=ON;"
    "PRAGMA busy_timeout=20000;PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY"
)


def _database() -> dict[str, Any]:
    if INSTALLATION.database_url:
        found = dict(dj_database_url.parse(INSTALLATION.database_url, conn_max_age=600, conn_health_checks=True))
        found.setdefault("OPTIONS", {})
        return found
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "upstander.sqlite3",
        "CONN_MAX_AGE": 600,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
    }


DATABASES = {"default": _database()}
CACHES = {"default": {"BACKEND": "upstander.access.shared_cache.SharedCache"}}

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "upstander.access.passwords.NoWordsOfTheHouse"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/in/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_FORMS = {
    "login": "upstander.access.forms.LoginForm",
    "reset_password": "upstander.access.forms.ResetPasswordForm",
    "change_password": "upstander.access.forms.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "upstander.access.adapter.ClosedAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = urlsplit(INSTALLATION.site_url).hostname == "localhost"
MFA_ADAPTER = "upstander.access.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "upstander.access.forms.ActivateTOTPForm",
    "add_webauthn": "upstander.access.forms.PasskeyForm",
    "authenticate": "upstander.access.forms.AuthenticateForm",
    "reauthenticate": "upstander.access.forms.ReauthenticateForm",
}
SOCIALACCOUNT_ADAPTER = "upstander.access.providers.ClosedSocialAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": each.id,
                "name": each.name,
                "client_id": each.client_id,
                "secret": each.secret,
                "settings": {"server_url": each.server, "oauth_pkce_enabled": True},
            }
            for each in INSTALLATION.oidc
        ]
    }
}
MFA_TOTP_ISSUER = "Upstander"

SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "upstander.web.errors.csrf_failure"
_HTTPS = INSTALLATION.site_url.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
# Under https no other host of the school can set them: browsers take the prefix with Secure, "/" and no domain only.
SESSION_COOKIE_NAME = "__Host-upstander" if _HTTPS else "upstander"
CSRF_COOKIE_NAME = "__Host-csrf" if _HTTPS else "csrftoken"
SECURE_HSTS_SECONDS = 63_072_000 if _HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if INSTALLATION.trusted_proxies else None
SECURE_REFERRER_POLICY = "same-origin"  # with "no-referrer" browsers hide the origin of our own forms
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *sorted({each.origin for each in INSTALLATION.oidc})],  # a browser asks on the way there
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

MAX_FILE_BYTES = INSTALLATION.max_file_mb * 1024 * 1024
MAX_REPORT_BYTES = INSTALLATION.max_report_mb * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# Django's own handler in memory drops a request that is too large without a word; this one lets the form say so.
FILE_UPLOAD_HANDLERS = ["upstander.tell.uploads.LimitedUpload"]
FILE_UPLOAD_MAX_MEMORY_SIZE = MAX_REPORT_BYTES + 1024 * 1024

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("ja", "日本語"), ("nl", "Nederlands"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "cli" / "locale"]  # the command line is no app of Django's
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = False
WHITENOISE_USE_FINDERS = DEBUG


def _mail() -> dict[str, Any]:
    if INSTALLATION.mail == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if INSTALLATION.mail == "file":
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": DATA / "mail"}
    url = urlsplit(INSTALLATION.mail_url)
    tls = parse_qs(url.query).get("tls", ["starttls"])[0]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname or "localhost",
        "EMAIL_PORT": url.port or 587,
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "ssl",
    }


globals().update(_mail())
DEFAULT_FROM_EMAIL = INSTALLATION.mail_from

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"upstander": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}

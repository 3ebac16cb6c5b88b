"""Settings of the journey composer; every one that differs between machines is read from the
environment or `.env`."""

import os
from datetime import timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from composer.databases import database
from composer.environment import Environment, kept_secret, require
from composer.identity.oidc.configured import configured, require_a_way_in
from composer.logs import FORMATS, logging_config
from composer.security_txt import security_contacts, security_expiry
from composer.sockets import free_port, redis_socket

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(os.environ, Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env"))

# The demo keeps its own secrets and listens on loopback only. Outside it nothing has a default that
# could be guessed.
DEMO = env.flag("DEMO")
DEBUG = DEMO and env.flag("DEBUG")
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "data"))).expanduser().absolute()
if not DEMO:
    require(env, ["SECRET_KEY", "ALLOWED_HOSTS", "ENCRYPTION_KEYS", "APPROVAL_KEYS"])
    DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

SECRET_KEY = env.text("SECRET_KEY") or kept_secret(DATA_DIR / "secret_key", get_random_secret_key)
ENCRYPTION_KEYS = env.listed("ENCRYPTION_KEYS") or [
    kept_secret(DATA_DIR / "encryption_key", lambda: Fernet.generate_key().decode())
]
for key in ENCRYPTION_KEYS:
    try:
        Fernet(key)
    except ValueError:
        raise ImproperlyConfigured(
            "ENCRYPTION_KEYS must be Fernet keys with commas between them. Make one with: python -c"
            " 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
        ) from None

# Where it listens
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
PORT = env.integer("PORT", 8000, minimum=1)
BIND = env.text("BIND", "127.0.0.1")
if DEMO and BIND not in ("127.0.0.1", "::1", "localhost"):
    raise ImproperlyConfigured(
        "BIND: the demo listens on loopback only, because its sign-ins are known to everybody."
    )
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS") or LOOPBACK
CSRF_TRUSTED_ORIGINS = env.listed("CSRF_TRUSTED_ORIGINS")
WEB_THREADS = (
    8  # of each process of the web server: work on large journeys takes half of them at most
)
# chosen once for a data folder, because the demo's tenant row holds it
PRACTICE_PORT = env.integer("PRACTICE_PORT", 0, minimum=1)
if DEMO and not PRACTICE_PORT:
    PRACTICE_PORT = int(kept_secret(DATA_DIR / "practice_port", lambda: free_port(besides=PORT)))

INSTALLED_APPS = [
    "journeys",
    "composer.administration.Administration",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",  # templates of allauth's ask for it
    "composer.static.StaticFiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_include_bootstrap",
]

MIDDLEWARE = [
    "composer.correlation.middleware",
    "composer.access_log.middleware",
    # before what may refuse or fail, so that every answer bears their headers
    "composer.headers.middleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "composer.methods.middleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # after WhiteNoise, which sends files compressed beforehand; it adds random bytes, so that
    # lengths tell no secrets
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "composer.identity.middleware.ended_sessions",
    "composer.bodies.middleware",
    "journeys.limiting.turns",
    "composer.identity.middleware.SignedIn",
    "composer.own_mark.middleware",
    "journeys.views.audited_refusals.middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "composer.identity.second_factor.required",
    "axes.middleware.AxesMiddleware",
    "composer.hidden_characters.middleware",
]

ROOT_URLCONF = "composer.urls"
WSGI_APPLICATION = "composer.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "composer.lean_templates.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "composer.own_mark.own_mark",
            ],
            "libraries": {"identity": "composer.identity.tags"},
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": database(env.text("DATABASE_URL"), DATA_DIR / "composer.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Answers of tenants that forms offer to choose from, in each process; the oldest go when it is
# full.
CACHES = {
    "default": {
        "BACKEND": "composer.memory_cache.BoundedCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000, "MOST_BYTES": 16 * 1024 * 1024},
    }
}

# Background work. Without REDIS_URL, `manage.py serve` runs a Redis of its own on a socket in a
# closed folder.
REDIS_SOCKET = redis_socket(DATA_DIR)
REDIS_URL = env.text("REDIS_URL")
BROKER_URL = REDIS_URL or f"redis+socket://{REDIS_SOCKET}"
WORKER_THREADS = env.integer("WORKER_THREADS", 64, minimum=1)  # calls at a time of one worker

# Submitting. The times to connect to an address, for a pause of an answer, for a whole exchange and
# for a claim: each must be longer than the one before it, else no process starts (composer.checks).
# The tenant gives up after 120 s, so a slow answer still arrives within 130 s. Settling is how long
# an unclear outcome is left alone before a look-up is believed that finds nothing.
SUBMIT_CONNECT_SECONDS = 5.0
SUBMIT_TIMEOUT_SECONDS = env.number("SUBMIT_TIMEOUT_SECONDS", 130.0)
SUBMIT_READ_SECONDS = min(30.0, SUBMIT_TIMEOUT_SECONDS / 2)
SUBMIT_SETTLE_SECONDS = env.number("SUBMIT_SETTLE_SECONDS", 150.0)
if DEMO:
    SUBMIT_CONNECT_SECONDS = min(SUBMIT_CONNECT_SECONDS, SUBMIT_READ_SECONDS / 2)
SUBMIT_MARGIN_SECONDS = min(10.0, SUBMIT_TIMEOUT_SECONDS / 4)
SUBMIT_LEASE_SECONDS = SUBMIT_TIMEOUT_SECONDS + 5 * SUBMIT_MARGIN_SECONDS
TENANT_RATE = env.number("TENANT_RATE", 5.0)  # calls a second to one tenant

# Approvals: sealed with the first key, which the database does not hold; what any of them sealed
# holds.
APPROVAL_KEYS = env.listed("APPROVAL_KEYS") or [
    kept_secret(DATA_DIR / "approval_key", get_random_secret_key)
]
APPROVAL_DAYS = env.integer("APPROVAL_DAYS", 30, minimum=1)
AUDIT_DAYS = env.integer("AUDIT_DAYS", 0)  # after which entries of the audit go; 0: never
if (
    0 < AUDIT_DAYS < 30
):  # who changed whose account counts for a day, and somebody has to have the time to look
    raise ImproperlyConfigured("AUDIT_DAYS must be 0, for ever, or at least 30.")
# Domains of Marketing Cloud; a tenant's hosts stand under one of them.
TENANT_DOMAINS = env.listed("TENANT_DOMAINS") or ["marketingcloudapis.com"]

# People: signing in is django-allauth's, guessing is held off by django-axes alone (allauth's own
# limits are off).
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "composer.identity.backend.Backend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "composer.identity.passwords.ShortestLength", "OPTIONS": {"min_length": 12}},
    {"NAME": "composer.identity.passwords.LongestLength"},
    {"NAME": "composer.identity.passwords.NotCommon"},
    {"NAME": "composer.identity.passwords.HardToGuess"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign-in"
ACCOUNT_ADAPTER = "composer.identity.adapters.Accounts"
MFA_ADAPTER = "composer.identity.adapters.SecondFactors"
USERSESSIONS_ADAPTER = "composer.identity.adapters.Sessions"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # else anybody could have us write to any address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = ACCOUNT_LOGIN_ON_PASSWORD_RESET = ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "composer.identity.links.OneUseLink"  # noqa: S105
ACCOUNT_FORMS = {
    "login": "composer.identity.forms.SignIn",
    "change_password": "composer.identity.forms.ChangePassword",
    "reset_password": "composer.identity.forms.ForgotPassword",
    "reset_password_from_key": "composer.identity.forms.SetPassword",
    "reauthenticate": "composer.identity.forms.ConfirmByPassword",
}
MFA_FORMS = {
    "authenticate": "composer.identity.forms.SecondFactorCode",
    "reauthenticate": "composer.identity.forms.ConfirmByCode",
    "authenticate_webauthn": "composer.identity.forms.SecondFactorPasskey",
    "login_webauthn": "composer.identity.forms.PasskeyAlone",
    "reauthenticate_webauthn": "composer.identity.forms.ConfirmByPasskey",
    "add_webauthn": "composer.identity.forms.AddPasskey",
    "activate_totp": "composer.identity.forms.AddAuthenticatorApp",
}
PASSWORD_RESET_TIMEOUT = (
    3 * 24 * 3600
)  # an invitation; a link for a forgotten password ends sooner (identity.links)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # the demo has no TLS, and listens on loopback only
MFA_TOTP_ISSUER = "Journey composer"
MFA_TOTP_TOLERANCE = 1
REQUIRE_SECOND_FACTOR = env.flag("REQUIRE_SECOND_FACTOR")
OIDC = configured(
    env.text("OIDC_ISSUER"),
    env.text("OIDC_CLIENT_ID"),
    env.text("OIDC_CLIENT_SECRET"),
    env.text("OIDC_NAME", "your organisation"),
    env.text("OIDC_GROUPS_CLAIM", "groups"),
    env.text("OIDC_GROUPS"),
    env.listed("OIDC_SECOND_FACTOR"),
)
LOCAL_SIGN_IN = env.flag("LOCAL_SIGN_IN", default=True)
EMERGENCY_USER = env.text("EMERGENCY_USER")
require_a_way_in(OIDC, LOCAL_SIGN_IN, EMERGENCY_USER, DEMO)
SOCIALACCOUNT_ADAPTER = "composer.identity.oidc.provider.Social"
SOCIALACCOUNT_ONLY = SOCIALACCOUNT_STORE_TOKENS = SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
AXES_HANDLER = "composer.identity.guessing.Handler"
AXES_COOLOFF_TIME = timedelta(
    hours=24
)  # how long a failure is remembered; how long one waits is in identity.guessing
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = ["ip_address", "username", ["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "composer.identity.guessing.locked_out"
AXES_CLIENT_IP_CALLABLE = "composer.identity.guessing.address_of"
AXES_USERNAME_CALLABLE = "composer.identity.guessing.name_of"
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

# Mail: what an invitation and a forgotten password send. The demo writes it to the console.
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
MAIL_GOES_OUT = bool(env.text("EMAIL_HOST"))  # else an admin is shown the link of an invitation
EMAIL_PORT = env.integer("EMAIL_PORT", 25, minimum=1)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "composer@localhost")
if DEMO and not MAIL_GOES_OUT:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# Browser safety. BEHIND_PROXY=1: a proxy in front sets X-Forwarded-Proto and X-Forwarded-For over
# what clients send.
BEHIND_PROXY = env.flag("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
if (
    SESSION_COOKIE_SECURE
):  # browsers take these names from this very host only, by https, for all paths
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_ENGINE = "composer.identity.session_store"
SESSION_COOKIE_AGE = SESSION_LONGEST_SECONDS = 12 * 3600
SESSION_IDLE_SECONDS = 2 * 3600
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=not DEMO)
SECURE_REDIRECT_EXEMPT = [r"^healthz(/|$)"]
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 0 if DEMO else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's style sheet carries its icons as data
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

CSRF_FAILURE_VIEW = "composer.identity.old_forms.csrf_failure"

# A document of 4 MB is up to three times that when a form posts it, because quotes and braces are
# percent-encoded. What is larger is refused before it is read (composer.bodies).
DATA_UPLOAD_MAX_MEMORY_SIZE = LARGEST_BODY = 16 * 1024 * 1024
LARGEST_BODY_OF_STRANGERS = 64 * 1024
LONGEST_BODY_SECONDS = env.number("LONGEST_BODY_SECONDS", 30.0)  # from its first byte to its last
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_MAX_MEMORY_SIZE = LARGEST_BODY  # no upload is ever written to the disk

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles"))).absolute()
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "composer.static.HashedStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# Language and time
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
FORMAT_MODULE_PATH = "composer.formats"
USE_TZ = True

ACCESS_LOG = env.flag("ACCESS_LOG", default=True)
LOG_MEGABYTES = env.number(
    "LOG_MEGABYTES", 10, minimum=0.001
)  # of one file of `serve`, which then begins another
LOG_FILES = env.integer("LOG_FILES", 5, minimum=1)  # older ones that are kept of each
METRICS_TOKEN = env.text("METRICS_TOKEN")  # what a scraper of /metrics sends as its bearer token
# /.well-known/security.txt
SECURITY_CONTACT = security_contacts(env.listed("SECURITY_CONTACT"))
SECURITY_EXPIRES = security_expiry(env.text("SECURITY_EXPIRES")) if SECURITY_CONTACT else ""
LOG_FORMAT = env.text("LOG_FORMAT", "line" if DEMO else "json")
if LOG_FORMAT not in FORMATS:
    raise ImproperlyConfigured(f"LOG_FORMAT is one of: {', '.join(FORMATS)}.")
LOGGING = logging_config(LOG_FORMAT, env.text("LOG_LEVEL", "INFO").upper())

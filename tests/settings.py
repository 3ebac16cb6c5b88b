"""The demo's settings in a folder of their own, so that no test reads or writes the checkout's data
or `.env`.

TEST_DATABASE=postgresql runs the database tests on a private PostgreSQL instead of SQLite.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

READ = {
    "DATA_DIR",
    "DATABASE_URL",
    "REDIS_URL",
    "PORT",
    "PRACTICE_PORT",
    "BIND",
    "SECRET_KEY",
    "ENCRYPTION_KEYS",
}
READ |= {"APPROVAL_KEYS", "APPROVAL_DAYS", "AUDIT_DAYS", "TENANT_DOMAINS"}
READ |= {
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "SUBMIT_SETTLE_SECONDS",
    "SUBMIT_TIMEOUT_SECONDS",
    "TENANT_RATE",
}
READ |= {
    "DEBUG",
    "BEHIND_PROXY",
    "LONGEST_BODY_SECONDS",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "STATIC_ROOT",
    "LOG_LEVEL",
    "LOG_FORMAT",
    "METRICS_TOKEN",
    "ACCESS_LOG",
    "LOG_MEGABYTES",
    "LOG_FILES",
    "REQUIRE_SECOND_FACTOR",
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_NAME",
    "OIDC_GROUPS",
    "OIDC_GROUPS_CLAIM",
    "OIDC_SECOND_FACTOR",
    "LOCAL_SIGN_IN",
    "EMERGENCY_USER",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "EMAIL_HOST_USER",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_USE_TLS",
    "EMAIL_USE_SSL",
    "DEFAULT_FROM_EMAIL",
}
for name in READ:
    os.environ.pop(name, None)

if "TEST_ROOT" not in os.environ:
    os.environ["TEST_ROOT"] = tempfile.mkdtemp(prefix="composer-tests-")
    atexit.register(shutil.rmtree, os.environ["TEST_ROOT"], ignore_errors=True)

if os.environ.get("TEST_DATABASE") == "postgresql" and "TEST_DATABASE_URL" not in os.environ:
    from tests import postgresql

    os.environ["TEST_DATABASE_URL"] = postgresql.start(Path(os.environ["TEST_ROOT"])) or ""

os.environ["ENV_FILE"] = os.devnull
os.environ["DEMO"] = "1"
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="data-", dir=os.environ["TEST_ROOT"])
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")

from composer.settings import *  # noqa: E402, F403
from composer.settings import DATA_DIR, DATABASES, LOGGING  # noqa: E402

if not os.environ["DATABASE_URL"]:
    # A file, so that threads and processes meet as they do in life; in memory they would share one
    # connection.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
del os.environ["DATABASE_URL"]

LOG_HANDLER = LOGGING["handlers"]["stderr"]
LOGGING["handlers"]["stderr"] = {
    "class": "logging.NullHandler"
}  # pytest has what is logged already
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

"""System checks: combinations of settings that would lose or double a journey, or open a door."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

CHAIN = [
    "SUBMIT_CONNECT_SECONDS",
    "SUBMIT_READ_SECONDS",
    "SUBMIT_TIMEOUT_SECONDS",
    "SUBMIT_LEASE_SECONDS",
]
SHORTEST_KEY = 32  # characters
SLOWEST_ANSWER = 120  # seconds after which the tenant gives up by itself


@register
def timing_chain_holds(app_configs: object, **kwargs: object) -> list[Error]:
    """A lease that ends before the call it covers would let a second worker send the same
    journey."""
    errors = []
    for shorter, longer in zip(CHAIN, CHAIN[1:], strict=False):
        if not getattr(settings, shorter) < getattr(settings, longer):
            errors.append(Error(f"{shorter} must be shorter than {longer}.", id="composer.E001"))
    return errors


@register
def short_times_are_for_the_demo(app_configs: object, **kwargs: object) -> list[Error]:
    if settings.DEMO:
        return []
    errors = []
    if settings.SUBMIT_TIMEOUT_SECONDS <= SLOWEST_ANSWER:
        text = (
            f"SUBMIT_TIMEOUT_SECONDS must be more than {SLOWEST_ANSWER}: the tenant may answer that"
            " late."
        )
        errors.append(
            Error(
                text, hint="Short times are for the practice tenant (DEMO=1).", id="composer.E002"
            )
        )
    shortest = settings.SUBMIT_TIMEOUT_SECONDS + 2 * settings.SUBMIT_MARGIN_SECONDS
    if settings.SUBMIT_SETTLE_SECONDS < shortest:
        text = f"SUBMIT_SETTLE_SECONDS must be at least {shortest:g}."
        hint = (
            "A journey may still be created that long after it was sent; looking earlier could"
            " double it."
        )
        errors.append(Error(text, hint=hint, id="composer.E003"))
    return errors


@register
def rate_is_positive(app_configs: object, **kwargs: object) -> list[Error]:
    if settings.TENANT_RATE > 0:
        return []
    return [
        Error("TENANT_RATE must be more than 0, else nothing is ever sent.", id="composer.E004")
    ]


@register
def approval_keys_are_long(app_configs: object, **kwargs: object) -> list[Error]:
    """A key that can be guessed seals nothing."""
    if all(len(key) >= SHORTEST_KEY for key in settings.APPROVAL_KEYS):
        return []
    text = f"Each of APPROVAL_KEYS must have at least {SHORTEST_KEY} characters."
    hint = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    return [Error(text, hint=hint, id="composer.E005")]


@register(Tags.security, deploy=True)
def lines_to_others_are_encrypted(app_configs: object, **kwargs: object) -> list[Warning]:
    """Database, Redis and mail on another machine: what goes there is not for whoever listens in
    between."""
    database, redis = settings.DATABASES["default"], urlsplit(settings.REDIS_URL)
    database_host, mode = database.get("HOST", ""), database.get("OPTIONS", {}).get("sslmode", "")
    warnings = []
    if is_elsewhere(database_host) and mode not in ("verify-full", "verify-ca"):
        hint = "End DATABASE_URL with ?sslmode=verify-full&sslrootcert=/path/to/its/authority.pem"
        warnings.append(line_is_open("the database", database_host, hint, "composer.W001"))
    is_checked = (
        redis.scheme == "rediss" and "ssl_cert_reqs=required" in redis.query
    )  # else Celery checks nothing
    if is_elsewhere(redis.hostname or "") and not is_checked:
        hint = "Write REDIS_URL as rediss://HOST:PORT/0?ssl_cert_reqs=required"
        warnings.append(line_is_open("Redis", redis.hostname, hint, "composer.W002"))
    if is_elsewhere(settings.EMAIL_HOST) and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        warnings.append(
            line_is_open("mails", settings.EMAIL_HOST, "Set EMAIL_USE_TLS=1.", "composer.W003")
        )
    return warnings


def line_is_open(what: str, host: str, hint: str, number: str) -> Warning:
    return Warning(
        f"The line for {what} to {host} is not encrypted, or not to one that was checked.",
        hint,
        id=number,
    )


def is_elsewhere(host: str) -> bool:
    """A path is that of a socket."""
    return bool(host) and not host.startswith("/") and host not in ("localhost", "127.0.0.1", "::1")


def refuse_what_loses_or_doubles() -> None:
    """For processes that no command of manage.py starts: only those ask the checks by
    themselves."""
    errors = [
        *timing_chain_holds(None),
        *short_times_are_for_the_demo(None),
        *rate_is_positive(None),
    ]
    errors += approval_keys_are_long(None)
    if errors:
        raise ImproperlyConfigured(" ".join(error.msg for error in errors))

"""System checks: combinations of settings that would lose or double a journey, or open a door."""

from django.conf import settings
from django.core.checks import Error, register
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
    """A lease that ends before the call it covers would let a second worker send the same journey."""
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
        text = f"SUBMIT_TIMEOUT_SECONDS must be more than {SLOWEST_ANSWER}: the tenant may answer that late."
        errors.append(Error(text, hint="Short times are for the practice tenant (DEMO=1).", id="composer.E002"))
    shortest = settings.SUBMIT_TIMEOUT_SECONDS + 2 * settings.SUBMIT_MARGIN_SECONDS
    if settings.SUBMIT_SETTLE_SECONDS < shortest:
        text = f"SUBMIT_SETTLE_SECONDS must be at least {shortest:g}."
        hint = "A journey may still be created that long after it was sent; looking earlier could double it."
        errors.append(Error(text, hint=hint, id="composer.E003"))
    return errors


@register
def rate_is_positive(app_configs: object, **kwargs: object) -> list[Error]:
    if settings.TENANT_RATE > 0:
        return []
    return [Error("TENANT_RATE must be more than 0, else nothing is ever sent.", id="composer.E004")]


@register
def approval_keys_are_long(app_configs: object, **kwargs: object) -> list[Error]:
    """A key that can be guessed seals nothing."""
    if all(len(key) >= SHORTEST_KEY for key in settings.APPROVAL_KEYS):
        return []
    text = f"Each of APPROVAL_KEYS must have at least {SHORTEST_KEY} characters."
    hint = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
    return [Error(text, hint=hint, id="composer.E005")]


def refuse_what_loses_or_doubles() -> None:
    """For processes that no command of manage.py starts: only those ask the checks by themselves."""
    found = [*timing_chain_holds(None), *short_times_are_for_the_demo(None), *rate_is_positive(None)]
    found += approval_keys_are_long(None)
    if found:
        raise ImproperlyConfigured(" ".join(error.msg for error in found))

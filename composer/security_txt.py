"""Whom to tell of a security hole: what security.txt says, read from the environment and checked
(RFC 9116)."""

from datetime import UTC, datetime

from django.core.exceptions import ImproperlyConfigured

SCHEMES = ("mailto:", "https://", "tel:")


def security_contacts(given: list[str]) -> list[str]:
    """As addresses with a scheme; a bare mail address gets its own."""
    contacts = [f"mailto:{one}" if "@" in one and ":" not in one else one for one in given]
    if any(not one.startswith(SCHEMES) or not one.isprintable() or " " in one for one in contacts):
        raise ImproperlyConfigured(
            "SECURITY_CONTACT: mail addresses or https:// addresses, with commas between them."
        )
    return contacts


def security_expiry(given: str) -> str:
    """The day until which the contact holds. The file must have one, so that nobody writes to an
    address of old."""
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise ImproperlyConfigured(
            "SECURITY_EXPIRES: the day until which SECURITY_CONTACT holds, such as 2027-06-30."
        ) from None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

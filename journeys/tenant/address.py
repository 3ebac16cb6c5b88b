"""Where a tenant's endpoint is, and nowhere else.

An address is built from checked parts, read back, and compared with what was meant. Pasted into a
URL template unchecked, `evil.example/` or `mc\\@evil.example` would lead the client's secret to
another host.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from .errors import BadAddress

ALLOWED_DOMAIN = "marketingcloudapis.com"

LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
SUBDOMAIN = re.compile(LABEL)
DOMAIN = re.compile(rf"{LABEL}(?:\.{LABEL})+")
PRACTICE = re.compile(r"http://(127(?:\.[0-9]{1,3}){3}|localhost|\[::1\])(?::([0-9]{1,5}))?/?")


@dataclass(frozen=True)
class Addresses:
    """Two origins, without a slash at the end; `domain` is empty for a stand-in on this machine."""

    auth: str
    rest: str
    domain: str


def addresses(
    subdomain: str, allowed_domain: str = ALLOWED_DOMAIN, practice_url: str = ""
) -> Addresses:
    """Raises BadAddress. A practice URL replaces both hosts, and then the sub-domain is not looked
    at."""
    if practice_url:
        origin = check_practice_url(practice_url)
        return Addresses(origin, origin, "")
    label, domain = check_subdomain(subdomain), check_domain(allowed_domain)
    return Addresses(_origin(f"{label}.auth.{domain}"), _origin(f"{label}.rest.{domain}"), domain)


def check_subdomain(text: str) -> str:
    """The sub-domain in lower case; raises BadAddress. It is the part before
    `.rest.marketingcloudapis.com`."""
    if not text:
        raise BadAddress(flaw="subdomain-missing")
    if len(text) > 63:
        raise BadAddress(flaw="subdomain-long")
    if not SUBDOMAIN.fullmatch(text):
        raise BadAddress(flaw="subdomain-characters")
    if text[2:4] == "--":
        raise BadAddress(flaw="subdomain-hyphens")  # such names stand for other letters
    return text.lower()


def check_domain(text: str) -> str:
    """The domain under which the tenant's hosts must stand, in lower case; raises BadAddress."""
    labels = text.split(".")
    plain = len(text) <= 180 and DOMAIN.fullmatch(text) and not labels[-1].isdigit()
    if not plain or any(label[2:4] == "--" for label in labels):
        raise BadAddress(flaw="domain-plain")
    return text.lower()


def check_permitted(domain: str, permitted: Iterable[str]) -> str:
    """The domain, if it is one of the permitted or stands under one; raises BadAddress."""
    domain = check_domain(domain)
    if any(domain == one.lower() or domain.endswith(f".{one.lower()}") for one in permitted):
        return domain
    raise BadAddress(flaw="domain-permitted")


def check_practice_url(text: str) -> str:
    """The origin of a stand-in on this machine, such as `http://127.0.0.1:8025`; raises
    BadAddress."""
    match = PRACTICE.fullmatch(text)
    if not match or not _is_loopback(match[1]) or not 0 < int(match[2] or 80) < 65536:
        raise BadAddress(flaw="practice-url")
    return text.removesuffix("/")


def follow(rest_instance_url: object, known: Addresses) -> str | None:
    """The origin that a token's answer names, when it may be followed; None when it may not.

    Only https under the allowed domain may; for a stand-in only the very origin that is known
    already.
    """
    if not isinstance(rest_instance_url, str) or not 0 < len(rest_instance_url) <= 300:
        return None
    origin = rest_instance_url.removesuffix("/")
    if not known.domain:
        return known.rest if origin == known.rest else None
    host = origin.removeprefix("https://").lower()
    if f"https://{host}" != origin.lower() or not host.endswith(f".{known.domain}"):
        return None
    try:
        return _origin(check_domain(host))
    except BadAddress:
        return None


def _origin(host: str) -> str:
    """Builds the address, reads it back and compares."""
    url = f"https://{host}"
    parts = urlsplit(url)
    if parts.netloc != host or parts.hostname != host or parts.scheme != "https" or parts.path:
        raise BadAddress(flaw="not-built")
    return url


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

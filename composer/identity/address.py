"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 nothing listens there


def client_address(request: HttpRequest) -> str:
    """The peer's address; behind a proxy the last one in X-Forwarded-For, the only one that the
    proxy vouches for."""
    if settings.BEHIND_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return request.META.get("REMOTE_ADDR", "")


def kept_address(request: HttpRequest) -> str:
    """The same for a column that takes addresses only: a socket has none, and a proxy may write a
    port behind it."""
    address = client_address(request)
    for text in (address, address.strip("[]"), address.rpartition(":")[0].strip("[]")):
        try:
            return str(ip_address(text))
        except ValueError:
            continue
    return UNKNOWN

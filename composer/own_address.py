"""Addresses that came with a request, and whether they lead to a page of ours."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_address(request: HttpRequest, address: str) -> str:
    """Its path and query, "" when it leads elsewhere or is none."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return ""
    here = urlsplit(address)._replace(scheme="", netloc="").geturl()
    # What is left may name another host only now: of "http://ours//theirs" it is "//theirs".
    return here if here.startswith("/") and url_has_allowed_host_and_scheme(here, None) else ""


def came_from(request: HttpRequest) -> str:
    """The page that the request was sent from, else the front page."""
    return own_address(request, request.headers.get("Referer", "")) or settings.LOGIN_REDIRECT_URL

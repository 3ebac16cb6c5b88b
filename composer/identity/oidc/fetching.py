"""Calls to the provider, inside a web request: short, bounded, never led elsewhere."""

import time

import requests
from django.conf import settings

SECONDS = 3.0  # one call at most
MOST_BYTES = 256 * 1024


class Refused(requests.RequestException):
    """What the provider answers is nothing that we take."""


class Bounded(requests.Session):
    def request(self, method: str, url: str, **words: object) -> requests.Response:
        if not settings.DEMO and not str(url).lower().startswith("https://"):
            raise Refused("an address of the provider is not https")
        ends = time.monotonic() + SECONDS
        words |= {"timeout": SECONDS, "allow_redirects": False, "stream": True}
        response = super().request(method, url, **words)
        if 300 <= response.status_code < 400:
            response.close()
            raise Refused("the provider leads to another address")
        response._content = body(response, ends)
        return response


def body(response: requests.Response, ends: float) -> bytes:
    """The time-out of `requests` is between two bytes; here it is for all of them."""
    received = b""
    try:
        for chunk in response.iter_content(8192):
            received += chunk
            if len(received) > MOST_BYTES:
                raise Refused("the provider answers with too much")
            if time.monotonic() > ends:
                raise requests.ReadTimeout("the provider takes too long")
    finally:
        response.close()
    return received

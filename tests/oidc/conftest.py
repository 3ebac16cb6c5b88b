import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from composer.identity.oidc.configured import Configured
from tests.oidc.provider import CLIENT, SECRET

GROUPS = {"cn=marketers,o=x": ["Marketer"], "reviewers": ["Reviewer"]}


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    """A process of its own, on a port of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.oidc.provider"], stdout=subprocess.PIPE, text=True
    ) as process:
        yield process.stdout.readline().strip()
        process.terminate()


class Provider:
    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def does(self, does: str = "", **more: object) -> None:
        requests.post(
            f"{self.issuer}/does",
            json={"does": does, "claims": {}, "userinfo_sub": "", **more},
            timeout=5,
        )

    def asked(self, path: str) -> list[dict]:
        return [
            one
            for one in requests.get(f"{self.issuer}/asked", timeout=5).json()["asked"]
            if one["path"] == path
        ]


@pytest.fixture
def provider(issuer: str, settings: Settings, people: object) -> Provider:
    cache.clear()
    settings.OIDC = Configured(issuer, CLIENT, SECRET, "Acme", "groups", GROUPS, frozenset())
    found = Provider(issuer)
    found.does()
    return found


def go(client: Client, start: str = "/sign-in/provider/"):
    """As a browser goes: to the provider, and back with what it says."""
    leaving = client.get(start)
    return back(client, leaving.headers["Location"]) if leaving.status_code == 302 else leaving


def back(client: Client, address: str):
    answer = requests.get(address, allow_redirects=False, timeout=10)
    return client.get(answer.headers["Location"].removeprefix("http://testserver"))

"""A tenant's name that leads into a private network is not followed, not even when it led elsewhere
a moment ago."""

import socket

import pytest

from journeys.tenant import Client, Credentials
from journeys.tenant import wire as wires
from journeys.tenant.errors import NotSent
from journeys.tenant.wire import Wire, is_public, prepare

PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "0.0.0.0",
    "100.64.0.1",
    "240.0.0.1",
]
PRIVATE += [
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
]
PRIVATE += ["2002:7f00:1::"]


@pytest.mark.parametrize("address", PRIVATE)
def test_it_knows_what_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["13.110.0.1", "2606:4700::1", "::ffff:13.110.0.1", "64:ff9b::d6e:1"]
)
def test_it_knows_what_is_public(address: str) -> None:
    assert is_public(address)


@pytest.fixture
def listening(monkeypatch) -> socket.socket:
    """Whatever name is asked for leads to this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", server.getsockname())]
        monkeypatch.setattr(wires, "addresses_of", lambda host, port, seconds: found)
        yield server


def test_it_connects_to_no_private_address(listening: socket.socket) -> None:
    request = prepare("GET", "https://mc-abc.rest.marketingcloudapis.com", "/", {}, None)
    outcome = Wire(0.2, public_only=True).exchange(request, 1.0, 1000)
    assert outcome.sent is False
    with pytest.raises(TimeoutError):
        listening.accept()


def test_a_tenants_client_asks_for_no_token_there(listening: socket.socket) -> None:
    with pytest.raises(NotSent):
        Client(Credentials("mc-abc", "package", "s3cret-value"), 1.0, 0.2).fetch_token()
    with pytest.raises(TimeoutError):
        listening.accept()


def test_it_would_connect_there_else(listening: socket.socket) -> None:
    """Else the tests above would prove nothing."""
    request = prepare("GET", f"http://127.0.0.1:{listening.getsockname()[1]}", "/", {}, None)
    Wire(0.2).exchange(request, 0.3, 1000)
    listening.accept()[0].close()

"""Only a certificate that is valid for the host is believed."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from journeys.tenant.wire import Wire, prepare
from tests.tenant.server import answer, drip, hang, serve


def certificate(tmp_path, address: str = "127.0.0.1", days: int = 1) -> tuple[ssl.SSLContext, str]:
    """A server's context with a certificate that signs itself, and the certificate's file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "practice")])
    start = datetime.now(UTC) - timedelta(days=2)
    built = x509.CertificateBuilder(
        name, name, key.public_key(), 1, start, start + timedelta(days=2 + days)
    )
    built = built.add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), False
    )
    built = built.add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256())
    path = tmp_path / "certificate.pem"
    form = serialization.Encoding.PEM
    secret = key.private_bytes(
        form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(built.public_bytes(form) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, str(path)


def ask(server, verify: bool | str, seconds: float = 3.0, body: bytes = b""):
    request = prepare(
        "POST", f"https://127.0.0.1:{server.port}", "/", {"Content-Length": str(len(body))}, body
    )
    return Wire(1.0, verify).exchange(request, seconds, 1000)


def test_a_known_certificate_is_believed(tmp_path):
    context, path = certificate(tmp_path)
    with serve(answer(200, {}), tls=context) as server:
        assert ask(server, path, body=b" " * 100_000).status == 200


@pytest.mark.parametrize(
    ("address", "days"), [("127.0.0.1", 1), ("127.0.0.2", 1), ("127.0.0.1", -1)]
)
def test_a_certificate_that_is_unknown_wrong_or_over_sends_nothing(tmp_path, address, days):
    context, path = certificate(tmp_path, address, days)
    with serve(answer(200, {}), tls=context) as server:
        outcome = ask(server, True if (address, days) == ("127.0.0.1", 1) else path)
    assert (outcome.sent, outcome.reason, server.requests) == (False, "tls", [])


def test_the_environment_cannot_name_other_authorities(tmp_path, monkeypatch):
    context, path = certificate(tmp_path)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, path)
    with serve(answer(200, {}), tls=context) as server:
        assert ask(server, True).reason == "tls"


@pytest.mark.parametrize("say", [hang, drip(answer(200, {}))])
def test_the_deadline_holds_over_tls(tmp_path, say):
    context, path = certificate(tmp_path)
    with serve(say, tls=context) as server:
        outcome = ask(server, path, 0.3)
    assert (outcome.sent, outcome.reason) == (True, "timeout")


def test_a_server_that_never_greets_sends_nothing():
    with serve(answer(200, {})) as server:
        outcome = ask(server, True, 0.3)
    assert outcome.sent is False

"""Where passkeys work: under a name and over https, or on one's own machine as localhost. Browsers
ask for that."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.http.request import validate_host


def obstacle(request: HttpRequest) -> dict:
    """Why the page's address allows none, and where it would: empty where nothing stands against
    it."""
    address = urlsplit(f"//{request.get_host()}")
    host = address.hostname or ""
    number = as_number(host)
    if number is None:
        is_safe = request.is_secure() or host == "localhost" or host.endswith(".localhost")
        return {} if is_safe else {"why": "http"}
    if not number.is_loopback or not validate_host("localhost", settings.ALLOWED_HOSTS):
        return {"why": "number"}
    port = f":{address.port}" if address.port else ""
    path = request.get_full_path() if request.method == "GET" else request.path
    return {"why": "number", "instead": f"{request.scheme}://localhost{port}{path}"}


def as_number(host: str):
    try:
        return ip_address(host)
    except ValueError:
        return None


def has_one(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()


def asked_for(user: User) -> dict:
    """What the browser is to ask the person's passkey; the session remembers it until the
    answer."""
    return {"request_options": begin_authentication(user)}

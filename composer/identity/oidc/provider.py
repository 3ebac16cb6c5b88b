"""The provider: its discovery, its keys, and what a token of its says."""

import secrets
import time
from typing import Any

import jwt
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from composer.identity.oidc.configured import DISCOVERY
from composer.identity.oidc.fetching import Bounded, Refused

KEPT = 600  # seconds, of the discovery and of the keys
KEYS_ANEW_EACH = 30  # seconds, when a token names a key that is not among them
ALGORITHMS = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
]
LEEWAY = 60  # seconds by which clocks may differ
LONGEST_SUBJECT = 191


class Bad(Exception):
    """A token that is not believed; says why, for the log."""


class Social(DefaultSocialAccountAdapter):
    """The one provider is that of the environment; rows of the database add none, and nobody signs
    up."""

    def get_requests_session(self) -> Bounded:
        return Bounded()

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list:
        return [app()] if settings.OIDC else []

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> "Provider":
        return Provider(request, app())

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        return False


def app() -> SocialApp:
    oidc = settings.OIDC
    return SocialApp(
        provider="openid_connect",
        provider_id=oidc.issuer,
        name=oidc.name,
        client_id=oidc.client_id,
        secret=oidc.client_secret,
        settings={"server_url": oidc.issuer + DISCOVERY, "oauth_pkce_enabled": True},
    )


class Endpoints(OpenIDConnectOAuth2Adapter):
    def get_provider(self) -> "Provider":
        return Provider(self.request, app())

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("oidc-callback"))

    @property
    def openid_config(self) -> dict:
        key = f"oidc:{settings.OIDC.issuer}"
        discovery = cache.get(key)
        if discovery is None:
            discovery = fetched(settings.OIDC.issuer + DISCOVERY)
            if str(discovery.get("issuer", "")).rstrip("/") != settings.OIDC.issuer:
                raise Refused("the discovery is of another issuer")
            cache.set(key, discovery, KEPT)
        return discovery

    def keys(self, anew: bool = False) -> dict[str, Any]:
        address = self.openid_config["jwks_uri"]
        key = f"oidc-keys:{address}"
        kept = cache.get(key)
        if kept and not (anew and cache.add(f"{key}:anew", True, KEYS_ANEW_EACH)):
            return kept
        key_set = fetched(address)
        cache.set(key, key_set, KEPT)
        return key_set

    def claims(self, token: str, nonce: str) -> dict[str, Any]:
        """What the token says, once its signature, issuer, audience, times and nonce hold."""
        try:
            claims = jwt.decode(
                token,
                self.key_of(token),
                algorithms=ALGORITHMS,
                audience=settings.OIDC.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
            )
        except jwt.PyJWTError as error:
            raise Bad(f"the token does not hold: {type(error).__name__}") from error
        if not secrets.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise Bad("the token is not for this sign-in: nonce")
        if (
            isinstance(claims["aud"], list)
            and len(claims["aud"]) > 1
            and claims.get("azp") != settings.OIDC.client_id
        ):
            raise Bad("the token is for another party: azp")
        if not 0 < len(str(claims["sub"])) <= LONGEST_SUBJECT:
            raise Bad("the subject is empty or too long")
        return claims

    def key_of(self, token: str) -> jwt.PyJWK:
        header = jwt.get_unverified_header(token)
        for anew in (False, True):
            keys = [
                one for one in jwt.PyJWKSet.from_dict(self.keys(anew)).keys if fits(one, header)
            ]
            if keys:
                return keys[0]
        raise Bad("the token is signed by a key that the provider does not show")

    def with_groups(self, claims: dict, access_token: str) -> dict:
        """Some providers tell groups only when they are asked for the person's data."""
        if settings.OIDC.groups_claim in claims or "userinfo_endpoint" not in self.openid_config:
            return claims
        more = fetched(self.openid_config["userinfo_endpoint"], access_token)
        if more.get("sub") != claims["sub"]:
            raise Bad("the person's data are somebody else's")
        return {**more, **claims}


def fits(key: jwt.PyJWK, header: dict) -> bool:
    if key.public_key_use not in (None, "sig"):
        return False
    return "kid" not in header or key.key_id == header["kid"]


def fetched(address: str, access_token: str = "") -> dict[str, Any]:
    headers = {"Accept": "application/json"}
    if access_token:
        headers["Authorization"] = f"Bearer {access_token}"
    with Bounded() as session:
        response = session.get(address, headers=headers)
    response.raise_for_status()
    answer = response.json()
    if not isinstance(answer, dict):
        raise Refused("the provider does not answer with an object")
    return answer


class Provider(OpenIDConnectProvider):
    oauth2_adapter_class = Endpoints


def showed_at(claims: dict) -> float:
    """When the person last showed the provider who they are; 0 where it does not say."""
    at = claims.get("auth_time")
    return float(at) if isinstance(at, int | float) and at <= time.time() + LEEWAY else 0.0

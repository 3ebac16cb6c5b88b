"""The client of one tenant: a token, and the calls on journeys.

Everything is tried once; when to try again is not decided here.
"""

import json

from requests import PreparedRequest

from .address import addresses, follow
from .auth import Credentials, Token, read_token, token_body
from .interactions import ROUTE, id_path, key_path, list_path
from .verdict import decide
from .wire import Answer, Fault, Wire, prepare

# A create or a get is answered with the whole journey: up to 4 MB, in the server's spelling
# (escapes, indents) and with what the server adds.
JOURNEY_CAP = 8 * 1024 * 1024
ANSWER_CAP = 1024 * 1024

HEADERS = {
    "User-Agent": "journey-composer",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
}
JSON_TYPE = "application/json; charset=UTF-8"


class Client:
    """Safe to share between threads, keeps its connections; one per tenant and process is enough.

    `timeout` is for a whole create in seconds, `connect_timeout` for each address that the host's
    name leads to, `idle_timeout` for a pause of an answer, `lookup_timeout` for a whole get or
    list, `token_timeout` for a whole token call. Raises BadAddress.
    """

    def __init__(
        self,
        credentials: Credentials,
        timeout: float = 130.0,
        connect_timeout: float = 5.0,
        *,
        idle_timeout: float = 30.0,
        lookup_timeout: float = 30.0,
        token_timeout: float = 10.0,
        verify: bool | str = True,
    ) -> None:
        self.credentials = credentials
        self.addresses = addresses(
            credentials.subdomain, credentials.allowed_domain, credentials.practice_url
        )
        self.timeout = timeout
        self.lookup_timeout, self.token_timeout = (
            min(timeout, lookup_timeout),
            min(timeout, token_timeout),
        )
        self.wire = Wire(
            connect_timeout, verify, idle_timeout, public_only=not credentials.practice_url
        )

    def fetch_token(self) -> Token:
        """One call of the token route. Whoever asks keeps the token: the endpoint wants one call in
        20 minutes."""
        outcome = self.wire.exchange(self._token_request(), self.token_timeout, ANSWER_CAP)
        _raise_for("token", outcome)
        return read_token(outcome.json, self.addresses)

    def create_interaction(self, body: bytes, token: Token, key: str | None = None) -> Answer:
        """Sends the bytes as they are. An answer that comes back is a success: a journey of that
        key with its ids.

        Without `key` it is read from the body.
        """
        request = self._request("POST", ROUTE, token, body)
        return self._call(
            "create", request, self.timeout, JOURNEY_CAP, _key_of(body) if key is None else key
        )

    def get_interaction(self, key: str, token: Token, version: int | None = None) -> Answer:
        """The journey of that key; raises Absent when the endpoint says that there is none."""
        return self._call(
            "get",
            self._request("GET", key_path(key, version), token),
            self.lookup_timeout,
            JOURNEY_CAP,
        )

    def delete_interaction(self, journey_id: str, token: Token) -> None:
        """All versions of a journey, by its id. Used on what a check of the tenant made, never on
        anybody's journey."""
        request = self._request("DELETE", id_path(journey_id), token)
        self._call("delete", request, self.lookup_timeout, JOURNEY_CAP)

    def list_interactions(self, token: Token, page: int = 1, page_size: int = 50) -> Answer:
        """One page: `{count, page, pageSize, links, items}`. The endpoint gives 50 at most,
        whatever is asked for."""
        request = self._request("GET", list_path(page, page_size), token)
        return self._call("list", request, self.lookup_timeout, JOURNEY_CAP)

    def look_up(self, method: str, path: str, token: Token, body: bytes | None = None) -> Answer:
        """One call of lookups.py; the answer is a JSON object."""
        return self._call(
            "look-up", self._request(method, path, token, body), self.lookup_timeout, JOURNEY_CAP
        )

    def soap(self, envelope: bytes, token: Token) -> Answer | Fault:
        """One SOAP call, whatever comes of it: its errors have forms of their own (soap.py)."""
        origin = self._rest(token).replace(".rest.", ".soap.", 1)
        headers = {
            **HEADERS,
            "Accept": "text/xml",
            "Content-Type": "text/xml; charset=UTF-8",
            "SOAPAction": "Retrieve",
        }
        headers["Content-Length"] = str(len(envelope))
        request = prepare("POST", origin, "/Service.asmx", headers, envelope)
        return self.wire.exchange(request, self.lookup_timeout, JOURNEY_CAP)

    def close(self) -> None:
        self.wire.close()

    def _call(
        self, phase: str, request: PreparedRequest, seconds: float, cap: int, key: str = ""
    ) -> Answer:
        outcome = self.wire.exchange(request, seconds, cap)
        _raise_for(phase, outcome, key)
        return outcome

    def _token_request(self) -> PreparedRequest:
        body = token_body(self.credentials)
        headers = {**HEADERS, "Content-Type": JSON_TYPE, "Content-Length": str(len(body))}
        return prepare("POST", self.addresses.auth, "/v2/token", headers, body)

    def _request(
        self, method: str, path: str, token: Token, body: bytes | None = None
    ) -> PreparedRequest:
        headers = {**HEADERS, "Authorization": f"Bearer {token.access_token}"}
        if body is not None:
            headers.update({"Content-Type": JSON_TYPE, "Content-Length": str(len(body))})
        return prepare(method, self._rest(token), path, headers, body)

    def _rest(self, token: Token) -> str:
        """A token may come out of a store; its address is checked again before the token is sent
        there."""
        return follow(token.rest_url, self.addresses) or self.addresses.rest


def _raise_for(phase: str, outcome: Answer | Fault, key: str = "") -> None:
    error = decide(phase, outcome, key)
    if error is not None:
        raise error


def _key_of(body: bytes) -> str:
    document = json.loads(body)
    return document.get("key", "") if isinstance(document, dict) else ""

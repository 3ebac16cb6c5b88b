import http.client
import json
from collections.abc import Iterator

import pytest

from journeys.practice import PracticeServer

COLLECTION = "/interaction/v1/interactions"


class Caller:
    """A plain HTTP client with a token, on one connection per request."""

    def __init__(self, server: PracticeServer) -> None:
        self.server = server
        self.token = ""

    def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: dict | None = None,
        timeout: float = 10,
    ):
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=timeout)
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        kept = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"} | (
            headers or {}
        )
        try:
            connection.request(method, path, data, kept)
            response = connection.getresponse()
            raw = response.read()
        finally:
            connection.close()
        is_json = response.headers.get_content_type() == "application/json"
        return response.status, json.loads(raw) if is_json else raw, response.headers

    def sign_in(self, **members: object) -> tuple[int, dict]:
        asked = {
            "grant_type": "client_credentials",
            "client_id": "practice",
            "client_secret": "practice",
        } | members
        status, answer, _ = self(
            "POST", "/v2/token", {name: value for name, value in asked.items() if value}
        )
        self.token = answer.get("access_token", self.token)
        return status, answer

    def create(self, document: object, **options: object):
        return self("POST", COLLECTION, document, **options)[:2]

    def get(self, identifier: str):
        return self("GET", f"{COLLECTION}/{identifier}")[:2]


@pytest.fixture
def server(tmp_path) -> Iterator[PracticeServer]:
    with PracticeServer(state_path=tmp_path / "practice.sqlite3") as running:
        yield running


@pytest.fixture
def call(server) -> Caller:
    caller = Caller(server)
    caller.sign_in()
    return caller


def minimum(key: str = "welcome", **members: object) -> dict:
    return {"key": key, "name": "Welcome", "workflowApiVersion": 1.0, **members}


def wait_step(key: str, next: object = ..., **members: object) -> dict:
    outcome = {"key": f"out-{key}"} if next is ... else {"key": f"out-{key}", "next": next}
    return {"key": key, "type": "WAIT", "outcomes": [outcome], **members}

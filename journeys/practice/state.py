"""Everything that one running practice tenant knows, and what has arrived at it."""

import secrets
import threading
import time
from collections import OrderedDict, deque
from dataclasses import asdict, dataclass, field

from journeys.practice.faults import Faults
from journeys.practice.store import Store

KEPT_ARRIVALS = 100_000
KEPT_BODY_BYTES = 64 * 1024 * 1024
FULL_SCOPE = (
    "journeys_read journeys_write journeys_execute email_read saved_content_read "
    "data_extensions_read list_and_subscribers_read"
)
DEFAULTS = {
    # {"client id": "client secret"}; None takes every non-empty pair but the secret "wrong"
    "clients": None,
    "accounts": None,  # list of business unit ids that get a token; None takes all
    "expires_in": 1079,  # seconds, as told in the token's answer
    "token_life": None,  # seconds a token really lives; None as told
    "scope": FULL_SCOPE,
    # POST with a draft's key: refuse, new_version, overwrite, second_journey
    "same_key": "new_version",
    "null_next": "accept",  # "next": null: accept, refuse
    "create_status": 200,  # some have seen 201
    "default_version": "newest",  # GET without versionNumber: newest, first
    "read_lag": 0,  # seconds for which a new journey is not found by GET
    "latency": 0,  # seconds that every journey request takes
}


@dataclass
class Arrival:
    """One request as it arrived. Times are seconds since 1970; `ended` and `status` stay None while
    it is open or when no answer was given. `committed` says whether it stored something, `late`
    that it did so after its answer."""

    number: int
    method: str
    path: str
    route: str
    key: str
    sha256: str
    account: str = ""
    fault: str = ""
    status: int | None = None
    committed: bool = False
    late: bool = False
    started: float = field(default_factory=time.time)
    ended: float | None = None


class State:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.faults = Faults()
        self.settings = DEFAULTS | store.settings()
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._tokens = store.tokens()
        self._arrivals: deque[Arrival] = deque(maxlen=KEPT_ARRIVALS)
        self._count = 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._body_bytes = 0

    def issue_token(self, scope: str, account: str) -> str:
        """Long and opaque, as the real ones are."""
        token = secrets.token_urlsafe(280)
        life = self.settings["token_life"]
        expires = time.time() + (self.settings["expires_in"] if life is None else life)
        self.store.add_token(token, expires, scope, account)
        with self._lock:
            self._tokens[token] = (expires, scope, account)
        return token

    def token(self, token: str) -> tuple[str, str] | None:
        """Scope and business unit of a valid token."""
        expires, scope, account = self._tokens.get(token, (0.0, "", ""))
        return (scope, account) if time.time() < expires else None

    def revoke_tokens(self) -> None:
        self.store.clear("token")
        with self._lock:
            self._tokens = {}

    def change_settings(self, changes: dict) -> None:
        self.store.save_settings(changes)
        self.settings = self.settings | changes

    def reset(self, keep: list[str]) -> None:
        """Forgets everything but what `keep` names: "tokens", "settings", "faults"."""
        self.store.clear("journey")
        if "tokens" not in keep:
            self.revoke_tokens()
        if "settings" not in keep:
            self.store.clear("setting")
            self.settings = dict(DEFAULTS)
        if "faults" not in keep:
            self.faults.clear()
        with self._lock:
            self._arrivals.clear()
            self._bodies.clear()
            self._body_bytes = 0

    def note(self, method: str, path: str, route: str, key: str, sha256: str) -> Arrival:
        with self._lock:
            self._count += 1
            arrival = Arrival(self._count, method, path, route, key, sha256)
            self._arrivals.append(arrival)
        return arrival

    def arrivals(self, since: int, wanted: dict[str, str]) -> list[dict]:
        """Those after number `since` whose members equal `wanted`, oldest first."""
        with self._lock:
            arrivals = list(self._arrivals)
        rows = (asdict(arrival) for arrival in arrivals if arrival.number > since)
        return [
            row for row in rows if all(str(row[name]) == value for name, value in wanted.items())
        ]

    def keep_body(self, key: str, body: bytes) -> None:
        """The last body received for a key, taken or refused; the oldest are dropped when they grow
        too many."""
        with self._lock:
            self._body_bytes += len(body) - len(self._bodies.pop(key, b""))
            self._bodies[key] = body
            while self._body_bytes > KEPT_BODY_BYTES:
                self._body_bytes -= len(self._bodies.popitem(last=False)[1])

    def last_body(self, key: str) -> bytes | None:
        return self._bodies.get(key)

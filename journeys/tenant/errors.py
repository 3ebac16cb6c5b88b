"""What can go wrong with a tenant's endpoint, as data. Which of them an answer is, is decided in
verdict.py; sentences for people stand in journeys/explaining/.

    TenantError
     ├─ NotSent         not one byte left: name not found, refused, TLS, no connection in time
     │   └─ BadAddress  the address itself is refused, before anything is tried
     ├─ TokenRefused    the token route does not give a token to these credentials
     ├─ Unauthorized    401: the token is missing, bad or expired; nothing was done
     ├─ Busy            429: too many calls; nothing was done
     ├─ Refused         the endpoint says no, for good; nothing was done
     ├─ Absent          a look-up by key: there is no such journey
     └─ Unclear         it may have been done: time-out, reset, 5xx, HTML, redirect, an answer that
                        makes no sense

Catch the top, or recover narrowly.
"""

import re

BLOCKED = "50200"  # 429: temporarily blocked, and never with a Retry-After
# Of a journey, or of its key or name: not of a step's key, of a data extension, or of a flow.
EXISTS = re.compile(
    r"\balready (?:exists|in use|used|taken|been used)|\b(?:must be|is not) unique\b", re.IGNORECASE
)
OF_JOURNEY = re.compile(r"\b(?:journey|interaction|key|name)\b", re.IGNORECASE)
OF_ANOTHER = re.compile(
    r"\b(?:activity|activities|step|outcome|event|data extension|email|asset|flow|trigger)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"(?<!\w)'[^']{0,200}'(?!\w)|\"[^\"]{0,200}\"|“[^”]{0,200}”|‘[^’]{0,200}’")
SENTENCE_ENDS = re.compile(r"[.;:]")


def is_taken(message: str) -> bool:
    """Whether a message says that the journey's key or name is taken. What it quotes may hold any
    word."""
    sentences = SENTENCE_ENDS.split(QUOTED.sub("", message))
    return any(
        EXISTS.search(one) and OF_JOURNEY.search(one) and not OF_ANOTHER.search(one)
        for one in sentences
    )


class TenantError(Exception):
    """`phase` is "token", "create", "get", "list", "delete" or "look-up", `reason` one word for
    logs and counts. `flaw` says it more precisely where one reason has several, with its `values`.

    `code` and `message` are the endpoint's own ("" where it gave none), `details` its list of
    (code, message) pairs, `retry_after` is in seconds. Nothing here ever holds a secret.
    """

    def __init__(
        self,
        answer=None,
        *,
        phase: str = "",
        reason: str = "",
        flaw: str = "",
        values: dict[str, object] | None = None,
        code: str = "",
        message: str = "",
        details: tuple[tuple[str, str], ...] = (),
        retry_after: float | None = None,
    ) -> None:
        self.answer, self.phase, self.reason = answer, phase, reason
        self.flaw, self.values = flaw, values or {}
        self.code, self.message, self.details = code, message, list(details)
        self.retry_after = retry_after
        words = (phase, reason, flaw, str(self.status or ""))
        super().__init__(" · ".join(filter(None, words)))

    @property
    def status(self) -> int | None:
        return self.answer.status if self.answer else None


class NotSent(TenantError):
    pass


class BadAddress(NotSent, ValueError):
    def __init__(self, answer=None, **facts) -> None:
        super().__init__(answer, **{"reason": "address", **facts})


class TokenRefused(TenantError):
    pass


class Unauthorized(TenantError):
    pass


class Busy(TenantError):
    @property
    def blocked(self) -> bool:
        """Blocked for a while (50200), rather than over the rate."""
        return self.code == BLOCKED


class Refused(TenantError):
    @property
    def exists(self) -> bool:
        """The key or the name is taken, perhaps by an earlier attempt of our own: look before
        giving up."""
        texts = (self.message, *(message for _code, message in self.details))
        return self.status == 409 or any(map(is_taken, texts))


class Absent(TenantError):
    pass


class Unclear(TenantError):
    pass

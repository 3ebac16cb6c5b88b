"""One exchange with a tenant on behalf of a submission: a look-up or a send, and what its outcome
means.

Nothing is written here but the shared token, and the intent to send where there was no token when
the row was claimed.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache, reduce

from django.conf import settings
from django.utils.translation import gettext as _t

from composer import correlation
from journeys import tenant as rest
from journeys.delivery.claims import Outcome, intend
from journeys.delivery.rate_limit import NoSlot, NotCalled, keep_to_rate, paced, times
from journeys.delivery.stopping import altered, opened_again
from journeys.explaining import explain, is_what_was_sent
from journeys.lifecycle.results import Result
from journeys.lifecycle.submission_states import Event, must_look, version_to_ask
from journeys.models import Attempt, Submission, Tenant, memory
from journeys.models.clock import now
from journeys.spec import document as doc
from journeys.tenant import clock

logger = logging.getLogger(__name__)

KEPT_OF_AN_ATTEMPT = (
    64 * 1024
)  # bytes of its answer; the submission keeps the whole answer of a success
SHORTEST_SECRET = (
    12  # letters; a shorter one (the demo's) is a word that may well stand in a journey
)
TOKEN = ["token", "token_rest_url", "token_expires_at", "token_generation", "token_seal"]
TOKEN_LEASE = timedelta(seconds=15)
TOKEN_PATIENCE = 5.0  # seconds to wait for the token that another process is fetching

Call = Callable[[Submission, rest.Client, rest.Token], tuple[Event, rest.Answer]]


@dataclass(frozen=True)
class Job:
    """A claimed submission on its way to its exchange. Without a token one is fetched first, in the
    slot of its claim.

    `moment` is when it was claimed by the database's clock, `since` the same by this machine's
    `clock`.
    """

    submission: Submission
    token: rest.Token | None
    moment: datetime
    since: float

    @property
    def phase(self) -> str:
        return "look-up" if must_look(self.submission, self.moment, times()) else "send"


@lru_cache(maxsize=512)
def client_for(credentials: rest.Credentials) -> rest.Client:
    """One client per tenant and process: it keeps its connections. Raises BadAddress."""
    timeout, connect = settings.SUBMIT_TIMEOUT_SECONDS, settings.SUBMIT_CONNECT_SECONDS
    return rest.Client(credentials, timeout, connect, idle_timeout=settings.SUBMIT_READ_SECONDS)


def carry_out(job: Job) -> Outcome:
    """Never raises. When its outcome cannot be written (the database is away), the row stays
    claimed until its lease ends: then a send counts as unclear, and a look-up is done again."""
    submission, phase = job.submission, job.phase
    with correlation.following(submission.correlation_id):
        began, secrets = clock(), []
        try:
            event, answer = _outcome(job, phase, secrets)
        except Exception:
            logger.exception("submission %s: %s failed", submission.pk, phase)
            text = _t("The composer itself failed here; its log says how. Tell an admin.")
            event, answer = Event(Result.FAILED, values={"text": text, "explanation": {}}), None
        event = replace(event, asked_at=job.moment, values=_storable(event.values, secrets))
        if not event.called:  # then there was no exchange
            return Outcome(submission, event)
        attempt = Attempt(
            submission=submission,
            fence=submission.fence,
            phase=phase,
            started_at=job.moment + timedelta(seconds=began - job.since),
            seconds=round(clock() - began, 3),
            http_status=answer.status if answer else None,
            result=event.kind,
            text=event.values.get("text", ""),
            answer=_kept(answer, secrets) if answer else "",
        )
        return Outcome(submission, event, attempt)


def log_outcome(outcome: Outcome) -> None:
    """A line in the log about what was written."""
    submission, attempt = outcome.submission, outcome.attempt
    facts = {
        "submission": str(submission.pk),
        "tenant": submission.tenant.name,
        "key": submission.key,
        "state": submission.state,
        "fence": submission.fence,
        "http_status": attempt.http_status if attempt else None,
        "seconds": attempt.seconds if attempt else 0.0,
    }
    text = "%s: %s" if outcome.is_held else "%s: %s (taken over meanwhile)"
    with correlation.following(submission.correlation_id):
        logger.info(
            text,
            attempt.phase if attempt else "not called",
            outcome.event.kind,
            extra={"told": facts},
        )


def held_back(**values: object) -> Event:
    text = _t("There was not enough time left to send it.")
    return Event(Result.HELD_BACK, called=False, values={"text": text, **values})


def _outcome(job: Job, phase: str, secrets: list[str]) -> tuple[Event, rest.Answer | None]:
    """`secrets` learns what must not be kept or told."""
    submission = job.submission
    try:
        secrets.append(submission.tenant.client_secret)
        client = client_for(submission.tenant.credentials())
        token, since = job.token or shared_token(submission.tenant, client), job.since
        secrets.append(token.access_token)
        if job.token is None:
            keep_to_rate(submission.tenant, None)
            since = clock()
            if phase == "send":
                seen = memory.seen_of([submission])[submission.pk]
                if seen.sent >= submission.fence:
                    return altered(submission), None
                if not submission.is_still_accepted():
                    return opened_again(), None
                if seen.stop or not intend([submission], now(), times()):
                    return held_back(), None
                if not memory.begin(
                    [submission], times()
                ):  # somebody sends at this fence: it is looked up
                    return Event(Result.FAILED, called=False), None
        late = clock() - since
        keep_to_rate(submission.tenant, late, (times().delay - late) / 2)
        if phase == "look-up":
            return _look_up(submission, client, token)
        if (
            clock() - since > times().delay
        ):  # it was frozen, or the database was: its lease may be over soon
            return replace(held_back(), kind=Result.NOT_SENT), None
        return _send(submission, client, token)
    except rest.TenantError as error:
        return event_of(error, submission, phase), error.answer


def _send(
    submission: Submission, client: rest.Client, token: rest.Token
) -> tuple[Event, rest.Answer]:
    answer = client.create_interaction(bytes(submission.payload), token, submission.key)
    created = rest.read_answer(answer, submission.key)
    values = _came_back(created, answer) | {"text": _t("Created.")}
    if not created.is_first_version:
        values |= _second_version()
    return Event(Result.CREATED, first_version=created.is_first_version, values=values), answer


def _look_up(
    submission: Submission, client: rest.Client, token: rest.Token
) -> tuple[Event, rest.Answer]:
    answer = _found_of(submission, client, token)
    created = rest.read_answer(answer, submission.key)
    if submission.first_send_at is None:
        text = _t("Marketing Cloud already has a journey with this key. Nothing was sent.")
        if submission.ambiguous:  # the database was restored
            text = _t(
                "Marketing Cloud has a journey with this key. Nobody knows here whether it was sent"
                " before."
            )
        todo = _t("Use another key for this journey, or take the one over that is there.")
        return (
            Event(Result.FOUND_OTHER, values=_came_back(created, answer) | _conflict(text, todo)),
            answer,
        )
    if not is_what_was_sent(doc.parse(bytes(submission.payload)), created.raw):
        text = _t(
            "Marketing Cloud has another journey with this key. What was sent has not replaced it."
        )
        todo = _t("Compare the two, then use another key for this journey.")
        return (
            Event(Result.FOUND_OTHER, values=_came_back(created, answer) | _conflict(text, todo)),
            answer,
        )
    values = _came_back(created, answer) | {"text": _t("Created; a look-up found it there.")}
    if not created.is_first_version:
        values |= _second_version()
    return Event(Result.FOUND, first_version=created.is_first_version, values=values), answer


def _found_of(submission: Submission, client: rest.Client, token: rest.Token) -> rest.Answer:
    """Raises Absent. Where the first version is found although the newest was not there a moment
    ago, there may be a second by now: so the newest is asked for once more."""
    version = version_to_ask(submission)
    answer = client.get_interaction(submission.key, token, version)
    if version is None:
        return answer
    try:
        return client.get_interaction(submission.key, token)
    except rest.Absent:  # it was deleted; the older one is there
        return answer


def _came_back(found: rest.Created, answer: rest.Answer) -> dict:
    return {
        "http_status": answer.status,
        "answer": answer.body,
        "remote_id": found.id,
        "remote_definition_id": found.definition_id,
        "remote_status": found.status,
        "remote_version": found.version if found.version is None or found.version >= 0 else None,
        "remote_created": found.created_date or "",
        "remote_modified": found.modified_date or "",
        "explanation": {},
    }


def _second_version() -> dict:
    text = _t("Marketing Cloud made this a new version of a journey that it already had.")
    return _conflict(
        text,
        _t(
            "Take it over when the new version is wanted. Else delete it there, and use another"
            " key."
        ),
    )


def _conflict(text: str, todo: str) -> dict:
    return {"text": text, "explanation": {"title": _t("Conflict"), "text": text, "todo": todo}}


def event_of(error: rest.TenantError, submission: Submission, phase: str) -> Event:
    """Which event an error is, with what people read about it."""
    if isinstance(error, TokenAwaited):
        return Event(Result.NOT_SENT, called=False, values={"text": error.text, "explanation": {}})
    if isinstance(error, NoSlot):
        return Event(Result.NO_SLOT, called=False)
    explained = explain(error, doc.parse(bytes(submission.payload)))
    values = {
        "text": explained.text,
        "explanation": explained.as_data(),
        "http_status": error.status,
    }
    if isinstance(error, rest.TokenRefused | rest.BadAddress):
        return Event(Result.CREDENTIALS_REFUSED, values=values)
    if isinstance(error, rest.NotSent):
        return Event(Result.NOT_SENT, values=values)
    if isinstance(error, rest.Unauthorized):
        return Event(
            Result.UNAUTHORISED, generation=submission.tenant.token_generation, values=values
        )
    if isinstance(error, rest.Busy):
        return Event(
            Result.BUSY, retry_after=error.retry_after or 0, blocked=error.blocked, values=values
        )
    if isinstance(error, rest.Absent):
        is_refused = submission.state == Submission.State.UNCLEAR and not submission.ambiguous
        return Event(
            Result.ABSENT,
            values=(
                {} if is_refused else {"text": _t("Marketing Cloud has no journey of this key.")}
            ),
        )
    if error.phase == "token":  # nothing but the token was asked for
        return Event(Result.NOT_SENT, retry_after=error.retry_after or 0, values=values)
    if isinstance(error, rest.Refused):
        kept = {} if phase == "look-up" else {"answer": error.answer.body}
        return Event(
            Result.EXISTS if phase == "send" and error.exists else "refused", values=values | kept
        )
    if phase == "look-up":
        return Event(Result.NO_ANSWER, retry_after=error.retry_after or 0, values=values)
    # its own words, not those of a proxy that gave up waiting for it
    failed_there = error.reason == "server" and bool(error.message) and error.status != 504
    return Event(
        Result.UNCLEAR, retry_after=error.retry_after or 0, failed_there=failed_there, values=values
    )


def _kept(answer: rest.Answer, secrets: list[str]) -> str:
    body = _storable(answer.body, secrets)[:KEPT_OF_AN_ATTEMPT]
    return _storable(rest.hidden(body), secrets)


def _storable(value: object, secrets: list[str]) -> object:
    """What a server wrote, as a database takes it: without NUL and halves of characters, and
    without our secrets."""
    if isinstance(value, dict):
        return {
            _storable(name, secrets): _storable(member, secrets) for name, member in value.items()
        }
    if isinstance(value, list | tuple):
        return [_storable(item, secrets) for item in value]
    known = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
    if isinstance(value, bytes):
        return reduce(lambda text, secret: text.replace(secret.encode(), b"(hidden)"), known, value)
    if isinstance(value, str):
        shown = reduce(lambda text, secret: text.replace(secret, "(hidden)"), known, value)
        return shown.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return value


def question(tenant: Tenant) -> Event:
    """One GET, to see whether the tenant can be called again."""
    try:
        client = paced(client_for(tenant.credentials()), tenant, times().timeout, asks=True)
        client.list_interactions(shared_token(tenant, client), page_size=1)
    except (TokenAwaited, NoSlot):
        return Event(Result.NO_ANSWER, called=False)
    except rest.TenantError as error:
        values = {"text": explain(error).text}
        if isinstance(error, rest.TokenRefused | rest.BadAddress):
            return Event(Result.CREDENTIALS_REFUSED, values=values)
        if isinstance(error, rest.Unauthorized):
            tenant.turn_down_token(tenant.token_generation, now())
            return Event(Result.UNAUTHORISED, generation=tenant.token_generation, values=values)
        if not isinstance(error, rest.Refused):
            return Event(Result.NO_ANSWER, retry_after=error.retry_after or 0, values=values)
    return Event(Result.FOUND)


class TokenAwaited(NotCalled):
    pass


def shared_token(
    tenant: Tenant, client: rest.Client, patience: float = TOKEN_PATIENCE
) -> rest.Token:
    """The shared token, or a new one fetched by exactly one process; raises TenantError."""
    waited = time.monotonic() + patience
    while True:
        tenant.refresh_from_db(fields=TOKEN)
        token = tenant.usable_token(now())
        if token:
            return token
        if tenant.lease_token(now(), TOKEN_LEASE):
            return _fetch_token(tenant, client)
        if time.monotonic() > waited:
            raise TokenAwaited(
                _t("Another process is fetching the access token and has not got it yet.")
            )
        time.sleep(0.05)


def _fetch_token(tenant: Tenant, client: rest.Client) -> rest.Token:
    try:
        token = client.fetch_token()
    except Exception:
        tenant.drop_token()  # the next one may try at once
        raise
    if token.names_another:
        logger.warning(
            "tenant %s: the token's answer names a REST address that is not allowed; not followed",
            tenant.pk,
        )
    tenant.keep_token(token, now())
    return token

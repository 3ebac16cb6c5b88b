"""Claim, send, look up, save: the one flow that meets the outside.

`work` may be called by anybody, any number of times: the row decides whether there is something to do.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _t

from journeys import tenant as rest
from journeys.models import Attempt, Submission, Tenant
from journeys.models.submission import now
from journeys.models.transition import Event, Times
from journeys.spec import document as doc

logger = logging.getLogger(__name__)

KEPT_OF_AN_ATTEMPT = 64 * 1024  # bytes of its answer; the submission keeps the whole answer of a success
TOKEN_LEASE = timedelta(seconds=15)
TOKEN_PATIENCE = 5.0  # seconds to wait for the token that another process is fetching


def times() -> Times:
    return Times(settings.SUBMIT_SETTLE_SECONDS, settings.SUBMIT_TIMEOUT_SECONDS, settings.SUBMIT_LEASE_SECONDS)


@lru_cache(maxsize=64)
def client_for(credentials: rest.Credentials) -> rest.Client:
    """One client per tenant and process: it keeps its connections."""
    return rest.Client(credentials, settings.SUBMIT_TIMEOUT_SECONDS, settings.SUBMIT_CONNECT_SECONDS)


def work(submission_id: str) -> bool:
    """Claims the submission and takes it on as far as it goes now: a look-up, a send, or both. False: nothing to do."""
    submission = Submission.objects.select_related("tenant", "journey").filter(pk=submission_id).first()
    if submission is None or not submission.claim(times()):
        return False
    if doc.sha256(bytes(submission.payload)) != submission.sha256:
        text = _t("The stored journey is not the one that was approved. Nothing was sent.")
        submission.settle(Event("altered", values={"text": text}), times())
        return True
    if submission.state == Submission.State.UNCLEAR or submission.ask_first:
        _exchange(submission, "look-up", _look_up)
        if not submission.claim(times()):
            return True
    if submission.state == Submission.State.WAITING and not submission.ask_first:
        _exchange(submission, "send", _send)
    return True


def _exchange(submission: Submission, phase: str, call: Callable[[Submission, rest.Client, rest.Token], Event]) -> None:
    """One call with the shared token; whatever comes of it is written down with the state that it leads to."""
    started, clock = now(), time.monotonic()
    try:
        client = client_for(submission.tenant.credentials())
        token = _token(submission.tenant, client)
        if phase == "send" and not submission.intend(times()):
            return
        event, answer = call(submission, client, token)
    except rest.TenantError as error:
        event, answer = _event_of(error, submission, phase), error.answer
        if isinstance(error, rest.Unauthorized):
            submission.tenant.drop_token()
    attempt = Attempt(
        submission=submission,
        fence=submission.fence,
        phase=phase,
        started_at=started,
        seconds=round(time.monotonic() - clock, 3),
        http_status=answer.status if answer else None,
        result=event.kind,
        text=event.values.get("text", ""),
        answer=rest.hidden(answer.body[:KEPT_OF_AN_ATTEMPT].decode(errors="replace")) if answer else "",
    )
    with transaction.atomic():
        attempt.save(force_insert=True)
        held = submission.settle(event, times())
    logger.info("submission %s: %s: %s%s", submission.pk, phase, event.kind, "" if held else " (taken over meanwhile)")


def _send(submission: Submission, client: rest.Client, token: rest.Token) -> tuple[Event, rest.Answer]:
    answer = client.create_interaction(bytes(submission.payload), token, submission.key)
    created = rest.read_answer(answer, submission.key)
    values = _came_back(created, answer) | {"text": _t("Created in Marketing Cloud.")}
    if not created.is_first_version:
        values |= _second_version()
    return Event("created", version=created.version or 1, same_ids=created.is_first_version, values=values), answer


def _look_up(submission: Submission, client: rest.Client, token: rest.Token) -> tuple[Event, rest.Answer]:
    answer = client.get_interaction(submission.key, token)
    found = rest.read_answer(answer, submission.key)
    if submission.first_send_at is None:
        text = _t("Marketing Cloud already has a journey with this key. Nothing was sent.")
        todo = _t("Give this journey another key, or keep working on the one in Marketing Cloud.")
        return Event("found other", values=_came_back(found, answer) | _conflict(text, todo)), answer
    if not _is_what_was_sent(doc.parse(bytes(submission.payload)), found.raw):
        text = _t("Marketing Cloud has another journey with this key. What was sent has not replaced it.")
        todo = _t("Compare the two in Marketing Cloud, then give this journey another key.")
        return Event("found other", values=_came_back(found, answer) | _conflict(text, todo)), answer
    values = _came_back(found, answer) | {"text": _t("Created in Marketing Cloud; a look-up found it there.")}
    if not found.is_first_version:
        values |= _second_version()
    return Event("found", version=found.version or 1, same_ids=found.is_first_version, values=values), answer


def _came_back(found: rest.Created, answer: rest.Answer) -> dict:
    return {
        "http_status": answer.status,
        "answer": answer.body,
        "remote_id": found.id,
        "remote_definition_id": found.definition_id,
        "remote_status": found.status,
        "remote_version": found.version,
        "remote_created": found.created_date or "",
        "remote_modified": found.modified_date or "",
        "explanation": {},
    }


def _second_version() -> dict:
    text = _t("Marketing Cloud made this a new version of a journey that it already had.")
    return _conflict(
        text, _t("Delete the version that is not wanted in Marketing Cloud, or give this journey another key.")
    )


def _conflict(text: str, todo: str) -> dict:
    return {"text": text, "explanation": {"title": _t("Conflict"), "text": text, "todo": todo}}


def _is_what_was_sent(sent: dict, found: dict) -> bool:
    """The server adds and rewrites much, but the name and the steps with their types come back as they went."""

    def steps(document: dict) -> set[tuple[str, str]]:
        return {(str(a.get("key")), str(a.get("type")).upper()) for a in doc.block_list(document, "activity")}

    return found.get("name") == sent.get("name") and steps(found) == steps(sent)


def _event_of(error: rest.TenantError, submission: Submission, phase: str) -> Event:
    """Which event an error is, with what people read about it."""
    explained = rest.explain(error, doc.parse(bytes(submission.payload)))
    values = {"text": explained.text, "explanation": asdict(explained), "http_status": error.status}
    if isinstance(error, rest.TokenRefused | rest.BadAddress):
        return Event("credentials refused", values=values)
    if isinstance(error, rest.NotSent):
        return Event("not sent", values=values)
    if isinstance(error, rest.Unauthorized):
        return Event("unauthorised", values=values)
    if isinstance(error, rest.Busy):
        return Event("busy", retry_after=error.retry_after or 0, values=values)
    if isinstance(error, rest.Absent):
        return Event("absent", values={"text": _t("Marketing Cloud has no journey with this key yet.")})
    if error.phase == "token":  # nothing but the token was asked for
        return Event("not sent", retry_after=error.retry_after or 0, values=values)
    if phase == "look-up":
        return Event("no answer", retry_after=error.retry_after or 0, values=values)
    if isinstance(error, rest.Refused) and not error.exists:
        kept = error.answer.body if error.answer else b""
        return Event("refused", values=values | {"answer": kept})
    return Event("unclear", values=values)


def _token(tenant: Tenant, client: rest.Client) -> rest.Token:
    """The shared token, or a new one fetched by exactly one process; raises TenantError."""
    waited = time.monotonic() + TOKEN_PATIENCE
    while True:
        tenant.refresh_from_db(fields=["token", "token_rest_url", "token_expires_at", "token_generation"])
        token = tenant.usable_token(now())
        if token:
            return token
        if tenant.lease_token(now(), TOKEN_LEASE):
            return _fetch_token(tenant, client)
        if time.monotonic() > waited:
            raise rest.NotSent(
                _t("Another process is fetching the access token and has not got it yet."), phase="token"
            )
        time.sleep(0.05)


def _fetch_token(tenant: Tenant, client: rest.Client) -> rest.Token:
    try:
        token = client.fetch_token()
    except rest.TenantError:
        tenant.drop_token()
        raise
    tenant.keep_token(token, now())
    tenant.token_generation += 1
    return token

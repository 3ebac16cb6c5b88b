"""A submission: exact bytes on their way to a tenant, and every attempt to get them there.

The row is the truth: whoever wants to do something asks the row, and every change of it is one
conditional update that names the state and the fence that it expects.
"""

import uuid
from copy import copy
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _t

from composer import correlation
from journeys.lifecycle import conditions
from journeys.lifecycle.conditions import OPEN_STATES, STOPPED
from journeys.lifecycle.journey_state import Permitted, SubmissionState
from journeys.lifecycle.results import MADE, Result
from journeys.lifecycle.submission_states import LONGEST as LONGEST
from journeys.lifecycle.submission_states import Event, Times, after
from journeys.models import (
    acceptance_rules,
    clock,
    maybe_sent,
    memory,
    sealing,
    submission_decisions,
)
from journeys.models.attempt import Attempt
from journeys.models.clock import now
from journeys.models.state_writer import follow
from journeys.models.tenant import of_visible


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user) -> "SubmissionQuerySet":
        return of_visible(self, user)

    def rows(self) -> "SubmissionQuerySet":
        """For lists: everything but the bodies."""
        return self.defer("payload", "answer")

    def of_key(self, tenant_id: int, key: str) -> "SubmissionQuerySet":
        """Whatever was or is sent to one place under one name, also by other journeys that had the
        key before."""
        return self.filter(tenant=tenant_id, key=key)

    def with_last_sent(self) -> "SubmissionQuerySet":
        """With the fence of its newest send that was made, as its attempts tell it, which are only
        ever added."""
        made = Attempt.objects.filter(
            submission=models.OuterRef("pk"), phase="send", result__in=MADE
        )
        return self.annotate(last_sent=models.Subquery(made.order_by("-id").values("fence")[:1]))


class Submission(models.Model):
    """`fence` rises with every claim: who holds an older one changes nothing.

    `ask_first`: the tenant is asked for the key before a send, because the key may be in use there
    already. `free_at`: when it last said that it is not; that is relied on for a short while only.
    `ambiguous`: a send has begun of which nobody knows yet whether it was carried out.
    `last_send_at`: the last moment at which a byte of the newest send may have left.
    `absent_count`: how much of the proof is there that the newest send came to nothing (see
    `transition`). `attempt_count` counts sends, `failure_count` whatever came to nothing; the
    back-off grows with it.
    """

    State = SubmissionState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    journey = models.ForeignKey("Journey", on_delete=models.PROTECT, related_name="submissions")
    revision = models.ForeignKey("Revision", on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey("Review", null=True, on_delete=models.PROTECT, related_name="+")
    tenant = models.ForeignKey("Tenant", on_delete=models.PROTECT, related_name="submissions")
    key = models.CharField(max_length=200)
    payload = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    permitted = models.CharField(max_length=20, choices=Permitted, blank=True, editable=False)
    # the blocking problems that it goes out with, as they were accepted (acceptance_rules.named)
    accepted = models.JSONField(default=list, editable=False)
    place = models.CharField(
        max_length=60, blank=True, editable=False
    )  # of its tenant, when it was submitted
    seal = models.CharField(max_length=80, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.moment, editable=False)
    finished_at = models.DateTimeField(null=True)

    state = models.CharField(
        max_length=20, choices=SubmissionState, default=SubmissionState.WAITING
    )
    state_seal = models.CharField(max_length=100, blank=True, editable=False)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(default=clock.moment)
    deadline_at = models.DateTimeField()
    ask_first = models.BooleanField(default=False)
    free_at = models.DateTimeField(null=True)
    first_send_at = models.DateTimeField(null=True)
    last_send_at = models.DateTimeField(null=True)
    ambiguous = models.BooleanField(default=False)
    absent_count = models.PositiveSmallIntegerField(default=0)
    attempt_count = models.PositiveIntegerField(default=0)
    failure_count = models.PositiveIntegerField(default=0)
    crash_count = models.PositiveIntegerField(default=0)
    cancel_requested_at = models.DateTimeField(null=True)
    # of the click that made it; every log line of its attempts carries it
    correlation_id = models.CharField(
        max_length=correlation.LONGEST, default=correlation.current_id, editable=False
    )

    # What came back. `text` says in words how it stands; `explanation` is what a refusal means and
    # what to do.
    text = models.TextField(blank=True)
    explanation = models.JSONField(default=dict)
    taken_over = models.BooleanField(default=False)
    found_by_look_up = models.BooleanField(default=False)
    http_status = models.PositiveSmallIntegerField(null=True)
    answer = models.BinaryField(default=bytes)
    remote_id = models.CharField(max_length=100, blank=True)
    remote_definition_id = models.CharField(max_length=100, blank=True)
    remote_status = models.CharField(max_length=100, blank=True)
    remote_version = models.PositiveIntegerField(null=True)
    remote_created = models.CharField(max_length=40, blank=True)
    remote_modified = models.CharField(max_length=40, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        permissions = [
            ("submit_journey", "Can submit a journey"),
            ("submit_unreviewed", "Can submit without review"),
        ]
        indexes = [
            models.Index(fields=["state", "not_before"], name="submission_ready"),
            models.Index(fields=["created_at", "id"], name="submission_created"),
            models.Index(fields=["tenant", "created_at", "id"], name="submission_tenant_created"),
            models.Index(fields=["state", "created_at", "id"], name="submission_state_created"),
            models.Index(
                fields=["tenant", "state", "created_at", "id"], name="submission_tenant_state"
            ),
            models.Index(fields=["tenant", "state", "not_before", "id"], name="submission_queue"),
            models.Index(
                fields=["tenant", "not_before", "id"],
                condition=models.Q(state="waiting", attempt_count=0),
                name="submission_never_sent",
            ),
            models.Index(
                fields=["tenant", "not_before", "id"],
                condition=models.Q(state="waiting", attempt_count__gt=0),
                name="submission_sent_again",
            ),
            models.Index(
                fields=["tenant", "not_before", "id"],
                name="submission_unclear",
                condition=models.Q(state="unclear"),
            ),
            models.Index(
                fields=["finished_at", "tenant", "state", "created_at"], name="submission_finished"
            ),
            models.Index(
                fields=["tenant", "finished_at", "state", "created_at"],
                name="submission_tenant_finished",
            ),
            models.Index(fields=["key", "tenant", "state"], name="submission_key"),
            models.Index(fields=["sha256"], name="submission_sha256"),
            models.Index(fields=["remote_id"], name="submission_remote_id"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["journey"],
                condition=models.Q(state__in=["waiting", "sending", "unclear"]),
                name="submission_open_once_per_journey",
            ),
            models.UniqueConstraint(
                fields=["tenant", "key"],
                condition=models.Q(state__in=["waiting", "sending", "unclear"]),
                name="submission_open_once_per_key",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="succeeded")
                | (
                    ~models.Q(remote_id="")
                    & ~models.Q(remote_definition_id="")
                    & ~models.Q(remote_status="")
                ),
                name="submission_succeeded_has_its_ids",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} to {self.tenant}: {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        """Whether the system still works on it; everything else is final or waits for a person."""
        return self.state in OPEN_STATES

    @property
    def has_ended(self) -> bool:
        """Whether nobody can let it go on any more."""
        return not self.is_open and self.state not in STOPPED

    @property
    def is_undecided(self) -> bool:
        """Whether it may still create a journey, or may have created one."""
        return self.is_open or (self.state in STOPPED and self.ambiguous)

    # Its seals

    sealed = sealing.sealed
    seal_of = sealing.seal_of
    fits_its_seal = property(sealing.fits_its_seal)
    was_sent_since = property(sealing.was_sent_since)
    is_as_written = property(sealing.is_as_written)
    is_altered = sealing.is_altered
    why_ended = sealing.why_ended

    @property
    def seen(self) -> memory.Seen:
        """What this machine remembers of it; whoever reads many sets it."""
        return self.__dict__.get("_seen") or memory.seen_of([self])[self.pk]

    @seen.setter
    def seen(self, seen: memory.Seen) -> None:
        self.__dict__["_seen"] = seen

    def is_still_accepted(self, standing: list | None = None) -> bool:
        """Whether nobody has withdrawn what it goes out with. `standing`: what is accepted of its
        journey, where that was read."""
        if not self.accepted:
            return True
        if standing is None:
            standing = acceptance_rules.standing([self.journey_id])[self.journey_id]
        return all(one in standing for one in self.accepted)

    # What happens to it

    def ask_before_sending(self) -> None:
        """For whoever holds it, and has not sent it: its key may be in use, whatever was known when
        it was made."""
        if self.state == SubmissionState.WAITING and self.is_as_written:
            held = Submission.objects.filter(conditions.held(self), pk=self.pk)
            self._change(held, {"ask_first": True, "free_at": None})

    def look_up_first(self, last: datetime, first: datetime | None) -> None:
        """For whoever holds it, where this machine remembers a send that may have arrived, or may
        still, until `last` at the latest, and the row does not say so: it is asked for, instead of
        being sent."""
        held = Submission.objects.filter(conditions.held(self), pk=self.pk)
        self._change(held, maybe_sent.as_if_sent(last, first) | {"text": maybe_sent.may_arrive()})

    def write_outcome(self, event: Event, moment: datetime, times: Times) -> bool:
        """Writes what an event makes of the row; False, and nothing, when somebody else has taken
        it over meanwhile.

        Inside a transaction; `claiming.settle` tells the journey.
        """
        held = Submission.objects.filter(conditions.held(self), pk=self.pk)
        values = self._after(event, moment, times)
        if (
            values.get("state") in OPEN_STATES
        ):  # it may have been asked to stop while the exchange was under way
            self.cancel_requested_at = held.values_list("cancel_requested_at", flat=True).first()
            values = self._after(event, moment, times)
        if values.get("state") == SubmissionState.CANCELLED:
            values |= {"text": _t("Cancelled."), "explanation": {}}
        return bool(values) and self._change(held, values)

    def _after(self, event: Event, moment: datetime, times: Times) -> dict:
        """What an event makes of it, where this machine may know better than the row whether it was
        asked to stop, and until when it was sent: the settle time counts from that."""
        known, last = copy(self), self.seen.last
        if not known.cancel_requested_at and memory.is_to_stop(self):
            known.cancel_requested_at = moment
        is_later = bool(last and (self.last_send_at is None or last > self.last_send_at))
        is_unclear = self.state == SubmissionState.UNCLEAR and self.ambiguous
        if is_later and is_unclear:
            known.last_send_at = last
        if self.state == SubmissionState.SENDING and not self.last_send_at:  # somebody took it away
            known.last_send_at = moment
        values = after(known, event, moment, times)
        if is_later and values and (is_unclear or event.kind == Result.LEASE_EXPIRED):
            values["last_send_at"] = max(last, values.get("last_send_at", last))
        return values

    def expire(self, times: Times) -> bool:
        """Takes over a send whose lease ran out: its process is gone, and nobody knows how far it
        came."""
        if self.state != SubmissionState.SENDING:
            return False
        moment = now()
        gone = Submission.objects.filter(
            conditions.held(self), conditions.given_up(moment), pk=self.pk
        )
        values = self._after(Event(Result.LEASE_EXPIRED), moment, times)
        return self._change_unseen(gone, {**values, "fence": self.fence + 1})

    @transaction.atomic
    def run_out(self, times: Times) -> bool:
        """Hands over to a person what could not be settled in its time, however long its tenant may
        not be called."""
        moment = now()
        text = _t("Its time was over before it could be sent or looked up.")
        free = Submission.objects.filter(
            conditions.held(self), conditions.overdue(moment, times), pk=self.pk
        )
        overdue = Event(Result.OVERDUE, called=False, values={"text": text})
        values = self._after(overdue, moment, times)
        if values["state"] == SubmissionState.CANCELLED:
            values |= {"text": _t("Cancelled."), "explanation": {}}
        gone = self._change_unseen(free, {**values, "fence": self.fence + 1})
        if gone:
            self.tell_journey()
            transaction.on_commit(partial(memory.note_ended, [self]), robust=True)
        return gone

    cancel = submission_decisions.cancel
    try_again = submission_decisions.try_again
    take_over = submission_decisions.take_over

    def tell_journey(self) -> None:
        """The journey's state follows. Inside the transaction that changed the submission."""
        follow(type(self.journey).objects.filter(pk=self.journey_id))

    def _change_unseen(self, rows: models.QuerySet, values: dict) -> bool:
        """The same for a row that nobody has looked at: one that is not as it was written gets no
        new seal."""
        return self._change(rows, values, "" if not self.is_as_written else self.seal_of(values))

    def _change(self, rows: models.QuerySet, values: dict, seal: str | None = None) -> bool:
        """One conditional update; the object follows only when exactly this row was changed."""
        values = {**values, "state_seal": self.seal_of(values) if seal is None else seal}
        if not rows.update(**values):
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True

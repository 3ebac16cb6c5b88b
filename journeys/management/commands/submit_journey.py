"""Submits journeys, as the button in the composer does."""

import time
from argparse import ArgumentParser, ArgumentTypeError

from django.contrib.auth.models import User
from django.db import OperationalError, connection

from journeys.delivery.notify import notify
from journeys.management.reporting import (
    ReportingCommand,
    add_tenant_argument,
    database_refusal,
    find_journey,
    find_user,
    named_tenant,
    of_all,
    submission_line,
    submission_row,
)
from journeys.models import Journey, NotAllowed, Submission, WrongState
from journeys.models.audit import record_refusal

UNKNOWN = "There is no journey with this key."
NOT_TRIED = "It was not tried, because the database refused the one before it."


class Command(ReportingCommand):
    help = (
        "Submits journeys. Without --wait it ends when they are on their way; see"
        " submission_status."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("keys", nargs="+", metavar="KEY")
        parser.add_argument(
            "--wait", type=seconds, metavar="SECONDS", help="wait so long for the results"
        )
        parser.add_argument(
            "--without-review",
            action="store_true",
            help="in demo mode, or by an admin named with --as; it is recorded",
        )
        parser.add_argument("--as", metavar="USER", dest="sender", help="who submits")
        add_tenant_argument(parser)

    def handle(
        self, *args: object, keys: list[str], wait: float | None, as_json: bool, **options
    ) -> None:
        sender = find_user(options["sender"])
        tenant = named_tenant(options["tenant"])
        journeys = {key: find_journey(key, tenant) for key in keys}
        asked = all_started(journeys, sender, options["without_review"])
        submissions = {
            key: submission
            for key, submission in asked.items()
            if isinstance(submission, Submission)
        }
        if wait is not None:
            wait_for(submissions, wait)
        rows = [row(key, submissions.get(key), asked[key]) for key in asked]
        failed = [
            r
            for r in rows
            if r["error"] or (wait is not None and r["state"] != Submission.State.SUCCEEDED)
        ]
        text = f"{of_all(len(failed), len(rows))} did not succeed." if failed else ""
        self.report({"submissions": rows}, [submission_line(row) for row in rows], as_json, text)


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise ArgumentTypeError(f"{text} is not a number of seconds")
    return value


def all_started(
    journeys: dict[str, Journey | None], sender: User | None, without_review: bool
) -> dict[str, Submission | str]:
    """Where the database refuses one, those after it are left alone, and all are told of."""
    asked: dict[str, Submission | str] = dict.fromkeys(journeys, NOT_TRIED)
    for key, journey in journeys.items():
        try:
            asked[key] = started(journey, sender, without_review)
        except OperationalError as error:
            asked[key] = database_refusal(error)
            break
    return asked


def started(journey: Journey | None, sender: User | None, without_review: bool) -> Submission | str:
    """The submission, or why there is none."""
    if journey is None:
        return UNKNOWN
    if sender and not Journey.objects.visible_to(sender).filter(pk=journey.pk).exists():
        return refused(
            journey, sender, f"{sender.username} does not belong to the tenant “{journey.tenant}”."
        )
    if sender and not sender.has_perm("journeys.submit_journey"):
        return refused(journey, sender, f"{sender.username} may not submit journeys.")
    try:
        submission = journey.submit(sender, without_review=without_review)
    except (WrongState, NotAllowed) as error:
        return refused(journey, sender, str(error.text), error)
    notify(submission.pk)
    return submission


def refused(
    journey: Journey, sender: User | None, reason: str, error: Exception | None = None
) -> str:
    record_refusal(
        sender, "refused.submission", journey=journey, error=error, reason=reason, by="command"
    )
    return reason


def wait_for(submissions: dict[str, Submission], patience: float) -> None:
    """Looks at the rows, which are the truth, until all are final or the time is over."""
    end = time.monotonic() + patience
    while True:
        look_again(submissions)
        left = end - time.monotonic()
        if left <= 0 or not any(submission.is_open for submission in submissions.values()):
            return
        time.sleep(min(0.1, left))


def look_again(submissions: dict[str, Submission]) -> None:
    """While the database refuses, what was seen last is told."""
    try:
        for key, submission in submissions.items():
            if submission.is_open:
                submissions[key] = Submission.objects.rows().get(pk=submission.pk)
    except OperationalError:
        connection.close_if_unusable_or_obsolete()


def row(key: str, submission: Submission | None, asked: Submission | str) -> dict:
    fields = submission_row(key, submission)
    return fields | {"error": None} if submission else fields | {"text": asked, "error": asked}

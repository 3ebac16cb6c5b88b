"""Seals anew with the first of APPROVAL_KEYS what an older one sealed, so that the older one can be
taken out."""

from collections.abc import Callable, Iterator

from django.db import models, transaction

from journeys.management.reporting import ReportingCommand
from journeys.models import (
    Acceptance,
    Countersignature,
    Journey,
    JourneyTemplate,
    Revision,
    Submission,
    Tenant,
)
from journeys.models.audit import record
from journeys.models.submission import SubmissionState

AT_A_TIME = 500


class Command(ReportingCommand):
    help = (
        "After a change of APPROVAL_KEYS: seals rules, revisions and states anew. What no key fits"
        " is left and told."
    )

    def handle(self, *args: object, as_json: bool, **options) -> None:
        submissions = (
            Submission.objects.rows().with_last_sent().exclude(state=SubmissionState.SENDING)
        )
        counted = {
            "tenants": renewed(Tenant.objects.select_related("house_rules"), renew_tenant),
            "revisions": renewed(Revision.objects.rows(), renew_row),
            "submissions": renewed(submissions, renew_state),
            "acceptances": renewed(Acceptance.objects.all(), renew_row),
            "keys": renewed(Journey.objects.filter(key_proposed=True), renew_key),
            "confirmations": renewed(
                Countersignature.objects.filter(used_at=None, withdrawn_at=None), renew_row
            ),
            "templates": renewed(JourneyTemplate.objects.defer("packed"), renew_row),
        }
        unfit = {name: without for name, (_done, without) in counted.items() if without}
        report = {
            name: {"renewed": done, "without_a_seal": without}
            for name, (done, without) in counted.items()
        }
        record(
            None,
            "database.seals-renewed",
            renewed={name: done for name, (done, _without) in counted.items()},
        )
        lines = [f"{name}: {done} sealed anew" for name, (done, _without) in counted.items()]
        text = ", ".join(f"{count} {name}" for name, count in unfit.items())
        self.report(
            report,
            lines,
            as_json,
            f"Sealed by none of the keys, and left as they are: {text}." if unfit else "",
        )


def renewed(rows: models.QuerySet, renew: Callable[[models.Model], bool]) -> tuple[int, int]:
    """How many were sealed anew, and how many no key had sealed."""
    done = [renew_some(some, renew) for some in batches(rows.order_by("pk"))]
    return sum(fit for fit, _rest in done), sum(rest for _fit, rest in done)


@transaction.atomic
def renew_some(rows: list, renew: Callable[[models.Model], bool]) -> tuple[int, int]:
    fit = sum(renew(row) for row in rows)
    return fit, len(rows) - fit


def batches(rows: models.QuerySet) -> Iterator[list]:
    some = list(rows[:AT_A_TIME])
    while some:
        yield some
        some = list(rows.filter(pk__gt=some[-1].pk)[:AT_A_TIME])


def renew_tenant(row: Tenant) -> bool:
    if row.why_altered(house=True):
        return False
    row.sealed()
    return True


def renew_key(row: Journey) -> bool:
    was = row.has_new_key
    row.seal_key()
    return was and _write(row, key_seal=row.key_seal)


def renew_row(row: Acceptance | Countersignature | JourneyTemplate | Revision) -> bool:
    return row.is_sealed() and _write(row, seal=row.sealed().seal)


def renew_state(row: Submission) -> bool:
    """A worker that takes it on meanwhile seals it by itself. The fence that its seal tells stays:
    so an older one that was put back is not taken for the newest, by whoever knows."""
    if not row.is_as_written:
        return False
    seen = Submission.objects.filter(
        pk=row.pk, fence=row.fence, state=row.state, state_seal=row.state_seal
    )
    seen.update(state_seal=row.seal_of({"fence": int(row.state_seal.partition(":")[0])}))
    return True


def _write(row: models.Model, **values: object) -> bool:
    type(row).objects.filter(pk=row.pk).update(**values)
    return True

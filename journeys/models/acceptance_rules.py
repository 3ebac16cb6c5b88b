"""How a problem of a journey is accepted, and by whom; a blocking one of one's own by two."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _t

from journeys.checks import Accepted
from journeys.lifecycle.journey_state import NotAllowed, WrongState
from journeys.lifecycle.review import UNKNOWN
from journeys.models import countersignature as second
from journeys.models import memory
from journeys.models.acceptance import Acceptance
from journeys.models.review import Review
from journeys.spec import document as doc
from journeys.spec.problem import Problem


def accept(journey, user, problem: Problem, document: dict, reason: str) -> Acceptance:
    """Lets a problem of the document stand, until what stands at its place changes.

    A blocking one of one's own only with the confirmation of a second admin: raises NeedsSecond.
    """
    _require_right(user)
    if not reason.strip():
        raise WrongState(_t("Say why the problem can be accepted."))
    row = Acceptance.of(journey, problem, document, user, reason.strip())
    deed = _second_of(journey, row) if problem.blocks and _wrote(journey, user) else None
    try:
        return _accept(journey, user, problem, row, deed)
    except second.NeedsSecond:
        second.ask(user, **deed, reason=row.reason)
        raise


def _wrote(journey, user) -> bool:
    """Whether one wrote anything since the last approval: what one does to one block is a problem
    of another."""
    journey.refresh_from_db(fields=["head"])
    draft = Review(
        journey=journey,
        revision=journey.head,
        tenant_id=journey.tenant_id,
        place=journey.tenant.place,
    )
    return bool({user.pk, UNKNOWN} & draft.authors())


def _second_of(journey, row: Acceptance) -> dict:
    of = doc.sha256(doc.dumps([journey.pk, row.problem, str(row.address), row.sha256]))
    text = f"{journey}: {row.problem}, {row.address}"
    return {
        "what": second.Deed.ACCEPT_OWN,
        "of": of,
        "told": text,
        "tenant": journey.tenant,
        "journey": journey,
    }


@transaction.atomic
def _accept(journey, user, problem: Problem, row: Acceptance, deed: dict | None) -> Acceptance:
    if deed:
        second.countersigned(user, **deed, reason=row.reason)
    row.save()
    row.sealed().save(update_fields=["seal"])
    journey.has_acceptances = True
    facts = {
        "problem": problem.id,
        "severity": problem.severity,
        "place": str(problem.address)[:200],
    }
    journey.audit(user, "problem.accepted", **facts, reason=row.reason)
    return row


@transaction.atomic
def withdraw(journey, user, row: Acceptance) -> None:
    _require_right(user)
    facts = {
        "problem": row.problem,
        "severity": row.severity,
        "place": str(row.address)[:200],
        "reason": row.reason,
    }
    Acceptance.objects.filter(pk=row.pk).delete()
    memory.note_over(row)
    journey.audit(user, "problem.acceptance-withdrawn", **facts)


def named(accepted: Accepted | Acceptance) -> list[str]:
    """How a submission names what was accepted: who accepts the same again accepts it for that,
    too."""
    return [accepted.problem, accepted.severity, str(accepted.address), accepted.sha256]


def standing(journeys: Iterable[int], *, held: bool = False) -> dict[int, list[list[str]]]:
    """What is accepted of each of these journeys, one query for all. `held`: nobody withdraws one
    of them before the transaction ends."""
    rows = Acceptance.objects.filter(journey__in=journeys).order_by("pk")
    rows = rows.select_for_update() if held else rows
    by_journey: dict[int, list[list[str]]] = {pk: [] for pk in journeys}
    for row in memory.not_over(row for row in rows if row.is_sealed()):
        by_journey[row.journey_id].append(named(row))
    return by_journey


def _require_right(user) -> None:
    if not user.has_perm("journeys.accept_problem"):
        raise NotAllowed(_t("Only a reviewer or an admin can accept problems."))

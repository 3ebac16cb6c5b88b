"""The seals of a submission: on what was permitted, and on how far it is; and whether it still is
what was sealed.

Its state is sealed, too: else one that has ended could be set back, and be sent again. Such a seal
says at which fence it was made; claims raise the fence and change nothing else. A send leaves half
of it.
"""

from datetime import datetime

from django.utils.translation import gettext as _t

from journeys.lifecycle.journey_state import SubmissionState
from journeys.models import seals
from journeys.spec import document as doc

# what says how far it is
STANDING = (
    "journey",
    "state",
    "fence",
    "seal",
    "state_seal",
    "ask_first",
    "free_at",
    "ambiguous",
    "absent_count",
)
STANDING += ("last_send_at",)


def sealed(row):
    """Puts the seals on what was permitted: these bytes, to this place, by whom and why; and on its
    first state."""
    row.place = row.tenant.place
    row.seal = seals.sealed("submission", _facts(row))
    row.state_seal = row.seal_of({})
    return row


def seal_of(row, values: dict) -> str:
    """The seal of its state once these columns are written."""
    if values.get("state", row.state) == SubmissionState.SENDING:
        return seals.halved(row.state_seal)
    fence = values.get("fence", row.fence)
    return f"{fence}:{seals.sealed('state', _state_facts(row, fence, values))}"


def is_as_written(row) -> bool:
    """Whether its state is the one that the composer wrote last."""
    return row.fits_its_seal and not row.was_sent_since


def was_sent_since(row) -> bool:
    """Whether a send was begun after its state was sealed, as this machine remembers: an older one
    was put back."""
    at = (
        row.fence if row.state == SubmissionState.SENDING else int(row.state_seal.partition(":")[0])
    )
    return row.seen.sent > at


def fits_its_seal(row) -> bool:
    """Whether the composer wrote its state, and its attempts do not say that it was sent since."""
    fence, _colon, seal = row.state_seal.partition(":")
    if not fence.isdecimal() or len(fence) > 10 or int(fence) > row.fence:
        return False
    if _last_sent(row) > int(fence):
        return False
    is_sending = row.state == SubmissionState.SENDING
    facts = _state_facts(row, int(fence), {"state": SubmissionState.WAITING} if is_sending else {})
    return seals.fits(seal, "state", facts, halved=is_sending)


def is_altered(row, *, is_sent: bool) -> bool:
    """Whether anything that was permitted was changed past the composer. `is_sent`: its bytes leave
    now."""
    if doc.sha256(bytes(row.payload)) != row.sha256:
        return True
    if not row.is_as_written or (is_sent and row.seen.ended):
        return True
    if not row.seal and not is_sent:  # from before there were seals: it may be looked up
        return False
    if not seals.fits(row.seal, "submission", _facts(row)):
        return True
    return bool(row.review_id) and not row.review.is_sealed(row.sha256)


def why_ended(row, moment: datetime) -> str:
    """Why what was permitted no longer holds, although nothing of it was altered; "" while it
    holds."""
    tenant = row.tenant
    was, is_now = (
        (row.place, tenant.place)
        if row.review_id
        else (row.place.partition("-")[2], tenant.business_unit)
    )
    if was != is_now:
        return _t(
            "The tenant stands for another place, or has other credentials, than when this was"
            " submitted."
        )
    return row.review.why_ended(moment) if row.review_id else ""


def _last_sent(row) -> int:
    """Asked for where the row was read without it: whoever forgot it must not take an older seal
    for the last."""
    if "last_sent" not in row.__dict__:
        rows = type(row).objects.order_by().with_last_sent()
        row.last_sent = rows.values_list("last_sent", flat=True).get(pk=row.pk)
    return -1 if row.last_sent is None else row.last_sent


def _state_facts(row, fence: int, values: dict) -> dict:
    standing = {
        name: values.get(name, getattr(row, name)) for name in STANDING if name != "journey"
    }
    facts = {
        "submission": str(row.pk),
        "seal": row.seal,
        "fence": fence,
        "state": str(standing["state"]),
    }
    facts |= {"ask_first": standing["ask_first"], "free_at": seals.at(standing["free_at"])}
    if standing["state"] == SubmissionState.UNCLEAR:
        facts |= {name: standing[name] for name in ("ambiguous", "absent_count")}
        facts["last_send_at"] = seals.at(standing["last_send_at"])
    return facts


def _facts(row) -> dict:
    """`sha256` is that of the bytes, which `is_altered` works out from the bytes themselves.

    `accepted` is named where there is some: seals from before it was kept go on to fit."""
    accepted = {"accepted": row.accepted} if row.accepted else {}
    return accepted | {
        "submission": str(row.pk),
        "journey": row.journey_id,
        "revision": row.revision_id,
        "tenant": row.tenant_id,
        "place": row.place,
        "key": row.key,
        "sha256": row.sha256,
        "review": row.review_id,
        "review_seal": row.review.seal if row.review_id else "",
        "by": row.created_by_id,
        "permitted": row.permitted,
    }

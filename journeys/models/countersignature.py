"""What no admin does alone: it is asked for with a reason, and a second admin confirms it.

A confirmation is good for one deed of one person, within a day. Where there is only one admin the
reason is enough, and everybody is told for a week.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.lifecycle.journey_state import NotAllowed, Tampered, WrongState
from journeys.models import clock, memory, seals
from journeys.models.accounts import admins, apart_again, is_admin, is_alone, recent_links
from journeys.models.audit import ALONE, record
from journeys.models.tenant import Tenant

ASKED_FOR = timedelta(days=7)  # then nobody can confirm it any more
GOOD_FOR = timedelta(hours=24)  # from its confirmation
LONGEST_REASON = 500
MOST_NAMED = 5  # admins who may confirm
STEPS = tuple(f"countersignature.{step}" for step in ("asked", "confirmed", "used", "withdrawn"))


class Deed(models.TextChoices):
    LIFT_REVIEW = "lift-review", _("let a tenant go without reviews")
    ACCEPT_OWN = "accept-own", _("accept a blocking problem of one's own")
    DECIDE = "decide", _("decide a review of somebody who has just changed one's account")
    ADMINISTER = (
        "administer",
        _("change people, groups or tenants while a review of one's own is open"),
    )


class CountersignatureQuerySet(models.QuerySet):
    def visible_to(self, user) -> "CountersignatureQuerySet":
        """Its own, and those of one's tenants; admins see all."""
        if is_admin(user):
            return self
        return self.filter(
            models.Q(asked_by=user) | models.Q(tenant__in=Tenant.objects.visible_to(user))
        )

    def open(self) -> "CountersignatureQuerySet":
        asked = clock.moment() - ASKED_FOR
        return self.filter(confirmed_at=None, withdrawn_at=None, used_at=None, asked_at__gt=asked)


class Countersignature(models.Model):
    """`of` names the very thing, with a fingerprint where it can change; `told` says it to people.

    `seal` is first of what was asked for and in which words, then of its confirmation as well.
    """

    Deed = Deed

    what = models.CharField(_("what"), max_length=20, choices=Deed)
    of = models.CharField(max_length=300)
    told = models.CharField(_("of what"), max_length=300)
    tenant = models.ForeignKey("Tenant", null=True, on_delete=models.PROTECT, related_name="+")
    journey = models.ForeignKey("Journey", null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked"), default=clock.moment)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    alone = models.BooleanField(default=False)
    seal = models.CharField(max_length=80, blank=True, editable=False)

    objects = CountersignatureQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.told}"

    @property
    def standing(self) -> str:
        """How it stands, in words."""
        if self.alone:
            return _t("done by one admin alone")
        if self.used_at:
            return _t("confirmed and done")
        if self.withdrawn_at:
            return _t("withdrawn")
        if self.confirmed_at:
            late = self.confirmed_at <= clock.moment() - GOOD_FOR
            return _t("confirmed, but not done in time") if late else _t("confirmed, not done yet")
        return (
            _t("expired")
            if self.asked_at <= clock.moment() - ASKED_FOR
            else _t("waits for a second admin")
        )

    @property
    def good_until(self) -> datetime | None:
        return self.confirmed_at + GOOD_FOR if self.confirmed_at and not self.used_at else None

    def can_be_done_by(self, user) -> bool:
        return user.pk == self.asked_by_id and self in _good(user, self.what, self.of)

    @property
    def where(self) -> str:
        return form_of(self.what, self.tenant_id)

    def why_not_by(self, user) -> str:
        """Why this person cannot confirm it; "" when they can."""
        if not is_admin(user):
            return _t("Only an admin can confirm this.")
        if user.pk == self.asked_by_id:
            return _t("You asked for this. Another admin has to confirm it.")
        if until := apart_again(self.asked_by, user):
            text = _t(
                "You or the person who asks for this changed the other's account within the last 24"
                " hours. Another admin has to confirm it, or you from %(when)s on."
            )
            return text % {"when": moment(until)}
        return ""

    @property
    def why_altered(self) -> str:
        """Why nobody should believe what it says; "" while it is as it was asked for, or
        confirmed."""
        if (self.is_sealed() and not self.is_over) or (
            self.alone and self.used_at
        ):  # nobody confirmed what was done alone
            return ""
        return _t(
            "This was not asked for here in these words: it was changed in the database past the"
            " composer. Do not confirm it, and tell the other admins. Whoever needs it asks for it"
            " anew."
        )

    @transaction.atomic
    def confirm(self, user) -> None:
        self.refresh_from_db()  # the very words that the page showed, or none
        if self.why_altered:
            raise Tampered(self.why_altered, self.tenant)
        reason = self.why_not_by(user)
        if reason:
            raise NotAllowed(reason)
        self.confirmed_by, self.confirmed_at = user, clock.moment()
        values = {"confirmed_by": user, "confirmed_at": self.confirmed_at}
        if (
            not Countersignature.objects.open()
            .filter(pk=self.pk)
            .update(seal=self.sealed().seal, **values)
        ):
            raise WrongState(
                _t(
                    "This is no longer open: it was confirmed or withdrawn, or nobody confirmed it"
                    " in time."
                )
            )
        self.audit(user, "countersignature.confirmed")

    @transaction.atomic
    def withdraw(self, user) -> None:
        if user.pk != self.asked_by_id and not is_admin(user):
            raise NotAllowed(_t("Only who asked for this, or an admin, can withdraw it."))
        rows = Countersignature.objects.filter(pk=self.pk, used_at=None, withdrawn_at=None)
        if not rows.update(withdrawn_at=clock.moment()):
            raise WrongState(_t("There is nothing to withdraw."))
        memory.note_over(self)
        self.audit(user, "countersignature.withdrawn")

    @property
    def is_over(self) -> bool:
        """Whether it was used or withdrawn, as this machine remembers, although it does not say
        so."""
        return not (self.used_at or self.withdrawn_at) and not memory.not_over([self])

    def sealed(self) -> "Countersignature":
        self.seal = seals.sealed("countersignature", self._facts())
        return self

    def is_sealed(self) -> bool:
        """Whether it is as it was asked for, in these words; and as it was confirmed, where it
        was."""
        return seals.fits(self.seal, "countersignature", self._facts())

    def _facts(self) -> dict:
        names = (
            "pk",
            "of",
            "told",
            "reason",
            "tenant_id",
            "journey_id",
            "asked_by_id",
            "confirmed_by_id",
        )
        facts = {name: getattr(self, name) for name in names} | {"what": str(self.what)}
        return facts | {"asked": seals.at(self.asked_at), "at": seals.at(self.confirmed_at)}

    @property
    def begun_at(self) -> datetime:
        return self.asked_at

    def audit(self, actor, action: str) -> None:
        data = {"id": self.pk, "what": self.what, "of": self.told, "reason": self.reason}
        record(actor, action, tenant=self.tenant, journey=self.journey, **data)


class NeedsSecond(NotAllowed):
    """A second admin has to confirm it first. `asked`: it waits for that, and nothing is wrong."""

    def __init__(self, text: str, *, asked: bool = False) -> None:
        super().__init__(text)
        self.asked = asked


def waiting_for(user) -> str:
    values = {"names": who_may_confirm(user)}
    return (
        _t("Another admin has to confirm this first. It is asked for, and waits for %(names)s.")
        % values
    )


def why_not(user, what: str, of: str, reason: str) -> str:
    """Why it cannot be done yet; "" when `countersigned` will not raise. Changes nothing."""
    if _good(user, what, of) or (reason.strip() and is_alone(user)):
        return ""
    return waiting_for(user) if reason.strip() else _needed(user)


def countersigned(
    user, what: str, of: str, told: str, reason: str = "", **about
) -> Countersignature:
    """Uses the confirmation that there is for this; else raises NeedsSecond.

    Inside the transaction of the deed: a confirmation that was used and a deed that was done are
    one. After NeedsSecond that transaction is gone, and then `ask` is called.
    """
    if used := _use(user, what, of):
        return used
    if not reason.strip():
        raise NeedsSecond(_needed(user))
    if not is_alone(user):
        raise NeedsSecond(waiting_for(user), asked=True)
    values = {
        "what": what,
        "of": of,
        "told": told[:300],
        "reason": reason.strip()[:LONGEST_REASON],
        **about,
    }
    row = Countersignature.objects.create(
        asked_by=user, alone=True, used_at=clock.moment(), **values
    )
    row.audit(user, ALONE)
    return row


def ask(user, what: str, of: str, told: str, reason: str, **about) -> Countersignature:
    """Asks for a confirmation, once."""
    mine = Countersignature.objects.open().filter(asked_by=user, what=what, of=of)
    if earlier := next((row for row in mine if not row.why_altered), None):
        return earlier
    values = {
        "what": what,
        "of": of,
        "told": told[:300],
        "reason": reason.strip()[:LONGEST_REASON],
        **about,
    }
    with transaction.atomic():
        row = Countersignature.objects.create(asked_by=user, **values)
        row.sealed().save(update_fields=["seal"])
        row.audit(user, "countersignature.asked")
    return row


def form_of(what: str, tenant: int | None) -> str:
    """The form in which it was asked for, filled in; "" where it can be done in more than one
    place."""
    if what != Deed.LIFT_REVIEW:
        return ""
    page = (
        reverse("admin:journeys_tenant_change", args=[tenant])
        if tenant
        else reverse("admin:journeys_tenant_add")
    )
    return f"{page}?lift=1"


def news(entries, user) -> list[dict]:
    """What this person should look at now: what they can do because it was confirmed; for admins,
    what others ask for.

    Told from the audit (`entries` of STEPS, the newest first), which pages read anyhow; its own
    page has the truth.
    """
    seen: dict[int, dict] = {}
    for entry in entries:
        seen.setdefault(entry.data.get("id"), {}).setdefault(entry.action.partition(".")[2], entry)
    notices = []
    for pk, steps in seen.items():
        asked, confirmed = steps.get("asked"), steps.get("confirmed")
        if asked is None or {"used", "withdrawn"} & {*steps}:
            continue
        notice = {
            "pk": pk,
            "asked": asked,
            "confirmed": confirmed,
            "what": Deed(asked.data["what"]).label,
        }
        is_mine, now = asked.actor_id == user.pk, clock.moment()
        if confirmed and is_mine and confirmed.at > now - GOOD_FOR:
            where = form_of(asked.data["what"], asked.tenant_id)
            notices.append(notice | {"until": confirmed.at + GOOD_FOR, "where": where})
        elif not confirmed and not is_mine and is_admin(user) and asked.at > now - ASKED_FOR:
            notices.append(notice)
    return notices


def confirmed_lift(user, tenant) -> Countersignature | None:
    """The confirmation with which this person can save this tenant, or a new one where it is None,
    without reviews."""
    rows = Countersignature.objects.filter(asked_by=user, what=Deed.LIFT_REVIEW, tenant=tenant)
    rows = rows.filter(confirmed_at__gt=clock.moment() - GOOD_FOR, used_at=None).order_by("-id")
    return next(
        (
            good
            for of in rows.values_list("of", flat=True)
            for good in _good(user, Deed.LIFT_REVIEW, of)
        ),
        None,
    )


def confirmed(user, what: str, beginning: str) -> Countersignature | None:
    """The newest confirmation of something whose name begins so."""
    return next(iter(_good(user, what, models.Q(of__startswith=beginning))), None)


def _good(user, what: str, of: str | models.Q) -> list[Countersignature]:
    """The confirmations that are there, of people who still may give them."""
    since = clock.moment() - GOOD_FOR
    named = of if isinstance(of, models.Q) else models.Q(of=of)
    rows = Countersignature.objects.filter(
        named, asked_by=user, what=what, used_at=None, withdrawn_at=None
    )
    rows = rows.filter(confirmed_at__gt=since).select_related("confirmed_by", "asked_by")
    return [
        row
        for row in memory.not_over(rows)
        if row.confirmed_at and row.is_sealed() and not row.why_not_by(row.confirmed_by)
    ]


def _use(user, what: str, of: str) -> Countersignature | None:
    for row in _good(user, what, of):
        if Countersignature.objects.filter(pk=row.pk, used_at=None).update(used_at=clock.moment()):
            memory.note_over(row)
            row.audit(user, "countersignature.used")
            return row
    return None


def _needed(user) -> str:
    if is_alone(user):
        return _t("Nobody else is an admin here: say why. Everybody will read it.")
    values = {"names": who_may_confirm(user)}
    return (
        _t("Another admin has to confirm this: %(names)s. Say why, and it is asked for.") % values
    )


def who_may_confirm(user) -> str:
    """The other admins by name; of who counts as one with this one for now, from when on they
    may."""
    able, later, links = [], [], recent_links()
    for one in admins().exclude(pk=user.pk).order_by("first_name", "last_name", "username"):
        name, until = one.get_full_name() or one.get_username(), apart_again(user, one, links)
        if until:
            later.append(
                (until, _t("%(name)s from %(when)s on") % {"name": name, "when": moment(until)})
            )
        else:
            able.append(name)
    names = able or [words for _until, words in sorted(later)]
    return _t(" or ").join(names[:MOST_NAMED]) or _t("nobody, because there is no other admin")


def moment(value) -> str:
    return f"{value:%-d %b %Y, %H:%M} UTC"

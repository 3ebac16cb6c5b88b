"""A tenant: one business unit of Marketing Cloud with its credentials."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connections, models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys import tenant as rest
from journeys.checks import Rules
from journeys.explaining import sentence
from journeys.lifecycle.journey_state import Tampered
from journeys.models import clock, memory, seals
from journeys.models.house_rules import HouseRules, fingerprint
from journeys.models.secret import SecretField
from journeys.models.witness import micros
from journeys.spec.curl import curl_script

if TYPE_CHECKING:
    from django.contrib.auth.models import User


MOST_PARTS = 40  # tenants whose rows are read one by one and merged
NO_TOKEN = {
    "token": "",
    "token_rest_url": "",
    "token_fetched_at": None,
    "token_expires_at": None,
    "token_seal": "",
}


class TenantQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "TenantQuerySet":
        """The tenants that the user belongs to; who looks after tenants sees all. Everything that
        people are shown of journeys, submissions, reviews and templates is asked through here:
        without a group that sees journeys, membership alone shows nothing."""
        if sees_all(user):
            return self
        return (
            self.filter(members=user.pk) if user.has_perm("journeys.view_journey") else self.none()
        )


def sees_all(user: "User") -> bool:
    return user.has_perm("journeys.change_tenant")


def of_visible(
    rows: models.QuerySet, user: "User", path: str = "tenant", *, is_search: bool = False
) -> models.QuerySet:
    """The rows of tenants that the user sees; where these are all, without a condition that would
    hide an order.

    In a search SQLite would read all rows of those tenants and sort them: added to 0, the column is
    no way to the rows, and they are read in the order of the list until the page is full.
    """
    if sees_all(user):
        return rows
    seen = Tenant.objects.visible_to(user)
    if is_search and connections[rows.db].vendor == "sqlite":
        return rows.alias(seen_tenant=models.F(path) + 0).filter(
            seen_tenant__in=seen.order_by().values("pk")
        )
    return rows.filter(**{f"{path}__in": seen})


def parts_of_visible(
    user: "User", path: str = "tenant", known: Collection[int] | None = None
) -> list[models.Q]:
    """What divides such rows, so that an index that begins with the tenant reads each part; none if
    all are seen.

    `known`: the ids of all tenants that the user sees, where they were read already.
    """
    if sees_all(user):
        return []
    if known is None:
        known = (
            Tenant.objects.visible_to(user)
            .order_by("pk")
            .values_list("pk", flat=True)[: MOST_PARTS + 1]
        )
    return [models.Q(**{path: pk}) for pk in known] if len(known) <= MOST_PARTS else []


class Tenant(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)
    subdomain = models.CharField(
        _("sub-domain"),
        max_length=63,
        blank=True,
        help_text=_(
            "The part before .auth.marketingcloudapis.com in the package's authentication base URI."
        ),
    )
    account_id = models.CharField(
        _("MID"), max_length=20, blank=True, help_text=_("The business unit's number.")
    )
    client_id = models.CharField(_("client id"), max_length=120, blank=True)
    client_secret = SecretField(_("client secret"), blank=True)
    allowed_domain = models.CharField(
        _("allowed domain"), max_length=120, default="marketingcloudapis.com"
    )
    practice_url = models.CharField(
        _("practice address"), max_length=200, blank=True, editable=False
    )
    review_required = models.BooleanField(
        _("review required"),
        default=True,
        help_text=_("Only approved journeys can be submitted to this tenant."),
    )
    rate = models.FloatField(
        _("calls a second"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0.1), MaxValueValidator(1000)],
        help_text=_("At most so many calls of the API. Empty: as many as the installation allows."),
    )
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="tenants", blank=True)
    # The access token that all workers share, until shortly before it expires.
    token = SecretField(blank=True, editable=False)
    token_rest_url = models.CharField(max_length=200, blank=True, editable=False)
    token_fetched_at = models.DateTimeField(null=True, editable=False)
    token_expires_at = models.DateTimeField(null=True, editable=False)
    token_generation = models.PositiveIntegerField(default=0, editable=False)
    token_lease_until = models.DateTimeField(null=True, editable=False)
    token_seal = models.CharField(max_length=80, blank=True, editable=False)
    # A number of its own for each place that it has been. It never falls, so that a way back
    # revives no approval.
    moves = models.PositiveBigIntegerField(default=0, editable=False)
    # The rules that decide what may be sent where, as an admin set them: see `sealed`.
    seal = models.CharField(max_length=80, blank=True, editable=False)
    house_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    ruled_at = models.PositiveBigIntegerField(
        default=0, editable=False
    )  # microseconds; so that older rules are known
    created_at = models.DateTimeField(default=clock.moment, editable=False)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_practice(self) -> bool:
        return bool(self.practice_url)

    @property
    def where(self) -> str:
        """Where what is sent to it arrives, for sentences about that."""
        return _t("the practice tenant") if self.is_practice else _t("Marketing Cloud")

    @property
    def calls_per_second(self) -> float:
        return self.rate or settings.TENANT_RATE

    @property
    def address(self) -> str:
        """Where journeys go, for people to read."""
        return self.practice_url or f"https://{self.subdomain}.rest.{self.allowed_domain}"

    @property
    def place(self) -> str:
        """What an approval is for: the business unit that the credentials choose. Another one after
        each move."""
        return f"{self.moves}-{self.business_unit}"

    @property
    def business_unit(self) -> str:
        """The part of `place` that tells where, whatever the secret. A practice tenant may change
        its port."""
        named = [
            self.subdomain,
            self.allowed_domain,
            self.account_id,
            self.client_id,
            self.is_practice,
        ]
        return sha256(json.dumps(named).encode()).hexdigest()[:40]

    def sealed(self) -> "Tenant":
        """Puts the seal on its rules. Whoever has just written them calls this, in the same
        transaction: the values are those of this object, so that what somebody else writes at that
        moment is not covered."""
        self.house_sha256 = fingerprint(HouseRules.objects.filter(tenant=self.pk).first())
        self.ruled_at = max(self.ruled_at + 1, micros(clock.moment()))
        self.seal = seals.sealed("tenant", self._facts())
        written = {"seal": self.seal, "house_sha256": self.house_sha256, "ruled_at": self.ruled_at}
        Tenant.objects.filter(pk=self.pk).update(**written)
        memory.note_ruled(self)
        return self

    def is_sealed(self) -> bool:
        """Whether its rules are those that were set last; its house rules are compared where they
        are used."""
        if not self._fits_its_seal():
            return False
        known = memory.ruled_at(self)
        if known <= self.ruled_at:
            return True
        newest = Tenant.objects.get(pk=self.pk)  # somebody may have saved it since this was read
        return newest.ruled_at >= known and newest._fits_its_seal()

    def _fits_its_seal(self) -> bool:
        return seals.fits(self.seal, "tenant", self._facts())

    def why_altered(self, *, house: bool = False) -> str:
        """In words, with what to do, that its rules were changed past the composer; "" when they
        were not.

        `house`: the house rules, too, which takes a query.
        """
        if not self.is_sealed():
            text = _t(
                "The rules of the tenant “%(tenant)s” were changed in the database past the"
                " composer. Nothing is sent until an admin has looked at the tenant and saved it"
                " anew."
            )
        elif house and fingerprint(getattr(self, "house_rules", None)) != self.house_sha256:
            text = _t(
                "The house rules of the tenant “%(tenant)s” were changed in the database past the"
                " composer. Nothing is sent until an admin has looked at the tenant and saved it"
                " anew."
            )
        else:
            return ""
        return text % {"tenant": self}

    def require_sealed(self) -> None:
        reason = self.why_altered(house=True)
        if reason:
            raise Tampered(reason)

    def _facts(self) -> dict:
        return {
            "tenant": self.pk,
            "review_required": self.review_required,
            "place": self.place,
            "house": self.house_sha256,
            "at": self.ruled_at,
        }

    def credentials(self) -> rest.Credentials:
        """Raises BadAddress for a domain that the installation does not permit, however it came
        into the row."""
        if not self.is_practice:
            rest.check_permitted(self.allowed_domain, settings.TENANT_DOMAINS)
        return rest.Credentials(
            subdomain=self.subdomain,
            client_id=self.client_id,
            client_secret=self.client_secret,
            account_id=self.account_id,
            allowed_domain=self.allowed_domain,
            practice_url=self.practice_url,
        )

    def rules(self) -> Rules | None:
        """The house rules, as the checks take them; None when nobody has set any."""
        house_rules = getattr(self, "house_rules", None)
        return house_rules.as_data() if house_rules else None

    def as_curl(self, document: dict) -> str:
        """A shell script that creates the journey in this tenant. No secret is in it."""
        try:
            where = rest.addresses(self.subdomain, self.allowed_domain, self.practice_url)
        except rest.BadAddress:  # a tenant that is not set up yet
            where = rest.addresses("your-subdomain")
        return curl_script(document, auth=where.auth, rest=where.rest, account_id=self.account_id)

    # The shared token

    def usable_token(self, moment: datetime) -> rest.Token | None:
        """The token that some process fetched for this very place, while it has a while to live.

        One that was copied from another tenant would take a journey there.
        """
        if not self.token or self.token_expires_at is None or self.token_expires_at <= moment:
            return None
        if not seals.fits(
            self.token_seal, "token", self._token_facts(self.token, self.token_rest_url)
        ):
            return None
        return rest.Token(access_token=self.token, expires_in=1, rest_url=self.token_rest_url)

    def _token_facts(self, token: str, rest_url: str) -> dict:
        return {
            "tenant": self.pk,
            "place": self.business_unit,
            "token": token,
            "rest_url": rest_url,
        }

    def lease_token(self, moment: datetime, lease: timedelta) -> bool:
        """Single flight: True for the one process that may fetch a new token now."""
        free = models.Q(token_lease_until=None) | models.Q(token_lease_until__lt=moment)
        mine = Tenant.objects.filter(free, pk=self.pk, token_generation=self.token_generation)
        return bool(mine.update(token_lease_until=moment + lease))

    def keep_token(self, token: rest.Token, moment: datetime) -> None:
        """Renewed a little before it expires: an eighth of its life early."""
        lives = timedelta(seconds=token.expires_in * 7 / 8)
        times = {"token_fetched_at": moment, "token_expires_at": moment + lives}
        seal = seals.sealed("token", self._token_facts(token.access_token, token.rest_url))
        self._write_token(
            token=token.access_token, token_rest_url=token.rest_url, token_seal=seal, **times
        )

    def turn_down_token(self, generation: int, moment: datetime) -> None:
        """After a 401: only the token that was used goes; one that was renewed meanwhile stays, and
        who is renewing it keeps the lease. The object, which others may share, stays as it was
        read."""
        idle = models.Q(token_lease_until=None) | models.Q(token_lease_until__lt=moment)
        used = Tenant.objects.filter(idle, pk=self.pk, token_generation=generation)
        used.update(token_generation=models.F("token_generation") + 1, **NO_TOKEN)

    def drop_token(self) -> None:
        """Also what somebody is fetching now comes to nothing: it may be for credentials that are
        no longer true."""
        self._write_token(**NO_TOKEN)

    def _write_token(self, **values: object) -> None:
        """For the generation that was read; afterwards this object stands for the next one."""
        used = Tenant.objects.filter(pk=self.pk, token_generation=self.token_generation)
        if used.update(
            token_generation=models.F("token_generation") + 1, token_lease_until=None, **values
        ):
            self.token_generation += 1

    def clean(self) -> None:
        place = "__all__" if self.practice_url else "subdomain"
        try:
            if self.practice_url:
                rest.check_practice_url(self.practice_url)
            else:
                rest.check_subdomain(self.subdomain)
                place = "allowed_domain"
                rest.check_permitted(self.allowed_domain, settings.TENANT_DOMAINS)
        except rest.BadAddress as error:
            raise ValidationError({place: sentence(error)}) from error

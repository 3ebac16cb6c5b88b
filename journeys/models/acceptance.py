"""A problem that somebody with the right lets stand, with a reason."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from journeys.checks import Accepted, fingerprint
from journeys.models import clock, seals
from journeys.spec.address import Address
from journeys.spec.problem import Problem

LONGEST_REASON = 500


class Acceptance(models.Model):
    """Holds while `sha256` is the fingerprint of what stands at the place
    (checks/acceptance.py)."""

    journey = models.ForeignKey("Journey", on_delete=models.PROTECT, related_name="acceptances")
    problem = models.CharField(max_length=80)
    severity = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    key = models.TextField(blank=True)
    field = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=clock.moment, editable=False)
    seal = models.CharField(max_length=80, blank=True, editable=False)

    class Meta:
        ordering = ["id"]  # of two for the same problem the later one counts
        default_permissions = ()
        permissions = [("accept_problem", "Can accept problems")]

    def __str__(self) -> str:
        return f"{self.problem} in {self.journey}"

    @classmethod
    def of(cls, journey, problem: Problem, document: dict, by, reason: str) -> "Acceptance":
        """A row that is not saved yet."""
        where = problem.address
        return cls(
            journey=journey,
            problem=problem.id,
            severity=problem.severity,
            kind=where.kind,
            key=where.key,
            field=where.inside,
            sha256=fingerprint(document, where),
            reason=reason[:LONGEST_REASON],
            by=by,
        )

    def sealed(self) -> "Acceptance":
        """It is saved already: its number is part of what is sealed."""
        self.seal = seals.sealed("acceptance", self._facts())
        return self

    def is_sealed(self) -> bool:
        """Whether this person accepted this problem; else it stands as if nobody had."""
        return seals.fits(self.seal, "acceptance", self._facts())

    @property
    def begun_at(self) -> datetime:
        return self.at

    def _facts(self) -> dict:
        names = (
            "pk",
            "journey_id",
            "problem",
            "severity",
            "kind",
            "key",
            "field",
            "sha256",
            "by_id",
        )
        return {name: getattr(self, name) for name in names} | {"at": seals.at(self.at)}

    @property
    def address(self) -> Address:
        return Address(self.kind, self.key, self.field)

    def as_data(self) -> Accepted:
        name = (self.by.get_full_name() or self.by.get_username()) if self.by else ""
        return Accepted(
            self.problem,
            self.severity,
            self.address,
            self.sha256,
            self.reason,
            name,
            self.at,
            self.pk,
        )

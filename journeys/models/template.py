"""A template of a team's own: a journey that was kept to start others from. The built-in ones are
in `gallery`."""

import zlib

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.lifecycle.journey_state import NotAllowed, Tampered
from journeys.models import clock, seals
from journeys.models.audit import record
from journeys.models.revision import sha256_of, unpacked
from journeys.models.tenant import Tenant
from journeys.spec import document as doc


class JourneyTemplateQuerySet(models.QuerySet):
    def visible_to(self, user) -> "JourneyTemplateQuerySet":
        return self.filter(tenant__in=Tenant.objects.visible_to(user))

    @transaction.atomic
    def keep(
        self, document: dict, *, tenant: Tenant, name: str, description: str, by
    ) -> "JourneyTemplate":
        body = doc.dumps(document)
        template = self.model(tenant=tenant, name=name, description=description, by=by)
        template.packed, template.sha256 = zlib.compress(body, 1), doc.sha256(body)
        template.save(force_insert=True)
        template.sealed().save(update_fields=["seal"])
        template.audit(by, "template.saved")
        return template


class JourneyTemplate(models.Model):
    """For the people of one tenant: the ids in it mean nothing in another. `seal` proves whose
    words it holds."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="templates")
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    packed = models.BinaryField()  # the document's bytes, zlib level 1
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=clock.moment, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    seal = models.CharField(max_length=80, blank=True, editable=False)

    objects = JourneyTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="template_name_once_per_tenant")
        ]
        indexes = [models.Index(fields=["name", "id"], name="template_name")]

    def __str__(self) -> str:
        return self.name

    def sealed(self) -> "JourneyTemplate":
        self.seal = seals.sealed("template", self._facts())
        return self

    def is_sealed(self) -> bool:
        return seals.fits(self.seal, "template", self._facts())

    def is_whole(self) -> bool:
        """Whether it is as it was kept: whose, under which name, for which tenant, and its
        bytes."""
        return self.is_sealed() and sha256_of(bytes(self.packed)) == self.sha256

    def _facts(self) -> dict:
        """What a template is of; a copy of the row under another name is none, nor an older one of
        this name."""
        return {
            name: getattr(self, name) for name in ("pk", "tenant_id", "name", "sha256", "by_id")
        }

    def document(self) -> dict:
        """To begin a journey with: raises Tampered where it is not as it was kept."""
        if not self.is_whole():
            text = _t(
                "The template “%(name)s” was changed in the database past the composer, so no"
                " journey is begun with it. Tell an admin; delete it, and save it anew from a"
                " journey."
            )
            raise Tampered(text % {"name": self.name}, self.tenant)
        return self.stored()

    @property
    def weight(self) -> int:
        """Bytes of its document."""
        return len(zlib.decompress(self.packed))

    def stored(self) -> dict:
        """As it stands in the database, for what only shows it."""
        return unpacked(bytes(self.packed))

    def deletable_by(self, user) -> bool:
        """Its author, and who looks after tenants."""
        return self.by_id == user.pk or user.has_perm("journeys.change_tenant")

    @transaction.atomic
    def discard(self, user) -> None:
        if not self.deletable_by(user):
            raise NotAllowed(_("Only its author or an admin can delete a template."))
        self.audit(user, "template.deleted")
        self.delete()

    def audit(self, actor, action: str) -> None:
        record(actor, action, tenant=self.tenant, template=self.name)

"""A template of a team's own: a journey that was kept to start others from. The built-in ones are in `gallery`."""

import zlib

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from journeys.models.audit import record
from journeys.models.states import NotAllowed
from journeys.models.tenant import Tenant
from journeys.spec import document as doc


class JourneyTemplateQuerySet(models.QuerySet):
    def visible_to(self, user) -> "JourneyTemplateQuerySet":
        return self.filter(tenant__in=Tenant.objects.visible_to(user))

    @transaction.atomic
    def keep(self, document: dict, *, tenant: Tenant, name: str, description: str, by) -> "JourneyTemplate":
        template = self.create(
            tenant=tenant, name=name, description=description, packed=zlib.compress(doc.dumps(document), 1), by=by
        )
        template.audit(by, "template.saved")
        return template


class JourneyTemplate(models.Model):
    """For the people of one tenant: the ids in it mean nothing in another."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="templates")
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    packed = models.BinaryField()  # the document's bytes, zlib level 1
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = JourneyTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="template_name_once_per_tenant")]
        indexes = [models.Index(fields=["name", "id"], name="template_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def body(self) -> bytes:
        return zlib.decompress(self.packed)

    def document(self) -> dict:
        return doc.parse(self.body)

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

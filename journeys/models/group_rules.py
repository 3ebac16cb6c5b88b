"""What a group asks of its members beyond the rights that it gives."""

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _


class GroupRules(models.Model):
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="rules")
    second_factor = models.BooleanField(
        _("members need a second factor"),
        default=False,
        help_text=_(
            "Who has none yet sets one up when they sign in, and reaches nothing else until then."
        ),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("rules of a group")

    def __str__(self) -> str:
        return f"{self.group}"

"""What one tenant asks of its journeys besides what the endpoint does."""

import json
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from journeys.checks import Rules, why_not_safe
from journeys.checks.settings import ENTRY_MODES
from journeys.spec.problem import ADVICE, BLOCKING


class Severity(models.TextChoices):
    BLOCKING = BLOCKING, _("blocks the review")
    ADVICE = ADVICE, _("advice")


def severity() -> models.CharField:
    return models.CharField(
        _("if not kept"), max_length=10, choices=Severity, default=Severity.ADVICE
    )


def require_safe_pattern(value: str) -> None:
    reason = why_not_safe(value)
    if reason:
        raise ValidationError(reason)


class HouseRules(models.Model):
    """An empty rule is not asked."""

    tenant = models.OneToOneField("Tenant", on_delete=models.CASCADE, related_name="house_rules")
    naming_pattern = models.CharField(
        _("naming pattern"),
        max_length=100,
        blank=True,
        validators=[require_safe_pattern],
        help_text=_("A regular expression that the whole name has to match, such as [A-Z]{2} - .+"),
    )
    naming_severity = severity()
    entry_modes = models.JSONField(_("allowed entry modes"), default=list, blank=True)
    entry_modes_severity = severity()
    longest_wait = models.PositiveIntegerField(
        _("longest wait"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text=_("In days."),
    )
    longest_wait_severity = severity()
    most_steps = models.PositiveIntegerField(
        _("most steps"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    most_steps_severity = severity()
    goal_required = models.BooleanField(_("goal required"), default=False)
    goal_severity = severity()
    quiet_from = models.TimeField(
        _("quiet hours from"),
        null=True,
        blank=True,
        help_text=_(
            "No sends from this time of day, such as 21:00, in the time zone that each wait names."
        ),
    )
    quiet_to = models.TimeField(
        _("quiet hours to"), null=True, blank=True, help_text=_("Such as 08:00.")
    )
    quiet_severity = severity()

    class Meta:
        verbose_name = _("house rules")
        verbose_name_plural = _("house rules")

    def __str__(self) -> str:
        return f"House rules of {self.tenant}"

    def clean(self) -> None:
        if (self.quiet_from is None) != (self.quiet_to is None):
            raise ValidationError(_("Quiet hours need both times, or none."))
        if self.quiet_from is not None and self.quiet_from == self.quiet_to:
            raise ValidationError(
                {"quiet_to": _("Quiet hours cannot begin and end at the same time.")}
            )

    def as_data(self) -> Rules:
        names = [
            field.name
            for field in self._meta.get_fields()
            if field.name not in ("id", "tenant", "entry_modes")
        ]
        modes = self.entry_modes if isinstance(self.entry_modes, list) else []
        known = tuple(mode for mode in modes if mode in ENTRY_MODES)
        return Rules(entry_modes=known, **{name: getattr(self, name) for name in names})


def fingerprint(rules: models.Model | None) -> str:
    """Of all columns; "" when nobody has set any rules."""
    if rules is None:
        return ""
    columns = {
        field.attname: getattr(rules, field.attname) for field in rules._meta.concrete_fields
    }
    return sha256(json.dumps(columns, default=str, sort_keys=True).encode()).hexdigest()

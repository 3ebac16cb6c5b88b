"""Times and people as pages tell them."""

import re
from datetime import UTC, datetime

from django import template
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from composer.admin_site import MANY_OF, NAMES, ONE_OF
from journeys.models import AuditEntry, Tenant
from journeys.models.accounts import admins, is_admin
from journeys.models.audit import ALONE, FOUND, STOPPED
from journeys.models.countersignature import STEPS, Deed, news

register = template.Library()
DEEDS = {
    "Added": "add",
    "Removed": "remove",
    "Moved": "move",
    "Replaced": "replace",
    "Pasted": "paste",
    "Duplicated": "duplicate",
}
DONE = re.compile(rf"(^|; )({'|'.join(DEEDS)})\b")
SERVED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?")
MOST_NAMED = 3  # admins to ask

OPERATIONS = {
    "edit as text": _("JSON edit"),
    "import": _("Import"),
    "convert": _("Conversion to spec 1.0"),
}


@register.simple_tag
def when(value: datetime | None, form: str = "minute") -> SafeString | str:
    """A moment as UTC; the page's script puts it into the reader's own zone.

    `form`: "minute", "second", "time" (of day) or "ago".
    """
    if value is None:
        return "–"
    moment = value.astimezone(UTC)
    exact = moment.strftime(
        "%-d %b %Y, %H:%M:%S UTC" if form == "second" else "%-d %b %Y, %H:%M UTC"
    )
    shown = {"ago": ago(value), "time": f"{moment:%H:%M} UTC"}.get(form, exact)
    stamp = moment.isoformat(timespec="milliseconds")
    return format_html(
        '<time datetime="{}" data-local-time="{}" title="{}">{}</time>', stamp, form, exact, shown
    )


def ago(value: datetime) -> str:
    words = timesince(value, depth=1)
    return _t("just now") if words.startswith("0") else _t("%s ago") % words


@register.filter
def operation(name: str) -> str:
    """The kind of a change, where its summary does not say it."""
    return str(OPERATIONS.get(name, ""))


@register.filter
def to_do(effect: str) -> str:
    """What something would change, which is told as if it were done: "Added Wait 1 day" is "add
    Wait 1 day"."""
    return DONE.sub(lambda match: match[1] + DEEDS[match[2]], effect)


@register.filter
def thousands(number: int) -> str:
    return f"{number:,}"


@register.filter
def lasting(seconds: float) -> str:
    return _t("%d ms") % round(seconds * 1000) if seconds < 1 else _t("%.1f s") % seconds


@register.filter
def person(user: object) -> str:
    """A name for whoever did it; nobody is the system."""
    if user is None:
        return _t("the system")
    return user.get_full_name() or user.get_username()


@register.filter
def first_name(user: object) -> str:
    """How colleagues call each other."""
    return (getattr(user, "first_name", "") or person(user)).strip()


@register.filter
def initials(user: object) -> str:
    """Two letters for a circle."""
    names = person(user).split()
    return "".join(name[0] for name in [*names[:1], *names[1:][-1:]]).upper()


@register.filter
def served(value: str) -> str:
    """A moment as Marketing Cloud writes it, without a zone, for people; anything else stays as it
    is."""
    moment = parse_datetime(value) if SERVED.fullmatch(value) else None
    return moment.strftime("%-d %b %Y, %H:%M:%S") if moment else value


@register.filter
def grouped(number: int) -> str:
    """A count for people: 10,000. Numbers that a script or an address reads stay as they are."""
    return number_format(number, force_grouping=True)


@register.filter
def list_name(options) -> str:
    """What the administration calls the list of a model."""
    return str(NAMES.get(options.object_name) or capfirst(options.verbose_name_plural))


@register.filter
def called(options, count: int = 1) -> str:
    """What the administration calls one of a model, or so many."""
    one, many = ONE_OF.get(options.object_name), MANY_OF.get(options.object_name)
    return str(
        (one or options.verbose_name) if count == 1 else (many or options.verbose_name_plural)
    )


@register.simple_tag(takes_context=True)
def why_no_tenant(context: dict) -> str:
    """Why somebody can begin no journey, and whom to ask; "" for who sees a tenant."""
    user = context["user"]
    if Tenant.objects.visible_to(user).exists():
        return ""
    if user.has_perm("journeys.add_tenant"):
        return _t(
            "There is no tenant yet. Add the business unit that journeys go to under"
            " Administration, Tenants."
        )
    names = [person(one) for one in admins().order_by("username")[:MOST_NAMED]]
    text = _t(
        "A journey belongs to a tenant, and you belong to none yet. Ask %(names)s to add you to"
        " yours."
    )
    if user.tenants.exists():
        text = _t(
            "You are in no group yet that sees journeys. Ask %(names)s to add you to the one of"
            " your work."
        )
    return text % {"names": _t(" or ").join(names) or _t("whoever runs this installation")}


@register.inclusion_tag("journeys/_done_alone.html", takes_context=True)
def done_alone(context: dict) -> dict:
    """What an admin did in the last days for which there should have been two, and what waits for a
    second one or was confirmed; admins also read what was found changed in the database."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return {}
    actions = (ALONE, FOUND, STOPPED) if is_admin(user) else (ALONE,)
    steps = STEPS if user.has_perm("journeys.approve_review") else ()
    loud = AuditEntry.objects.visible_to(user).loud(actions, steps)
    return {
        "alone": [
            (entry, Deed(entry.data["what"]).label) for entry in loud if entry.action == ALONE
        ],
        "tampering": [entry for entry in loud if entry.action in (FOUND, STOPPED)],
        "seconds": news([entry for entry in loud if entry.action in STEPS], user),
    }

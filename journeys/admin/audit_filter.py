"""What narrows the list of the audit: each filter finds its rows by an index, however many there
are."""

import json
from datetime import date, datetime, time, timedelta

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journeys.models import AuditEntry, Journey, Tenant
from journeys.models.audit_words import ACTIONS, KINDS, action_label

MOST_WORDS = 10
MOST_PEOPLE = 200  # whom one name finds
PAGE = 50
WINDOW = 20_000  # rows that one page of a search looks through


DAY = forms.DateInput(attrs={"type": "date"})
YEARS = [
    MinValueValidator(date(1900, 1, 1)),
    MaxValueValidator(date(2999, 12, 31)),
]  # time zones reach a day further


class AuditFilter(forms.Form):
    since = forms.DateField(label=_("From day"), required=False, widget=DAY, validators=YEARS)
    until = forms.DateField(label=_("To day"), required=False, widget=DAY, validators=YEARS)
    person = forms.CharField(label=_("Person"), required=False, max_length=150)
    tenant = forms.ModelChoiceField(
        Tenant.objects.none(), label=_("Tenant"), required=False, empty_label=_("All")
    )
    what = forms.ChoiceField(label=_("What"), required=False)
    journey = forms.CharField(label=_("Journey’s key"), required=False, max_length=200)
    q = forms.CharField(label=_("Words in it"), required=False, max_length=200)

    def __init__(self, *args: object, user, **kwargs: object) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.user = user
        self.fields["tenant"].queryset = Tenant.objects.visible_to(user).only("name")
        self.fields["what"].choices = [("", _("Everything")), *kinds()]

    def clean_person(self) -> str:
        name = self.cleaned_data["person"]
        if name and not people_of(name):
            raise ValidationError(
                _("There is nobody of this name. Enter a user name, or a part of the full name.")
            )
        return name

    def clean_q(self) -> str:
        words = self.cleaned_data["q"]
        if len(words.split()) > MOST_WORDS:
            raise ValidationError(
                _("Search for at most %(most)s words."), params={"most": MOST_WORDS}
            )
        return words

    def rows(self) -> QuerySet[AuditEntry]:
        """Newest first; none while a filter makes no sense."""
        entries = AuditEntry.objects.visible_to(self.user).order_by("-id")
        if not self.is_valid():
            return entries.none()
        asked = self.cleaned_data
        entries = between(entries, asked["since"], asked["until"])
        if asked["person"]:
            entries = entries.filter(actor__in=people_of(asked["person"]))
        if asked["tenant"]:
            entries = entries.filter(tenant=asked["tenant"])
        if asked["what"]:
            entries = entries.filter(
                **{"action" if asked["what"] in ACTIONS else "kind": asked["what"]}
            )
        if asked["journey"]:
            entries = entries.filter(journey__in=list(journeys_of(self.user, asked["journey"])))
        if asked["q"]:
            entries = entries.annotate(data_text=Cast("data", TextField()))
        for word in asked["q"].split():
            entries = entries.filter(holding(word))
        return entries


def people_of(name: str) -> list[int]:
    """Who has this user name; where nobody has, whose names have all of these words."""
    people = get_user_model().objects.order_by("pk")
    exact = list(people.filter(username__iexact=name).values_list("pk", flat=True)[:MOST_PEOPLE])
    if exact:
        return exact
    for word in name.split()[:MOST_WORDS]:
        having = (
            Q(username__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
        )
        people = people.filter(having)
    return list(people.values_list("pk", flat=True)[:MOST_PEOPLE])


def kinds() -> list[tuple]:
    """Each kind as a whole, then its actions by their names."""
    return [
        (
            label,
            [
                (kind, _("All of these")),
                *((name, action_label(name)) for name in ACTIONS if name.startswith(f"{kind}.")),
            ],
        )
        for kind, label in KINDS.items()
    ]


def between(rows: QuerySet, since, until) -> QuerySet:
    """Days in the reader's time zone. Ids rise with time, so the ends are found by the index of the
    moments."""
    if since:
        moment = midnight(since)
        first = (
            AuditEntry.objects.filter(at__gte=moment)
            .order_by("at", "id")
            .values_list("id", flat=True)
            .first()
        )
        rows = rows.filter(at__gte=moment, id__gte=first - 1000) if first else rows.none()
    if until:
        moment = midnight(until + timedelta(days=1))
        last = (
            AuditEntry.objects.filter(at__lt=moment)
            .order_by("-at", "-id")
            .values_list("id", flat=True)
            .first()
        )
        rows = rows.filter(at__lt=moment, id__lte=last + 1000) if last else rows.none()
    return rows


def midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def journeys_of(user, key: str) -> QuerySet:
    return Journey.objects.visible_to(user).filter(key=key).values_list("pk", flat=True)


def holding(word: str) -> Q:
    """Databases keep letters beyond ASCII as they are, or as JSON writes them."""
    spelled = json.dumps(word)[1:-1]
    names = (
        Q(action__icontains=word)
        | Q(actor__username__icontains=word)
        | Q(journey__name__icontains=word)
    )
    data = Q(data_text__icontains=word) | Q(data_text__icontains=spelled)
    return names | Q(journey__key__icontains=word) | data


def page_of(filters: AuditFilter, before: int | None) -> tuple[list[AuditEntry], int | None]:
    """One page, and the id below which the next begins; None at the end. A page of a search may
    hold few rows, or none: it is what was found in a window of rows."""
    rows = (
        filters.rows()
        .select_related("actor", "journey", "tenant")
        .defer("tenant__client_secret", "tenant__token")
    )
    top = before or newest_id() + 1
    rows = rows.filter(id__lt=top)
    floor = max(1, top - WINDOW) if filters.is_valid() and filters.cleaned_data["q"] else 1
    entries = list(rows.filter(id__gte=floor)[: PAGE + 1])
    if len(entries) > PAGE:
        return entries[:PAGE], entries[PAGE - 1].pk
    return entries, floor if floor > 1 else None


def newest_id() -> int:
    return AuditEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0

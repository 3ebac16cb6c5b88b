"""Groups: what their members may, in words, and whether they need a second factor."""

import django.contrib.auth.admin  # noqa: F401  importing it registers, so that what follows can take it back
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.admin.changes import changes_of
from journeys.admin.countersignatures import refused_alone
from journeys.admin.people_forms import GroupForm
from journeys.admin.reading import deleted, newest_first, not_there, saved
from journeys.models import GroupRules
from journeys.models.accounts import note_group_change
from journeys.models.audit import record
from journeys.models.right_names import RIGHTS
from journeys.models.rights import grantable, label, permissions_of, with_rights

admin.site.unregister(Group)
MOST_MEMBERS = 200  # that a page names


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):
    """Nobody gives a group what they do not have, or touches one that gives more than that."""

    _get_obj_does_not_exist_redirect = not_there
    response_add = response_change = saved
    get_paginator = newest_first
    response_delete = deleted
    form = GroupForm
    actions = None
    list_display = ["name", "members_counted", "second_factor_needed", "rights_told"]
    ordering = ["name"]
    search_fields = ["name"]
    show_facets = admin.ShowFacets.NEVER
    fieldsets = [
        (None, {"fields": ["name", "second_factor"]}),
        (_("Rights"), {"fields": ["rights"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        groups = with_rights(super().get_queryset(request)).select_related("rules")
        return groups.annotate(member_count=Count("user", distinct=True))

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or grantable(request.user).filter(pk=obj.pk).exists()

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Only empty ones: whoever is in one would lose rights without being named."""
        if not super().has_delete_permission(request, obj):
            return False
        return obj is None or (
            self.has_change_permission(request, obj) and not obj.user_set.exists()
        )

    def get_form(
        self, request: HttpRequest, obj: Group | None = None, change: bool = False, **words
    ) -> type:
        form = super().get_form(request, obj, change, **words)
        form.user = request.user
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Group | None = None) -> list:
        if obj is None:
            return self.fieldsets
        members = (_("Members"), {"fields": ["members"]})
        if self.has_change_permission(request, obj):
            return [*self.fieldsets, members]
        return [
            (None, {"fields": ["name", "second_factor_needed"]}),
            (_("Rights"), {"fields": ["rights_told"]}),
            members,
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> list[str]:
        return ["members", "second_factor_needed", "rights_told"]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *more, **words
    ) -> HttpResponse:
        return refused_alone(request) or super().changeform_view(request, object_id, *more, **words)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        return refused_alone(request) or super().delete_view(request, object_id, extra_context)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        group = form.instance
        if "rights" in form.changed_data:
            offered = [name for name, _words in form.fields["rights"].choices]
            group.permissions.remove(*permissions_of(offered))
            group.permissions.add(*permissions_of(form.cleaned_data["rights"]))
        if "second_factor" in form.changed_data:
            GroupRules.objects.update_or_create(
                group=group, defaults={"second_factor": form.cleaned_data["second_factor"]}
            )
        if not form.changed_data:
            return
        changes = changes_of(form)
        record(
            request.user,
            "group.settings-changed" if change else "group.added",
            name=group.name,
            changes=changes,
        )
        if change:
            note_group_change(request.user, group, form.changed_data)

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        record(request.user, "group.deleted", name=obj.name)
        super().delete_model(request, obj)

    @admin.display(description=_("members"), ordering="member_count")
    def members_counted(self, group: Group) -> str:
        return f"{group.member_count:,}"

    @admin.display(description=_("second factor"))
    def second_factor_needed(self, group: Group) -> str:
        return (
            _t("needed")
            if getattr(getattr(group, "rules", None), "second_factor", False)
            else _t("not asked for")
        )

    @admin.display(description=_("members may"))
    def rights_told(self, group: Group) -> str:
        has = {label(row) for row in group.permissions.all()}
        rights = [str(words) for name, words in RIGHTS.items() if name in has]
        unknown = sorted(has - RIGHTS.keys())
        return "; ".join([*rights, *unknown]) or "–"

    @admin.display(description=_("members"))
    def members(self, group: Group) -> SafeString | str:
        return linked_people(group.user_set.order_by("username"))


def linked_people(people: QuerySet) -> SafeString | str:
    """Names that lead to the one page where people are changed."""
    shown = list(people[: MOST_MEMBERS + 1])
    rows = [
        (
            reverse("admin:auth_user_change", args=[one.pk]),
            one.get_full_name() or one.username,
            one.username,
        )
        for one in shown[:MOST_MEMBERS]
    ]
    links = format_html_join("", '<li><a href="{}">{}</a> <span class="quiet">{}</span></li>', rows)
    if not rows:
        return _t("Nobody yet. People are put in on their own pages.")
    more = _t("and more") if len(shown) > MOST_MEMBERS else ""
    return format_html('<ul class="people">{}</ul>{}', links, more)

"""People: their groups, tenants, sign-ins. Who changed whose account is noted: for a day the two
count as one where four eyes are needed. Nobody types a password for somebody else: links are sent
instead."""

# importing them registers, so that what follows can take it back
from ipaddress import ip_address

import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin
import allauth.usersessions.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from composer.identity import guessing, local, recording, sessions
from composer.identity import people as identity
from composer.identity.links import lasts
from journeys.admin.changes import changes_of
from journeys.admin.countersignatures import refused_alone
from journeys.admin.people_forms import PersonForm
from journeys.admin.reading import newest_first, not_there, saved
from journeys.models import Tenant
from journeys.models.accounts import ADDED, INVITED, LINK, is_admin, note_account_change
from journeys.models.rights import why_not_touch
from journeys.templatetags.formatting import when

admin.site.unregister(User)
for model in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession):
    admin.site.unregister(
        model
    )  # keys, tokens and sessions are nobody's to look at or to edit by hand

FACTORS = {
    Authenticator.Type.TOTP: _("authenticator app"),
    Authenticator.Type.WEBAUTHN: _("passkey"),
    Authenticator.Type.RECOVERY_CODES: _("recovery codes"),
}
DEEDS = ["invite", "take-factors-away", "end-sessions", "unlink"]


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Rights are given by groups. Nobody becomes a superuser here, and only superusers touch
    one."""

    _get_obj_does_not_exist_redirect = not_there
    response_add = response_change = saved
    get_paginator = newest_first
    form = PersonForm
    actions = None
    list_display = ["name", "in_groups", "in_tenants", "signed_in", "second_factor", "stands"]
    list_filter = ["is_active", "groups", "tenants"]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    search_fields = ["username", "first_name", "last_name", "email"]
    ordering = ["username"]
    sortable_by = ["name", "signed_in"]
    fieldsets = [
        (_("Person"), {"fields": ["username", "first_name", "last_name", "email"]}),
        (_("What they may do, and where"), {"fields": ["groups", "tenants", "is_active"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return (
            super().get_queryset(request).prefetch_related("groups", "tenants", "authenticator_set")
        )

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or not why_not_touch(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """What people did stays; who has left is made inactive."""
        return False

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **words
    ) -> type:
        """For who only looks, Django leaves the fields out and shows them by their names."""
        form = super().get_form(request, obj, change, **words)
        form.user = request.user
        return form

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> list:
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        return [
            self.fieldsets[0],
            (self.fieldsets[1][0], {"fields": ["in_groups", "in_tenants", "is_active"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return ["in_groups", "in_tenants"]

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:pk>/{deed}/",
                self.admin_site.admin_view(self.deed(deed)),
                name=f"auth_user_{deed}",
            )
            for deed in DEEDS
        ]
        lift = path("lift/", self.admin_site.admin_view(self.lift), name="auth_user_lift")
        return [*own, lift, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        lockouts = guessing.lockouts()
        waiting = {one.name for one in lockouts if one.name}
        known = (
            set(User.objects.filter(username__in=waiting).values_list("username", flat=True))
            if waiting
            else set()
        )
        others = [one for one in lockouts if one.name not in known]
        is_cut = len(lockouts) >= guessing.MOST_LOCKOUTS
        may = super().has_change_permission(request)
        answer = super().changelist_view(
            request, {"title": _t("People"), "lockouts": others, "may_lift": may, "is_cut": is_cut}
        )
        shown = (
            getattr(answer, "context_data", None) or {}
        )  # a wrong filter is answered without a list
        for person in shown["cl"].result_list if "cl" in shown else ():
            person.has_to_wait = person.username in waiting
        return answer

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *more, **words
    ) -> HttpResponse:
        return refused_alone(request) or super().changeform_view(request, object_id, *more, **words)

    def render_change_form(
        self, request: HttpRequest, context: dict, *more, obj: User | None = None, **words
    ):
        context["title"] = context["form_title"] = (
            (obj.get_full_name() or obj.username) if obj else _t("Add a person")
        )
        if obj is not None:
            context |= {
                "person": obj,
                **signing_in(obj),
                "why_not": why_not_touch(request.user, obj),
            }
            context["may_touch"] = (
                self.has_change_permission(request, obj) and obj.pk != request.user.pk
            )
            context["sends_mail"] = identity.mail_goes_out() and bool(obj.email)
        return super().render_change_form(request, context, *more, obj=obj, **words)

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool
    ) -> None:
        before = User.objects.get(pk=obj.pk) if change else None
        request.was_admin = is_admin(before)
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).delete()  # links go to the new address only
            transaction.on_commit(lambda: identity.address_changed(obj, before.email, request))

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        person, what = form.instance, form.changed_data
        if "tenants" in what:
            unseen = person.tenants.exclude(pk__in=Tenant.objects.visible_to(request.user))
            person.tenants.set([*form.cleaned_data["tenants"], *unseen])
        if not change:
            note_account_change(request.user, person, what, ADDED, changes=changes_of(form))
        elif what:
            details = {"was_admin": request.was_admin, "changes": changes_of(form)}
            note_account_change(request.user, person, what, **details)

    def deed(self, name: str):
        @require_POST
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            person = self.touchable(request, pk)
            return refused_alone(request) or self.DO[name](self, request, person)

        return view

    def touchable(self, request: HttpRequest, pk: int) -> User:
        if not super().has_change_permission(request):
            raise PermissionDenied
        person = self.get_object(request, str(pk))
        if person is None:
            raise Http404
        if person.pk == request.user.pk or why_not_touch(request.user, person):
            raise PermissionDenied
        return person

    def invite(self, request: HttpRequest, person: User) -> HttpResponse:
        if not person.is_active or not local.may_set_password(person):
            messages.error(
                request, _t("This person signs in through your organisation, or not at all.")
            )
            return redirect("admin:auth_user_change", person.pk)
        if identity.mail_goes_out() and person.email:
            identity.send_link(person, request)
            messages.success(request, _t("A link to set a password goes to %s.") % person.email)
            return redirect("admin:auth_user_change", person.pk)
        if identity.mail_goes_out():
            messages.error(request, _t("Nothing was sent: enter an email address first."))
            return redirect("admin:auth_user_change", person.pk)
        # whoever reads the link can use it, so from now on the two count as one for a day
        link = identity.link_for(person, request)
        action = LINK if person.has_usable_password() else INVITED
        note_account_change(
            request.user, person, [], action, **recording.named(person), **recording.sender(request)
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "person": person,
            "link": link,
        }
        context["lasts"] = lasts(person)
        context["title"] = _t("A link for %s") % (person.get_full_name() or person.username)
        return TemplateResponse(request, "admin/auth/user/link.html", context)

    def take_factors_away(self, request: HttpRequest, person: User) -> HttpResponse:
        count = identity.take_factors_away(person, request)
        note_account_change(request.user, person, ["second factor"])
        gone = ngettext("%(n)d taken away.", "%(n)d taken away.", count) % {"n": count}
        messages.success(request, gone + " " + _t("Their sessions have ended."))
        return redirect("admin:auth_user_change", person.pk)

    def end_sessions(self, request: HttpRequest, person: User) -> HttpResponse:
        identity.end_sessions(person, request)
        messages.success(request, _t("Their sessions have ended. They can sign in again."))
        return redirect("admin:auth_user_change", person.pk)

    def unlink(self, request: HttpRequest, person: User) -> HttpResponse:
        if identity.unlink(person, request):
            note_account_change(request.user, person, ["link to the organisation’s sign-in"])
            messages.success(
                request,
                _t("No longer linked. Their sessions have ended; their groups stay as they are."),
            )
            if not identity.has_a_way_in(person):
                messages.warning(
                    request,
                    _t("They have no other way to sign in now: send them a link for a password."),
                )
        return redirect("admin:auth_user_change", person.pk)

    DO = {
        "invite": invite,
        "take-factors-away": take_factors_away,
        "end-sessions": end_sessions,
        "unlink": unlink,
    }

    @method_decorator(require_POST)
    def lift(self, request: HttpRequest) -> HttpResponse:
        if not super().has_change_permission(request):
            raise PermissionDenied
        asked = {part: request.POST.get(part, "").replace("\0", "") for part in ("name", "address")}
        name, address = (
            asked["name"][:255],
            asked["address"] if is_address(asked["address"]) else "",
        )
        count = guessing.lift(name=name, address=address)
        if count:
            whose = {
                **(recording.whose(name) if name else {}),
                **({"from": address} if address else {}),
            }
            recording.record(request, request.user, "sign-in.unlocked", **whose)
            messages.success(request, _t("They can try again now."))
        person = User.objects.filter(username=name).first() if name else None
        return (
            redirect("admin:auth_user_change", person.pk)
            if person
            else redirect("admin:auth_user_changelist")
        )

    @admin.display(description=_("name"), ordering="username")
    def name(self, person: User) -> str:
        full = person.get_full_name()
        return f"{full} ({person.username})" if full else person.username

    @admin.display(description=_("groups"))
    def in_groups(self, person: User) -> str:
        return (
            names(person.groups.all()) if not person.is_superuser else _t("superuser: everything")
        )

    @admin.display(description=_("tenants"))
    def in_tenants(self, person: User) -> str:
        return names(person.tenants.all())

    @admin.display(description=_("last sign-in"), ordering="last_login")
    def signed_in(self, person: User) -> SafeString | str:
        return when(person.last_login) if person.last_login else _t("never")

    @admin.display(description=_("second factor"))
    def second_factor(self, person: User) -> str:
        return factors(person) or _t("none")

    @admin.display(description=_("may sign in"))
    def stands(self, person: User) -> str:
        if not person.is_active:
            return _t("no: inactive")
        return _t("locked: has to wait") if getattr(person, "has_to_wait", False) else _t("yes")


def names(rows: QuerySet) -> str:
    return ", ".join(sorted(str(row) for row in rows)) or "–"


def factors(person: User) -> str:
    kinds = dict.fromkeys(
        str(FACTORS.get(one.type, one.type)) for one in person.authenticator_set.all()
    )
    return ", ".join(kinds)


def signing_in(person: User) -> dict:
    return {
        "factors": factors(person),
        "has_password": person.has_usable_password(),
        "is_linked": local.is_linked(person),
        "links": [local.name_there(link) for link in SocialAccount.objects.filter(user=person)],
        "may_invite": person.is_active and local.may_set_password(person),
        "sessions": sessions.listed(person)[:20],
        "waits": [one for one in guessing.lockouts(person.username) if one.name],
    }


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True

"""People and groups. Who changed whose account is noted: for a day the two count as one where four eyes are needed."""

import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin
import allauth.usersessions.admin  # noqa: F401  importing them registers, so that what follows can take it back
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from journeys.admin.countersignatures import refused_alone
from journeys.admin.reading import not_there
from journeys.models.accounts import ADDED, PASSWORD, is_admin, note_account_change, note_group_change

admin.site.unregister(User)
admin.site.unregister(Group)
for model in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken, UserSession):
    admin.site.unregister(model)  # keys, tokens and sessions are nobody's to look at or to edit by hand


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Rights are given by groups. Nobody becomes a superuser here, and only superusers touch one."""

    _get_obj_does_not_exist_redirect = not_there
    list_display = ["username", "get_full_name", "email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "groups"]
    filter_horizontal = ["groups"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """What people did stays; who has left is made inactive."""
        return False

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *more, **words) -> HttpResponse:
        return refused_alone(request) or super().changeform_view(request, object_id, *more, **words)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        refused = None if str(request.user.pk) == id else refused_alone(request)
        answer = refused or super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == 302 and not refused:
            note_account_change(request.user, User.objects.get(pk=id), ["password"], PASSWORD)
        return answer

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        before = User.objects.filter(pk=obj.pk).first() if change else None
        request.was_admin = is_admin(before)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        what = [name for name in form.changed_data if not name.startswith(("password", "usable_password"))]
        if not change:
            note_account_change(request.user, form.instance, what, ADDED)
        elif what:
            note_account_change(request.user, form.instance, what, was_admin=request.was_admin)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    _get_obj_does_not_exist_redirect = not_there

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *more, **words) -> HttpResponse:
        return refused_alone(request) or super().changeform_view(request, object_id, *more, **words)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and form.changed_data:
            note_group_change(request.user, form.instance, form.changed_data)

"""What the read-only parts of the admin share."""

from typing import NoReturn

from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.http import Http404, HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from journeys.models import Tenant

LONGEST_TEXT = 400_000


def not_there(model_admin: admin.ModelAdmin, request: HttpRequest, opts: object, object_id: str) -> NoReturn:
    """Django would send people to the front page with a message; what they may not see is simply not there."""
    raise Http404


class ReadOnly(admin.ModelAdmin):
    """Looked at here, changed only in the application's own screens, if at all."""

    actions = None
    change_form_template = "admin/journeys/looked_at.html"
    view_on_site = False

    _get_obj_does_not_exist_redirect = not_there

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class VisibleTenants(admin.RelatedFieldListFilter):
    """Offers only the tenants whose rows could be in the list."""

    def field_choices(self, field: ForeignKey, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        visible = {"pk__in": Tenant.objects.visible_to(request.user)}
        return field.get_choices(include_blank=False, limit_choices_to=visible)


def code(text: str) -> SafeString:
    return format_html('<pre class="code" tabindex="0">{}</pre>', text[:LONGEST_TEXT])

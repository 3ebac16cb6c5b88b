"""Journeys and their revisions, to look at."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from journeys.admin.reading import ReadOnly, VisibleTenants, code, is_search
from journeys.models import Journey, Revision
from journeys.models.tenant import of_visible
from journeys.spec import document as doc


@admin.register(Journey)
class JourneyAdmin(ReadOnly):
    list_display = ["__str__", "key", "tenant", "state", "owner", "changed_at"]
    list_filter = ["state", ("tenant", VisibleTenants)]
    list_select_related = ["tenant", "owner"]
    search_fields = ["key"]
    journey_path = ""
    ordering = ["-changed_at", "-id"]
    orders = {
        "__str__": ["sort_name", "id"],
        "changed_at": ["changed_at", "id"],
        "state": ["state", "changed_at", "id"],
    }
    fields = [
        "name",
        "key",
        "description",
        "tenant",
        "owner",
        "state",
        "workflow_api_version",
        "head",
    ]
    fields += ["created_at", "changed_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Journey]:
        return super().get_queryset(request).visible_to(request.user, is_search=is_search(request))

    def view_on_site(self, journey: Journey) -> str:
        return reverse("composer", args=[journey.pk])


@admin.register(Revision)
class RevisionAdmin(ReadOnly):
    list_display = ["journey", "number", "summary", "author", "created_at", "operation", "size"]
    list_display_links = ["number"]
    list_select_related = ["journey", "author"]
    search_fields = ["sha256"]
    tenant_path = "journey__tenant"
    unread = ["packed"]
    weight = "size"
    fields = [
        "journey",
        "number",
        "summary",
        "author",
        "created_at",
        "operation",
        "arguments",
        "based_on",
    ]
    fields += ["undoes", "redoes", "size", "sha256", "document"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        return of_visible(super().get_queryset(request).rows(), request.user, self.tenant_path)

    def view_on_site(self, revision: Revision) -> str:
        return reverse("revision", args=[revision.journey_id, revision.number])

    @admin.display(description=_("document"))
    def document(self, revision: Revision) -> SafeString:
        altered = revision.why_altered()
        note = format_html('<p class="notice notice-error">{}</p>', altered) if altered else ""
        return note + code(doc.pretty(revision.stored()))

"""Who did what, to look at."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from journeys.admin.reading import ReadOnly, VisibleTenants
from journeys.models import AuditEntry
from journeys.models.tenant import of_visible


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ["at", "actor", "action", "journey", "tenant", "data"]
    list_filter = ["action", ("tenant", VisibleTenants)]
    list_select_related = ["actor", "journey", "tenant"]
    search_fields = ["actor__username", "journey__key"]
    fields = ["at", "actor", "action", "journey", "tenant", "data"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        return of_visible(super().get_queryset(request), request.user)

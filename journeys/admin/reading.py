"""What the read-only parts of the admin share."""

from functools import reduce
from typing import NoReturn

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR, SEARCH_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.limiting import take_turn
from journeys.models import Journey, Tenant
from journeys.models.search import of_journeys
from journeys.models.tenant import parts_of_visible
from journeys.paging import MOST_COUNTED, MOST_FOUND, page_of

LONGEST_TEXT = 400_000


def not_there(
    model_admin: admin.ModelAdmin, request: HttpRequest, opts: object, object_id: str
) -> NoReturn:
    """Django would send people to the front page with a message; what they may not see is simply
    not there."""
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    raise Http404


def saved(
    model_admin: admin.ModelAdmin, request: HttpRequest, obj: Model, *_more: object
) -> HttpResponse:
    """After a form was saved: said in a word, and on to where the button says."""
    messages.success(request, _t("Saved: %s.") % obj)
    if "_continue" in request.POST:
        return redirect(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", obj.pk)
    return model_admin.response_post_save_change(request, obj)


def newest_first(
    model_admin: admin.ModelAdmin, request: HttpRequest, rows: QuerySet, *more, **words
) -> Paginator:
    """Also of "Changes made here", which Django tells the oldest first."""
    rows = rows.order_by("-action_time", "-pk") if rows.model is LogEntry else rows
    return admin.ModelAdmin.get_paginator(model_admin, request, rows, *more, **words)


def deleted(
    model_admin: admin.ModelAdmin, request: HttpRequest, told: str, _pk: object
) -> HttpResponse:
    messages.success(request, _t("Deleted: %s.") % told)
    return redirect(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist")


class Pages(ChangeList):
    """A list that grows: read by an index in one of its orders, never counted to its end."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[str]:
        """By one of the columns that have an index, else the list's own order."""
        asked = str(self.params.get(ORDER_VAR, ""))
        column = asked.removeprefix("-")
        names = dict(enumerate(map(str, self.list_display)))
        order = self.model_admin.orders.get(names.get(int(column)) if column.isdecimal() else None)
        if order is None:
            return list(self.model_admin.ordering)
        return [f"-{name}" for name in order] if asked.startswith("-") else list(order)

    def get_results(self, request: HttpRequest) -> None:
        admin_ = self.model_admin
        self.page = page_of(
            self.queryset.order_by(),
            self.get_ordering(request, self.queryset),
            request.GET.get(PAGE_VAR, ""),
            loaded=self.apply_select_related(self.root_queryset).defer(*admin_.unread),
            parts=[]
            if self.query
            else parts_of_visible(request.user, admin_.tenant_path),  # see views.journeys
            size=self.list_per_page,
            most=MOST_FOUND if self.query else MOST_COUNTED,
            is_found=bool(self.query),
        )
        self.result_list, self.result_count = self.page.object_list, self.page.count
        self.multi_page, self.can_show_all, self.paginator = False, False, None
        self.full_result_count, self.show_full_result_count, self.show_admin_actions = (
            None,
            False,
            False,
        )


def is_search(request: HttpRequest) -> bool:
    return bool(request.GET.get(SEARCH_VAR, "").strip())


class ReadOnly(admin.ModelAdmin):
    """Looked at here, changed only in the application's own screens, if at all.

    `ordering` and `orders` (by the name of a column) are columns of the table that an index has in
    this order; all of one direction, and the last one is the id. `journey_path` leads to the
    journey by whose words rows are found; `search_fields` are looked up whole. `tenant_path` leads
    to the tenant. `weight` leads to how many bytes the document has that the page of a row shows.
    """

    actions = None
    change_form_template = "admin/journeys/looked_at.html"
    change_list_template = "admin/journeys/listed.html"
    view_on_site = False
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    ordering = ["-id"]
    orders: dict[str, list[str]] = {}
    journey_path = "journey"
    tenant_path = "tenant"
    unread = ["tenant__client_secret", "tenant__token"]
    weight = ""
    search_help_text = _("The beginnings of words of the journey’s name, key or description.")

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return Pages

    def get_sortable_by(self, request: HttpRequest) -> list[str]:
        return list(self.orders)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: object, **kwargs: object
    ):
        """Waits for its turn before the transaction of what follows."""
        if self.weight and (row := self.get_object(request, object_id)):
            take_turn(request, reduce(getattr, self.weight.split("__"), row))
        return super().changeform_view(request, object_id, *args, **kwargs)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Rows that have exactly this in one of the fields; where there is none, those of journeys
        with such words."""
        term = search_term.strip().replace("\0", "")
        tenants = Tenant.objects.visible_to(request.user)
        for name in self.search_fields if term and " " not in term else ():
            exact = having(name, term, tenants)
            if exact and queryset.filter(exact).order_by().exists():
                return queryset.filter(exact), False
        return of_journeys(queryset, term, tenants, self.journey_path), False

    _get_obj_does_not_exist_redirect = not_there

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def having(name: str, term: str, tenants: QuerySet) -> Q | None:
    """The rows with this; of a journey's key those of the few journeys that have it, which are
    looked up first: else all rows of the tenants would be joined with theirs."""
    path, _dots, column = name.rpartition("__")
    if (path, column) != ("journey", "key"):
        return Q(**{name: term})
    journey_ids = list(
        Journey.objects.filter(key=term, tenant__in=tenants.order_by()).values_list("pk", flat=True)
    )
    return Q(journey__in=journey_ids) if journey_ids else None


class VisibleTenants(admin.RelatedFieldListFilter):
    """Offers only the tenants whose rows could be in the list."""

    def field_choices(
        self, field: ForeignKey, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple]:
        return list(Tenant.objects.visible_to(request.user).values_list("pk", "name"))


def code(text: str) -> SafeString:
    return format_html('<pre class="code" tabindex="0">{}</pre>', text[:LONGEST_TEXT])

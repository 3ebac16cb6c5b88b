"""Who did what, in words, with filters; and as a file."""

from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from journeys.admin.audit_file import FORMS, lines
from journeys.admin.audit_filter import AuditFilter, page_of
from journeys.admin.reading import ReadOnly
from journeys.models import AuditEntry, clock
from journeys.models.audit import record
from journeys.models.audit_words import kind_label, sentence
from journeys.screens.numbers import number
from journeys.templatetags.formatting import person, when

PAUSE = timedelta(minutes=1)  # between two files for one person


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    fields = ["happened", "who", "about", "words", "details", "journey", "tenant"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        return super().get_queryset(request).visible_to(request.user)

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export)
        return [path("export/", export, name="journeys_auditentry_export"), *super().get_urls()]

    @admin.display(description=_("when"))
    def happened(self, entry: AuditEntry) -> SafeString:
        return when(entry.at, "second")

    @admin.display(description=_("who"))
    def who(self, entry: AuditEntry) -> str:
        return person(entry.actor)

    @admin.display(description=_("about"))
    def about(self, entry: AuditEntry) -> str:
        return kind_label(entry.kind)

    @admin.display(description=_("what"))
    def words(self, entry: AuditEntry) -> str:
        return sentence(entry.action, entry.data)[0]

    @admin.display(description=_("details"))
    def details(self, entry: AuditEntry) -> str:
        return (
            "\n".join(f"{name}: {value}" for name, value in sentence(entry.action, entry.data)[1])
            or "–"
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        return listed(self, request)

    def export(self, request: HttpRequest) -> HttpResponse:
        return exported(request, self)


def listed(
    model_admin: AuditEntryAdmin, request: HttpRequest, refusal: str = "", status: int = 200
) -> HttpResponse:
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    filters = AuditFilter(request.GET, user=request.user)
    entries, before = page_of(filters, number(request.GET.get("before")) or None)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _t("Audit"),
        "filters": filters,
        "rows": [(entry, kind_label(entry.kind), *shortly(entry)) for entry in entries],
        "older": query(request, before=before) if before else "",
        "newest": query(request) if "before" in request.GET else "",
        "forms": [(form, query(request, **{"as": form})) for form in FORMS],
        "narrowed": any(filters.data.get(name) for name in filters.fields),
        "refusal": refusal,
    }
    return TemplateResponse(request, "admin/journeys/audit.html", context, status=status)


def shortly(entry: AuditEntry) -> tuple[str, list[tuple[str, str]]]:
    """Without the hash, which its own page tells."""
    return sentence(
        entry.action, {name: value for name, value in entry.data.items() if name != "sha256"}
    )


def query(request: HttpRequest, **more: object) -> str:
    """The filters of this address, and more."""
    asked = request.GET.copy()
    for name in ("before", "as"):
        asked.pop(name, None)
    asked.update({name: str(value) for name, value in more.items()})
    return "?" + asked.urlencode()


@require_safe
def exported(request: HttpRequest, model_admin: AuditEntryAdmin) -> HttpResponse:
    """What the filters leave, newest first, as it is read from the database."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    filters = AuditFilter(request.GET, user=request.user)
    form = request.GET.get("as") if request.GET.get("as") in FORMS else "csv"
    if not filters.is_valid():
        return listed(model_admin, request, status=422)
    if came_lately(request.user):
        text = _t("You had a file less than a minute ago. Wait a minute, then ask again.")
        answer = listed(model_admin, request, text, status=429)
        answer["Retry-After"] = str(int(PAUSE.total_seconds()))
        return answer
    used = {name: request.GET[name] for name in filters.fields if request.GET.get(name)}
    record(request.user, "export.audit", form=form, filters=used)
    answer = StreamingHttpResponse(lines(filters.rows(), form), content_type=FORMS[form])
    answer["Content-Disposition"] = f'attachment; filename="audit-{clock.moment():%Y-%m-%d}.{form}"'
    return answer


def came_lately(user) -> bool:
    newest = AuditEntry.objects.filter(
        actor=user, action="export.audit", at__gt=clock.moment() - PAUSE
    )
    return newest.order_by("-id").exists()

"""Submissions and every attempt of them, to look at."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from journeys.admin.reading import ReadOnly, VisibleTenants, code
from journeys.models import Attempt, Submission
from journeys.models.tenant import of_visible
from journeys.spec import document as doc
from journeys.tenant import hidden


class Attempts(admin.TabularInline):
    model = Attempt
    fields = ["phase", "started_at", "seconds", "http_status", "result", "text"]
    show_change_link = True
    extra = max_num = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attempt]:
        return super().get_queryset(request).defer("answer")

    def has_change_permission(self, request: HttpRequest, obj: Attempt | None = None) -> bool:
        return False


@admin.register(Submission)
class SubmissionAdmin(ReadOnly):
    list_display = [
        "key",
        "tenant",
        "state",
        "created_by",
        "created_at",
        "remote_id",
        "remote_status",
    ]
    list_filter = ["state", ("tenant", VisibleTenants)]
    list_select_related = ["tenant", "created_by"]
    search_fields = ["key", "remote_id", "sha256"]
    search_help_text = _(
        "A key, id or SHA-256, or the beginnings of words of the journey’s name, key or"
        " description."
    )
    ordering = ["-created_at", "-id"]
    orders = {"created_at": ["created_at", "id"]}
    unread = ["payload", "answer", *ReadOnly.unread]
    weight = "revision__size"
    inlines = [Attempts]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "key",
                    "journey",
                    "revision",
                    "review",
                    "tenant",
                    "created_by",
                    "created_at",
                    "sha256",
                ]
            },
        ),
        (
            _("How it stands"),
            {"fields": ["state", "text", "finished_at", "http_status", "found_by_look_up"]},
        ),
        (
            _("What came back"),
            {
                "fields": [
                    "remote_id",
                    "remote_definition_id",
                    "remote_status",
                    "remote_version",
                    "remote_created",
                    "remote_modified",
                    "answer_text",
                ]
            },
        ),
        (
            _("On its way"),
            {
                "classes": ["collapse"],
                "fields": [
                    "attempt_count",
                    "crash_count",
                    "ask_first",
                    "free_at",
                    "ambiguous",
                    "first_send_at",
                    "last_send_at",
                    "not_before",
                    "lease_until",
                    "deadline_at",
                    "cancel_requested_at",
                    "fence",
                ],
            },
        ),
        (_("What was sent"), {"classes": ["collapse"], "fields": ["payload_text"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        return super().get_queryset(request).visible_to(request.user).rows()

    def view_on_site(self, submission: Submission) -> str:
        return reverse("submission", args=[submission.pk])

    @admin.display(description=_("sent"))
    def payload_text(self, submission: Submission) -> SafeString:
        return code(doc.pretty(doc.parse(bytes(submission.payload))))

    @admin.display(description=_("answer"))
    def answer_text(self, submission: Submission) -> SafeString:
        return code(hidden(bytes(submission.answer).decode(errors="replace")))


@admin.register(Attempt)
class AttemptAdmin(ReadOnly):
    fields = [
        "submission",
        "phase",
        "started_at",
        "seconds",
        "http_status",
        "result",
        "text",
        "answer_text",
    ]
    list_display = ["submission", "phase", "started_at", "seconds", "http_status", "result"]
    list_display_links = ["phase"]
    list_select_related = ["submission__tenant"]
    tenant_path = "submission__tenant"
    unread = ["answer", "submission__payload", "submission__answer"]
    unread += ["submission__tenant__client_secret", "submission__tenant__token"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attempt]:
        visible = of_visible(super().get_queryset(request), request.user, self.tenant_path)
        return visible.select_related("submission__tenant").defer(*self.unread)

    @admin.display(description=_("answer"))
    def answer_text(self, attempt: Attempt) -> SafeString:
        return code(attempt.answer)

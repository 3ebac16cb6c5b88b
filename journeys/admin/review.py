"""The review desk: what waits, what changed, and the decision."""

from collections.abc import Callable, Iterator

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from journeys.admin.reading import ReadOnly, VisibleTenants, is_search
from journeys.lifecycle.journey_state import Tampered
from journeys.lifecycle.review import UNKNOWN
from journeys.limiting import take_turn
from journeys.models import NeedsSecond, NotAllowed, Review, Submission, WrongState
from journeys.models.accounts import admins
from journeys.models.audit import record_refusal
from journeys.models.outdating import cause_of
from journeys.models.revision import sha256_of
from journeys.screens.changes import changes_between
from journeys.screens.draft import Draft
from journeys.screens.first_review import whole_journey
from journeys.screens.numbers import asked_number
from journeys.screens.review_status import ended_word, stands
from journeys.screens.size import ProblemPart, short
from journeys.spec import document as doc
from journeys.templatetags.formatting import person, when


class Standing(admin.ChoicesFieldListFilter):
    """By the words that the list itself says."""

    def choices(self, changelist: object) -> Iterator[dict]:
        kept = str(Review.State.OUTDATED.label)
        for choice in super().choices(changelist):
            yield (
                {**choice, "display": ended_word(was_approved=False)}
                if choice["display"] == kept
                else choice
            )


@admin.register(Review)
class ReviewAdmin(ReadOnly):
    list_display = [
        "journey",
        "state_chip",
        "tenant",
        "asked",
        "when_asked",
        "revision_number",
        "decided",
    ]
    list_filter = [("state", Standing), ("tenant", VisibleTenants)]
    list_select_related = ["journey", "tenant", "asked_by", "decided_by", "revision"]
    search_fields = ["journey__key"]
    ordering = ["-waits", "-asked_at", "-id"]
    unread = ["revision__packed", *ReadOnly.unread]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        visible = (
            super().get_queryset(request).visible_to(request.user, is_search=is_search(request))
        )
        return visible.select_related(*self.list_select_related).defer("revision__packed")

    def has_view_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return request.user.has_perm("journeys.approve_review") or super().has_view_permission(
            request, obj
        )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) or super().has_module_permission(request)

    def get_urls(self) -> list[URLPattern]:
        decisions = {"approve": self.approve, "send-back": self.send_back}
        return [
            *(
                path(
                    f"<int:pk>/{name}/",
                    self.admin_site.admin_view(view),
                    name=f"journeys_review_{name}",
                )
                for name, view in decisions.items()
            ),
            *super().get_urls(),
        ]

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, review: Review) -> SafeString:
        return format_html('<span class="chip state-{}">{}</span>', review.state, stands(review))

    @admin.display(description=_("revision"), ordering="revision__number")
    def revision_number(self, review: Review) -> int:
        return review.revision.number

    @admin.display(description=_("asked by"), ordering="asked_by__username")
    def asked(self, review: Review) -> str:
        return person(review.asked_by)

    @admin.display(description=_("asked"), ordering="asked_at")
    def when_asked(self, review: Review) -> SafeString:
        return when(review.asked_at)

    @admin.display(description=_("decided by"), ordering="decided_by__username")
    def decided(self, review: Review) -> str:
        return person(review.decided_by) if review.decided_by else "–"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        return super().changelist_view(
            request, {"title": _t("Review desk"), "nav": "desk", **(extra_context or {})}
        )

    @method_decorator(require_safe)
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        return self.desk(request, self.visible_review(request, object_id))

    @method_decorator(require_POST)
    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        review = self.visible_review(request, pk)
        comment = request.POST.get("comment", "").strip()
        done = _t(
            "Approved: %s. It can be submitted as it is now; a change of it needs a new approval."
        )
        return self.decide(request, review, lambda: review.approve(request.user, comment), done)

    @method_decorator(require_POST)
    def send_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        review = self.visible_review(request, pk)
        comment = request.POST.get("comment", "").strip()
        if not comment:
            return self.desk(
                request, review, error=_t("Say in the comment what has to be changed."), status=422
            )
        done = _t("Sent back: %s. Its author reads your comment in the list and in the composer.")
        return self.decide(request, review, lambda: review.send_back(request.user, comment), done)

    def decide(
        self, request: HttpRequest, review: Review, decision: Callable[[], None], done: str
    ) -> HttpResponse:
        if request.POST.get("sha256", review.sha256) != review.sha256:
            messages.error(
                request, _t("The journey was changed after this page was opened. Look at it again.")
            )
            return redirect("admin:journeys_review_change", review.pk)
        try:
            decision()
        except NeedsSecond as error:
            refused(request, review, error)
            return self.desk(request, review, error=error.text, asked=error.asked, status=403)
        except NotAllowed as error:
            refused(request, review, error)
            return self.desk(request, review, status=403)
        except WrongState as error:
            refused(request, review, error)
            messages.error(request, error.text)
            return redirect("admin:journeys_review_change", review.pk)
        messages.success(request, done % review.journey)
        return redirect("admin:journeys_review_changelist")

    def visible_review(self, request: HttpRequest, pk: str | int) -> Review:
        if not self.has_view_permission(request):
            raise PermissionDenied
        review = self.get_object(request, str(pk))
        if review is None:
            raise Http404
        take_turn(request, review.revision.size)
        return review

    def desk(
        self,
        request: HttpRequest,
        review: Review,
        error: str = "",
        *,
        asked: bool = False,
        status: int = 200,
    ):
        """`asked`: what is told as an error is that a second admin was asked, which nobody has to
        put right."""
        approved = review.last_approved()
        altered = why_not_compared(approved) if approved else ""
        before = approved.revision if approved and not altered else None
        draft = Draft(review.journey, review.revision)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "nav": "desk",
            "title": str(review.journey),
            "review": review,
            "journey": review.journey,
            "draft": draft,
            "document": short(doc.pretty(draft.document)),
            "listed": draft.listed_problems(ProblemPart()),
            "rows": draft.row_part(asked_number(request.GET, "rows_from") or 0),
            "approved": approved if before else None,
            "altered": altered,
            "sent_back": review.last_sent_back(),
            "shown_sha256": sha256_of(bytes(review.revision.packed)),
            "authors": named(review),
            "stands": stands(review),
            "was_submitted": (
                bool(review.decided_at)
                and Submission.objects.filter(review=review).order_by().exists()
            ),
            "is_open": review.state == Review.State.REQUESTED,
            **(ended_by(review) if review.state == Review.State.OUTDATED else {}),
            "why_not": review.why_not_by(request.user),
            "needs_second": review.needs_second(request.user),
            "comment": request.POST.get("comment", "") or review.confirmed_comment(request.user),
            "error": error,
            "asked": asked,
            **changes_between(before, draft.document, request.GET.get("changes")),
            **({} if before else whole_journey(draft, request.GET.get("changes"))),
        }
        return TemplateResponse(request, "admin/journeys/review/desk.html", context, status=status)


def why_not_compared(approved: Review) -> str:
    """The approval's own seal says which bytes were approved; what stands in the database need not
    be those."""
    revision = approved.revision
    if revision.is_whole() and revision.sha256 == approved.sha256:
        return ""
    text = _t(
        "Revision %(number)s, which was approved last, was changed in the database past the"
        " composer, so nothing can be compared with it. Look at all of the journey, and tell an"
        " admin."
    )
    return text % {"number": revision.number}


def ended_by(review: Review) -> dict:
    """Who ended it, when, and with what."""
    return {"cause": cause_of(review)}


def named(review: Review) -> QuerySet:
    """Its authors, as far as they are people of this tenant: who else wrote these words elsewhere
    is told to nobody."""
    of_tenant = Q(tenants=review.tenant_id) | Q(pk__in=admins())
    return (
        get_user_model()
        .objects.filter(of_tenant, pk__in=review.authors())
        .distinct()
        .order_by("username")
    )


def refused(request: HttpRequest, review: Review, error: NotAllowed | WrongState) -> None:
    request.refusal_recorded = True
    details = {"revision": review.revision.number, "reason": error.text}
    refusal = Tampered(review.needs_second(request.user)) if UNKNOWN in review.authors() else error
    about = {"journey": review.journey, "tenant": review.tenant, "error": refusal}
    record_refusal(request.user, "refused.decision", **about, **details)

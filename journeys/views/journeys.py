"""The list of journeys, and a new one."""

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_safe

from journeys.forms.filters import ENDED, ListFilter
from journeys.forms.new_journey import NewJourney, propose_key
from journeys.limiting import limited
from journeys.models import Journey, KeyTaken, Submission, Tenant
from journeys.models.search import of_journeys
from journeys.models.tenant import parts_of_visible
from journeys.paging import MOST_COUNTED, MOST_FOUND, Page, page_of
from journeys.screens.error_text import error_text
from journeys.screens.numbers import number
from journeys.screens.review_status import ended_in_list, left_in_list, with_newest_review
from journeys.screens.thumbnails import with_drawn, with_kept
from journeys.spec import document as doc
from journeys.views.access import UNREAD

MOST_DRAWN = 10  # pictures in one answer; thumbnails.js asks for as many
PROPOSALS = 20  # keys that forms still open in other tabs may hold


@require_safe
def journeys(request: HttpRequest) -> HttpResponse:
    filters = ListFilter(request.GET, user=request.user)
    values, known = filters.values, filters.fields["tenant"].rows
    page = page_of(
        listed(request.user, values),
        ListFilter.SORTS[values.get("sort", "-changed")],
        request.GET.get("page"),
        loaded=with_newest_review(
            Journey.objects.select_related("tenant", "owner", "head__author").defer(*UNREAD)
        ),
        # what is found by words is sorted as a whole: each part would look the words up again
        parts=(
            [] if {"tenant", "q"} & values.keys() else parts_of_visible(request.user, known=known)
        ),
        most=MOST_FOUND if "q" in values else MOST_COUNTED,
        is_found="q" in values,
    )
    with_kept(page.object_list)
    left_in_list(page.object_list)
    context = {
        "nav": "journeys",
        "filters": filters,
        "page": page,
        "sort": values.get("sort", "-changed"),
        "narrowed": any(name != "sort" for name in values),
        "exists": bool(page.object_list) or Journey.objects.visible_to(request.user).exists(),
    }
    response = render(request, "journeys/journeys.html", context)
    if request.htmx:
        response["HX-Replace-Url"] = address(request, page)
    return response


@limited("pictures", per_minute=300)
@require_safe
def pictures(request: HttpRequest) -> HttpResponse:
    """The small pictures of some journeys of the list, which its page asks for once it is there."""
    asked = [pk for text in request.GET.getlist("of")[:MOST_DRAWN] if (pk := number(text))]
    rows = (
        Journey.objects.visible_to(request.user)
        .filter(pk__in=asked)
        .select_related("head")
        .only("head", "head__sha256", "head__size")
    )
    return render(
        request, "journeys/_pictures.html", {"journeys": with_drawn(request, rows.order_by())}
    )


def listed(user, values: dict) -> QuerySet:
    """The journeys that fit the filters. A whole key finds its journey, whatever else has such
    words."""
    text = values.get("q", "").strip()
    rows = Journey.objects.visible_to(user, is_search=bool(text))
    narrowed = {name: values[name] for name in ("state", "tenant", "owner") if name in values}
    if narrowed.get("state") == ENDED:
        rows = ended_in_list(rows)
        del narrowed["state"]
    rows = rows.filter(**narrowed)
    if not text:
        return rows
    tenants = Tenant.objects.visible_to(user)
    tenants = tenants.filter(pk=values["tenant"].pk) if "tenant" in values else tenants
    of_key = rows.filter(key=text, tenant__in=tenants)
    return of_key if of_key.exists() else of_journeys(rows, text, tenants)


def address(request: HttpRequest, page: Page) -> str:
    """The list's own address without the empty parameters that a form sends."""
    kept = {
        name: value
        for name, value in request.GET.items()
        if value and name in ListFilter.base_fields
    }
    if page.here:
        kept["page"] = page.here
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


@permission_required("journeys.add_journey", raise_exception=True)
@require_http_methods(["GET", "POST"])
def new_journey(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        form = NewJourney(user=request.user, initial={"key": proposed(request)})
        return render(request, "journeys/new.html", {"nav": "journeys", "form": form})
    form = NewJourney(request.POST, user=request.user)
    if form.is_valid():
        values = form.cleaned_data
        version = float(values["spec_version"])
        document = doc.blank(values["key"], values["name"], values["description"], version)
        journey = started(request, form, document, "new", _t("Started the journey"))
        if journey:
            return redirect("composer", journey.pk)
    form.point_at_first_error()
    return render(request, "journeys/new.html", {"nav": "journeys", "form": form}, status=422)


def proposed(request: HttpRequest) -> str:
    """A key made up here, remembered so that the form's answer can be told from a key that somebody
    typed."""
    key = propose_key()
    request.session["proposed_keys"] = [*request.session.get("proposed_keys", []), key][-PROPOSALS:]
    return key


def started(
    request: HttpRequest, form: NewJourney, document: dict, operation: str, summary: str
) -> Journey | None:
    """The new journey; None, with the reason at the form's field, when its key is taken."""
    tenant, key = form.cleaned_data["tenant"], form.cleaned_data["key"]
    proposals = request.session.get("proposed_keys", [])
    is_new = key in proposals and not Submission.objects.filter(tenant=tenant, key=key).exists()
    try:
        journey = Journey.objects.start(
            document,
            tenant=tenant,
            owner=request.user,
            operation=operation,
            summary=summary,
            key_proposed=is_new,
        )
    except KeyTaken:
        form.add_error("key", taken(tenant, key))
        return None
    except doc.DocumentError as error:
        form.add_error(None, error_text(error))
        return None
    request.session["proposed_keys"] = [one for one in proposals if one != key]
    return journey


def taken(tenant, key: str) -> str:
    other = Journey.objects.get(tenant=tenant, key=key)
    return format_html(
        '{} <a href="{}">{}</a>',
        _t(
            "Another journey of this tenant has this key. Choose another one, or keep working on"
            " that journey:"
        ),
        reverse("composer", args=[other.pk]),
        other,
    )

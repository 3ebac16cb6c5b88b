"""The list of journeys, and the ways in and out of it: new, import, export."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import content_disposition_header, urlencode
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_safe

from journeys.drawing.thumbnail import with_drawn, with_kept
from journeys.forms import ENDED, Import, ListFilter, NewJourney, propose_key
from journeys.limiting import limited, take_turn
from journeys.models import ChangedMeanwhile, Journey, KeyTaken, Submission, Tenant
from journeys.models.audit import record
from journeys.models.search import of_journeys
from journeys.models.tenant import parts_of_visible
from journeys.paging import MOST_COUNTED, MOST_FOUND, Page, page_of
from journeys.screens.error_text import error_text
from journeys.screens.numbers import number
from journeys.screens.review_status import ended_in_list, left_in_list, with_newest_review
from journeys.spec import document as doc
from journeys.views.access import UNREAD, visible_journey
from journeys.views.importing import MOST_BYTES, examine, report, sources_of, take_in

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
    asked = [found for text in request.GET.getlist("of")[:MOST_DRAWN] if (found := number(text))]
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


@limited("import", per_minute=30, methods=("POST",))
@permission_required("journeys.add_journey", raise_exception=True)
@require_http_methods(["GET", "POST"])
def import_journeys(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return import_page(request, Import(user=request.user), [])
    form = Import(request.POST, request.FILES, user=request.user)
    tenant = form.cleaned_data.get("tenant") if form.is_valid() else None
    sources, notes = sources_of(request)
    found = examine(sources, tenant, request.user)
    if not sources and notes:
        form.add_error(None, _t("There is no whole journey in it."))
    elif not sources and not request.POST.get("kept_name"):
        form.add_error("files", _t("Choose a file, or paste a journey’s JSON below."))
    if sum(len(source.data) for source in sources) > MOST_BYTES:
        form.add_error(
            "files", _t("These are more than 12 MB together. Import them in smaller groups.")
        )
        return import_page(request, form, [], notes, status=422)
    if not form.is_valid() or any(one.error for one in found):
        return import_page(request, form, found, notes, status=422)
    if any(one.asks for one in found):
        return import_page(request, form, found, notes, status=409)
    try:
        taken_in = take_in(found, tenant, request.user)
    except (ChangedMeanwhile, KeyTaken, Journey.DoesNotExist):
        form.add_error(
            None,
            _t("Somebody else changed these journeys at the same moment. Look again, then import."),
        )
        return import_page(request, form, examine(sources, tenant, request.user), notes, status=409)
    return reported(request, report(taken_in, notes))


def reported(request: HttpRequest, told: dict) -> HttpResponse:
    """To the one journey that came in, which is told about there; else to a page that tells about
    each."""
    rows, notes = told["journeys"], told["notes"]
    if len(rows) == 1 and not notes:
        messages.success(request, "\n".join([rows[0]["what"], *rows[0]["lines"]]))
        return redirect("composer", rows[0]["journey"])
    if not rows and not notes:
        messages.success(request, _t("Nothing was imported."))
        return redirect("journeys")
    request.session["import_report"] = told
    return redirect("import-report")


@require_safe
def import_report(request: HttpRequest) -> HttpResponse:
    """What the user's last import of several journeys brought."""
    told = request.session.get("import_report") or {"journeys": [], "notes": []}
    return render(request, "journeys/import_report.html", {"nav": "journeys", **told})


def import_page(
    request: HttpRequest, form: Import, found: list, notes: list[str] = (), status: int = 200
):
    """The form again, with what was found wrong and what is kept until all of it can be written."""
    good = [one for one in found if not one.error]
    if any(one.source.is_pasted for one in good):  # it stands among what is kept
        form.data = form.data.copy()
        form.data["text"] = ""
    context = {
        "nav": "journeys",
        "form": form,
        "refused": [one for one in found if one.error],
        "good": good,
        "notes": notes,
        "asks": any(one.asks for one in good),
        "asks_for_key": any(one.asks_for_key for one in good),
        "can_update": request.user.has_perm("journeys.change_journey"),
    }
    return render(request, "journeys/import.html", context, status=status)


@limited("export", per_minute=60)
@require_safe
def export_journey(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft, or with ?revision=N an older revision, as a file in the order in which it is kept.

    With ?as=curl as a shell script that creates the journey.
    """
    journey = visible_journey(request, pk)
    revision = (
        journey.revisions.filter(number=number(request.GET.get("revision"))).first() or journey.head
    )
    take_turn(request, revision.size)
    document = revision.document()
    form = "curl" if request.GET.get("as") == "curl" else "json"
    record(
        request.user,
        f"export.{form}",
        journey=journey,
        revision=revision.number,
        sha256=revision.sha256,
    )
    if form == "curl":
        return download(
            journey.tenant.as_curl(document), "text/plain; charset=utf-8", file_name(journey, "sh")
        )
    return download(doc.pretty(document), "application/json", file_name(journey, "json"))


def download(text: str, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


def file_name(journey: Journey, ending: str) -> str:
    return f"{slugify(journey.name)[:80] or slugify(journey.key)[:80] or 'journey'}.{ending}"

"""Files that come in: the page that takes them, asks what has to be chosen, and tells what came of
it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_safe

from journeys.forms.imports import Import
from journeys.importing import (
    ASK,
    CREATED,
    KEEP,
    REPAIR,
    UNCHANGED,
    UPDATED,
    Candidate,
    Imported,
    NotWhole,
    Source,
    examine,
    parts_of,
    take_in,
)
from journeys.limiting import limited
from journeys.models import ChangedMeanwhile, Journey, KeyTaken
from journeys.screens.error_text import error_text
from journeys.screens.numbers import number
from journeys.spec import document as doc

LEAVE_OUT = "leave-out"
MOST_BYTES = (
    12 * 1024 * 1024
)  # of one upload: the page sends the texts back with the answers to its questions


@limited("import", per_minute=30, methods=("POST",))
@permission_required("journeys.add_journey", raise_exception=True)
@require_http_methods(["GET", "POST"])
def import_journeys(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return import_page(request, Import(user=request.user), [])
    form = Import(request.POST, request.FILES, user=request.user)
    tenant = form.cleaned_data.get("tenant") if form.is_valid() else None
    sources, notes = sources_of(request)
    known = Journey.objects.visible_to(request.user).filter(tenant=tenant) if tenant else None
    rules = tenant.rules() if tenant else None
    candidates = examine(sources, known, rules=rules)
    if not sources and notes:
        form.add_error(None, _t("There is no whole journey in it."))
    elif not sources and not request.POST.get("kept_name"):
        form.add_error("files", _t("Choose a file, or paste a journey’s JSON below."))
    if sum(len(source.data) for source in sources) > MOST_BYTES:
        form.add_error(
            "files", _t("These are more than 12 MB together. Import them in smaller groups.")
        )
        return import_page(request, form, [], notes, status=422)
    if not form.is_valid() or any(one.error for one in candidates):
        return import_page(request, form, candidates, notes, status=422)
    if any(one.asks for one in candidates):
        return import_page(request, form, candidates, notes, status=409)
    try:
        imported = take_in(candidates, tenant, request.user)
    except (ChangedMeanwhile, KeyTaken, Journey.DoesNotExist):
        form.add_error(
            None,
            _t("Somebody else changed these journeys at the same moment. Look again, then import."),
        )
        return import_page(request, form, examine(sources, known, rules=rules), notes, status=409)
    except doc.DocumentError as error:  # with another key it may be larger than a journey can be
        form.add_error(None, error_text(error))
        return import_page(request, form, candidates, notes, status=422)
    return reported(request, report(imported, notes))


def reported(request: HttpRequest, done: dict) -> HttpResponse:
    """To the one journey that came in, which is told about there; else to a page that tells about
    each."""
    rows, notes = done["journeys"], done["notes"]
    if len(rows) == 1 and not notes:
        messages.success(request, "\n".join([rows[0]["what"], *rows[0]["lines"]]))
        return redirect("composer", rows[0]["journey"])
    if not rows and not notes:
        messages.success(request, _t("Nothing was imported."))
        return redirect("journeys")
    request.session["import_report"] = done
    return redirect("import-report")


@require_safe
def import_report(request: HttpRequest) -> HttpResponse:
    """What the user's last import of several journeys brought."""
    done = request.session.get("import_report") or {"journeys": [], "notes": []}
    return render(request, "journeys/import_report.html", {"nav": "journeys", **done})


def import_page(
    request: HttpRequest,
    form: Import,
    candidates: list[Candidate],
    notes: list[str] = (),
    status: int = 200,
):
    """The form again, with what is wrong and what is kept until all of it can be written."""
    good = [one for one in candidates if not one.error]
    if any(one.source.is_pasted for one in good):  # it stands among what is kept
        form.data = form.data.copy()
        form.data["text"] = ""
    context = {
        "nav": "journeys",
        "form": form,
        "refused": [one for one in candidates if one.error],
        "good": good,
        "notes": notes,
        "asks": any(one.asks for one in good),
        "asks_for_key": any(one.asks_for_key and not one.lacks_key for one in good),
        "can_update": request.user.has_perm("journeys.change_journey"),
    }
    return render(request, "journeys/import.html", context, status=status)


def sources_of(request: HttpRequest) -> tuple[list[Source], list[str]]:
    """Files, pasted text, and what an earlier answer of the page kept; without what was told to be
    left out.

    A list answer becomes one source for each of its whole journeys. The second part says in words
    which of its rows are none.
    """
    repair = ASK if request.POST.get("repair") else ""
    files = [
        Source(file.name, read(file), repair=repair) for file in request.FILES.getlist("files")
    ]
    text = request.POST.get("text", "")
    pasted = (
        [Source(_t("the pasted text"), text, is_pasted=True, repair=repair)] if text.strip() else []
    )
    kept = enumerate(
        zip(request.POST.getlist("kept_name"), request.POST.getlist("kept_text"), strict=False)
    )
    chosen = [Source(name, text, **answers(request.POST, index)) for index, (name, text) in kept]
    sources, notes = (
        [source for source in chosen if source.choice != LEAVE_OUT],
        request.POST.getlist("kept_note"),
    )
    for source in [*files, *pasted]:
        parts = parts_of(source)
        sources += [part for part in parts if isinstance(part, Source)]
        notes += [part.text for part in parts if isinstance(part, NotWhole)]
    return sources, notes


def answers(posted, index: int) -> dict[str, str | int]:
    """What was chosen for one of those that an earlier answer kept."""
    repair = posted.get(f"repair-{index}", "")
    repair = repair if repair in (REPAIR, KEEP) else ASK if f"asked-{index}" in posted else ""
    seen = number(posted.get(f"seen-{index}"))
    return {"choice": posted.get(f"choice-{index}", ""), "repair": repair, "seen": seen}


def read(file) -> bytes:
    """At most one byte more than is allowed, which is enough to refuse it."""
    return file.read(doc.MAX_BYTES + 1)


def report(imported: list[Imported], notes: list[str]) -> dict:
    """What was done, journey by journey, as plain data that a session can hold."""
    rows = [
        {
            "journey": one.journey.pk,
            "name": str(one.journey),
            "what": what(one),
            "lines": [*key_given(one), *one.candidate.arrival.lines()],
        }
        for one in imported
    ]
    return {"journeys": rows, "notes": notes}


def key_given(one: Imported) -> list[str]:
    if one.result != CREATED or not one.candidate.gets_key:
        return []
    if one.candidate.lacks_key:
        return [_t("It had no key and was given a new one: %s") % one.journey.key]
    return [_t("It was given a new key: %s") % one.journey.key]


def what(one: Imported) -> str:
    words = {"name": str(one.journey), "file": one.candidate.source.name}
    if one.result == UPDATED:
        return _t("“%(name)s” has a new revision, from %(file)s.") % words
    if one.result == UNCHANGED:
        return _t("“%(name)s” was the same already: nothing to change.") % words
    return _t("Imported “%(name)s” from %(file)s.") % words

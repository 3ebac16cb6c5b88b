"""The gallery of templates, starting a journey from one, and keeping a journey as one."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from journeys.blocks import path_titles, sentence
from journeys.forms.templates import FromTemplate, SaveTemplate
from journeys.gallery import BY_SLUG, TEMPLATES
from journeys.limiting import limited, take_turn
from journeys.models import Journey, JourneyTemplate, NotAllowed, Tenant
from journeys.models.audit import record_refusal
from journeys.paging import page_of
from journeys.spec import graph, template
from journeys.spec.document import block_list, find_block
from journeys.spec.outline import outline
from journeys.views.access import visible_journey
from journeys.views.journeys import proposed, started

ROWS = 7  # of the path on a card
CARDS = 24  # of the team's own on a page; each shows its document


@dataclass(frozen=True)
class Line:
    """A row of a card's outline; `quiet` for what is no step: the label of a path, and where it
    leads."""

    text: str
    depth: int
    quiet: bool = False


@require_safe
@permission_required("journeys.add_journey", raise_exception=True)
def templates(request: HttpRequest) -> HttpResponse:
    page = page_of(
        JourneyTemplate.objects.visible_to(request.user),
        ["name", "id"],
        request.GET.get("page"),
        loaded=JourneyTemplate.objects.select_related("tenant", "by").defer(
            "tenant__client_secret", "tenant__token"
        ),
        size=CARDS,
    )
    take_turn(request, sum(one.weight for one in page))
    own = [
        {"template": one, "can_delete": one.deletable_by(request.user), **outline_of(one.stored())}
        for one in page
    ]
    built_in = (
        [] if page.previous else [{"template": one, **outline_of(one.build())} for one in TEMPLATES]
    )
    context = {"nav": "templates", "page": page, "own": own, "built_in": built_in}
    return render(request, "journeys/templates.html", context)


@limited("template", per_minute=60)
@require_http_methods(["GET", "POST"])
@permission_required("journeys.add_journey", raise_exception=True)
def from_template(request: HttpRequest, slug: str) -> HttpResponse:
    built_in = BY_SLUG.get(slug)
    if built_in is None:
        raise Http404
    return begin(request, str(built_in.name), str(built_in.description), built_in.build(), None)


@limited("template", per_minute=60)
@require_http_methods(["GET", "POST"])
@permission_required("journeys.add_journey", raise_exception=True)
def from_team_template(request: HttpRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(
        JourneyTemplate.objects.visible_to(request.user).select_related("tenant"), pk=pk
    )
    take_turn(request, kept.weight)
    return begin(request, kept.name, kept.description, kept.document(), kept.tenant)


def begin(
    request: HttpRequest, name: str, description: str, document: dict, tenant: Tenant | None
) -> HttpResponse:
    """Asks for what the template needs, and starts the journey. A team's template belongs to its
    tenant."""
    asked = template.asks(document)
    options = {
        "user": request.user,
        "asked": asked,
        "used_by": {ask.placeholder: used_by(document, ask) for ask in asked},
    }
    if request.method == "POST":
        form = FromTemplate(request.POST, **options)
    else:
        initial = {"name": name, "description": description, "key": proposed(request)}
        form = FromTemplate(initial=initial, **options)
    if tenant:
        form.fields["tenant"].queryset = form.fields["tenant"].queryset.filter(pk=tenant.pk)
        form.fields["tenant"].initial, form.fields["tenant"].empty_label = tenant, None
    operation = "team template" if tenant else "template"
    journey = (
        made(request, form, name, document, operation)
        if form.is_bound and form.is_valid()
        else None
    )
    if journey:
        return redirect("composer", journey.pk)
    if form.is_bound:
        form.point_at_first_error()
    context = {
        "nav": "templates",
        "form": form,
        "name": name,
        "full": outline_of(document, most=None),
    }
    return render(
        request, "journeys/from_template.html", context, status=422 if form.is_bound else 200
    )


def made(
    request: HttpRequest, form: FromTemplate, name: str, document: dict, operation: str
) -> Journey | None:
    values = form.cleaned_data
    own = {"key": values["key"], "name": values["name"], "description": values["description"]}
    filled = {
        **template.fill({**document, "key": "", "name": "", "description": ""}, form.answers()),
        **own,
    }
    return started(request, form, filled, operation, _t("Started from the template “%s”") % name)


@limited("template", per_minute=60)
@require_http_methods(["GET", "POST"])
@permission_required("journeys.add_journey", raise_exception=True)
def save_template(request: HttpRequest, pk: int) -> HttpResponse:
    journey = visible_journey(request, pk)
    if not request.user.has_perm("journeys.change_journey"):
        raise PermissionDenied
    values = {"name": journey.name[:120], "description": journey.description[:2000]}
    form = SaveTemplate(request.POST or None, initial=values, tenant=journey.tenant)
    if form.is_bound and form.is_valid() and kept(journey, form, request.user):
        messages.success(request, _t("Saved as the template “%s”.") % form.cleaned_data["name"])
        return redirect("templates")
    context = {"nav": "journeys", "form": form, "journey": journey}
    return render(
        request, "journeys/save_template.html", context, status=422 if form.is_bound else 200
    )


def kept(journey: Journey, form: SaveTemplate, user) -> JourneyTemplate | None:
    try:
        return JourneyTemplate.objects.keep(
            journey.head.document(), tenant=journey.tenant, by=user, **form.cleaned_data
        )
    except IntegrityError:  # somebody took the name at the same moment
        form.add_error("name", _t("There is a template of this name already. Choose another one."))
        return None


@require_http_methods(["GET", "POST"])
@permission_required("journeys.add_journey", raise_exception=True)
def delete_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: nobody gets it back."""
    template = get_object_or_404(
        JourneyTemplate.objects.visible_to(request.user).select_related("tenant", "by"), pk=pk
    )
    if request.method == "GET":
        context = {
            "nav": "templates",
            "template": template,
            "can_delete": template.deletable_by(request.user),
        }
        return render(request, "journeys/delete_template.html", context)
    try:
        template.discard(request.user)
    except NotAllowed as error:
        details = {"template": template.name, "reason": str(error.text)}
        record_refusal(request.user, "refused.template", tenant=template.tenant, **details)
        messages.error(request, error.text)
        return redirect("templates")
    messages.success(request, _t("Deleted the template “%s”.") % template.name)
    return redirect("templates")


def outline_of(document: dict, most: int | None = ROWS) -> dict:
    """The first rows of the path as sentences, and how many more there are."""
    lines = [Line(sentence(block, "trigger"), 0) for block in block_list(document, "trigger")]
    steps = graph.steps(document)
    for row in outline(document):
        if row.kind == "step":
            lines.append(Line(sentence(steps[row.key], "activity"), row.depth))
        elif row.kind == "join":
            text = _t("Goes on with: %s") % sentence(steps[row.key], "activity")
            lines.append(Line(text, row.depth, quiet=True))
        elif row.kind == "branch":
            lines.append(Line(path_titles(steps[row.key])[row.path], row.depth, quiet=True))
    for kind in ("goal", "exit"):
        lines += [Line(sentence(block, kind), 0) for block in block_list(document, kind)]
    shown = lines if most is None or len(lines) <= most + 1 else lines[:most]
    rest = len(lines) - len(shown)
    return {
        "lines": shown,
        "more": ngettext("and %d more", "and %d more", rest) % rest if rest else "",
    }


def used_by(document: dict, ask: template.Ask) -> str:
    """Which blocks need it, where the label does not say so already."""
    if ask.kind in ("email id", "send classification id"):
        return ""
    places = dict.fromkeys(where.block for where in ask.addresses if where.kind != "journey")
    blocks = [(kind, find_block(document, kind, key)) for kind, key in places]
    said = [sentence(block, kind) for kind, block in blocks if block]
    if not said:
        return ""
    return _t("Used by: %s.") % ("; ".join(said[:3]) + (" …" if said[3:] else ""))

"""A journey on paper and as a picture: the path, then every block with its settings in words."""

import itertools

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from journeys.blocks import comparing
from journeys.drawing.geometry import CARD_WIDTH
from journeys.drawing.shapes import Picture
from journeys.drawing.svg_file import picture_file, sentence_file
from journeys.limiting import limited, take_turn
from journeys.models import Journey, Revision
from journeys.models.audit import record
from journeys.screens.block_summary import general_settings, numbered_blocks, summary_of
from journeys.screens.canvas import picture
from journeys.screens.draft import Draft
from journeys.screens.numbers import asked_number, number
from journeys.screens.review_status import left_of
from journeys.screens.size import MOST_PRINTED, part_of
from journeys.spec import change_text
from journeys.spec import document as doc
from journeys.views.access import visible_journey

STRIP = 1400  # pixels of the picture that stand on one line of a page
BESIDE = 14  # of the way before the first card of a strip


@limited("picture", per_minute=300)
@require_safe
def picture_svg(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture as a file, of the draft or of ?revision=N; with ?against=M it shows what became
    of each block.

    ?part=1 gives the first of the strips into which it is cut for paper.
    """
    journey = visible_journey(request, pk)
    shown = revision_of(journey, request.GET.get("revision")) or journey.head
    other = revision_of(journey, request.GET.get("against"))
    take_turn(request, shown.size + (other.size if other else 0))
    draft = Draft(journey, shown)
    if "download" in request.GET:  # pages show pictures, too
        record(request.user, "export.picture", journey=journey, revision=shown.number)
    if draft.too_large:
        return as_svg(request, journey, sentence_file(draft.too_large, str(journey)))
    drawn = picture(draft)
    tags = tags_between(shown, other) if other else {}
    file = picture_file(drawn, str(journey), tags, strip_of(drawn, request.GET.get("part")))
    return as_svg(request, journey, file)


def as_svg(request: HttpRequest, journey: Journey, file: bytes) -> HttpResponse:
    response = HttpResponse(file, content_type="image/svg+xml")
    name = f"{slugify(str(journey)) or 'journey'}.svg"
    response["Content-Disposition"] = content_disposition_header("download" in request.GET, name)
    return response


@limited("print", per_minute=30)
@require_safe
def print_view(request: HttpRequest, pk: int) -> HttpResponse:
    journey = visible_journey(request, pk)
    draft = Draft(journey, journey.head)
    part = part_of(numbered_blocks(draft), MOST_PRINTED, asked_number(request.GET, "from") or 0)
    context = {
        "journey": journey,
        "left": left_of(journey),
        "draft": draft,
        "strips": () if draft.too_large else range(1, 1 + len(strips(picture(draft)))),
        "general": general_settings(draft),
        "part": part,
        "blocks": [summary_of(draft, *numbered) for numbered in part.items],
    }
    record(request.user, "export.print", journey=journey, revision=journey.head.number)
    return render(request, "journeys/print.html", context)


def revision_of(journey: Journey, asked: str | None) -> Revision | None:
    return get_object_or_404(journey.revisions, number=number(asked)) if asked else None


def tags_between(shown: Revision, other: Revision) -> dict[tuple[str, str], str]:
    """What became of the blocks of `shown`: compared with an older revision, or until a newer
    one."""
    here, there = shown.stored(), other.stored()
    known = {(kind, str(block.get("key"))) for kind, block in doc.blocks(there)}
    alone = "added" if shown.number > other.number else "removed"
    places = change_text.told_places(comparing.compare(there, here))
    return {place: "changed" if place in known else alone for place in places}


def strips(drawn: Picture) -> list[tuple[int, int]]:
    """The picture cut into parts that can be read on paper, each from left to right. No cut goes
    through a card."""
    left, _top, width, _height = drawn.box
    begins = sorted({shape.x for shape in drawn.shapes.values() if shape.layer == "cards"})
    cuts = [left]
    for begin in begins:
        if begin + CARD_WIDTH - cuts[-1] > STRIP and begin - BESIDE > cuts[-1]:
            cuts.append(begin - BESIDE)
    return list(itertools.pairwise([*cuts, left + width]))


def strip_of(drawn: Picture, asked: str | None) -> tuple[int, int, int] | None:
    """One of the strips by its number, and the width of the widest, so that all have one scale;
    None for the whole."""
    parts = strips(drawn)
    index = number(asked) - 1
    widest = max(right - left for left, right in parts)
    return (*parts[index], widest) if 0 <= index < len(parts) else None

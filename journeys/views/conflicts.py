"""Two people at the same: what somebody asked for is done again on the newest draft, with their
choice where both changed one field. Until then nothing is written.

Whatever is asked for once more is the very request that met the conflict, with `base` (the revision
that it was typed on), `seen` (the newest one when the conflict was shown) and the choices.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _t

from journeys import blocks
from journeys.blocks.apply import carried_out
from journeys.models import ChangedMeanwhile, Journey
from journeys.models.authorship import Brought, comes_back
from journeys.models.merging import MERGED, summarise
from journeys.screens.conflict import CHOICE, Conflict
from journeys.screens.draft import Draft
from journeys.screens.error_text import error_text
from journeys.screens.fragments import Answer
from journeys.screens.numbers import number
from journeys.screens.selected import Selected, block_of
from journeys.screens.who_changed import Since
from journeys.spec import address, diff
from journeys.spec import document as doc
from journeys.spec.graph import GraphError
from journeys.spec.loose_ends import led_on
from journeys.spec.merge import Conflict as Clashing
from journeys.spec.merge import clashes_of, put_together, untorn
from journeys.spec.parts import MISSING
from journeys.spec.put_back import put_back
from journeys.spec.split_paths import share_of
from journeys.spec.three_way import MINE, THEIRS, Clash
from journeys.views.access import base_of, revision_of, visible_journey

# Of the request that met the conflict, what the next one has otherwise.
OWN = ("base", "seen", "take", "based_on", "view", "csrfmiddlewaretoken")
TEXT = "edit as text"
# How addresses end that take what is typed into the panel, and those that take values of fields.
TYPED = ("block/save/", "block/save-text/")
OF_FIELDS = ("block/save/", "name/")


@dataclass(frozen=True)
class Asked:
    """What was asked for: an operation with its arguments on the revision `based_on`."""

    request: HttpRequest
    based_on: int
    operation: str
    arguments: dict
    noted: dict = field(default_factory=dict)  # what is kept of it with the revision
    again: dict[str, str] = field(default_factory=dict)
    base: dict | None = None  # what the page took to be stored, where that is no revision

    @property
    def is_settled(self) -> bool:
        return is_settling(self.request) and self.operation in (*MERGED, TEXT)

    @property
    def of_form(self) -> bool:
        return self.request.path.endswith(OF_FIELDS)

    @property
    def picked(self) -> dict[str, str]:
        data = self.request.POST
        return {n: data[n] for n in data if n.startswith(CHOICE) and data[n] in (MINE, THEIRS)}

    def once_more(self) -> list[tuple[str, str]]:
        """The values to send once more. A document as text is sent as it stands in its editor."""
        own = (*OWN, "text") if self.operation == TEXT else OWN
        sent = [
            (name, value)
            for name, values in self.request.POST.lists()
            for value in values
            if name not in (*own, *self.again) and not name.startswith(CHOICE)
        ]
        return [*sent, *self.again.items()]


def is_settling(request: HttpRequest) -> bool:
    return "seen" in request.POST


def settle(journey: Journey, asked: Asked) -> None:
    """Does it again on the draft that its author saw, as they chose, and appends that; raises
    ChangedMeanwhile where somebody changed the same once more."""
    before = asked.base or base_of(journey, asked.based_on)
    mine = _mine(asked, before)
    seen = revision_of(journey, number(asked.request.POST.get("seen")))
    theirs = seen.stored() if seen is journey.head else seen.document()
    try:
        document = _as_chosen(before, mine, theirs, asked)
        journey.replace(
            document,
            based_on=seen.number,
            author=asked.request.user,
            operation=asked.operation,
            told=asked.noted,
            brought=_brought(revision_of(journey, asked.based_on), before, mine, theirs, asked),
        )
    except (Clashing, ChangedMeanwhile, GraphError) as error:
        newest = journey.revisions.select_related("author").order_by("-number").first()
        now = newest.document()
        clashes = clashes_of(before, mine, now)
        met = getattr(error, "blocks", None) or {clash.address.block for clash in clashes}
        more = {"before": before, "clashes": clashes, "reason": _why_not(error)}
        raise ChangedMeanwhile(met, mine, now, newest, **more) from error


def _why_not(error: Exception) -> str:
    """Why it cannot be as it was chosen; "" where only something is left to choose."""
    if isinstance(error, GraphError):
        return error_text(error)
    if isinstance(error, Clashing) and not error.clashes:
        return _t("Both changes together would leave steps that no path leads to, or a circle.")
    return ""


def _brought(base, before: dict, mine: dict, theirs: dict, asked: Asked) -> Brought | None:
    """Words of `before` that others took away, and that come back with what was chosen."""
    clashes = clashes_of(before, mine, theirs)
    sides = _sides(clashes, asked)
    places = {
        _place(clash.address)
        for clash in clashes
        if sides.get(str(clash.address)) == MINE and comes_back(clash.old, clash.theirs, clash.mine)
    }
    return Brought(base, (theirs, before), places) if places else None


def _place(where: address.Address) -> tuple[str, str]:
    """The block, or the member of the journey."""
    inside = where.kind == "journey" and address.steps(where.inside)
    return (where.kind, str(inside[0])) if inside else where.block


def _mine(asked: Asked, before: dict) -> dict:
    if asked.operation == TEXT:
        return asked.arguments["document"]
    return carried_out(asked.operation, before, asked.arguments)


def _as_chosen(before: dict, mine: dict, theirs: dict, asked: Asked) -> dict:
    clashes = clashes_of(before, mine, theirs)
    sides = _sides(clashes, asked)
    # A block that one of them removed is left away first, and put back where it was chosen.
    back = []
    for clash in clashes:
        name = str(clash.address)
        if clash.address.inside or name not in sides:
            continue
        if clash.theirs is MISSING and sides[name] == MINE:
            sides[name] = THEIRS
            back.append((clash.address.kind, clash.mine, before))
        elif clash.mine is MISSING and sides[name] == THEIRS:
            sides[name] = MINE
            back.append((clash.address.kind, clash.theirs, theirs))
    document = led_on(put_together(before, mine, theirs, sides), mine, theirs)
    document = untorn(document, mine, theirs)
    for kind, block, stood in back:
        document = put_back(document, stood, kind, block)
    return document


def _sides(clashes: list[Clash], asked: Asked) -> dict[str, str]:
    """Whose each shall be, by address; without those that nothing was chosen about."""
    if asked.request.POST.get("take") == THEIRS:
        return {str(clash.address): THEIRS for clash in clashes}
    chosen = {name.removeprefix(CHOICE): side for name, side in asked.picked.items()}
    sides = {str(clash.address): _side(clash, clashes, chosen) for clash in clashes}
    return {name: side for name, side in sides.items() if side is not None}


def _side(clash: Clash, clashes: list[Clash], chosen: dict[str, str]) -> str | None:
    """What was chosen for it, for another one that is the same change, else for the field next to
    it: what no form shows follows what a form does."""
    clash = share_of(clash, clashes) or clash
    own = chosen.get(str(clash.address))
    if own:
        return own
    others = [
        one
        for one in clashes
        if str(one.address) in chosen and one.address.block == clash.address.block
    ]
    alike = [one for one in others if clash.is_like(one)]
    nearest = sorted(others, key=lambda one: -_shared(one.address.inside, clash.address.inside))
    return next((chosen[str(one.address)] for one in [*alike, *nearest]), None)


def _shared(one: str, other: str) -> int:
    """How many steps two places have in common."""
    pairs = zip(address.steps(one) or (), address.steps(other) or (), strict=False)
    return next((at for at, pair in enumerate(pairs) if pair[0] != pair[1]), 99)


def conflict(
    journey: Journey, selected: Selected, clash: ChangedMeanwhile, asked: Asked
) -> HttpResponse:
    """The question in the panel, and everything else as the newest draft has it."""
    request = asked.request
    journey = visible_journey(request, journey.pk)
    clash.newest = _with_author(journey, clash)
    draft = Draft(journey, journey.head)
    answer = Answer(request, draft, selected.within(draft.document))
    picked = (
        {f"{CHOICE}{one.address}": THEIRS for one in clash.clashes}
        if clash.reason
        else asked.picked
    )
    shown = Conflict(journey, clash, asked.based_on, picked, of_form=asked.of_form)
    context = {
        **answer.context,
        "title": _t("The journey as text")
        if asked.operation == TEXT
        else shown.title(address.Address(selected.kind, selected.key)),
        "reason": clash.reason,
        **_question(shown, selected, asked),
        "shown_block": selected,
        "url": request.path,
        "sent": asked.once_more(),
        "base": asked.based_on,
        "seen": clash.newest.number,
        "settles": request.path.endswith(TYPED),
        "is_text": asked.operation == TEXT,
        "whole_journey": selected.kind == "journey",
    }
    html = render_to_string("journeys/_conflict.html", context, request)
    response = HttpResponse(html + answer.since(None), status=409)
    response["HX-Retarget"], response["HX-Reswap"] = "#panel", "outerHTML"
    return response


def _with_author(journey: Journey, clash: ChangedMeanwhile) -> object:
    number_of = clash.newest.number
    return journey.revisions.select_related("author").get(number=number_of)


def _question(shown: Conflict, selected: Selected, asked: Asked) -> dict:
    """What is asked: about fields, about a block that is gone, or whether to do it all the same."""
    clashes = shown.clash.clashes
    gone = [one for one in clashes if not one.address.inside and one.theirs is MISSING]
    if asked.operation == "edit block" and gone:
        return _about_gone(shown, selected, gone[0])
    return _about_fields(shown) if clashes else _all_the_same(shown, asked)


def _about_gone(shown: Conflict, selected: Selected, gone: Clash) -> dict:
    mine = shown.changed_by_me((selected.kind, selected.key))
    return {
        "question": "gone",
        "by": shown.since.first(lambda document: block_of(document, selected) is None),
        "title": blocks.sentence(gone.old, selected.kind),
        "lens": blocks.lens(gone.old, selected.kind),
        "mine": mine,
        "copied": as_lines((label, now) for label, _before, now in mine),
        "choice": f"{CHOICE}{gone.address}",
    }


def _about_fields(shown: Conflict) -> dict:
    groups = shown.groups()
    choices = [choice for group in groups for choice in group.choices]
    taken = [one for group in groups for one in group.taken if one.by is None]
    typed = [(one.label, one.mine) for one in choices] + [(one.label, one.words) for one in taken]
    return {
        "question": "fields",
        "groups": groups,
        "count": len(choices),
        "copied": as_lines(typed),
        "by": choices[0].by,
    }


def as_lines(pairs: Iterable[tuple[str, str]]) -> str:
    """What somebody typed, to be copied."""
    return "\n".join(f"{label}: {words}" for label, words in pairs)


def _all_the_same(shown: Conflict, asked: Asked) -> dict:
    """Of an operation that sets no fields: what it would do to the newest draft, or why it cannot
    be done any more."""
    clash = shown.clash
    context = {
        "question": "deed",
        "by": _last_of(shown.since, clash),
        "wanted": summarise(clash.before, clash.mine, asked.operation, asked.noted),
        "theirs": [
            (shown.title(address.Address(*place)), shown.changed_by_them(place))
            for place in sorted(clash.blocks)
            if place in diff.changed_blocks(clash.before, clash.theirs)
        ],
        "others": _others(shown, clash),
    }
    if asked.operation in (*MERGED, TEXT):
        reason = _t("Both changes together would leave steps that no path leads to, or a circle.")
        return context | {"reason": reason}
    try:
        after = carried_out(asked.operation, clash.theirs, asked.arguments)
    except (GraphError, doc.DocumentError) as error:
        return context | {"reason": error_text(error)}
    return context | {"result": summarise(clash.theirs, after, asked.operation, asked.noted)}


def _others(shown: Conflict, clash: ChangedMeanwhile) -> str:
    """What the others did since, in a line."""
    if clash.newest.number == shown.since.begin + 1:
        return clash.newest.summary
    return summarise(clash.before, clash.theirs)


def _last_of(since: Since, clash: ChangedMeanwhile) -> object:
    """Who changed one of the blocks last."""
    place = min(clash.blocks)
    where = Selected(*place)

    def stands(document: dict) -> bool:
        return block_of(document, where) == block_of(clash.theirs, where)

    return since.first(stands)

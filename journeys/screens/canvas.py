"""The Path view of a draft: what the page shows of it, and what an answer tells it to change."""

from journeys.drawing import canvas
from journeys.drawing.difference import difference
from journeys.drawing.geometry import CARD_HEIGHT, CARD_WIDTH
from journeys.drawing.shapes import Picture
from journeys.models import Revision
from journeys.models.revision import sha256_of, weighed
from journeys.screens.draft import Draft
from journeys.screens.opening import Settled, last_settled
from journeys.spec import document as doc
from journeys.spec.cache import kept

PAGE, CHANGES = "_path", "_path_changes"


def canvas_context(draft: Draft) -> dict:
    path = shown(draft)
    return {"path": path, "layers": path.layers, "card_size": (CARD_WIDTH, CARD_HEIGHT)}


def canvas_fragment(before: Draft | None, seen: int, draft: Draft) -> tuple[str, dict]:
    """The fragment that brings the canvas to this draft from what the browser shows, and its
    context.

    The browser shows the revision number `seen`, which need not be the one `before`: others change
    the draft, too.
    """
    if before is None or before.revision.number != seen:
        revision = draft.journey.revisions.filter(number=seen).first()
        before = Draft(draft.journey, revision) if revision else None
    if before is None:
        return PAGE, canvas_context(draft)
    settled = last_settled(draft.journey)
    was, now = (picture(one, changed_since(settled, one)) for one in (before, draft))
    return CHANGES, {"path_changes": difference(was, now)}


def picture(draft: Draft, changed: frozenset[tuple[str, str]] = frozenset()) -> Picture:
    """`changed` are the blocks that differ from what was approved or submitted."""
    body = sha256_of(bytes(draft.revision.packed))
    return canvas.picture(draft.document, body, draft.cards, changed)


def shown(draft: Draft) -> Picture:
    return picture(draft, changed_since(last_settled(draft.journey), draft))


def changed_since(revision: Settled | Revision | None, draft: Draft) -> frozenset[tuple[str, str]]:
    """The blocks that are not as they were when the journey was last approved or submitted, by kind
    and key."""
    if revision is None or revision.number >= draft.revision.number:
        return frozenset()
    old, _weight = _blocks_of(revision.sha256, revision.pk)
    return frozenset(
        place for place, block in _by_place(draft.document).items() if old.get(place) != block
    )


@kept(12, lambda found, *_: found[1])
def _blocks_of(sha256: str, revision: int) -> tuple[dict[tuple[str, str], dict], int]:
    """And the bytes that they take. Kept by the hash: a database that was put back gives a number
    out again."""
    document, weight, _sha256 = weighed(bytes(Revision.objects.get(pk=revision).packed))
    return _by_place(document), weight


def _by_place(document: dict) -> dict[tuple[str, str], dict]:
    return {(kind, str(block.get("key"))): block for kind, block in doc.blocks(document)}

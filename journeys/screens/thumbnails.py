"""The small pictures of a list.

A picture is worked out from a document once in each process and kept by the document's hash. A list
shows those that are there and reads no document; the page asks for the others afterwards, a few at
a time. So neither a list nor saving a journey has to wait for them.
"""

from collections.abc import Iterable

from django.http import HttpRequest

from journeys.drawing.thumbnail import Sketch, sketch
from journeys.limiting import take_turn
from journeys.models import Journey, Revision
from journeys.screens.size import too_large
from journeys.spec import graph
from journeys.spec.cache import MISSING, Store, texts_weight

_kept = Store(f"{__name__}.sketches", 8 * 1024 * 1024)


def with_kept(journeys: Iterable[Journey]) -> None:
    """Gives each journey its `sketch`, None where it has to be asked for; `head` is there without
    its body."""
    for journey in journeys:
        kept = _kept.get(journey.head.sha256)
        journey.sketch = None if kept is MISSING else kept


def with_drawn(request: HttpRequest, journeys: Iterable[Journey]) -> list[Journey]:
    """The journeys with a `sketch` each. Loads the bodies of those that were not drawn yet, in turn
    where they are large."""
    listed = list(journeys)
    sketches = {one.head.sha256: _kept.get(one.head.sha256) for one in listed}
    missing = {one.head_id for one in listed if sketches[one.head.sha256] is MISSING}
    take_turn(request, sum(one.head.size for one in listed if one.head_id in missing))
    for revision in Revision.objects.filter(pk__in=missing).only("packed", "sha256").order_by():
        drawn = sketches[revision.sha256] = _sketch_of(revision.stored())
        _kept.put(
            revision.sha256,
            drawn,
            600 + texts_weight(drawn.ways, *(cards for _family, cards in drawn.cards)),
        )
    for journey in listed:
        journey.sketch = sketches[journey.head.sha256]
    return listed


def _sketch_of(document: dict) -> Sketch:
    if too_large(document):
        return Sketch(len(graph.steps(document)), "", 0, 0, "", ())
    return sketch(document)

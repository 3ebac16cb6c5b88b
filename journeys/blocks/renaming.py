"""Other keys for steps, and whatever names them follows: in all blocks, and in expressions of the
journey's members."""

from collections import Counter
from collections.abc import Mapping

from journeys.blocks import lens
from journeys.blocks.references import expressions_in, lengths_of, renamed
from journeys.spec import graph
from journeys.spec.document import LISTS
from journeys.spec.graph import GraphError


def rename(document: dict, keys: Mapping[str, str]) -> dict:
    """The document with steps renamed, {old: new}; several at once, which may change places.

    Untouched blocks are shared with the old document. Raises GraphError for a step that is not
    there, and for a key that is empty or taken.
    """
    keys = {old: new for old, new in keys.items() if new != old}
    _require_free(document, keys)
    every_key = {key: keys.get(key, key) for key in graph.steps(document)} if keys else {}
    changed, lengths = {}, lengths_of(every_key)
    for name, value in document.items():
        if name in LISTS and isinstance(value, list):
            changed[name] = renamed_blocks(LISTS[name], value, every_key)
        elif name != "key":
            changed[name] = renamed(value, expressions_in(value), every_key, {}, lengths)
        else:
            changed[name] = value
    return changed if any(changed[name] is not document[name] for name in document) else document


def renamed_blocks(
    kind: str,
    blocks: list[dict],
    keys: Mapping[str, str],
    capsules: Mapping[str, str] | None = None,
) -> list[dict]:
    """Blocks on their own, such as pasted ones. What they name outside of `keys` stays; only steps
    get their own key.

    `capsules` gives capsules other ids. The same list is given back when nothing changes.
    """
    lengths = lengths_of(keys)
    changed = [_renamed_block(kind, block, keys, capsules or {}, lengths) for block in blocks]
    return (
        changed if any(new is not old for new, old in zip(changed, blocks, strict=True)) else blocks
    )


def _renamed_block(
    kind: str, block: dict, keys: Mapping[str, str], capsules: Mapping[str, str], lengths: list[int]
) -> dict:
    changed = renamed(block, lens(block, kind).references(block), keys, capsules, lengths)
    own = block.get("key")
    if kind == "activity" and isinstance(own, str) and keys.get(own, own) != own:
        changed = {**changed, "key": keys[own]}
    return changed


def _require_free(document: dict, keys: Mapping[str, str]) -> None:
    known = graph.steps(document)
    staying = graph.keys_of(document.get("activities") or []) - keys.keys()
    count = Counter(new for new in keys.values() if isinstance(new, str))
    for old, new in keys.items():
        if old not in known:
            raise GraphError("The step that should get another key is not in the journey.")
        if not isinstance(new, str) or not new.strip():
            raise GraphError("A step needs a key. Enter one that no other step has.")
        if new in staying or count[new] > 1:
            raise GraphError(
                "The key “%(key)s” is taken by another step. Enter one that no other step has.",
                key=new,
            )

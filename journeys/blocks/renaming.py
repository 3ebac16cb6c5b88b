"""Other keys for steps that are pasted or copied; what names them in these steps follows."""

from collections.abc import Mapping

from journeys.blocks import lens
from journeys.blocks.references import lengths_of, renamed


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

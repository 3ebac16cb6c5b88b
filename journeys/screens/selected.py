"""The block that the panel shows, and the form over it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from journeys import blocks
from journeys.spec import document as doc


@dataclass(frozen=True)
class Selected:
    """What the panel at the right shows: one block, or with kind "journey" the journey's own
    settings."""

    kind: str = "journey"
    key: str = ""

    @property
    def query(self) -> str:
        return urlencode({"kind": self.kind, "key": self.key})

    def within(self, document: dict) -> "Selected":
        """The same block, if the document has it; else the journey itself."""
        if self.kind not in doc.MEMBER_OF:
            return Selected()
        return Selected() if doc.find_block(document, self.kind, self.key) is None else self


def selected_of(data: dict, document: dict) -> Selected:
    """What the request names, if the document has it; else the journey itself."""
    return Selected(data.get("kind", ""), data.get("key", "")).within(document)


def named_in(data: dict, document: dict) -> Selected | None:
    """What the request names, for a change; None where the document has no such block: a change
    never goes to another one than was named."""
    named = Selected(data.get("kind", "journey"), data.get("key", ""))
    if named.kind == "journey":
        return Selected()
    return named if named.within(document) == named else None


def block_of(document: dict, selected: Selected) -> dict | None:
    if selected.kind == "journey":
        return {name: value for name, value in document.items() if name not in doc.LISTS}
    return doc.find_block(document, selected.kind, selected.key)


def form_for(document: dict, selected: Selected, data: dict | None = None) -> object | None:
    """The lens over the selected block; None where it is edited as JSON."""
    block = block_of(document, selected)
    if block is None:
        return None
    lens = blocks.lens(block, selected.kind, document)
    return lens(data, block=block, document=document) if lens.editable else None

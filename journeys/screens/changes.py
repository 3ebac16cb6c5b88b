"""Everything that changed between two documents, block by block, what matters most first. Nothing
of it is left out."""

from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys import blocks
from journeys.blocks import comparing
from journeys.drawing.card import card_id
from journeys.models import Revision
from journeys.spec import address, change_text, diff
from journeys.spec import document as doc
from journeys.spec.address import Address

PAGE = 40  # blocks
LONGEST_VALUE = 2000
BEFORE = 80  # letters that are shown before the first difference of two long values

# What a change is about, in the order of what it can do to people who get the journey's messages.
ENTRY, EXIT, SEND, WAIT, PATH, TEXT, SETTING, COSMETIC = range(8)
ABOUT = {
    ENTRY: _("Who enters"),
    EXIT: _("Goal and exit"),
    SEND: _("What is sent"),
    WAIT: _("Waits and times"),
    PATH: _("The path"),
    TEXT: _("Texts"),
    SETTING: _("Settings"),
    COSMETIC: _("Only for the eye"),
}
ENTERS = ("entryMode", "definitionType", "defaults", "workflowApiVersion", "eventDefinitionKey")
TEXTS = ("emailSubject", "preHeader", "dynamicEmailSubject", "message", "body", "text", "title")
TEXTS += ("selectedContentBuilderMessage", "display:message")  # of an SMS
EYE = ("name", "description", "label", "ui", "uiMetaData", "icon", "iconSmall", "tags", "members")


@dataclass
class Changed:
    """One block, with what changed in it: in words, and each change with its old and its new
    value."""

    address: Address
    name: str
    about: int
    sentences: list[str] = field(default_factory=list)
    rows: list[tuple[diff.Change, str, str]] = field(default_factory=list)

    @property
    def about_label(self) -> str:
        return str(ABOUT[self.about])


def changes_between(before: Revision | None, document: dict, number: str | None = None) -> dict:
    """A page of the blocks that changed compared with the revision before, and how many there are
    of what."""
    if before is None:
        return {"changes": [], "change_count": 0, "compared": {}, "changed_cards": set()}
    old = before.stored()
    changes = comparing.compare(old, document)
    changed = by_block(changes, old, document)
    counts = [(label, sum(one.about == about for one in changed)) for about, label in ABOUT.items()]
    page, places = Paginator(changed, PAGE).get_page(number), change_text.told_places(changes)
    return {
        "changes": page,
        "change_pages": list(page.paginator.get_elided_page_range(page.number)),
        "change_count": len(changes),
        "change_kinds": [(label, count) for label, count in counts if count],
        "compared": compared(old, document, places),
        "changed_cards": {card_id(kind, key) for kind, key in places},
    }


def by_block(changes: list[diff.Change], old: dict, new: dict) -> list[Changed]:
    """The journey's own settings are no block: each stands where it belongs, such as the
    description with the looks."""
    sentences = blocks.sentences(old, new)
    lenses = {
        (kind, str(block.get("key"))): (kind, block)
        for one in (old, new)
        for kind, block in doc.blocks(one)
    }
    by_place: dict[tuple, Changed] = {}
    for change in changes:
        where = change.address.whole
        about = about_of(change, *lenses.get(where.block, (where.kind, {})))
        group = (where, about if where.kind == "journey" else None)
        block = by_place.setdefault(group, Changed(where, named(change, sentences), about))
        block.about = min(block.about, about)
        block.rows.append((change, *cut(change.old, change.new)))
    in_words = change_text.words_by_block(changes, sentences)
    for block in by_place.values():
        mine = [row[0] for row in block.rows]
        is_settings = block.address.kind == "journey"
        of_settings = is_settings and change_text.words_by_block(mine, sentences)
        block.sentences = (of_settings or in_words).get(block.address, [])
    return sorted(by_place.values(), key=lambda block: block.about)


def about_of(change: diff.Change, kind: str, block: dict) -> int:
    member = change.member or change.inside.rpartition(".")[2]
    if kind == "journey":
        return (
            ENTRY
            if address.first_member(change.inside) in ENTERS
            else COSMETIC
            if member in EYE
            else SETTING
        )
    if kind != "activity":
        look = member in EYE and change.inside
        return COSMETIC if look else ENTRY if kind == "trigger" else EXIT
    lens = blocks.lens(block, kind)
    return COSMETIC if is_for_the_eye(change, member) else of_step(change, member, lens, block)


def is_for_the_eye(change: diff.Change, member: str) -> bool:
    return bool(change.inside) and (
        member in EYE or (change.kind == "moved" and change.inside != "outcomes")
    )


def of_step(change: diff.Change, member: str, lens: type, block: dict) -> int:
    if member == "next" and change.inside.startswith("outcomes"):
        return PATH
    if lens.sends:
        return TEXT if member in TEXTS else SEND
    if lens.lasts(block) != (0, 0):
        return WAIT
    structure = (
        not change.inside or member in ("next", "criteria") or change.inside.startswith("outcomes")
    )
    return PATH if structure or len(block.get("outcomes") or []) > 1 else SETTING


def compared(old: dict, new: dict, changed: set[tuple[str, str]]) -> dict[str, str]:
    """What the pictures of both show, in words: "now" what was added and changed, "gone" what was
    removed."""
    places = [place for place in changed if place[0] in doc.MEMBER_OF]
    before, after = (
        {(kind, str(block.get("key"))) for kind, block in doc.blocks(one)} for one in (old, new)
    )
    here, gone = (
        [place for place in places if place in after],
        [place for place in places if place not in after],
    )
    new_ones = [place for place in here if place not in before]
    count = {"added": len(new_ones), "changed": len(here) - len(new_ones)}
    return {
        "now": _t("The path. Blocks added: %(added)s, changed: %(changed)s") % count
        if here
        else "",
        "gone": _t("The path before. Blocks removed since: %(count)s") % {"count": len(gone)}
        if gone
        else "",
    }


def named(change: diff.Change, sentences: change_text.Sentences) -> str:
    """The block that a change is in, as it reads now, or as it read when it is gone."""
    if change.address.kind == "journey":
        return _t("Journey settings")
    before, after = sentences(change.address.kind, change.address.key)
    return after or before or change.address.key


def cut(old: object, new: object) -> tuple[str, str]:
    """Both values as the document has them; of long ones what lies around their first
    difference."""
    texts = ["" if value is None else doc.dumps(value).decode() for value in (old, new)]
    if max(map(len, texts)) <= LONGEST_VALUE:
        return texts[0], texts[1]
    pairs = enumerate(zip(*texts, strict=False))
    differs = next((at for at, (one, other) in pairs if one != other), min(map(len, texts)))
    start = max(0, differs - BEFORE)
    return tuple(_part(text, start) for text in texts)


def _part(text: str, start: int) -> str:
    left = len(text) - start - LONGEST_VALUE
    more = _t(" … and %s more characters, see the JSON") % left if left > 0 else ""
    return ("…" if start and text else "") + text[start : start + LONGEST_VALUE] + more

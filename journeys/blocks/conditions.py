"""The one condition builder: a form field over FilterDefinition XML.

The field is drawn as nested groups of rows, and as XML in a fold. A post may change either: XML
that differs from the one that the fold was drawn with counts, else the rows do. Nothing changed
means that the text found stays.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.forms.widgets import Widget
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.blocks import condition_nodes as nodes
from journeys.blocks.condition_data import ConditionData
from journeys.blocks.fields import PlacedField, TextField, same_lines
from journeys.blocks.places import Path, get, read, write
from journeys.spec import condition_text, filters
from journeys.spec.filters import Locked

KINDS = {
    "text": _("Text"),
    "number": _("Numbers"),
    "date": _("Dates"),
    "flag": _("Yes or no"),
    "nothing": _("With or without a value"),
}
LONGEST_LABEL = 120  # sources are named
NEW = "__new__"  # in the templates for new rows, where the script puts a name


@dataclass(frozen=True)
class Sent:
    """What came back: `xml` from the fold and the text it was drawn with, the tokens of the rows
    and their base."""

    xml: str | None
    drawn: str | None
    tokens: list[str]
    base: str | None
    values: Mapping[str, str]
    prefix: str

    def __str__(self) -> str:
        return self.xml or ""


class ConditionsInput(Widget):
    """Draws the rows and the fold. `tree`, `known` and `empty` are set by the field."""

    use_fieldset = True
    tree: filters.Tree = filters.Group()
    known: ConditionData = ConditionData({})
    empty: str = ""
    text: str = ""
    node: nodes.Node | None = None  # the nodes that were sent, with what is wrong about them

    def id_for_label(self, id_: str) -> str:
        return ""

    def value_from_datadict(self, data: Mapping, files: object, name: str) -> Sent | None:
        tokens = (
            data.getlist(f"{name}-tree")
            if hasattr(data, "getlist")
            else list(data.get(f"{name}-tree", []))
        )
        if not tokens and name not in data:
            return None
        drawn, base = (_json_text(data.get(f"{name}-{part}")) for part in ("drawn", "base"))
        return Sent(data.get(name), drawn, tokens, base, data, name)

    def value_omitted_from_data(self, data: Mapping, files: object, name: str) -> bool:
        return name not in data and f"{name}-tree" not in data

    def wrong(self, name: str) -> list[tuple[str, str]]:
        """Where the rows are wrong, by the HTML name of the input to put right."""
        return (
            [(f"{name}-{node.id}-name", node.error) for node in nodes.wrong_in(self.node)]
            if self.node
            else []
        )

    def render(
        self, name: str, value: object, attrs: dict | None = None, renderer: object = None
    ) -> SafeString:
        return render_to_string("blocks/_conditions.html", self.get_context(name, value, attrs))

    def fresh(self, name: str, id_: str) -> SafeString:
        """The sentence and the XML again, for a form that stays while its rows were saved."""
        context = self.get_context(name, self.text, {"id": id_})
        return render_to_string("blocks/_conditions_fresh.html", context)

    def get_context(self, name: str, value: object, attrs: dict | None) -> dict:
        """`value` is a `Sent` when the form was posted, else the text."""
        attrs = {**self.attrs, **(attrs or {})}
        sent = value if isinstance(value, Sent) else Sent(None, None, [], None, {}, name)
        is_wrong = "is-invalid" in attrs.get("class", "")
        return {
            "name": name,
            "id": attrs["id"],
            "place": attrs.get("data-place", ""),
            "is_wrong": is_wrong,
            "is_open": is_wrong and self.node is None,
            "xml": self.text if sent.xml is None else sent.xml,
            "drawn": json.dumps(self.text if sent.drawn is None else sent.drawn),
            "base": json.dumps(self.text if sent.base is None else sent.base),
            "root": self.node or _sent_or_shown(sent, self),
            "words": ""
            if isinstance(self.tree, Locked)
            else condition_text.words(self.tree) or self.empty,
            "is_empty": not condition_text.words(self.tree),
            "operators": _choices(),
            "known": self.known,
            "new_condition": nodes.Node(
                "condition", NEW, data=nodes.JOURNEY if self.known.event_key else nodes.CONTACT
            ),
            "new_group": nodes.Node("group", NEW, match="OR"),
        }

    @property
    def usual_data(self) -> str:
        return nodes.JOURNEY if self.known.event_key else nodes.CONTACT


class ConditionsField(PlacedField):
    """`empty` says what holds while there is no condition. `redraw`: the rows no longer say what
    was saved."""

    widget = ConditionsInput
    known: ConditionData = ConditionData({})

    def __init__(self, place: str, *, empty: str = "", **options: object) -> None:
        super().__init__(place, **options)
        self.empty = empty
        self.redraw = False

    def suit(self) -> None:
        self.widget.text = self.shown
        self.widget.tree = self.tree = filters.parse(self.shown)
        self.widget.empty = self.empty

    def said(self) -> str:
        words = self.shown if isinstance(self.tree, Locked) else condition_text.words(self.tree)
        return words or str(self.empty)

    def see(self, known: ConditionData) -> None:
        self.known = self.widget.known = known

    def has_changed(self, initial: object, data: object) -> bool:
        if data is None:
            return False
        try:
            return self._xml(data) != self.shown
        except ValidationError:
            return True

    def clean(self, value: object) -> object:
        if value is None:
            return self.found
        xml = self._xml(value)
        if xml == self.shown:
            return self.found
        self.redraw = self._was_typed(value)
        return self.changed(xml) if self.redraw else xml

    def _was_typed(self, sent: Sent) -> bool:
        return sent.xml is not None and not same_lines(
            sent.xml, self.shown if sent.drawn is None else sent.drawn
        )

    def _xml(self, sent: Sent) -> str:
        """The text that a post stands for; raises ValidationError."""
        if self._was_typed(sent):
            return self._typed(sent.xml)
        if not sent.tokens:
            return self.shown
        base = filters.parse(self.shown if sent.base is None else sent.base)
        try:
            root = nodes.sent(sent.tokens, sent.values, sent.prefix, nodes.shown(base, self.known))
        except nodes.NotWhole:
            raise ValidationError(
                _("The conditions did not arrive whole. Reload the page.")
            ) from None
        tree = nodes.tree_of(root, base, self.known)
        if nodes.wrong_in(root):
            self.widget.node = root
            raise ValidationError(_("Put the marked condition right."))
        return filters.write(tree)

    def _typed(self, xml: str) -> str:
        if same_lines(xml, self.shown):
            return self.shown
        tree = filters.parse(xml.strip())
        if isinstance(tree, Locked) and not tree.is_xml and not isinstance(self.found, dict | list):
            raise ValidationError(_("The XML cannot be read. %(why)s") % {"why": tree.reason})
        return xml.strip()


class CriteriaWordsField(TextField):
    """Criteria that are kept in words, too: not told again where they say what the criteria do, in
    the words of Journey Builder, which name no sources."""

    def __init__(self, place: str, *, of: str, **options: object) -> None:
        super().__init__(place, **options)
        self.criteria = of

    def attach(self, block: object, row: str | int | None = None) -> bool:
        xml = get(block, self.criteria)
        self.tree = filters.parse(xml) if isinstance(xml, str) else filters.Group()
        return super().attach(block, row)

    def printed(self) -> str:
        return "" if condition_text.is_told_by(self.tree, self.shown) else self.shown


def follow_words(block: dict, conditions: ConditionsField, xml: object, path: Path) -> dict:
    """The block whose description of the criteria keeps step, where it is empty or said what they
    were."""
    description = read(block, path)
    if not isinstance(description, str) or not isinstance(xml, str):
        return block
    if description.strip() and not condition_text.is_told_by(conditions.tree, description):
        return block
    return write(block, path, condition_text.words(filters.parse(xml)))


def label_of(xml: object) -> str:
    """Criteria as the name of what they lead to; "" when there are none that can be told."""
    tree = filters.parse(xml) if isinstance(xml, str) else filters.Group()
    return (
        ""
        if isinstance(tree, Locked)
        else Truncator(condition_text.words(tree)).chars(LONGEST_LABEL)
    )


def _sent_or_shown(sent: Sent, widget: ConditionsInput) -> nodes.Node:
    """The rows as they were sent; a typed XML's where that can be read; else those of the text
    found."""
    typed = filters.parse(sent.xml or "")
    if sent.xml is not None and sent.drawn is not None and not same_lines(sent.xml, sent.drawn):
        return nodes.shown(typed, widget.known)
    base = widget.tree if sent.base is None else filters.parse(sent.base)
    try:
        return nodes.sent(sent.tokens, sent.values, sent.prefix, nodes.shown(base, widget.known))
    except nodes.NotWhole:
        return nodes.shown(widget.tree, widget.known)


def _choices() -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for operator in condition_text.OPERATORS:
        if operator.offered:
            choice = operator.name, _t(operator.label)
            groups.setdefault(operator.kind, []).append(choice)
    return [(kind, KINDS[kind], choices) for kind, choices in groups.items()]


def _json_text(written: object) -> str | None:
    try:
        content = json.loads(written) if isinstance(written, str) else None
    except ValueError:
        return None
    return content if isinstance(content, str) else None

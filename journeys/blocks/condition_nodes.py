"""Conditions as a form shows them and as it sends them back.

A form is drawn from one XML text, its *base*, which it sends along. Nodes of the base are named by
their place in it ("0" is the outermost group, "0-1" its second part), new ones by "n1", "n2" …; a
list of tokens tells the order: "(0", "c0-0", "l0-1", ")". So rows can be added and removed without
counting anything anew, and what was read from the base keeps its text unless the user changed it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _t

from journeys.blocks.condition_data import CONTACT_ATTRIBUTE, ConditionData
from journeys.spec import condition_text
from journeys.spec.filters import Condition, Group, Locked, Part, Tree, event_of, set_of
from journeys.spec.markup import DEEPEST, NOT_XML

ID = re.compile(r"[0-9n][0-9-]{0,200}")
EXPRESSION = re.compile(r"""\{\{\s*(Event\.[^.{}"]+\.)"?([^{}"]++)"?\s*\}\}""")
LINE_ENDS = re.compile(r"\r\n|\r|\n")
JOURNEY, CONTACT = "journey", "contact"


class NotWhole(ValueError):
    """What was sent is not the tree of a form."""


@dataclass
class Node:
    """A part as the form shows it. `part` is what it was read from; None for a new one."""

    kind: str  # "group", "condition" or "locked"
    id: str
    part: Part | None = None
    items: list["Node"] = field(default_factory=list)
    match: str = "AND"
    data: str = JOURNEY
    name: str = ""
    operator: str = "Equal"
    value: str = ""
    is_reference: bool = False
    relation: str = ""
    error: str = ""

    @property
    def is_blank(self) -> bool:
        return (
            self.kind == "condition"
            and self.part is None
            and not self.name.strip()
            and not self.value.strip()
        )

    @property
    def value_kind(self) -> str:
        return condition_text.kind_of(self.operator)

    @property
    def unoffered_operator(self) -> str:
        """What is said of an operator that the list does not offer: it is another spelling, or not
        known; "" for the others."""
        known = condition_text.BY_NAME.get(self.operator)
        if known is None:
            return self.operator
        return "" if known.offered else known.label

    @property
    def takes_relation(self) -> bool:
        return self.data == CONTACT and not (isinstance(self.part, Condition) and self.part.by_id)

    @property
    def has_lines(self) -> bool:
        return bool(LINE_ENDS.search(self.value))


def shown(part: Part, known: ConditionData, id_: str = "0") -> Node:
    """How a part is shown."""
    if isinstance(part, Locked):
        return Node("locked", id_, part)
    if isinstance(part, Group):
        items = [shown(item, known, f"{id_}-{index}") for index, item in enumerate(part.items)]
        return Node("group", id_, part, items, match=part.operator)
    name = part.key.removeprefix(f"Event.{known.event_key}.") if part.is_journey_data else part.key
    return Node(
        "condition",
        id_,
        part,
        data=JOURNEY if part.is_journey_data else CONTACT,
        name=name,
        operator=part.operator,
        value=condition_text.relative_words(part.value) or part.value,
        is_reference=part.is_reference,
        relation=part.relation,
    )


def sent(tokens: list[str], values: Mapping[str, str], prefix: str, base: Node) -> Node:
    """The nodes of a post; raises NotWhole."""
    originals = {node.id: node for node in _all(base)}
    root = Node("group", "")
    open_, seen = [root], set()
    for token in tokens:
        kind, id_ = token[:1], token[1:]
        if kind == ")" and len(open_) > 1:
            open_.pop()
            continue
        if kind not in "(cl" or not ID.fullmatch(id_) or id_ in seen or len(open_) > DEEPEST:
            raise NotWhole(token)
        seen.add(id_)
        node = _sent_node(kind, id_, values, f"{prefix}-{id_}-", originals.get(id_))
        open_[-1].items.append(node)
        if kind == "(":
            open_.append(node)
    if len(open_) != 1 or len(root.items) != 1 or root.items[0].kind != "group":
        raise NotWhole("")
    return root.items[0]


def _sent_node(
    kind: str, id_: str, values: Mapping[str, str], prefix: str, original: Node | None
) -> Node:
    named = {"(": "group", "c": "condition", "l": "locked"}[kind]
    if original is not None and original.kind != named or original is None and kind == "l":
        raise NotWhole(id_)
    was = original or Node(named, id_)
    operator = values.get(f"{prefix}operator", was.operator)
    return Node(
        named,
        id_,
        was.part,
        match=values.get(f"{prefix}match", was.match),
        data=values.get(f"{prefix}data", was.data),
        name=_as_found(values.get(f"{prefix}name"), was.name),
        operator=operator,
        value=_as_found(values.get(f"{prefix}value"), was.value),
        is_reference=values.get(f"{prefix}reference", str(was.is_reference).lower())
        in ("true", "on"),
        relation=_as_found(values.get(f"{prefix}relation"), was.relation),
    )


def _as_found(typed: str | None, found: str) -> str:
    """A text without regard to what a browser does to its line ends."""
    if typed is None or LINE_ENDS.sub("", typed) == LINE_ENDS.sub("", found):
        return found
    return LINE_ENDS.sub("\n", typed)


def tree_of(root: Node, base: Tree, known: ConditionData) -> Group:
    """The tree that the nodes stand for. What is wrong is written to the `error` of its node.

    A form may be sent while somebody is still typing, so a name or a value that is not finished is
    no error.
    """
    items = _items(root, known)
    if not items:
        return base if isinstance(base, Group) and not base.items else Group()
    group = base if isinstance(base, Group) else Group()
    return replace(group, operator=_match(root), items=items)


def _items(group: Node, known: ConditionData) -> tuple[Part, ...]:
    made = []
    for node in group.items:
        if node.is_blank:
            continue
        if node.kind == "group":
            inner = _items(node, known)
            base = node.part or Group()
            if inner or (node.part and not node.part.items):
                made.append(replace(base, operator=_match(node), items=inner))
        else:
            made.append(node.part if node.kind == "locked" else _condition(node, known))
    return tuple(made)


def _match(node: Node) -> str:
    return node.match if node.match in ("AND", "OR") else "AND"


def _condition(node: Node, known: ConditionData) -> Condition:
    was = shown(node.part, known, node.id) if node.part else Node("condition", node.id)
    condition = node.part or Condition("", node.operator)
    if node.part is None or (node.data, node.name) != (was.data, was.name):
        condition = _about(node, condition, known)
    if NOT_XML.search(node.name + node.value + node.operator + node.relation) or not node.operator:
        node.error = _t("Remove the control character.")
    value = condition.value
    if node.value != was.value or node.operator != was.operator:
        value = _value(node, was)
    relation = _relation(node, was, condition)
    return replace(
        condition,
        operator=node.operator,
        value=value,
        is_reference=node.is_reference,
        relation=relation,
    )


def _about(node: Node, found: Condition, known: ConditionData) -> Condition:
    """The condition on the data that the user named; a relation to the attribute set is kept, or
    taken over.

    A field of an event is journey data, whatever is chosen beside it.
    """
    name = CONTACT_ATTRIBUTE.sub(r"\1.\2", EXPRESSION.sub(r"\1\2", node.name.strip()))
    if not name:
        node.error = _t("Enter the field that is compared.")
    if node.data == JOURNEY or event_of(name):
        if not event_of(name) and not name.startswith("Interaction."):
            if not known.event_key and name:
                node.error = _t(
                    "First give the entry source its event, or write Event.<event key>.<field>."
                )
            name = f"Event.{known.event_key}.{name}"
        found = found if found.is_journey_data else replace(found, source="", relation="")
        return replace(found, key=name, is_journey_data=True, by_id=False)
    made = replace(found, key=name, is_journey_data=False, by_id=False)
    if found.is_journey_data or found.by_id or set_of(made) != set_of(found):
        alike = known.relations.get(set_of(made), Condition("", ""))
        made = replace(made, source=alike.source, relation=alike.relation)
    return made


def _relation(node: Node, was: Node, found: Condition) -> str:
    """What was typed. An input that was emptied with the name of the set leaves the choice to
    `_about`."""
    typed = node.relation.strip()
    is_meant = node.relation != was.relation and (typed or node.name == was.name)
    return typed if is_meant and not found.is_journey_data else found.relation


def _value(node: Node, was: Node) -> str:
    """As the XML has it. Dates that move with the day are written in words: "14 days ago"."""
    if node.value_kind == "nothing":
        return ""
    if node.value == was.value and node.part:
        return node.part.value
    if node.is_reference:
        return EXPRESSION.sub(r"\1\2", node.value.strip())
    relative = condition_text.relative_value(node.value)
    if relative and (
        node.value_kind == "date"
        or (node.part and condition_text.RELATIVE.fullmatch(node.part.value))
    ):
        return relative
    return node.value


def _all(node: Node) -> list[Node]:
    return [node, *(inner for item in node.items for inner in _all(item))]


def wrong_in(node: Node) -> list[Node]:
    return [one for one in _all(node) if one.error]

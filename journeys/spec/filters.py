"""Conditions of filters, goals, exits and decision paths: FilterDefinition XML <-> a tree of
conditions.

The shapes are those of 162 filters in real journeys: one ConditionSet with Operator AND or OR in a
FilterDefinition, sets inside sets, and in them Condition elements. Journey data has the key
`Event.<event definition key>.<field>` and IsEphemeralAttribute="true"; contact data has `<attribute
set>.<attribute>`, and in its UiMetaData the id of the relationship of the contact model that leads
to the set. The value of a one-to-many attribute stands in an AttributePath. Old filters name the
attribute by its ID. Whatever else there is becomes a `Locked` part.

Each part keeps the text that it was read from, and only what differs from that text is written
anew. So write(parse(xml)) == xml, whatever xml is; parse never raises.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from journeys.spec import markup
from journeys.spec.cache import kept, texts_weight
from journeys.spec.markup import Element, MarkupError, Text

NO_PARTS = "It is not a FilterDefinition with one ConditionSet."
SET_NAME = "Individual Filter Grouping"  # the ConditionSetName in all real filters
NOTES, RELATION = "UiMetaData", "groupToSetRelationshipId"
KEPT: dict = {
    "default": "",
    "compare": False,
}  # what was read; two trees that mean the same are equal


@dataclass(frozen=True)
class Condition:
    """`value` is as the XML has it: "Gold", "true", ";-;14;days"; with `is_reference` the key of
    another field."""

    key: str
    operator: str
    value: str = ""
    is_reference: bool = False
    is_journey_data: bool = False
    by_id: bool = False  # `key` is the attribute's id, as in old filters
    relation: str = ""  # the id of the relationship between the contact and the attribute set
    source: str = field(**KEPT)  # the text of the Condition; what is equal in it stays as it stands
    lead: str = field(**KEPT)  # white space and comments before it


@dataclass(frozen=True)
class Locked:
    """A part that is kept as it is."""

    text: str
    reason: str = field(**KEPT)
    is_xml: bool = field(default=True, compare=False)
    lead: str = field(**KEPT)


@dataclass(frozen=True)
class Group:
    operator: str = "AND"  # or "OR"
    items: tuple["Condition | Group | Locked", ...] = ()
    head: str = field(**KEPT)  # the start tag of the ConditionSet
    tail: str = field(**KEPT)  # from the end of the last item to the end of the ConditionSet
    before: str = field(**KEPT)  # of the outermost set: what stands around it
    after: str = field(**KEPT)
    lead: str = field(**KEPT)


Part = Condition | Group | Locked
Tree = Group | Locked


@kept(4, lambda tree, xml: 12 * texts_weight(xml))
def parse(xml: str) -> Tree:
    """The tree; a `Locked` when the whole cannot be shown as conditions. Nothing ("" or blank) is
    an empty group."""
    if not xml.strip():
        return Group(before=xml)
    try:
        before, root, after = markup.read(xml)
    except MarkupError as error:
        return Locked(xml, error.text, is_xml=False)
    if root.name == "ConditionSet":
        return _framed(_part(root), before, after, xml)
    sets = [child for child in root.children if isinstance(child, Element)]
    others = [child for child in root.children if isinstance(child, Text) and not child.is_blank]
    if root.name != "FilterDefinition" or others or len(sets) > 1:
        return Locked(xml, NO_PARTS)
    if not sets:
        return Group(before=xml)
    at = root.children.index(sets[0])
    before += root.tag + "".join(child.raw for child in root.children[:at])
    after = "".join(child.raw for child in root.children[at + 1 :]) + root.close + after
    return _framed(_part(sets[0]), before, after, xml)


def _framed(part: Part, before: str, after: str, xml: str) -> Tree:
    if isinstance(part, Group):
        return replace(part, before=before, after=after)
    return Locked(xml, part.reason if isinstance(part, Locked) else NO_PARTS)


def _part(element: Element) -> Part:
    if element.name == "Condition":
        return _condition(element)
    if element.name == "ConditionSet":
        return _group(element)
    return Locked(element.raw, f"“{element.name}” is not known here.")


def _group(element: Element) -> Group | Locked:
    operator = element.attributes.get("Operator", "AND").upper()
    if operator not in ("AND", "OR"):
        return Locked(element.raw, f"Its operator “{operator}” is not known here.")
    items, lead = [], ""
    for child in element.children:
        if isinstance(child, Text) and child.is_blank:
            lead += child.raw
            continue
        part = (
            Locked(child.raw, "Text stands between the conditions.")
            if isinstance(child, Text)
            else _part(child)
        )
        items.append(replace(part, lead=lead))
        lead = ""
    return Group(operator, tuple(items), head=element.tag, tail=lead + element.close)


def _condition(element: Element) -> Condition | Locked:
    attributes = element.attributes
    values = element.all("Value")
    key = attributes.get("Key") or attributes.get("ID")
    if not key or not attributes.get("Operator"):
        return Locked(element.raw, "The condition names no data or no operator.")
    if len(values) > 1 or any(
        isinstance(child, Element) for value in values for child in value.children
    ):
        return Locked(element.raw, "The condition has more than one value.")
    return Condition(
        key,
        attributes["Operator"],
        _value(values[0]) if values else "",
        is_reference=attributes.get("ValueIsReference", "").lower() == "true",
        is_journey_data=attributes.get("IsEphemeralAttribute", "").lower() == "true",
        by_id=not attributes.get("Key"),
        relation=_relation(attributes.get(NOTES, "")),
        source=element.raw,
    )


def _relation(notes: str) -> str:
    """The id in UiMetaData. Text that is no JSON, such as a deployment tool's placeholder, stands
    for it."""
    noted = _noted(notes)
    if noted is None:
        return notes.strip()
    value = noted.get(RELATION)
    return str(value) if isinstance(value, str | int) else ""


def _noted(notes: str) -> dict | None:
    """The JSON object in UiMetaData; None for text that is no JSON."""
    try:
        value = json.loads(notes or "{}")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else {}


def _value(element: Element) -> str:
    """White space around a CDATA section is layout, not value."""
    texts = [child for child in element.children if isinstance(child, Text)]
    if any(child.kind == "cdata" for child in texts):
        texts = [child for child in texts if not child.is_blank]
    return "".join(child.said for child in texts)


def write(tree: Tree) -> str:
    """The XML of a whole tree; "" for an empty group that was not read from anything."""
    if isinstance(tree, Locked):
        return tree.text
    if not tree.items and not tree.head:
        return tree.before + tree.after
    if not tree.head:
        tree = replace(tree, before="<FilterDefinition>", after="</FilterDefinition>")
    return tree.before + _write(tree) + tree.after


def _write(part: Part) -> str:
    if isinstance(part, Locked):
        return part.text
    if isinstance(part, Condition):
        return _write_condition(part)
    head = part.head or f'<ConditionSet Operator="{part.operator}" ConditionSetName="{SET_NAME}">'
    tail = part.tail if part.head else "</ConditionSet>"
    _before, element, _after = markup.read(
        head if head.endswith("/>") else head + "</ConditionSet>"
    )
    if element.attributes.get("Operator", "AND").upper() != part.operator:
        head = markup.with_attribute(head, "Operator", part.operator)
    if part.items and head.endswith("/>"):
        head, tail = head[:-2].rstrip() + ">", "</ConditionSet>"
    return head + "".join(item.lead + _write(item) for item in part.items) + tail


def _write_condition(condition: Condition) -> str:
    if not condition.source:
        return _new_condition(condition)
    element = markup.read(condition.source)[1]
    was, tag = _condition(element), element.tag
    if was == condition:
        return condition.source
    if (was.key, was.by_id) != (condition.key, condition.by_id):
        tag = markup.with_attribute(tag, "ID", condition.key if condition.by_id else None)
        tag = markup.with_attribute(tag, "Key", None if condition.by_id else condition.key)
    if was.operator != condition.operator:
        tag = markup.with_attribute(tag, "Operator", condition.operator)
    if was.is_journey_data != condition.is_journey_data:
        tag = markup.with_attribute(
            tag, "IsEphemeralAttribute", "true" if condition.is_journey_data else None
        )
    if was.is_reference != condition.is_reference:
        tag = markup.with_attribute(
            tag, "ValueIsReference", "true" if condition.is_reference else None
        )
    if was.relation != condition.relation:
        notes = _notes(condition.relation, _noted(element.attributes.get(NOTES, "")) or {})
        tag = markup.with_attribute(tag, NOTES, notes)
    element = replace(element, tag=tag)
    return (element if was.value == condition.value else _with_value(element, condition.value)).raw


def _with_value(element: Element, value: str) -> Element:
    said = (Text(markup.cdata(value), value, "cdata"),)
    if element.all("Value"):
        return markup.mapped(
            element, "Value", lambda found: replace(markup.opened(found), children=said)
        )
    element = markup.opened(element)
    return replace(
        element, children=(*element.children, Element("Value", {}, "<Value>", said, "</Value>"))
    )


def _new_condition(condition: Condition) -> str:
    """In the attribute order of real filters."""
    pairs = {
        "IsEphemeralAttribute": "true" if condition.is_journey_data else None,
        "ID" if condition.by_id else "Key": condition.key,
        "Operator": condition.operator,
        "ValueIsReference": "true" if condition.is_reference else None,
        NOTES: _notes(condition.relation, {}),
    }
    written = "".join(
        f' {name}="{markup.attribute(value)}"' for name, value in pairs.items() if value is not None
    )
    return f"<Condition{written}><Value>{markup.cdata(condition.value)}</Value></Condition>"


def _notes(relation: str, found: dict) -> str:
    """UiMetaData with the id of a relationship, or without; what else was found in it stays."""
    kept = {name: value for name, value in found.items() if name != RELATION}
    return json.dumps({**kept, **({RELATION: relation} if relation else {})}, separators=(",", ":"))


def conditions(tree: Part) -> list[Condition]:
    """All conditions of a tree, in their order."""
    if isinstance(tree, Condition):
        return [tree]
    return (
        [condition for item in tree.items for condition in conditions(item)]
        if isinstance(tree, Group)
        else []
    )


def mapped(tree: Part, change: Callable[[Condition], Condition]) -> Part:
    """The tree with every condition changed."""
    if isinstance(tree, Condition):
        return change(tree)
    if isinstance(tree, Locked):
        return tree
    return replace(tree, items=tuple(mapped(item, change) for item in tree.items))


def locked_parts(tree: Part) -> list[Locked]:
    if isinstance(tree, Locked):
        return [tree]
    return (
        [part for item in tree.items for part in locked_parts(item)]
        if isinstance(tree, Group)
        else []
    )


def set_of(condition: Condition) -> str:
    """The attribute set of contact data: what a relation to it in the contact model is kept for."""
    return "" if condition.is_journey_data or condition.by_id else condition.key.rpartition(".")[0]


EVENT = re.compile(r"Event\.([^.]+)\.(.+)", re.S)


def event_of(key: str) -> str:
    """The event definition key that journey data comes from; "" for other data. Event keys have no
    dots."""
    match = EVENT.fullmatch(key)
    return match[1] if match else ""

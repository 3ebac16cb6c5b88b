"""What an edit may have changed, said again without the product's own graph functions."""

from collections import Counter
from dataclasses import dataclass, field

from journeys.drawing.layout import layout
from journeys.spec import diff
from journeys.spec import document as doc
from journeys.spec.document import LISTS, dumps
from journeys.spec.outline import outline
from tests.blocks.comparing import kept

MADE_AGAIN = (
    "id",
    "key",
    "type",
)  # of `nextActivity`, in which a send-time step repeats where it leads


class Lost(AssertionError):
    """Something is gone or changed that the edit had no business with."""


@dataclass(frozen=True)
class Edit:
    """`allowed` are the places in the block that an edit of one field may change; None: what the
    operation says."""

    name: str
    operation: str
    arguments: dict = field(default_factory=dict)
    allowed: set[tuple] | None = None


def require_kept(edit: Edit, before: dict, after: dict) -> None:
    """Raises Lost."""
    _require(
        doc.loads(dumps(after)) == after and dumps(doc.loads(dumps(after))) == dumps(after),
        "read back otherwise",
    )
    _require_undone(before, after)
    _require_drawn(after)
    _require_sound(before, after)
    CHANGES[edit.operation](edit, before, after)


def _require_undone(before: dict, after: dict) -> None:
    """As Undo and Redo do it: the inverse of the change, done to the newest document."""
    _require(
        dumps(diff.patch(after, before, after)) == dumps(before),
        "undo does not give the bytes back",
    )
    _require(
        dumps(diff.patch(before, after, before)) == dumps(after),
        "redo does not give the bytes back",
    )


def _require_drawn(after: dict) -> None:
    keys = Counter(row.key for row in outline(after) if row.kind == "step")
    _require(keys == Counter(list(_steps(after))), "the list does not show each step once")
    _require(set(layout(after).spots) == set(_steps(after)), "the path does not show each step")


def _require_sound(before: dict, after: dict) -> None:
    keys = [step.get("key") for step in after.get("activities") or []]
    _require(len(set(keys)) == len(keys), "two steps have one key")
    for step in after.get("activities") or []:
        ways = [way.get("key") for way in step.get("outcomes") or [] if way.get("key")]
        _require(len(set(ways)) == len(ways), "two paths of a step have one key")
    _require(_in_the_air(after) <= _in_the_air(before), "a path leads nowhere that did not before")
    _require(not _in_circles(after) or _in_circles(before), "a circle")


def _edited_block(edit: Edit, before: dict, after: dict) -> None:
    kind, key = edit.arguments["kind"], edit.arguments["key"]
    _require_same_members(before, after, but=doc.MEMBER_OF[kind])
    old, new = doc.block_list(before, kind), doc.block_list(after, kind)
    _require([one.get("key") for one in old] == [one.get("key") for one in new], "blocks moved")
    for one, other in zip(old, new, strict=True):
        if one.get("key") != key:
            _require_same(one, other, "another block")
            continue
        _require_same(other, edit.arguments["block"], "the edited block")
        if edit.allowed is not None:
            _require(
                kept(one, edit.allowed) == kept(other, edit.allowed), "another place of the block"
            )
            _require(_order_kept(one, other), "the order of the members")


def _added_block(edit: Edit, before: dict, after: dict) -> None:
    kind = edit.arguments["kind"]
    _require_same_members(before, after, but=doc.MEMBER_OF[kind])
    _require_same(
        doc.block_list(before, kind), doc.block_list(after, kind)[:-1], "the other blocks"
    )


def _replaced_block(edit: Edit, before: dict, after: dict) -> None:
    kind = edit.arguments["kind"]
    _require_same_members(before, after, but=doc.MEMBER_OF[kind])
    _require_same([edit.arguments["block"]], doc.block_list(after, kind), "what was put there")


def _removed_block(edit: Edit, before: dict, after: dict) -> None:
    kind, key = edit.arguments["kind"], edit.arguments["key"]
    _require_same_members(before, after, but=doc.MEMBER_OF[kind])
    left = [block for block in doc.block_list(before, kind) if block.get("key") != key]
    _require_same(left, doc.block_list(after, kind), "the other blocks")


def _edited_journey(edit: Edit, before: dict, after: dict) -> None:
    members, removed = edit.arguments["members"], edit.arguments.get("removed", ())
    meant = {
        name: members.get(name, value) for name, value in before.items() if name not in removed
    }
    meant |= {
        name: value for name, value in members.items() if name not in before and name not in removed
    }
    _require_same(meant, after, "the journey's own members")


def _patched(edit: Edit, before: dict, after: dict) -> None:
    """The edit was made on this very document, so that all of it has to arrive."""
    _require_same(edit.arguments["after"], after, "what was meant")


def _added_step(edit: Edit, before: dict, after: dict) -> None:
    new = [key for key in _steps(after) if key not in _steps(before)]
    _require(len(new) == 1 + len(edit.arguments.get("others") or []), "not all steps are there")
    _require_steps_kept(before, after, set(), set(new))


def _removed_step(edit: Edit, before: dict, after: dict) -> None:
    key, keep = edit.arguments["key"], edit.arguments["keep"]
    steps = _steps(before)
    end = _capsule_end(before, key)
    ways = steps[key].get("outcomes") or []
    staying = [way for way in ways if len(ways) == 1 or way.get("key") == keep]
    gone = {key, *([end] if end else [])}
    if len(ways) > 1:
        gone |= _lost_without(before, key, [way for way in ways if way not in staying])
    _require_steps_kept(before, after, gone)


def _moved_step(edit: Edit, before: dict, after: dict) -> None:
    _require_steps_kept(before, after, set(), moved=True)


def _removed_steps(edit: Edit, before: dict, after: dict) -> None:
    """Of steps with one path only they themselves may go, when it is healed."""
    keys, steps = set(edit.arguments["keys"]), _steps(before)
    splits = {
        key
        for key in keys
        if len(steps[key].get("outcomes") or []) > 1 or _capsule_end(before, key)
    }
    _require_steps_kept(
        before, after, keys | _lost_behind(before, splits if edit.arguments["heal"] else keys)
    )


def _pasted_steps(edit: Edit, before: dict, after: dict) -> None:
    new = [key for key in _steps(after) if key not in _steps(before)]
    _require(len(new) == len(edit.arguments["steps"]), "not all steps are there")
    _require_steps_kept(before, after, set(), set(new))


def _replaced_step(edit: Edit, before: dict, after: dict) -> None:
    key = edit.arguments["key"]
    gone = {key} | (_lost_behind(before, {key}) if edit.arguments["drop"] else set())
    new = [key for key in _steps(after) if key not in _steps(before)]
    _require(len(new) == 1 + len(edit.arguments["others"]), "not all steps are there")
    _require_steps_kept(before, after, gone, set(new))


def _led(edit: Edit, before: dict, after: dict) -> None:
    _require_steps_kept(before, after, set())
    key, outcome = edit.arguments["key"], edit.arguments["outcome"]
    for name, step in _steps(after).items():
        for old, new in zip(
            _steps(before)[name].get("outcomes") or [], step.get("outcomes") or [], strict=True
        ):
            if name != key or old.get("key", "") != outcome:
                _require_same(old, new, "another path")


def _changed_paths(edit: Edit, before: dict, after: dict) -> None:
    """A path came, went or moved: the others are as they were, and so is the rest of the step but
    for criteria."""
    key, gone = edit.arguments["key"], set()
    removed = edit.arguments["outcome"] if edit.operation == "remove path" else None
    if removed is not None:
        ways = _steps(before)[key]["outcomes"]
        gone = _lost_without(before, key, [way for way in ways if way.get("key", "") == removed])
    _require_steps_kept(before, after, gone, split=key)
    old, new = _steps(before)[key], _steps(after)[key]
    known = {way.get("key"): way for way in old["outcomes"] if way.get("key", "") != removed}
    for way in new["outcomes"]:
        _require(
            way.get("key") not in known or dumps(known.pop(way.get("key"))) == dumps(way),
            "another path",
        )
    _require(not known, "a path is gone")
    _require_same(_without_criterion(old, removed), _without_criterion(new, removed), "the split")


CHANGES = {
    "edit block": _edited_block,
    "add block": _added_block,
    "replace block": _replaced_block,
    "remove block": _removed_block,
    "add step": _added_step,
    "remove step": _removed_step,
    "move step": _moved_step,
    "move steps": _moved_step,
    "remove steps": _removed_steps,
    "paste steps": _pasted_steps,
    "duplicate steps": _pasted_steps,
    "replace step": _replaced_step,
    "lead to": _led,
    "add path": _changed_paths,
    "remove path": _changed_paths,
    "move path": _changed_paths,
    "edit journey": _edited_journey,
    "patch": _patched,
}


def _require_steps_kept(
    before: dict,
    after: dict,
    gone: set[str],
    new: set[str] = frozenset(),
    moved: bool = False,
    split: str = "",
) -> None:
    """All but `gone` and `new` are there in their order, with equal bytes but for where they
    lead."""
    _require_same_members(before, after, but="activities")
    old, now = _steps(before), _steps(after)
    _require(set(old) - set(now) <= gone, f"steps are gone: {sorted(set(old) - set(now) - gone)}")
    _require(set(now) - set(old) <= new, "steps that nobody asked for")
    for key in old:
        if key in now and key != split and old[key] is not now[key]:
            _require_same(_without_links(old[key]), _without_links(now[key]), f"step {key}")
    if not moved:
        staying = [key for key in old if key in now]
        _require(staying == [key for key in now if key in old], "the order of the steps")


def _without_links(step: dict) -> dict:
    """Without what says where it leads and in which capsule it stands: that follows the path."""
    bare = {**step, "outcomes": [_without(way, "next") for way in step.get("outcomes") or []]}
    if isinstance(step.get("metaData", {}), dict):  # made where there is none
        bare["metaData"] = _without(step.get("metaData", {}), "capsuleData")
    if step.get("type") == "STOWAIT":
        bare["configurationArguments"] = _without_following(step.get("configurationArguments"))
    return bare


def _without_following(settings: object) -> object:
    """The settings of a send-time step; it makes them where there are none."""
    params = (settings or {}).get("params") if isinstance(settings, dict | None) else 0
    following = (params or {}).get("nextActivity", {}) if isinstance(params, dict | None) else 0
    if not isinstance(following, dict | None):
        return settings
    rest = _without(following or {}, *MADE_AGAIN)
    return {**(settings or {}), "params": {**_without(params or {}, "nextActivity"), "": rest}}


def _without_criterion(step: dict, outcome: str | None) -> dict:
    bare = _without(_without_links(step), "outcomes")
    settings = step.get("configurationArguments")
    if outcome and isinstance(settings, dict) and isinstance(settings.get("criteria"), dict):
        bare["configurationArguments"] = {
            **settings,
            "criteria": _without(settings["criteria"], outcome),
        }
    return bare


def _lost_without(document: dict, key: str, ways: list[dict]) -> set[str]:
    """The steps that nothing leads to any more, from where the journey began, without these paths
    of the step."""
    everywhere = _come_to(document, {})
    left = [way for way in _steps(document)[key]["outcomes"] if way not in ways]
    return everywhere - _come_to(document, {key: left})


def _lost_behind(document: dict, keys: set[str]) -> set[str]:
    """The steps that nothing leads to any more, from where the journey began, when none leads on
    behind these."""
    return _come_to(document, {}) - _come_to(document, {key: [] for key in keys})


def _come_to(document: dict, other_ways: dict[str, list[dict]]) -> set[str]:
    steps, led = _steps(document), {way.get("next") for _key, way in _ways(document)}
    work, seen = [key for key in steps if key not in led], set()
    while work:
        key = work.pop()
        if key in steps and key not in seen:
            seen.add(key)
            work += [
                way.get("next") for way in other_ways.get(key, steps[key].get("outcomes") or [])
            ]
    return seen


def _capsule_end(document: dict, key: str) -> str | None:
    meta = _steps(document)[key].get("metaData")
    capsule = meta.get("capsule") if isinstance(meta, dict) else None
    return (
        capsule.get("endId")
        if isinstance(capsule, dict) and capsule.get("startId") == key
        else None
    )


def _in_the_air(document: dict) -> set[tuple]:
    steps = _steps(document)
    return {
        (key, way["next"])
        for key, way in _ways(document)
        if way.get("next") and way["next"] not in steps
    }


def _in_circles(document: dict) -> bool:
    """Whether some steps are left when those that nothing left leads to are taken away, again and
    again."""
    led = Counter(way.get("next") for _key, way in _ways(document))
    work = [key for key in _steps(document) if not led[key]]
    for key in work:
        for way in _steps(document)[key].get("outcomes") or []:
            led[way.get("next")] -= 1
            if led[way.get("next")] == 0 and way.get("next") in _steps(document):
                work.append(way["next"])
    return len(work) < len(_steps(document))


def _steps(document: dict) -> dict[str, dict]:
    return {step["key"]: step for step in document.get("activities") or []}


def _ways(document: dict) -> list[tuple[str, dict]]:
    return [
        (key, way) for key, step in _steps(document).items() for way in step.get("outcomes") or []
    ]


def _require_same_members(before: dict, after: dict, but: str) -> None:
    for name in {**before, **after}:
        if name != but:
            _require(name in before and name in after, f"member {name} came or went")
            _require_same(before[name], after[name], f"member {name}")
    _require(
        [name for name in after if name in before] == [name for name in before if name in after],
        "their order",
    )
    _require(but in LISTS, "only lists of blocks are changed by operations on blocks")


def _order_kept(old: object, new: object) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        both = [name for name in old if name in new]
        return both == [name for name in new if name in old] and all(
            _order_kept(old[n], new[n]) for n in both
        )
    return True


def _require_same(one: object, other: object, what: str) -> None:
    _require(one is other or dumps(one) == dumps(other), f"changed: {what}")


def _without(members: dict, *names: str) -> dict:
    return {name: value for name, value in members.items() if name not in names}


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise Lost(what)

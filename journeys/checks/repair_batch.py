"""A batch of repairs, one after the other, each of which is shown only what it looks at.

A repair takes a document and gives a document, so each would go through the whole journey. Those
that look at one block get a document with this one alone, and what they changed is put into the
whole when something looks at that.
"""

from functools import cached_property

from journeys.blocks.activities.engagement_split import EMAIL
from journeys.blocks.places import text
from journeys.checks.repairs import add_end_wait, repaired, told
from journeys.spec import capsules, graph
from journeys.spec.document import LISTS, MEMBER_OF, alone, block_list, replace_blocks
from journeys.spec.problem import Problem

# A repair that is not named here works as well, but takes as long as the journey is each time.
OF_ONE_BLOCK = {
    *(
        "cut-dangling-next",
        "drop-empty-next",
        "share-evenly",
        "add-remainder",
        "write-type-in-capitals",
    ),
    *(
        "move-event-key",
        "mark-configured",
        "empty-outcomes",
        "mark-journey-data",
        "write-known-operators",
    ),
    *("write-relative-dates", "write-email-name"),
}


class RepairBatch:
    """`repair` does one and says in words what it changed; `whole` gives the document after all of
    them."""

    def __init__(self, document: dict) -> None:
        self._lay_out(document)

    def repair(self, problem: Problem) -> list[str]:
        """One sentence for each change; [] where it changes nothing."""
        if problem.repair == "add-end-wait":
            return self._add_end_wait(problem)
        if problem.repair in OF_ONE_BLOCK:
            small = self._excerpt(problem)
            return self._taken(small, repaired(small, problem))
        if problem.repair == "write-capsule-data":
            return self._write_capsule_data(problem)
        before = self.whole()
        after = repaired(before, problem)
        if after is not before:
            self._lay_out(after)
        return told(before, after)

    def whole(self) -> dict:
        if self._changed:
            before = self._document
            for kind, changed in self._changed.items():
                before = replace_blocks(before, kind, changed)
            self._lay_out(
                capsules.in_step(before, _with(before, self._added)) if self._added else before
            )
        return self._document

    def _lay_out(self, document: dict) -> None:
        self._document, self._blocks = document, alone(document)  # the blocks as they are now
        self._changed: dict[
            str, dict[str, dict]
        ] = {}  # those that are not yet in the document, by kind and key
        self._added: dict[
            str, list[dict]
        ] = {}  # new steps, by the key of the one that they stand behind
        self._relinked = False
        for name in ("_keys", "_around"):
            self.__dict__.pop(name, None)

    @cached_property
    def _keys(self) -> graph.NewKeys:
        return graph.NewKeys(self._document)

    @cached_property
    def _around(self) -> dict[str, capsules.Capsule]:
        return capsules.innermost(self._document)

    def _excerpt(self, problem: Problem) -> dict:
        """The document with no block but the one with the problem, and the email of which it
        repeats the name."""
        place, lists = problem.address, {name: [] for name in LISTS}
        block = self._blocks.get((place.kind, place.key))
        if block is not None:
            lists[MEMBER_OF[place.kind]].append(block)
        email = self._blocks.get(("activity", text(block, EMAIL)))
        if problem.repair == "write-email-name" and email is not None and email is not block:
            lists["activities"].append(email)
        return {**self._document, **lists}

    def _taken(self, before: dict, after: dict) -> list[str]:
        """What is changed in the blocks of an excerpt, which are still as many."""
        words = told(before, after)
        for kind in MEMBER_OF if words else ():
            for old, new in zip(block_list(before, kind), block_list(after, kind), strict=True):
                if new is not old:
                    self._change(kind, new)
                    self._relinked |= _targets(old) != _targets(new)
        return words

    def _change(self, kind: str, block: dict) -> None:
        self._changed.setdefault(kind, {})[block["key"]] = self._blocks[kind, block["key"]] = block

    def _add_end_wait(self, problem: Problem) -> list[str]:
        before = self._excerpt(problem)
        after = add_end_wait(before, problem.address, self._keys)
        if after is not before:
            step, *added = after["activities"]
            self._change("activity", step)
            self._added[step["key"]] = [*added, *self._added.get(step["key"], [])]
        return told(before, after)

    def _write_capsule_data(self, problem: Problem) -> list[str]:
        if self._added or self._relinked:
            self.whole()
        before, capsule = self._excerpt(problem), self._around.get(problem.address.key)
        if capsule is None or not before["activities"]:
            return []
        return self._taken(
            before, {**before, "activities": [capsules.says(before["activities"][0], capsule)]}
        )


def _with(document: dict, added: dict[str, list[dict]]) -> dict:
    listed: list[dict] = []
    for step in block_list(document, "activity"):
        key = step.get("key")
        listed += [step, *(added.get(key, []) if isinstance(key, str) else [])]
    return {**document, "activities": listed}


def _targets(step: dict) -> list[str | None]:
    return [graph.next_of(way) for way in graph.outcomes(step)]

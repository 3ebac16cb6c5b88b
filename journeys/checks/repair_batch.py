"""A batch of repairs, one after the other, each of which is shown only what it looks at.

A repair takes a document and gives a document, so each would go through the whole journey. Those
that look at one block get this one alone, and what they changed is put into the whole when
something looks at that. Other repairs work as well, but take as long as the journey is each time.
"""

from collections.abc import Iterable
from functools import cached_property

from journeys.blocks import sentence
from journeys.checks.block_repairs import BLOCK_REPAIRS
from journeys.checks.repairs import add_end_wait, changes, label, repaired
from journeys.spec import capsules, graph
from journeys.spec.document import LISTS, MEMBER_OF, alone, block_list, replace_blocks
from journeys.spec.problem import Problem

LEFT_TO_PEOPLE = ("mark-configured",)  # only who completed the step knows that it is complete
Change = tuple[dict, dict]  # before and after, of what the repair was shown; the same when nothing


def repaired_at_once(document: dict, problems: Iterable[Problem]) -> tuple[dict, int]:
    """The document after the repairs of these problems, and how many of them changed something."""
    batch = RepairBatch(document)
    changed = [before is not after for before, after in map(batch.do, problems)]
    return batch.whole(), sum(changed)


class RepairBatch:
    """`repair` does one and says in words what it changed, `do` does without the words; `whole`
    gives the document after all of them."""

    def __init__(self, document: dict) -> None:
        self._lay_out(document)

    def repair(self, problem: Problem) -> list[str]:
        """One sentence for each change; [] where it changes nothing."""
        return changes(*self.do(problem))

    def label(self, problem: Problem) -> str:
        """What the repair would do now, with the block that it is about."""
        where = problem.address
        block = self._blocks.get(where.block)
        subject = f"{sentence(block, where.kind)[:60]}: " if block is not None else ""
        return subject + label(problem, block)

    def do(self, problem: Problem) -> Change:
        if problem.repair == "add-end-wait":
            return self._add_end_wait(problem)
        if problem.repair in BLOCK_REPAIRS:
            return self._repair_block(problem)
        if problem.repair == "write-capsule-data":
            return self._write_capsule_data(problem)
        before = self.whole()
        after = repaired(before, problem)
        if after is not before:
            self._lay_out(after)
        return before, after

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
        """The document with no block but the one with the problem."""
        place, lists = problem.address, {name: [] for name in LISTS}
        block = self._blocks.get((place.kind, place.key))
        if block is not None:
            lists[MEMBER_OF[place.kind]].append(block)
        return {**self._document, **lists}

    def _repair_block(self, problem: Problem) -> Change:
        where, before = problem.address, self._excerpt(problem)
        block = self._blocks.get(where.block)
        if block is None:
            return before, before
        changed = BLOCK_REPAIRS[problem.repair].change(block, where, self._step_of)
        if changed is block:
            return before, before
        return self._taken(before, {**before, MEMBER_OF[where.kind]: [changed]})

    def _step_of(self, key: str) -> dict | None:
        return self._blocks.get(("activity", key))

    def _taken(self, before: dict, after: dict) -> Change:
        """What is changed in the blocks of an excerpt, which are still as many."""
        for kind in MEMBER_OF:
            for old, new in zip(block_list(before, kind), block_list(after, kind), strict=True):
                if new is not old:
                    self._change(kind, new)
                    self._relinked |= _targets(old) != _targets(new)
        return before, after

    def _change(self, kind: str, block: dict) -> None:
        self._changed.setdefault(kind, {})[block["key"]] = self._blocks[kind, block["key"]] = block

    def _add_end_wait(self, problem: Problem) -> Change:
        before = self._excerpt(problem)
        after = add_end_wait(before, problem.address, self._keys)
        if after is not before:
            step, *added = after["activities"]
            self._change("activity", step)
            self._added[step["key"]] = [*added, *self._added.get(step["key"], [])]
        return before, after

    def _write_capsule_data(self, problem: Problem) -> Change:
        if self._added or self._relinked:
            self.whole()
        before, capsule = self._excerpt(problem), self._around.get(problem.address.key)
        if capsule is None or not before["activities"]:
            return before, before
        step = before["activities"][0]
        marked = capsules.says(step, capsule)
        return (
            (before, before)
            if marked is step
            else self._taken(before, {**before, "activities": [marked]})
        )


def _with(document: dict, added: dict[str, list[dict]]) -> dict:
    listed: list[dict] = []
    for step in block_list(document, "activity"):
        key = step.get("key")
        listed += [step, *(added.get(key, []) if isinstance(key, str) else [])]
    return {**document, "activities": listed}


def _targets(step: dict) -> list[str | None]:
    return [graph.next_of(way) for way in graph.outcomes(step)]

"""A conflict in words: per field what it was, theirs and mine, and what goes in without asking."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _t

from journeys import blocks
from journeys.blocks.field_words import FieldWords
from journeys.drawing.canvas import day_of
from journeys.models import ChangedMeanwhile, Journey, Revision
from journeys.screens.selected import Selected, block_of
from journeys.screens.who_changed import Since, value_at
from journeys.spec import address, diff
from journeys.spec.address import Address
from journeys.spec.parts import MISSING, UNIT_OF, differ
from journeys.spec.split_paths import criteria_place, is_path, is_share, share_of
from journeys.spec.three_way import MINE, THEIRS, Clash
from journeys.spec.timing import arrivals

CHOICE = "choice:"  # begins the name of a field's radio buttons; its address follows
MOST_EFFECTS = 8  # fields for which it is worked out what comes of them
UNITS = {unit: number for number, unit in UNIT_OF.items()}


@dataclass(frozen=True)
class Choice:
    """One field: `by` is the revision that holds theirs."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    by: Revision
    picked: str = MINE
    effects: tuple[str, str] = ("", "")  # of theirs and of mine


@dataclass(frozen=True)
class Taken:
    """A field that one person changed; `by` is None where that is who looks at it."""

    label: str
    words: str
    by: Revision | None


@dataclass
class Group:
    """The fields of one block."""

    title: str
    choices: list[Choice] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)


class Conflict:
    """`of_form`: what was typed into a form, so that all that no field of it shows follows what one
    does. `picked` are sides that were chosen before, by the names of the radio buttons."""

    def __init__(
        self,
        journey: Journey,
        clash: ChangedMeanwhile,
        based_on: int,
        picked: Mapping[str, str],
        *,
        of_form: bool,
    ) -> None:
        self.clash, self.picked, self.of_form = clash, picked, of_form
        self.since = Since(journey, based_on, clash.newest)
        self.sentences = blocks.sentences(clash.mine, clash.theirs)
        self.documents = clash.before, clash.mine, clash.theirs
        self.words: dict[tuple[str, str], FieldWords] = {}

    def groups(self) -> list[Group]:
        by_block: dict[tuple[str, str], Group] = {}
        for clash in self.asked_about():
            group = by_block.setdefault(clash.address.block, Group(self.title(clash.address)))
            group.choices.append(self._choice(clash, len(group.choices)))
        for place, group in by_block.items():
            group.taken = list(dict.fromkeys(self._taken(place)))
        return list(by_block.values())

    def asked_about(self) -> list[Clash]:
        """Those that a person has to choose of. What was made of the same in the same way stands
        twice in the block, and is one question."""
        asked: list[Clash] = []
        for clash in sorted(self.clash.clashes, key=lambda one: not self._is_in_form(one.address)):
            is_asked = self._is_in_form(clash.address) or not self.of_form
            is_asked |= is_path(clash.address.inside)
            if share_of(clash, self.clash.clashes):
                continue
            if (is_asked or not asked) and not any(clash.is_like(one) for one in asked):
                asked.append(clash)
        order = {clash: at for at, clash in enumerate(map(id, self.clash.clashes))}
        return sorted(asked, key=lambda one: order[id(one)])

    def title(self, where: Address) -> str:
        if where.kind == "journey":
            return _t("Journey settings")
        mine, theirs = self.sentences(where.kind, where.key)
        return theirs or mine or where.key

    def changed_by_me(self, place: tuple[str, str]) -> list[tuple[str, str, str]]:
        """Label, before and mine of every field of a block that I changed."""
        return list(dict.fromkeys(self._changed(place, self.clash.mine)))

    def changed_by_them(self, place: tuple[str, str]) -> list[tuple[str, str, str]]:
        return list(dict.fromkeys(self._changed(place, self.clash.theirs)))

    def _choice(self, clash: Clash, at: int) -> Choice:
        where, name = clash.address, f"{CHOICE}{clash.address}"
        before, mine, theirs = (
            self._paths_said(clash)
            if is_path(where.inside) and MISSING in clash.values
            else (self._said(where, value) for value in clash.values)
        )
        return Choice(
            name,
            self._words(where.block).label(where.inside) if where.inside else self.title(where),
            before,
            theirs,
            mine,
            self.since.who_made(where, clash.theirs),
            self.picked.get(name, MINE),
            self._effects(clash) if at < MOST_EFFECTS else ("", ""),
        )

    def _paths_said(self, clash: Clash) -> Iterator[str]:
        """Of a path that one of them took away: what the other made of it, field by field."""
        where, old = clash.address, self.clash.before
        for document, value in zip((old, *self.documents[1:]), clash.values, strict=True):
            new = document if value is not MISSING else None
            if new is None:
                yield _t("Removed") if document is not old else ""
                continue
            other = self.clash.mine if clash.mine is not MISSING else self.clash.theirs
            lines = list(self._fields_of_path(where, old, other, new))
            kept = ", ".join(lines)
            if new is old:
                yield kept or _t("unchanged")
            else:
                yield _t("Kept, with %(fields)s") % {"fields": kept} if kept else _t("Kept")

    def _fields_of_path(
        self, where: Address, old: dict, changed: dict, shown: dict
    ) -> Iterator[str]:
        """The fields of the path that are other in `changed` than in `old`, as `shown` has them."""
        words = self._words(where.block)
        places = where.inside, criteria_place(where.inside)
        for inside, label in words.labels_within(places):
            place = Address(where.kind, where.key, inside)
            values = value_at(old, place), value_at(changed, place)
            if differ(*values) and not all(map(is_share, values)):
                said = self._said(place, value_at(shown, place))
                yield f"{label} {said or _t('nothing')}"

    def _said(self, where: Address, value: object) -> str:
        if not where.inside:
            if value is MISSING:
                return _t("Removed")
            kept = blocks.sentence(value, where.kind)
            return _t("Kept: %(block)s") % {"block": kept}
        if where.inside.endswith(".next") and isinstance(value, str):
            mine, theirs = self.sentences("activity", value)
            return theirs or mine or value
        return self._words(where.block).said(where.inside, value)

    def _is_in_form(self, where: Address) -> bool:
        return bool(where.inside) and self._words(where.block).has_field(where.inside)

    def _words(self, place: tuple[str, str]) -> FieldWords:
        if place not in self.words:
            kind, named = place[0], []
            for document in (self.clash.mine, self.clash.theirs, self.clash.before):
                block = block_of(document, Selected(*place))
                if block is not None:
                    lens = blocks.lens(block, kind, document)
                    named.append((block, lens(block=block, document=document)))
            self.words[place] = FieldWords((form for _b, form in named), (b for b, _f in named))
        return self.words[place]

    def _taken(self, place: tuple[str, str]) -> Iterator[Taken]:
        clash = self.clash
        for document, is_mine in ((clash.theirs, False), (clash.mine, True)):
            for where, label, value in self._fields_changed(place, document):
                by = None if is_mine else self.since.who_made(where, value)
                yield Taken(label, self._said(where, value), by)

    def _changed(self, place: tuple[str, str], document: dict) -> Iterator[tuple[str, str, str]]:
        for where, label, value in self._fields_changed(place, document):
            before = value_at(self.clash.before, where, value)
            yield label, self._said(where, before), self._said(where, value)

    def _fields_changed(
        self, place: tuple[str, str], document: dict
    ) -> Iterator[tuple[Address, str, object]]:
        """Without those that are asked about, and without what no field shows."""
        old, new = (block_of(one, Selected(*place)) for one in (self.clash.before, document))
        if old is None or new is None or old is new:
            return
        asked = [one.address.inside for one in self.clash.clashes if one.address.block == place]
        asked = [inside for inside in asked if inside]
        asked += [criteria_place(inside) for inside in asked if is_path(inside)]
        for change in diff.compare_blocks(old, new, Address(*place)):
            inside = change.inside
            if change.kind == "moved" or change.inside.endswith(".next"):
                continue  # where paths lead is told by what was done
            if self.of_form and not self._is_in_form(change.address):
                continue
            if any(
                address.is_within(inside, one) or address.is_within(one, inside) for one in asked
            ):
                continue
            where, value = _with_its_unit(change.address, document)
            yield where, self._words(place).label(where.inside), value

    def _effects(self, clash: Clash) -> tuple[str, str]:
        """On which day contacts leave the step with theirs and with mine, where that differs."""
        where = clash.address
        if where.kind != "activity" or not where.inside:
            return "", ""
        others = {str(one.address): THEIRS for one in self.clash.clashes}
        sides = []
        for side in (THEIRS, MINE):
            try:
                document = diff.patch(
                    self.clash.before,
                    self.clash.mine,
                    self.clash.theirs,
                    others | {str(where): side},
                )
            except diff.Conflict:
                return "", ""
            sides.append(self._leaves(document, where.key))
        return (sides[0], sides[1]) if sides[0] != sides[1] else ("", "")

    def _leaves(self, document: dict, key: str) -> str:
        steps = {str(one.get("key")): one for one in document.get("activities") or []}
        lasts = {name: blocks.type_of(one, "activity").lasts(one) for name, one in steps.items()}
        arrival = arrivals(document, lasts.__getitem__).get(key)
        day = day_of(arrival.after(lasts[key])) if arrival else ""
        return _t("leaves on %(day)s") % {"day": day} if day else ""


def _overlap(one: str, other: str) -> bool:
    return address.is_within(one, other) or address.is_within(other, one)


def _with_its_unit(where: Address, document: dict) -> tuple[Address, object]:
    """The place of the number, and both, where one of the two was changed."""
    inside, member = where.inside, where.inside.rpartition(".")[2]
    number = UNITS.get(member, member if member in UNIT_OF else "")
    if number:
        inside = address.member(address.parent(inside), number)
        tied = value_at(document, Address(where.kind, where.key, inside), {number: None})
        if isinstance(tied, dict) and len(tied) == 2:
            return Address(where.kind, where.key, inside), tied
    return where, value_at(document, where)

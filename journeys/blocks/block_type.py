"""What a block type says of its blocks, so that nobody outside has to ask which type one is.

Everything here may be asked of any JSON.
"""

from typing import ClassVar
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from journeys.blocks.facts import Facts
from journeys.blocks.outcomes import label_of, titles_of, told_apart
from journeys.blocks.places import text
from journeys.blocks.references import Reference, references_in
from journeys.blocks.repair import BlockRepair
from journeys.spec import graph
from journeys.spec.address import Address
from journeys.spec.problem import ADVICE, BLOCKING, Problem
from journeys.spec.timing import Length, Wait

# Marketing Cloud gives these to every entry source, goal and exit, as their keys.
DEFAULT_NAMES = {"trigger": "TRIGGER", "goal": "GOAL", "exit": "EXITCRITERIA"}


class BlockType:
    """Answers that most types share. What a type says otherwise it overrides."""

    # Templates get the class itself, and would call it.
    do_not_call_in_templates: ClassVar[bool] = True

    slug: ClassVar[str] = ""
    types: ClassVar[tuple[str, ...]] = ()  # Journey Spec types; the first is written for new blocks
    kind: ClassVar[str] = "activity"
    family: ClassVar[str] = "other"  # its colour on the path
    label: ClassVar[str] = ""
    icon: ClassVar[str] = "unknown"
    # Of new keys: "EMAILV2" makes EMAILV2-1. On an instance it is the prefix of Django's forms.
    prefix: ClassVar[str] = ""
    editable: ClassVar[bool] = True  # False for cards without a form
    known: ClassVar[bool] = True  # False for the card of a type nobody has heard of

    sends: ClassVar[bool] = False  # whether it is a message
    channel: ClassVar[str] = ""  # of its message, where it is known: "email" or "sms"
    entry: ClassVar[str] = ""  # how an entry source lets contacts in (facts.py)
    event_place: ClassVar[str] = ""  # of the key of an event whose data contacts then have
    until_event: ClassVar[bool] = False  # whether it ends when something happens, at any hour
    one_way: ClassVar[bool] = False  # whether at most one path leads out of it
    by_path_key: ClassVar[bool] = False  # whether what its paths ask for stands under their keys
    gives: ClassVar[tuple[str, ...]] = ()  # what every step of the type gives to later ones
    names_steps: ClassVar[tuple[str, ...]] = ()  # places that hold the key of another step
    # Fields that name something of the tenant although a form cannot look it up there.
    names_things: ClassVar[tuple[str, ...]] = ()
    # Place -> its members that the server makes (checks/server_made.py).
    server_made: ClassVar[dict[str, tuple[str, ...]]] = {}
    # What can be put right without asking, by the names that its problems give.
    repairs: ClassVar[dict[str, BlockRepair]] = {}
    # Places of objects that some answers of the API give as texts of JSON.
    json_texts: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        """The JSON of a freshly added block, with nothing in it that the server makes. It may have
        holes."""
        raise NotImplementedError(f"{cls.__name__} cannot be added from the palette")

    @classmethod
    def new_steps(cls, key: str, document: dict) -> list[dict]:
        """A freshly added step and those that come with it, linked with each other; it stands
        first."""
        return [cls.new(key, document)]

    @classmethod
    def new_key(cls, document: dict) -> str:
        """The key for a freshly added block: "EMAILV2-3", the next number that is free in the whole
        journey."""
        return graph.new_key(document, cls.prefix)

    @classmethod
    def opens(cls, block: dict) -> bool:
        """Whether a block of one of `types` is of this variant; a type with variants overrides
        it."""
        return True

    @classmethod
    def as_read(cls, block: dict, document: dict) -> dict:
        """The block with what the journey around it holds of it besides, for what is only
        shown."""
        return block

    @classmethod
    def sentence(cls, block: dict) -> str:
        """The card's text. Never fails, whatever the block holds."""
        return cls.name_of(block) or str(cls.label)

    @classmethod
    def name_of(cls, block: dict) -> str:
        """The name a person gave; not the placeholder that is only the key again, or that Marketing
        Cloud gives to all."""
        name = text(block, "name").strip()
        return "" if name in (block.get("key"), DEFAULT_NAMES.get(cls.kind)) else name

    @classmethod
    def criteria_in_words(cls, block: dict) -> dict[str, str]:
        """Places of criteria that are objects -> what they say."""
        return {}

    @classmethod
    def switched_off(cls, block: dict) -> tuple[str, ...]:
        """Places whose values mean nothing at present, since another setting switches them off:
        they are not printed, and a change of them is not told."""
        return ()

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        """What is wrong with the block itself, wherever it stands. It may look at nothing but the
        block and `facts`: what it says is kept for those."""
        return []

    @classmethod
    def outcome_problems(cls, block: dict) -> list[Problem]:
        """What is wrong with how many paths lead out of it; the splits say that themselves."""
        count = len(graph.outcomes(block))
        if not cls.one_way or count < 2:
            return []
        sentence = _(
            "Only one path can leave this step, but it has %(count)s. Remove the others in its"
            " JSON."
        )
        return [cls.advice("step-paths", block, "outcomes", sentence % {"count": count})]

    @classmethod
    def flow_problems(cls, block: dict, walk: graph.Walk) -> list[Problem]:
        """What is wrong with where the step stands: what comes before it and where it leads."""
        return []

    @classmethod
    def references(cls, block: dict) -> list[Reference]:
        """Every place in the block that names a step or a capsule."""
        return references_in(block, cls.names_steps)

    @classmethod
    def followed(cls, block: dict, steps: dict[str, dict]) -> dict:
        """The block after its outcomes were led elsewhere; `steps` are those of the journey by
        their key."""
        return block

    @classmethod
    def outcome_label(cls, block: dict, outcome: dict) -> str:
        """What stands on a path: its label, else what its arguments say."""
        return label_of(outcome)

    @classmethod
    def path_titles(cls, block: dict) -> list[str]:
        """What stands on its paths, in their order; never empty."""
        ways = graph.outcomes(block)
        return titles_of(ways, [cls.outcome_label(block, way) for way in ways])

    @classmethod
    def path_names(cls, block: dict) -> list[str]:
        """What messages call its paths, in their order, so that they can be told apart."""
        return told_apart(cls.path_titles(block))

    @classmethod
    def sends_to_default(cls, block: dict) -> bool:
        """Whether its message goes to the journey's default address."""
        return False

    @classmethod
    def waits(cls, block: dict) -> bool:
        """Whether it is a wait, of whatever kind."""
        return False

    @classmethod
    def wait(cls, block: dict) -> Wait | None:
        """What is set where it is a wait."""
        return None

    @classmethod
    def holds(cls, block: dict) -> bool:
        """Whether contacts may stay in it for a while although it is no wait."""
        return False

    @classmethod
    def lasts(cls, block: dict) -> Length:
        """How long a contact stays in the step, in days: at least and at most. None when that
        cannot be known."""
        return (0, 0)

    @classmethod
    def lasts_by_way(cls, block: dict) -> tuple[Length, ...]:
        """The same for who leaves by each of its paths, in their order; () where that makes no
        difference."""
        return ()

    @classmethod
    def longest_wait(cls, block: dict) -> float | None:
        """How many days contacts wait in it at most, as it is set; None where it lets nobody wait,
        or nothing is set."""
        wait = cls.wait(block)
        return wait.days if wait else None

    @classmethod
    def new_outcome(cls, block: dict) -> dict:
        """The JSON of one more path."""
        raise NotImplementedError(f"{cls.__name__} has no paths to add")

    @classmethod
    def can_add_outcome(cls, block: dict) -> bool:
        return False

    @classmethod
    def new_outcome_before(cls, block: dict) -> str | None:
        """Key of the path that a new one is put before; None to put it at the end."""
        return None

    @classmethod
    def can_remove_outcome(cls, block: dict, outcome_key: str) -> bool:
        return outcome_key in cls.removable_outcomes(block)

    @classmethod
    def removable_outcomes(cls, block: dict) -> set[str]:
        """The keys of the paths that may go."""
        return set()

    # For the types' own rules.

    @classmethod
    def blocking(
        cls, rule: str, block: dict, inside: str, sentence: str, repair: str = ""
    ) -> Problem:
        return cls._problem(rule, BLOCKING, block, inside, sentence, repair)

    @classmethod
    def advice(
        cls, rule: str, block: dict, inside: str, sentence: str, repair: str = ""
    ) -> Problem:
        return cls._problem(rule, ADVICE, block, inside, sentence, repair)

    @classmethod
    def _problem(
        cls, rule: str, severity: str, block: dict, inside: str, sentence: str, repair: str
    ) -> Problem:
        return Problem(
            rule, severity, str(sentence), Address(cls.kind, text(block, "key"), inside), repair
        )


def new_step(key: str, spec_type: str, outcomes: list[dict], **parts: dict) -> dict:
    """A fresh activity in the member order of real journeys. `parts`: arguments,
    configurationArguments, metaData."""
    return {
        "key": key,
        "name": "",
        "description": "",
        "type": spec_type,
        "outcomes": outcomes,
        "arguments": parts.get("arguments", {}),
        "configurationArguments": parts.get("configurationArguments", {}),
        "metaData": {"isConfigured": True, **parts.get("metaData", {})},
    }


def new_path(**members: object) -> dict:
    """A fresh outcome. It leads nowhere: a path ends by having no `next`, which is never "" or
    null."""
    return {"key": str(uuid4()), "arguments": {}, "metaData": {"invalid": False}, **members}

"""What a check found, and where."""

import hashlib
from dataclasses import dataclass, field

LONGEST_FIELD = 2000  # characters; hardly any is longer than 100
BLOCKING = "blocking"
ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document.

    `kind` is "journey", "trigger", "goal", "exit" or "activity"; `key` is the block's key, "" for
    the journey itself. `field` is a dotted path inside that block's JSON, items of a list named by
    their own key: "configurationArguments.waitDuration",
    "outcomes[branchResult-1].arguments.percentage"; "" is the whole block.
    """

    kind: str = "journey"
    key: str = ""
    field: str = ""

    def __str__(self) -> str:
        head = f"{self.kind} {self.key}" if self.key else self.kind
        return f"{head}: {self.field}" if self.field else head


@dataclass(frozen=True, slots=True)
class Problem:
    """`id` names the rule; `severity` is "blocking" (stops review and submission) or "advice".

    `repair` names what can put it right without asking anything (checks/repairs.py), "" when
    nothing can.
    """

    id: str
    severity: str
    text: str
    place: Place = field(default_factory=Place)
    repair: str = ""

    @property
    def blocks(self) -> bool:
        return self.severity == BLOCKING


def longer(field: str, step: str) -> str:
    """A place, one level further down: `step` is ".name" or "[key]".

    What does not fit any more is told by its hash, so that no two places are the same: written out
    at each item below it, a long name would fill the memory.
    """
    found = f"{field}{step}" if field else step.removeprefix(".")
    if len(found) <= LONGEST_FIELD:
        return found
    told = hashlib.sha256(found.encode(errors="surrogatepass")).hexdigest()
    return f"{found[:LONGEST_FIELD]}…{told}"

"""What a check found, and where."""

from dataclasses import dataclass, field

BLOCKING = "blocking"
ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document.

    `kind` is "journey", "trigger", "goal", "exit" or "activity"; `key` is the block's key, "" for the journey itself.
    `field` is a dotted path inside that block's JSON, items of a list named by their own key:
    "configurationArguments.waitDuration", "outcomes[branchResult-1].arguments.percentage"; "" is the whole block.
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

    `repair` names what can put it right without asking anything (checks/repairs.py), "" when nothing can.
    """

    id: str
    severity: str
    text: str
    place: Place = field(default_factory=Place)
    repair: str = ""

    @property
    def blocks(self) -> bool:
        return self.severity == BLOCKING

"""What a check found, and where."""

from dataclasses import dataclass, field

from journeys.spec.address import Address

BLOCKING = "blocking"
ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Problem:
    """`id` names the rule; `severity` is "blocking" (stops review and submission) or "advice".

    `repair` names what can put it right without asking anything (checks/repairs.py), "" when
    nothing can.
    """

    id: str
    severity: str
    text: str
    address: Address = field(default_factory=Address)
    repair: str = ""

    @property
    def blocks(self) -> bool:
        return self.severity == BLOCKING

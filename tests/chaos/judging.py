"""What a run came to: the rows beside what the practice tenant itself holds and has received."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

OPEN_STATES = {"waiting", "sending", "unclear"}
ALTERED = "altered-"  # the keys of journeys whose stored bytes somebody changed after the approval


@dataclass
class Verdict:
    """Keys of submissions, by what is wrong with them. `calls`: all that arrived at the tenant, by
    their route."""

    submissions: int
    calls: Counter
    states: Counter
    found_by_look_up: int
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrongly_recorded: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    @property
    def calls_per_submission(self) -> float:
        return self.calls.total() / self.submissions

    def broken(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.wrongly_recorded, *self.stuck]


def judge(rows: list[dict], journeys: list[dict], requests: list[dict]) -> Verdict:
    """`rows` are values of submissions; `journeys` and `requests` what the tenant's control routes
    tell."""
    there, bodies = defaultdict(list), defaultdict(set)
    for journey in journeys:
        there[journey["key"]].append(journey)
    for request in requests:
        if request["route"] == "create":
            bodies[request["key"]].add(request["sha256"])
    states = Counter(row["state"] for row in rows)
    verdict = Verdict(
        len(rows),
        Counter(request["route"] for request in requests),
        states,
        sum(row["found_by_look_up"] for row in rows),
    )
    for row in rows:
        key, held = row["key"], there[row["key"]]
        if row["state"] in OPEN_STATES:
            verdict.stuck.append(key)
        elif not ended_rightly(row, held):
            (verdict.wrongly_recorded if held else verdict.lost).append(key)
        if len(held) > 1 or any(journey["posts"] > 1 or journey["version"] > 1 for journey in held):
            verdict.doubled.append(key)
        if bodies[key] - {row["sha256"]}:
            verdict.wrongly_recorded.append(key)
    strangers = there.keys() - {row["key"] for row in rows}
    verdict.wrongly_recorded += sorted(strangers)
    return verdict


def ended_rightly(row: dict, held: list[dict]) -> bool:
    if row["key"].startswith(ALTERED):
        return row["state"] == "tampered" and not held
    here = (
        row["remote_id"],
        row["remote_definition_id"],
        row["remote_status"],
        row["remote_version"],
        row["sha256"],
    )
    names = ("id", "definition_id", "status", "version", "sha256")
    return row["state"] == "succeeded" and here in [
        tuple(journey[name] for name in names) for journey in held
    ]


def table(facts: dict[str, object]) -> str:
    width = max(map(len, facts))
    return "\n".join(f"  {name:{width}}  {value}" for name, value in facts.items())

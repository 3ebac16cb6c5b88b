"""Journeys of every shape that somebody could think of or make with a script, as large as is asked
for."""

from collections.abc import Callable

from journeys import blocks
from journeys.spec import document as doc

EMAIL = {"emailId": 4711, "emailSubject": "Hello", "sendClassificationId": "4712"}
FILTER = (
    '<FilterDefinition><ConditionSet Operator="AND" ConditionSetName="Individual Filter Grouping">'
    "{}</ConditionSet></FilterDefinition>"
)
CONDITION = (
    '<Condition Key="Event.APIEvent-1.Tier{0}" Operator="Equal"><Value><![CDATA[Gold'
    " {0}]]></Value></Condition>"
)


def wait(key: str, *targets: str | None) -> dict:
    return step("wait", key, targets)


def email(key: str, *targets: str | None) -> dict:
    made = step("email", key, targets)
    settings = made["configurationArguments"]
    send = {**settings["triggeredSend"], **EMAIL}
    return {**made, "configurationArguments": {**settings, "triggeredSend": send}}


def split(key: str, *targets: str | None) -> dict:
    return step("random-split", key, targets)


def looking_back(key: str, at: str, *targets: str | None) -> dict:
    """An engagement split."""
    made = step("engagement-split", key, targets)
    settings = {**made["configurationArguments"], "refActivityCustomerKey": at}
    return {
        **made,
        "configurationArguments": settings,
        "metaData": {**made["metaData"], "refActivityName": "Before"},
    }


def deciding(key: str, criteria: list[str], *targets: str | None) -> dict:
    made = step("decision-split", key, targets)
    named = {way["key"]: xml for way, xml in zip(made["outcomes"], criteria, strict=False)}
    settings = {**made["configurationArguments"], "criteria": named}
    return {**made, "configurationArguments": settings}


def step(slug: str, key: str, targets: tuple[str | None, ...]) -> dict:
    made = blocks.BY_SLUG[slug].new(key, {})
    first, last = (
        (made["outcomes"] or [{"key": "", "arguments": {}}])[0],
        (made["outcomes"] or [None])[-1],
    )
    ways = []
    for number, target in enumerate(targets):
        like = last if last and len(made["outcomes"]) > 1 and number == len(targets) - 1 else first
        own = (
            like
            if number < len(made["outcomes"]) and like is last
            else {**like, "key": f"path-{number}"}
        )
        ways.append(
            {"key": own["key"] or "on", **({"next": target} if target else {}), **_rest(own)}
        )
    return {**made, "name": f"Step {key}", "outcomes": ways}


def _rest(way: dict) -> dict:
    return {name: value for name, value in way.items() if name not in ("key", "next")}


def journey(steps: list[dict], **members: object) -> dict:
    document = doc.blank("grown", "A grown journey")
    entry = blocks.BY_SLUG["api-event"].new("TRIGGER", document)
    entry["metaData"]["eventDefinitionKey"] = "APIEvent-1"
    return {**document, "triggers": [entry], "activities": steps, **members}


def unlinked(size: int) -> dict:
    return journey([(email if number % 2 else wait)(f"S-{number}", None) for number in range(size)])


def chain(size: int) -> dict:
    kinds = (wait, email, wait, email)
    return journey(
        [kinds[n % 4](f"S-{n}", f"S-{n + 1}" if n + 1 < size else None) for n in range(size)]
    )


def comb(size: int) -> dict:
    """Splits along a line, a wait below each."""
    steps = []
    for number in range(size // 2):
        following = f"S-{number + 1}" if number + 1 < size // 2 else None
        steps += [split(f"S-{number}", following, f"T-{number}"), wait(f"T-{number}", None)]
    return journey(steps)


def all_to_one(size: int) -> dict:
    return journey(
        [*(email(f"S-{number}", "LAST") for number in range(size - 1)), wait("LAST", None)]
    )


def meeting(size: int) -> dict:
    """Splits one behind the other; the four paths of each meet."""
    steps = []
    for number in range(size // 5):
        paths = [f"S-{number}-{way}" for way in range(4)]
        following = f"S-{number + 1}" if number + 1 < size // 5 else None
        steps += [split(f"S-{number}", *paths), *(wait(path, following) for path in paths)]
    return journey(steps)


def nested(size: int) -> dict:
    """Splits inside splits; each one's paths meet behind it."""
    depth = size // 3
    steps = []
    for number in range(depth):
        inner = f"S-{number + 1}" if number + 1 < depth else f"M-{number}"
        steps += [split(f"S-{number}", inner, f"T-{number}"), wait(f"T-{number}", f"M-{number}")]
    steps += [
        email(f"M-{number}", f"M-{number - 1}" if number else None)
        for number in reversed(range(depth))
    ]
    return journey(steps)


def late_joins(size: int) -> dict:
    """Half of the steps are come to from the end of a line and from a place on it."""
    half = size // 2
    line = [split(f"S-{number}", f"S-{number + 1}", f"J-{number}") for number in range(half - 1)]
    last = split(f"S-{half - 1}", *(f"J-{number}" for number in range(half - 1)))
    return journey([*line, last, *(wait(f"J-{number}", None) for number in range(half - 1))])


def two_lines(size: int) -> dict:
    """Two lines of splits that cross at each step."""
    steps = [split("S-0", "A-1", "B-1")]
    for number in range(1, size // 2):
        ends = number + 1 == size // 2
        targets = (None, None) if ends else (f"A-{number + 1}", f"B-{number + 1}")
        steps += [split(f"A-{number}", *targets), split(f"B-{number}", *targets)]
    return journey(steps)


def wide(size: int) -> dict:
    """One split with as many paths as there are steps."""
    return journey(
        [
            split("S-0", *(f"S-{n}" for n in range(1, size))),
            *(wait(f"S-{n}", None) for n in range(1, size)),
        ]
    )


def wide_and_met(size: int) -> dict:
    paths = [f"S-{number}" for number in range(1, size - 1)]
    return journey(
        [split("S-0", *paths), *(wait(path, "LAST") for path in paths), wait("LAST", None)]
    )


def alike_paths(size: int) -> dict:
    """One split whose paths have equal keys, and one whose paths have none."""
    same, none = split("S-0", *[None] * (size // 2)), split("S-1", *[None] * (size // 2))
    ways = [{**way, "key": "same"} for way in same["outcomes"]]
    bare = [_rest(way) for way in none["outcomes"]]
    return journey([{**same, "outcomes": ways}, {**none, "outcomes": bare}])


def engaged(size: int) -> dict:
    """Engagement splits that all look at the first email."""
    steps = [email("S-0", "W-1")]
    for number in range(1, size // 2):
        following = f"W-{number + 1}" if number + 1 < size // 2 else None
        steps += [
            wait(f"W-{number}", f"S-{number}"),
            looking_back(f"S-{number}", "S-0", following, following),
        ]
    return journey(steps)


def engaged_aside(size: int) -> dict:
    """Engagement splits that look at an email which not every contact gets, each at its own."""
    steps = []
    for number in range(size // 4):
        following = f"S-{number + 1}" if number + 1 < size // 4 else None
        steps += [
            split(f"S-{number}", f"E-{number}", f"W-{number}"),
            email(f"E-{number}", f"W-{number}"),
            wait(f"W-{number}", f"G-{number}"),
            looking_back(f"G-{number}", f"E-{number // 2}", following, following),
        ]
    return journey(steps)


def expressions(size: int) -> dict:
    """Each step names the first one, the one before it, one that is not there and one behind it."""
    made = chain(size)["activities"]
    for number, one in enumerate(made):
        names = ("S-0", f"S-{max(0, number - 1)}", f"GONE-{number}", f"S-{size - 1}", f"s-{number}")
        one["arguments"] = {
            "said": " ".join(f"{{{{Interaction.{name}.RequestID}}}}" for name in names)
        }
    return journey(made)


def without_keys(size: int) -> dict:
    return journey(
        [{n: v for n, v in wait("", None).items() if n != "key"} for _number in range(size)]
    )


def same_keys(size: int) -> dict:
    return journey([wait(f"S-{number % 2}", "S-0") for number in range(size)])


def odd_keys(size: int) -> dict:
    kinds = (lambda n: n, lambda n: [n], lambda n: None, lambda n: {"n": n}, lambda n: "S (2)")
    return journey([{**wait("", f"S-{n}"), "key": kinds[n % 5](n)} for n in range(size)])


def criteria(size: int) -> dict:
    """Decision splits, each with filters of its own."""
    xml = [FILTER.format(CONDITION.format(number) * 2) for number in range(size)]
    following = [f"S-{number + 1}" if number + 1 < size else None for number in range(size)]
    return journey([deciding(f"S-{n}", [xml[n]], following[n], following[n]) for n in range(size)])


def one_filter(size: int) -> dict:
    """As many conditions in one filter; what is longer than can be read is a part that is kept as
    it is."""
    xml = FILTER.format("".join(CONDITION.format(number) for number in range(size // 8)))
    return journey([deciding("S-0", [xml], None, None)])


def slots(size: int) -> dict:
    """Entry sources, goals and exits."""
    third = size // 3
    entry = blocks.BY_SLUG["api-event"].new("T-0", {})
    triggers = [
        {**entry, "key": f"T-{number}", "name": f"Entry {number}"} for number in range(third)
    ]
    goal, leave = (
        blocks.BY_SLUG["goal"].new("G-0", {}),
        blocks.BY_SLUG["exit-criteria"].new("X-0", {}),
    )
    goals = [{**goal, "key": f"G-{number}"} for number in range(third)]
    exits = [{**leave, "key": f"X-{number}"} for number in range(third)]
    return journey([wait("S-0", None)], triggers=triggers, goals=goals, exits=exits)


def broken(size: int) -> dict:
    """Something is wrong with each step, and most of it can be repaired."""
    steps = []
    for number in range(size):
        one = split(f"S-{number}", "GONE", "") if number % 3 == 0 else email(f"S-{number}", None)
        if number % 3 == 1:
            one = {**one, "type": one["type"].lower(), "metaData": {"isConfigured": False}}
        steps.append(
            {**one, "outcomes": [{**way, "next": way.get("next", "")} for way in one["outcomes"]]}
        )
    return journey(steps)


def optimised(size: int) -> dict:
    """Path optimizers one behind the other."""
    steps = []
    for number in range(size // 4):
        key, end = f"ABNTEST-{number}", f"ABNTESTSTOP-{number}"
        mark = {"id": f"CAPSULE-{number}", "startId": key, "endId": end}
        inner = [f"W-{number}-{way}" for way in (0, 1)]
        start, stop = step("path-optimizer", key, tuple(inner)), wait(end, f"ABNTEST-{number + 1}")
        steps.append({**start, "metaData": {**start["metaData"], "capsule": mark}})
        steps += [
            {**(one := wait(name, end)), "metaData": {**one["metaData"], "capsuleData": mark}}
            for name in inner
        ]
        steps.append({**stop, "type": "ABNTESTSTOP", "metaData": {"capsule": mark}})
    steps[-1] = {**steps[-1], "outcomes": [_rest(steps[-1]["outcomes"][0]) | {"key": "on"}]}
    return journey(steps)


def nested_optimisers(size: int) -> dict:
    depth = size // 3
    starts, ends = [], []
    for number in range(depth):
        key, end = f"ABNTEST-{number}", f"ABNTESTSTOP-{number}"
        mark = {"id": f"CAPSULE-{number}", "startId": key, "endId": end}
        inner = f"ABNTEST-{number + 1}" if number + 1 < depth else end
        start = step("path-optimizer", key, (inner, f"W-{number}"))
        starts += [
            {**start, "metaData": {**start["metaData"], "capsule": mark}},
            wait(f"W-{number}", end),
        ]
        stop = wait(end, f"ABNTESTSTOP-{number - 1}" if number else None)
        ends.append({**stop, "type": "ABNTESTSTOP", "metaData": {"capsule": mark}})
    return journey([*starts, *reversed(ends)])


def circle(size: int) -> dict:
    return journey([wait(f"S-{number}", f"S-{(number + 1) % size}") for number in range(size)])


def deep(size: int) -> dict:
    """JSON inside JSON, 50 levels of it in every eighth step."""
    steps = chain(size // 8)["activities"]
    for number, one in enumerate(steps):
        value: object = f"at the bottom of {number}"
        for level in range(50):
            value = {f"n{level}": value} if level % 2 else [value]
        one["arguments"] = {"deep": value}
    return journey(steps)


def long_texts(size: int) -> dict:
    """Few steps with long texts: quotes, backslashes, braces, placeholders, expressions, new
    lines."""
    pieces = [
        '"\\',
        "{",
        "}",
        "{{",
        "{{{p}}}",
        "{{Contact.Key}} ",
        "\n",
        "&<>'",
        "Ünïcödé ",
        "Event.",
        "a.b.c.",
    ]
    texts = [piece * (size * 16 // len(piece)) for piece in pieces]
    different = "".join(f"{{{{{{ask {number}: {number}}}}}}}" for number in range(size))
    made = [
        {**email(f"S-{n}", None), "description": one} for n, one in enumerate([*texts, different])
    ]
    return journey(made, description='\\"' * size)


def old_version(size: int) -> dict:
    """Spec 0.5."""
    steps = []
    for number in range(size):
        old = ("WAIT", "EMAIL", "SMS", "DECISION")[number % 4]
        arguments = {
            "duration": 1,
            "durationUnits": "Day",
            "emailToSend": number,
            "emailAddress": f"a{number}@b.example",
        }
        ways = [{"key": "", "arguments": {"when": when}, "next": ""} for when in (True, False)]
        steps.append(
            {
                **{
                    "key": f"S-{number}",
                    "type": old,
                    "arguments": arguments | {"phoneNumber": f"+49 {number}"},
                },
                **{
                    "outcomes": ways,
                    "configurationArguments": {"criteria": FILTER.format(CONDITION.format(number))},
                },
            }
        )
    return journey(steps, workflowApiVersion=0.5)


SHAPES: dict[str, Callable[[int], dict]] = {
    **{
        shape.__name__.replace("_", " "): shape
        for shape in (unlinked, chain, comb, all_to_one, meeting, nested)
    },
    **{
        shape.__name__.replace("_", " "): shape
        for shape in (late_joins, two_lines, wide, wide_and_met, alike_paths)
    },
    **{
        shape.__name__.replace("_", " "): shape
        for shape in (engaged, engaged_aside, expressions, without_keys)
    },
    **{
        shape.__name__.replace("_", " "): shape
        for shape in (same_keys, odd_keys, criteria, one_filter, slots, broken)
    },
    **{
        shape.__name__.replace("_", " "): shape
        for shape in (optimised, nested_optimisers, circle, deep, long_texts)
    },
    "old version": old_version,
}

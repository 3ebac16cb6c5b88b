"""Journeys of any size in the shapes in which work on them might grow faster than they do."""

from collections.abc import Callable, Iterable


def step(
    key: str | None, targets: Iterable[str | None], kind: str = "WAIT", **members: object
) -> dict:
    ways = [
        {
            "key": f"{key}-{number}",
            "arguments": {},
            "metaData": {},
            **({"next": target} if target else {}),
        }
        for number, target in enumerate(targets)
    ]
    named = {"key": key} if key is not None else {}
    return {
        **named,
        "name": "",
        "type": kind,
        "outcomes": ways,
        "arguments": {},
        "metaData": {},
    } | members


def names(size: int) -> list[str | None]:
    """The keys of so many steps, and that nothing comes after the last."""
    return [*(f"S{number}" for number in range(size)), None]


def chain(size: int) -> list[dict]:
    found = names(size)
    return [step(key, [found[at + 1]]) for at, key in enumerate(found[:-1])]


def unlinked(size: int) -> list[dict]:
    return [step(key, [None]) for key in names(size)[:-1]]


def comb(size: int) -> list[dict]:
    """Splits, each on the second path of the one before."""
    found = names(size)
    return [
        step(key, [None, found[at + 1]], "MULTICRITERIADECISION")
        for at, key in enumerate(found[:-1])
    ]


def ladder(size: int) -> list[dict]:
    """Splits that lead to the next two, so that all but the first are joins."""
    found = [*names(size), None]
    return [
        step(key, found[at + 1 : at + 3], "MULTICRITERIADECISION")
        for at, key in enumerate(found[:-2])
    ]


def tree(size: int) -> list[dict]:
    """Splits in splits, with two paths each."""
    found = [*names(size)[:-1], *[None] * (size + 2)]
    return [
        step(key, found[2 * at + 1 : 2 * at + 3], "MULTICRITERIADECISION")
        for at, key in enumerate(found[:size])
    ]


def fan(size: int) -> list[dict]:
    """One split with a path to each other step."""
    first, *others = names(size)[:-1]
    return [step(first, others, "MULTICRITERIADECISION"), *(step(key, [None]) for key in others)]


def meeting(size: int) -> list[dict]:
    """One split, whose paths meet in one step."""
    first, *others, last = names(size)[:-1]
    paths = [step(key, [last]) for key in others]
    return [step(first, others, "MULTICRITERIADECISION"), *paths, step(last, [None])]


def circles(size: int) -> list[dict]:
    found = names(size)[:-1]
    return [step(key, [found[at - 1]]) for at, key in enumerate(found)]


def dangling(size: int) -> list[dict]:
    return [step(key, [f"gone-{key}"]) for key in names(size)[:-1]]


def alike(size: int) -> list[dict]:
    return [step("S", [None]) for _ in range(size)]


def keyless(size: int) -> list[dict]:
    return [step(None, [None]) for _ in range(size)]


def talking(size: int) -> list[dict]:
    """Emails without a sender that each name what the step before did."""
    found = names(size)
    words = {"configurationArguments": {"triggeredSend": {"emailSubject": "{{Interaction.S0.x}}"}}}
    return [step(key, [found[at + 1]], "EMAILV2", **words) for at, key in enumerate(found[:-1])]


SHAPES: list[Callable[[int], list[dict]]] = [
    chain,
    unlinked,
    comb,
    ladder,
    tree,
    fan,
    meeting,
    circles,
    dangling,
    alike,
    keyless,
    talking,
]


def journey(shape: Callable[[int], list[dict]], size: int, key: str = "grown") -> dict:
    return {
        "key": key,
        "name": f"{shape.__name__} of {size}",
        "workflowApiVersion": 1.0,
        "triggers": [],
        "activities": shape(size),
    }

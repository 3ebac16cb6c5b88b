"""Which work is looked at in which shapes: those that make it look at everything."""

GROUPS = {
    "reading": (["read", "refuse"], ["chain"]),
    "walking": (
        ["timing", "outline", "walk", "capsules", "convert"],
        ["late joins", "wide", "same keys", "odd keys"],
    ),
    "laying out": (["layout"], ["nested", "late joins", "meeting"]),
    "changing": (["move", "remove", "rename"], ["late joins", "wide", "odd keys"]),
    "expressions": (["expressions", "rename"], ["expressions"]),
    "comparing": (["compare", "merge"], ["chain"]),
    "showing": (["open a form", "save a form", "print in words", "say cards"], ["wide"]),
    "repairing": (["repair all"], ["broken", "optimised"]),
}
EVERYTHING = ("chain", "wide")  # shapes in which the bench looks at all work


def by_shape(work: list[str]) -> dict[str, list[str]]:
    """What the bench times: all work in two shapes, and each group in its own."""
    found = {shape: list(work) for shape in EVERYTHING}
    for some, shapes in GROUPS.values():
        for shape in shapes:
            found[shape] = list(dict.fromkeys([*found.get(shape, []), *some]))
    return found

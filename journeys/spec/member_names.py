"""Members that bear another name than the API's, and which one is meant."""

from collections.abc import Iterable

from journeys.spec.document import LISTS, SERVER_ASSIGNED
from journeys.spec.expression_faults import is_near
from journeys.spec.intake import MEMBERS, REFERENCE

SHORTEST = 4  # letters from which one slip is told
OF_BLOCK = (
    *("key", "name", "description", "type", "outcomes", "arguments", "configurationArguments"),
    *("metaData", "schema", "id", "eventDefinitionKey"),
)
OF_OUTCOME = ("key", "next", "arguments", "metaData")
# Names of the screen, of other tools and of older pages, in small letters.
SPOKEN = {
    "exits": "exit exitcriteria exitcriterion exitcriterias",
    "goals": "goal goalcriteria journeygoal",
    "triggers": "trigger entry entries entrysource entrysources entryevent entryevents",
    "activities": "steps nodes blocks canvas",
    "entryMode": "reentrymode reentry contactentry contactentrymode",
    "definitionType": "journeytype",
    "defaults": "default defaultvalues",
    "metaData": "meta",
    "categoryId": "folderid folder",
}
SPOKEN_IN_BLOCK = {
    "outcomes": "outcome paths branches",
    "configurationArguments": "configuration config configargs configurationargs",
    "arguments": "args",
    "metaData": "meta",
}
SPOKEN_IN_OUTCOME = {"next": "nextactivity nextkey nextstep nextactivitykey target"}


def meant_in_journey(name: str) -> str:
    """The API's name that a member of the journey stands for; "" when it is known, or that is not
    clear."""
    if name in MEMBERS or REFERENCE.fullmatch(name):
        return ""
    return _meant(name, sorted(MEMBERS - set(SERVER_ASSIGNED)), SPOKEN)


def meant_in_block(name: str) -> str:
    return "" if name in OF_BLOCK else _meant(name, OF_BLOCK, SPOKEN_IN_BLOCK)


def meant_in_outcome(name: str) -> str:
    return "" if name in OF_OUTCOME else _meant(name, OF_OUTCOME, SPOKEN_IN_OUTCOME)


def fits(name: str, value: object) -> bool:
    """Whether what stands under the other name has the shape of a list of blocks, where it is
    one."""
    if name not in LISTS:
        return True
    return isinstance(value, list) and all(
        isinstance(one, dict) and isinstance(one.get("key"), str) for one in value
    )


def renamed(members: dict, name: str, meant: str) -> dict:
    """With the right name in its place; the same where something stands under that already."""
    if name not in members or members.get(meant) not in (None, "", [], {}):
        return members
    others = ((one, value) for one, value in members.items() if one != meant)
    return {meant if one == name else one: value for one, value in others}


def _meant(name: str, known: Iterable[str], spoken: dict[str, str]) -> str:
    small = name.replace("_", "").replace("-", "").lower()
    for meant, names in spoken.items():
        if small in names.split():
            return meant
    alike = [one for one in known if one.lower() == small]
    if len(small) >= SHORTEST:
        alike = alike or [one for one in known if is_near(one, small)]
    return alike[0] if len(alike) == 1 else ""

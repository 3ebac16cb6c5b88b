"""From spec version 0.5 to 1.0.

Names as the Journey Spec pages give them for upgrading: a wait's duration and durationUnits became
waitDuration and waitUnit (its specifiedTime and timeZone are called so in real 1.0 journeys too);
Email with emailToSend and emailAddress became EMAILV2 with triggeredSend.emailId and the journey's
default email; a Decision with the outcomes true and false became a split with criteria per path and
a remainder; the event key of a trigger moved to metaData. The old SMS names its message in a way
that the new one does not know, so it is kept and told.
"""

from collections.abc import Callable

from journeys.spec.document import block_list, is_version_0_5

TYPES = {  # of 1.0, as real journeys spell them, by their upper case
    name.upper(): name
    for name in (
        "WAIT",
        "EMAILV2",
        "RANDOMSPLIT",
        "ENGAGEMENTDECISION",
        "MULTICRITERIADECISION",
        "UPDATECONTACTDATA",
        "DATAEXTENSIONUPDATE",
        "REST",
        "RESTDECISION",
    )
}
WAIT_NAMES = {"duration": "waitDuration", "durationUnits": "waitUnit"}
MOVED_ONLY = ("specifiedTime", "timeZone")
UNITS = ("MINUTES", "HOURS", "DAYS", "WEEKS", "MONTHS")
OTHER_WAITS = ("waitEndDateAttributeExpression", "specificDate")
CONFIGURATION = "configurationArguments"

Changes = list[str]


def to_1_0(document: dict) -> tuple[dict, Changes]:
    """The document in version 1.0, and each change in words. One that is not 0.5 comes back as it
    is.

    Nothing is changed in place; what needs no change keeps its place and its bytes.
    """
    if not is_version_0_5(document):
        return document, []
    changes: Changes = ["Spec version: 0.5 becomes 1.0."]
    converted = {**document, "workflowApiVersion": 1.0}
    if block_list(document, "trigger"):
        converted["triggers"] = [
            _trigger(block, changes) for block in block_list(document, "trigger")
        ]
    defaults: dict[str, list[str]] = {"email": [], "mobileNumber": []}
    if block_list(document, "activity"):
        converted["activities"] = [
            _step(block, changes, defaults) for block in block_list(document, "activity")
        ]
    return _with_defaults(converted, defaults, changes), changes


def _trigger(block: dict, told: Changes) -> dict:
    key, meta = block.get("eventDefinitionKey"), block.get("metaData") or {}
    if (
        not isinstance(key, str)
        or not key
        or not isinstance(meta, dict)
        or meta.get("eventDefinitionKey")
    ):
        return block
    told.append(
        f"{_name(block)}: the event key “{key}” moves to metaData, where the server looks for it."
    )
    kept = {name: value for name, value in block.items() if name != "eventDefinitionKey"}
    return {**kept, "metaData": {**meta, "eventDefinitionKey": key}}


def _step(block: dict, told: Changes, defaults: dict[str, list[str]]) -> dict:
    spec_type = block.get("type")
    kind = spec_type.strip().upper() if isinstance(spec_type, str) else ""
    convert = BY_TYPE.get(kind)
    if convert:
        block = convert(block, told, defaults)
    elif kind in TYPES:
        block = _typed(block, TYPES[kind], told)
    elif kind:
        told.append(
            f"{_name(block)}: type {spec_type} has no other name in 1.0 and is kept. Check it by"
            " hand."
        )
    return _with_open_ends(block, told)


def _wait(block: dict, told: Changes, defaults: dict[str, list[str]]) -> dict:
    """The old names were seen among the arguments as well as in the configuration."""
    block = _typed(block, "WAIT", told)
    for place in ("arguments", CONFIGURATION):
        members = block.get(place)
        names = {
            old: new
            for old, new in WAIT_NAMES.items()
            if isinstance(members, dict) and old in members
        }
        for old, new in names.items():
            value = block[place][old]
            if old == "durationUnits" and isinstance(value, str):
                value = _unit(value)
            block = _moved(block, place, old, new, value)
            told.append(f"{_name(block)}: {old} becomes {new} ({_said(value)}).")
    for name in MOVED_ONLY:
        arguments = block.get("arguments")
        if isinstance(arguments, dict) and name in arguments:
            block = _moved(block, "arguments", name, name, arguments[name])
            told.append(f"{_name(block)}: {name} moves from the arguments to the configuration.")
    return _until_a_time(block, told)


def _unit(value: str) -> str:
    """0.5 has "Day" as well as "Days"."""
    unit = value.strip().upper()
    return f"{unit}S" if f"{unit}S" in UNITS else unit


def _until_a_time(block: dict, told: Changes) -> dict:
    """In 1.0 a time of day counts only in a wait that is marked as extended; in 0.5 it counted by
    being there."""
    configuration, meta = block.get(CONFIGURATION), block.get("metaData") or {}
    if not isinstance(configuration, dict) or not isinstance(meta, dict):
        return block
    time, is_other = (
        configuration.get("specifiedTime"),
        any(configuration.get(name) for name in OTHER_WAITS),
    )
    says_it = any(meta.get(name) not in (None, "") for name in ("isExtended", "waitType"))
    if (
        not isinstance(time, str)
        or not time.strip()
        or "waitDuration" not in configuration
        or is_other
        or says_it
    ):
        return block
    told.append(
        f"{_name(block)}: it holds until {_said(time)}, so it is marked as extended to a time of"
        " day."
    )
    return {**block, "metaData": {**meta, "isExtended": True, "waitType": "durationTime"}}


def _email(block: dict, told: Changes, defaults: dict[str, list[str]]) -> dict:
    arguments, configuration = block.get("arguments") or {}, block.get(CONFIGURATION) or {}
    if not isinstance(arguments, dict) or not isinstance(configuration, dict):
        return _left(block, told)
    send = configuration.get("triggeredSend") or {}
    if not isinstance(send, dict):
        return _left(block, told)
    block = _typed(block, "EMAILV2", told)
    email = arguments.get("emailToSend")
    if email not in (None, ""):
        number = (
            int(email) if isinstance(email, str) and email.isascii() and email.isdigit() else email
        )
        send = {"emailId": number, **send}
        told.append(f"{_name(block)}: emailToSend becomes the email {_said(number)} of the send.")
    kept = {
        name: value
        for name, value in arguments.items()
        if name not in ("emailToSend", "emailAddress")
    }
    _remember(arguments, "emailAddress", "email", kept, defaults, block, told)
    made = {"applicationExtensionKey": "jb-email-activity", **configuration, "triggeredSend": send}
    return {**block, "arguments": kept, CONFIGURATION: made}


def _decision(block: dict, told: Changes, defaults: dict[str, list[str]]) -> dict:
    """Only where one filter and the outcomes true and false say all there is."""
    configuration, outcomes = block.get(CONFIGURATION), block.get("outcomes")
    criteria = configuration.get("criteria") if isinstance(configuration, dict) else None
    ways = {_when(outcome): outcome for outcome in outcomes} if isinstance(outcomes, list) else {}
    if not isinstance(criteria, str) or set(ways) != {True, False} or len(outcomes) != 2:
        return _left(block, told)
    yes, no = ways[True], ways[False]
    if not isinstance(yes.get("key"), str) or not yes["key"]:
        yes = {**yes, "key": "default_path_1"}
    block = _typed(block, "MULTICRITERIADECISION", told)
    told.append(
        f"{_name(block)}: the path “true” gets the filter as its criteria, “false” becomes the"
        " remainder."
    )
    paths = [_path(yes, "Yes"), {**_path(no, "Remainder"), "key": "remainder_path"}]
    return {
        **block,
        "outcomes": paths,
        CONFIGURATION: {**configuration, "criteria": {yes["key"]: criteria}},
    }


def _sms(block: dict, told: Changes, defaults: dict[str, list[str]]) -> dict:
    arguments = block.get("arguments")
    kept = dict(arguments) if isinstance(arguments, dict) else {}
    kept.pop("phoneNumber", None)
    _remember(
        arguments if isinstance(arguments, dict) else {},
        "phoneNumber",
        "mobileNumber",
        kept,
        defaults,
        block,
        told,
    )
    told.append(
        f"{_name(block)}: an SMS of 1.0 names its message otherwise. It is kept: choose the message"
        " by hand."
    )
    return (
        {**block, "arguments": kept} if isinstance(arguments, dict) and kept != arguments else block
    )


BY_TYPE: dict[str, Callable[[dict, Changes, dict[str, list[str]]], dict]] = {
    "WAIT": _wait,
    "EMAIL": _email,
    "DECISION": _decision,
    "SMS": _sms,
}


def _remember(
    arguments: dict, name: str, default: str, kept: dict, defaults: dict, block: dict, told: Changes
) -> None:
    """An address of a step becomes one of the journey's defaults; what is no text stays where it
    is."""
    value = arguments.get(name)
    if isinstance(value, str) and value:
        defaults[default].append(value)
        told.append(f"{_name(block)}: {name} “{_said(value)}” becomes a default of the journey.")
    elif value not in (None, ""):
        kept[name] = value


def _with_defaults(document: dict, found: dict[str, list[str]], told: Changes) -> dict:
    defaults = document.get("defaults") or {}
    if not isinstance(defaults, dict):
        return document
    for name, values in found.items():
        known = defaults.get(name) or []
        if values and isinstance(known, list):
            texts = {value for value in known if isinstance(value, str)}
            added = [value for value in dict.fromkeys(values) if value not in texts]
            defaults = {**defaults, name: [*known, *added]}
    return {**document, "defaults": defaults} if any(found.values()) else document


def _with_open_ends(block: dict, told: Changes) -> dict:
    """A path ends by having no `next`: 1.0 refuses an empty one, and real journeys have no null."""
    outcomes = block.get("outcomes")
    if not isinstance(outcomes, list) or not any(_is_open(outcome) for outcome in outcomes):
        return block
    told.append(f"{_name(block)}: a path that ends loses its empty “next”.")
    cut = [_without_next(outcome) if _is_open(outcome) else outcome for outcome in outcomes]
    return {**block, "outcomes": cut}


def _typed(block: dict, spec_type: str, told: Changes) -> dict:
    if block.get("type") == spec_type:
        return block
    told.append(f"{_name(block)}: type {block['type']} becomes {spec_type}.")
    return {**block, "type": spec_type}


def _left(block: dict, told: Changes) -> dict:
    told.append(
        f"{_name(block)}: type {block['type']} cannot be converted from what it holds. Check it by"
        " hand."
    )
    return block


def _moved(block: dict, place: str, old: str, new: str, value: object) -> dict:
    """In the configuration the new name takes the old one's place; from the arguments it goes to
    the end of it."""
    if place == CONFIGURATION:
        kept = block[CONFIGURATION].items()
        members = {
            new if name == old else name: value if name == old else one
            for name, one in kept
            if name != new
        }
        return {**block, CONFIGURATION: members}
    left = {name: one for name, one in block[place].items() if name != old}
    configuration = block.get(CONFIGURATION)
    members = {**configuration} if isinstance(configuration, dict) else {}
    return {**block, place: left, CONFIGURATION: {**members, new: value}}


def _path(outcome: dict, label: str) -> dict:
    arguments = outcome.get("arguments")
    kept = (
        {name: value for name, value in arguments.items() if name != "when"}
        if isinstance(arguments, dict)
        else {}
    )
    meta = outcome.get("metaData")
    return {
        **outcome,
        "arguments": kept,
        "metaData": {"label": label, **(meta if isinstance(meta, dict) else {})},
    }


def _when(outcome: object) -> bool | None:
    arguments = outcome.get("arguments") if isinstance(outcome, dict) else None
    when = arguments.get("when") if isinstance(arguments, dict) else None
    return {"true": True, "false": False}.get(str(when).lower())


def _is_open(outcome: object) -> bool:
    return isinstance(outcome, dict) and "next" in outcome and outcome["next"] in (None, "")


def _without_next(outcome: dict) -> dict:
    return {name: value for name, value in outcome.items() if name != "next"}


def _name(block: dict) -> str:
    """How a change names its block: by its name, else its key."""
    for member in ("name", "key", "type"):
        value = block.get(member)
        if isinstance(value, str) and value.strip():
            return f"“{value.strip()[:60]}”"
    return "A block without a name"


def _said(value: object) -> str:
    return str(value)[:60]

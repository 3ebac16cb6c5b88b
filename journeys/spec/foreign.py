"""JSON that people take for a journey and that is none: told by its kind, with what to do with it.

The kinds are those of files that the API, custom activities and this program make. What may be a
journey, or the beginning of one, is none of them.
"""

from collections.abc import Callable

from journeys.spec.document import LISTS, DocumentError

FORMAT = "journey-steps"  # of copied steps
OF_JOURNEY = (*LISTS, "workflowApiVersion", "entryMode", "definitionType", "defaults", "notifiers")
OF_EVENT = ("mode", "dataExtensionId", "schema", "sourceApplicationExtensionId", "automationId")
OF_ACTIVITY_CONFIG = ("userInterfaces", "wizardSteps", "lang")
OF_OUTCOME = {"key", "next", "arguments", "metaData"}
AROUND = ("interaction", "journey", "data")  # what programs wrap a journey in
DEEPEST = 3  # levels of wrapping
OF_RECORD = ("body", "payload", "response", "request")  # hold what was sent or answered


def looks_like_a_journey(value: object) -> bool:
    return isinstance(value, dict) and not all(name not in value for name in OF_JOURNEY)


def require_no_other_kind(value: object) -> None:
    """Raises DocumentError for a value of a kind that is no journey."""
    error = refusal_of(value)
    if error:
        raise error


def refusal_of(value: object) -> DocumentError | None:
    if not isinstance(value, dict) or any(isinstance(value.get(name), list) for name in LISTS):
        return None
    return next((refuse(value) for fits, refuse in KINDS if fits(value)), None)


def is_one_activity(value: dict) -> bool:
    """With a type and paths, or at least settings of its own."""
    return _is_block(value) and not _is_other_block(value)


def _is_block(value: dict) -> bool:
    has_settings = any(
        isinstance(value.get(n), dict) for n in ("configurationArguments", "metaData")
    )
    return (
        isinstance(value.get("type"), str)
        and not any(name in value for name in OF_JOURNEY)
        and (isinstance(value.get("outcomes"), list) or ("key" in value and has_settings))
    )


def _is_other_block(value: dict) -> bool:
    key, meta = value.get("key"), value.get("metaData")
    is_named = isinstance(key, str) and key.startswith(("TRIGGER", "GOAL", "EXIT"))
    return is_named or (isinstance(meta, dict) and "eventDefinitionKey" in meta)


def _is_activity_config(value: dict) -> bool:
    is_set_up = "arguments" in value or "configurationArguments" in value
    return is_set_up and any(name in value for name in OF_ACTIVITY_CONFIG)


def _is_event_body(value: dict) -> bool:
    names = {name.lower() for name in value}
    return {"contactkey", "eventdefinitionkey"} <= names


def _is_event_definition(value: dict) -> bool:
    return "eventDefinitionKey" in value and any(name in value for name in OF_EVENT)


def _is_record(value: dict) -> bool:
    return bool(_recorded(value)) and "key" not in value


def _recorded(value: dict) -> str:
    """The member that holds what was sent or answered."""
    return next((name for name in OF_RECORD if isinstance(value.get(name), dict | list | str)), "")


def _is_outcome(value: dict) -> bool:
    return value.keys() <= OF_OUTCOME and not {"next", "arguments"}.isdisjoint(value)


def _is_wrapped(value: dict) -> bool:
    return "key" not in value and not looks_like_a_journey(value) and bool(_member_inside(value))


def _member_inside(value: dict, depth: int = DEEPEST) -> str:
    """Where in it a journey stands, or a list of some, such as “result.interaction”."""
    members = [(name, one) for name, one in value.items() if isinstance(one, dict | list)]
    for name, one in members:
        if any(looks_like_a_journey(part) for part in (one if isinstance(one, list) else [one])):
            return name[:60]
    for name, one in members if depth > 1 else ():
        inside = _member_inside(one, depth - 1) if isinstance(one, dict) else ""
        if inside:
            return f"{name[:60]}.{inside}"
    return next((name for name, _one in members if name in AROUND), "")


def _is_recording(value: dict) -> bool:
    """A HAR file, as browsers save what went over the line."""
    log = value.get("log")
    return isinstance(log, dict) and isinstance(log.get("entries"), list)


def _has_odd_items(value: dict) -> bool:
    return "items" in value and not isinstance(value["items"], list) and "key" not in value


def _is_list(value: dict) -> bool:
    return isinstance(value.get("items"), list) and "key" not in value


def _is_answer(value: dict) -> bool:
    names = value.keys() - {"key"}
    return bool({"statusId", "statusUrl", "eventInstanceId"} & names) or (
        {"status", "errors"} <= names and "name" not in names
    )


def _is_error(value: dict) -> bool:
    return "message" in value and ("errorcode" in value or "documentation" in value)


def _is_log_entry(value: dict) -> bool:
    return "action" in value and "timeStamp" in value


# Whether it is of the kind, and what is said of it. The first that fits counts.
KINDS: list[tuple[Callable[[dict], bool], Callable[[dict], DocumentError]]] = [
    (
        lambda value: value.get("format") == FORMAT,
        lambda value: DocumentError(
            "These are copied steps, not a journey. Open the journey that they belong into and"
            " paste them there."
        ),
    ),
    (
        _is_activity_config,
        lambda value: DocumentError(
            "This is the configuration of a custom activity, not a journey. It stays on the"
            " activity’s own server; in a journey, add a custom activity from the palette."
        ),
    ),
    (
        _is_event_body,
        lambda value: DocumentError(
            "This is a body of POST /events, which lets one contact in, not a journey. It is sent"
            " to the tenant; a journey names its event definition key in the entry source."
        ),
    ),
    (
        _is_event_definition,
        lambda value: DocumentError(
            "This is an event definition, not a journey. It is made in the tenant; then its key"
            " “%(key)s” goes into the entry source of a journey.",
            key=str(value["eventDefinitionKey"])[:60],
        ),
    ),
    (
        is_one_activity,
        lambda value: DocumentError(
            "This is one activity, not a journey. Open the journey that it belongs into, and paste"
            " it there."
        ),
    ),
    (
        _is_block,
        lambda value: DocumentError(
            "This is one block of a journey (an entry source, a goal or an exit), not the whole."
            " Import the journey, or add the block from the palette and edit its JSON."
        ),
    ),
    (
        _is_error,
        lambda value: DocumentError(
            "This is an error that was answered, not a journey: “%(message)s”. Ask for the journey"
            " again.",
            message=str(value["message"])[:200],
        ),
    ),
    (
        _is_log_entry,
        lambda value: DocumentError(
            "This is an entry of an audit log, not a journey. Ask for the journey by its key."
        ),
    ),
    (
        _is_answer,
        lambda value: DocumentError(
            "This is an answer about a journey or an event, not a journey. Ask for the journey by"
            " its key."
        ),
    ),
    (
        lambda value: isinstance(value.get("info"), dict) and isinstance(value.get("item"), list),
        lambda value: DocumentError(
            "This is a Postman collection, not a journey. Import the body of its request alone."
        ),
    ),
    (
        _is_list,
        lambda value: DocumentError(
            "This is a list as Marketing Cloud answers it, not one journey. Import it: there it is"
            " taken apart."
        ),
    ),
    (
        _is_outcome,
        lambda value: DocumentError(
            "This is one path (an outcome) of a step, not a journey. Import the journey that it"
            " belongs to, or edit the JSON of the step there."
        ),
    ),
    (
        _is_recording,
        lambda value: DocumentError(
            "This is what a browser recorded (a HAR file), not a journey. Look in it for the"
            " request that sent the journey, and import the body of that alone."
        ),
    ),
    (
        _has_odd_items,
        lambda value: DocumentError(
            "This looks like a list as Marketing Cloud answers it, but its “items” is no list. Ask"
            " for the journeys again."
        ),
    ),
    (
        _is_record,
        lambda value: DocumentError(
            "This is a recorded request or answer, not a journey. What was sent stands in its"
            " member “%(member)s”: import that part alone.",
            member=_recorded(value),
        ),
    ),
    (
        _is_wrapped,
        lambda value: DocumentError(
            "This is not a journey itself. One would stand inside, in its member “%(member)s”:"
            " import that part alone.",
            member=_member_inside(value),
        ),
    ),
]

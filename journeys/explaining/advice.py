"""What the endpoint's codes and texts mean to a marketer, and what to do about each."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Advice:
    """`text` is what is wrong, `do` what to do about it."""

    text: str
    do: str


CODES = {
    "0": Advice(
        "Marketing Cloud did not accept the sign-in of this tenant: its token is missing, wrong or"
        " has expired.",
        "Submit again. If that does not help, ask an admin to check the tenant's client id and"
        " secret.",
    ),
    "10000": Advice(
        "Marketing Cloud could not use a part of the journey, and says no more than its own message"
        " below.",
        "Look for the words of the message in the journey's steps and correct what they name.",
    ),
    "10001": Advice(
        "A field of the journey has the wrong kind of value, such as text where a number belongs.",
        "Open the step that the message names and enter the field again. In the JSON, mind the"
        " quotes around numbers.",
    ),
    "10002": Advice(
        "A field of the journey has the wrong kind of value, such as text where a number belongs.",
        "Open the step that the message names and enter the field again. In the JSON, mind the"
        " quotes around numbers.",
    ),
    "10003": Advice(
        "A field that Marketing Cloud needs is missing or has the wrong form.",
        "Fill in the field that the message names. Name, key and API version are always needed.",
    ),
    "10004": Advice(
        "Marketing Cloud could not read the journey: its JSON does not have the shape that it"
        " expects.",
        "Look at the part that the message names. "
        "Most often a list stands where one value belongs, or the other way round.",
    ),
    "10005": Advice(
        "A field of the journey holds a value that Marketing Cloud does not know.",
        "Choose one of the offered values in the step that the message names.",
    ),
    "10006": Advice(
        "Marketing Cloud checked the journey and found things that must be corrected first.",
        "Correct each of the points listed below, then submit again.",
    ),
    "20000": Advice(
        "The tenant's package is not allowed to do this.",
        "Ask an admin to check the package's permissions in Marketing Cloud.",
    ),
    "20001": Advice(
        "The tenant's package is not allowed to do this.",
        "Ask an admin to check the package's permissions in Marketing Cloud.",
    ),
    "30000": Advice(
        "Journey Builder could not save the journey. It says so for many causes; its message below"
        " may tell more.",
        "Check that the journey's name is not used already and that every step is complete, then"
        " submit again. If it still fails, take out the steps that were added last and try again"
        " with those that remain.",
    ),
    "30003": Advice(
        "Marketing Cloud holds no journey with this key. It may have been deleted there.",
        "Check the tenant and the key. To create the journey there, submit it again.",
    ),
    "40002": Advice(
        "The tenant's token belongs to another stack of Marketing Cloud.",
        "Ask an admin to check the tenant's sub-domain: it must be the one of the package with this"
        " client id.",
    ),
    "50100": Advice(
        "Marketing Cloud takes no more calls from this tenant for the moment.",
        "Nothing needs to be done: the journey is sent as soon as Marketing Cloud allows it.",
    ),
    "50200": Advice(
        "Marketing Cloud has blocked this tenant's calls for a while, because there were too many"
        " of them.",
        "Wait. If the block lasts for more than an hour, ask an admin which other programs use the"
        " same package.",
    ),
    "121000": Advice(
        "A field holds a value that Journey Builder does not take. An empty “next” on a path is a"
        " frequent cause.",
        "Correct the marked field. A path that ends must have no “next” at all, not an empty one.",
    ),
    "121008": Advice(
        "An email of the journey did not pass Marketing Cloud's check, for instance because of its"
        " from-address.",
        "Open the email in Content Builder. Check its subject, the physical address, the"
        " unsubscribe link, and that the from-address of its sender is verified.",
    ),
    "121072": Advice(
        "The name or the description holds a character that Journey Builder does not take.",
        "Take out the characters & < > \" ' and / from the marked fields.",
    ),
    "121226": Advice(
        "The default email address or mobile number in the journey's settings is not valid.",
        "Choose the default email in the journey's settings again: a field of the entry source or"
        " of the contact.",
    ),
    "121500": Advice(
        "A transactional journey lacks its key, its data extension or its email.",
        "Choose the data extension in the entry source and the email in the send step, and check"
        " the key.",
    ),
    "121546": Advice(
        "An email of the journey was last changed more than six months ago. This is only a"
        " warning.",
        "Check that the email is still up to date. The journey can go on as it is.",
    ),
    "121547": Advice(
        "A wait of the journey is long. This is only a warning.",
        "Check that the duration is meant. The journey can go on as it is.",
    ),
}

WORDS = {
    "invalid_client": Advice(
        "Marketing Cloud does not accept this tenant's client id and secret.",
        "Ask an admin to enter the client id and secret of the installed package again. "
        "They stop working when the secret is rotated or the package is removed.",
    ),
    "invalid_scope": Advice(
        "The tenant's package does not have a permission that was asked for.",
        "Ask an admin to add the permission to the installed package in Marketing Cloud. It takes"
        " up to five minutes.",
    ),
    "unsupported_grant_type": Advice(
        "The tenant's package is not made for server-to-server integration.",
        "Ask an admin to add a server-to-server API integration to the installed package and to use"
        " its client id.",
    ),
    "unauthorized_client": Advice(
        "The tenant's package is not allowed to sign in this way.",
        "Ask an admin to add a server-to-server API integration to the installed package and to use"
        " its client id.",
    ),
    "access_denied": Advice(
        "The tenant's package has no access to this business unit.",
        "Ask an admin to check the MID of the tenant, and that the package is allowed for that"
        " business unit.",
    ),
    "invalid_request": Advice(
        "Marketing Cloud could not read the request for a token.",
        "Ask an admin to check the client id and the MID of the tenant: the MID has digits only.",
    ),
}

STATUSES = {
    400: CODES["10000"],
    401: CODES["0"],
    403: CODES["20000"],
    404: Advice(
        "This tenant does not offer the call that creates journeys, or what the journey refers to"
        " is not there.",
        "Ask an admin to check the tenant's sub-domain and that Journey Builder is part of its"
        " contract.",
    ),
    409: Advice(
        "A journey with this key or name is in Marketing Cloud already, or somebody else changed it"
        " at the same time.",
        "Look at the journey in Journey Builder. Take it over, or give this one another key and"
        " name.",
    ),
    413: Advice(
        "The journey is larger than Marketing Cloud takes.",
        "Split it into several journeys, or shorten large texts such as the criteria of decision"
        " splits.",
    ),
    415: Advice(
        "Marketing Cloud did not take the request as JSON. This is not the journey's fault.",
        "Ask an admin to check whether a proxy changes the calls on their way to Marketing Cloud.",
    ),
    429: CODES["50100"],
}

EXISTS = Advice(
    "Marketing Cloud says that a journey with this key or name exists already.",
    "Look at the journey in Journey Builder. Take it over, or give this one another key and name.",
)

REASONS = {
    "address": Advice(
        "The tenant's address is not valid.", "Ask an admin to correct the tenant's sub-domain."
    ),
    "dns": Advice(
        "The address of the tenant was not found. Nothing was sent.",
        "Ask an admin to check the tenant's sub-domain. If it is right, the network may be down: it"
        " is tried again.",
    ),
    "refused": Advice(
        "The tenant's server did not take the connection. Nothing was sent.",
        "Nothing needs to be done: it is tried again. If it lasts, tell an admin.",
    ),
    "connect": Advice(
        "The tenant's server did not take the connection in time. Nothing was sent.",
        "Nothing needs to be done: it is tried again. If it lasts, tell an admin.",
    ),
    "tls": Advice(
        "No secure connection to Marketing Cloud could be made, because its certificate could not"
        " be verified.",
        "Ask an admin to check the tenant's sub-domain and the network between here and Marketing"
        " Cloud.",
    ),
    "timeout": Advice(
        "Marketing Cloud did not answer in time. The journey may have been created all the same.",
        "Nothing needs to be done: Marketing Cloud is asked for the journey before anything is sent"
        " again.",
    ),
    "reset": Advice(
        "The connection was cut before the answer came. The journey may have been created all the"
        " same.",
        "Nothing needs to be done: Marketing Cloud is asked for the journey before anything is sent"
        " again.",
    ),
    "server": Advice(
        "Marketing Cloud is having trouble of its own. The journey may have been created all the"
        " same.",
        "Nothing needs to be done: Marketing Cloud is asked for the journey before anything is sent"
        " again.",
    ),
    "html": Advice(
        "A web page came instead of an answer, as from a sign-in page, a proxy or maintenance.",
        "Nothing needs to be done: Marketing Cloud is asked for the journey before anything is sent"
        " again. If it lasts, ask an admin to check the network.",
    ),
    "redirect": Advice(
        "The tenant's address answers that it has moved. It was not followed, to keep the secrets"
        " where they belong.",
        "Ask an admin to check the tenant's sub-domain.",
    ),
    "wrong_answer": Advice(
        "Marketing Cloud's answer is not about this journey, or lacks its ids.",
        "Marketing Cloud is asked for the journey by its key. If this lasts, look for it in Journey"
        " Builder.",
    ),
}

UNKNOWN_REFUSAL = Advice(
    "Marketing Cloud refused the journey with a reason that is not known here. Its own words stand"
    " below.",
    "Look for the words of the message in the journey's steps and correct what they name.",
)
UNKNOWN_ANSWER = Advice(
    "Marketing Cloud's answer could not be understood. The journey may have been created all the"
    " same.",
    "Nothing needs to be done: Marketing Cloud is asked for the journey before anything is sent"
    " again.",
)

SCOPES = {
    "create": ("journeys_write", "Journeys: Write"),
    "get": ("journeys_read", "Journeys: Read"),
    "list": ("journeys_read", "Journeys: Read"),
}
SCOPE = re.compile(r"\b[a-z]+(?:_[a-z]+)*_(?:read|write|execute|send)\b")


def missing_scope(phase: str, message: str) -> Advice:
    """The permission that the message names, else the one that the call needs."""
    named = SCOPE.search(message)
    scope, shown = SCOPES.get(phase, SCOPES["create"])
    permission = f"“{named[0]}”" if named else f"“{shown}” ({scope})"
    return Advice(
        f"The tenant's package lacks the permission {permission}.",
        f"Ask an admin to give the installed package the permission {permission} in Marketing Cloud"
        " (Setup, Installed Packages). It takes up to five minutes until it holds.",
    )

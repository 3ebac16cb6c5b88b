"""What the endpoint's codes and texts mean to a marketer, and what to do about each."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Advice:
    """`text` is what is wrong, `do` what to do about it. `may_exist`: after a create, the journey
    may be there all the same."""

    text: str
    do: str
    may_exist: bool = False

    @property
    def of_create(self) -> str:
        if not self.may_exist:
            return str(self.text)
        return f"{self.text} {_t('The journey may have been created all the same.')}"


CODES = {
    "0": Advice(
        _(
            "Marketing Cloud did not accept the sign-in of this tenant: its token is missing,"
            " wrong or has expired."
        ),
        _(
            "Submit again. If that does not help, ask an admin to check the tenant's client id and"
            " secret."
        ),
    ),
    "10000": Advice(
        _(
            "Marketing Cloud could not use a part of the journey, and says no more than its own"
            " message below."
        ),
        _("Look for the words of the message in the journey's steps and correct what they name."),
    ),
    "10001": Advice(
        _(
            "A field of the journey has the wrong kind of value, such as text where a number"
            " belongs."
        ),
        _(
            "Open the step that the message names and enter the field again. In the JSON, mind the"
            " quotes around numbers."
        ),
    ),
    "10002": Advice(
        _(
            "A field of the journey has the wrong kind of value, such as text where a number"
            " belongs."
        ),
        _(
            "Open the step that the message names and enter the field again. In the JSON, mind the"
            " quotes around numbers."
        ),
    ),
    "10003": Advice(
        _("A field that Marketing Cloud needs is missing or has the wrong form."),
        _("Fill in the field that the message names. Name, key and API version are always needed."),
    ),
    "10004": Advice(
        _(
            "Marketing Cloud could not read the journey: its JSON does not have the shape that it"
            " expects."
        ),
        _(
            "Look at the part that the message names. "
            "Most often a list stands where one value belongs, or the other way round."
        ),
    ),
    "10005": Advice(
        _("A field of the journey holds a value that Marketing Cloud does not know."),
        _("Choose one of the offered values in the step that the message names."),
    ),
    "10006": Advice(
        _("Marketing Cloud checked the journey and found things that must be corrected first."),
        _("Correct each of the points listed below, then submit again."),
    ),
    "20000": Advice(
        _("The tenant's package is not allowed to do this."),
        _("Ask an admin to check the package's permissions in Marketing Cloud."),
    ),
    "20001": Advice(
        _("The tenant's package is not allowed to do this."),
        _("Ask an admin to check the package's permissions in Marketing Cloud."),
    ),
    "30000": Advice(
        _(
            "Journey Builder could not save the journey. It says so for many causes; its message"
            " below may tell more."
        ),
        _(
            "Check that the journey's name is not used already and that every step is complete,"
            " then submit again. If it still fails, take out the steps that were added last and"
            " try again with those that remain."
        ),
    ),
    "30003": Advice(
        _("Marketing Cloud holds no journey with this key. It may have been deleted there."),
        _("Check the tenant and the key. To create the journey there, submit it again."),
    ),
    "40002": Advice(
        _("The tenant's token belongs to another stack of Marketing Cloud."),
        _(
            "Ask an admin to check the tenant's sub-domain: it must be the one of the package with"
            " this client id."
        ),
    ),
    "50100": Advice(
        _("Marketing Cloud takes no more calls from this tenant for the moment."),
        _("Nothing needs to be done: the journey is sent as soon as Marketing Cloud allows it."),
    ),
    "50200": Advice(
        _(
            "Marketing Cloud has blocked this tenant's calls for a while, because there were too"
            " many of them."
        ),
        _(
            "Wait. If the block lasts for more than an hour, ask an admin which other programs use"
            " the same package."
        ),
    ),
    "121000": Advice(
        _(
            "A field holds a value that Journey Builder does not take. An empty “next” on a path"
            " is a frequent cause."
        ),
        _(
            "Correct the marked field. A path that ends must have no “next” at all, not an empty"
            " one."
        ),
    ),
    "121008": Advice(
        _(
            "An email of the journey did not pass Marketing Cloud's check, for instance because of"
            " its from-address."
        ),
        _(
            "Open the email in Content Builder. Check its subject, the physical address, the"
            " unsubscribe link, and that the from-address of its sender is verified."
        ),
    ),
    "121072": Advice(
        _("The name or the description holds a character that Journey Builder does not take."),
        _("Take out the characters & < > \" ' and / from the marked fields."),
    ),
    "121226": Advice(
        _("The default email address or mobile number in the journey's settings is not valid."),
        _(
            "Choose the default email in the journey's settings again: a field of the entry source"
            " or of the contact."
        ),
    ),
    "121500": Advice(
        _("A transactional journey lacks its key, its data extension or its email."),
        _(
            "Choose the data extension in the entry source and the email in the send step, and"
            " check the key."
        ),
    ),
    "121546": Advice(
        _(
            "An email of the journey was last changed more than six months ago. This is only a"
            " warning."
        ),
        _("Check that the email is still up to date. The journey can go on as it is."),
    ),
    "121547": Advice(
        _("A wait of the journey is long. This is only a warning."),
        _("Check that the duration is meant. The journey can go on as it is."),
    ),
}

WORDS = {
    "invalid_client": Advice(
        _("Marketing Cloud does not accept this tenant's client id and secret."),
        _(
            "Ask an admin to enter the client id and secret of the installed package again. "
            "They stop working when the secret is rotated or the package is removed."
        ),
    ),
    "invalid_scope": Advice(
        _("The tenant's package does not have a permission that was asked for."),
        _(
            "Ask an admin to add the permission to the installed package in Marketing Cloud. It"
            " takes up to five minutes."
        ),
    ),
    "unsupported_grant_type": Advice(
        _("The tenant's package is not made for server-to-server integration."),
        _(
            "Ask an admin to add a server-to-server API integration to the installed package and"
            " to use its client id."
        ),
    ),
    "unauthorized_client": Advice(
        _("The tenant's package is not allowed to sign in this way."),
        _(
            "Ask an admin to add a server-to-server API integration to the installed package and"
            " to use its client id."
        ),
    ),
    "access_denied": Advice(
        _("The tenant's package has no access to this business unit."),
        _(
            "Ask an admin to check the MID of the tenant, and that the package is allowed for that"
            " business unit."
        ),
    ),
    "invalid_request": Advice(
        _("Marketing Cloud could not read the request for a token."),
        _(
            "Ask an admin to check the client id and the MID of the tenant: the MID has digits"
            " only."
        ),
    ),
}

STATUSES = {
    400: CODES["10000"],
    401: CODES["0"],
    403: CODES["20000"],
    404: Advice(
        _(
            "This tenant does not offer the call that creates journeys, or what the journey refers"
            " to is not there."
        ),
        _(
            "Ask an admin to check the tenant's sub-domain and that Journey Builder is part of its"
            " contract."
        ),
    ),
    409: Advice(
        _(
            "A journey with this key or name is in Marketing Cloud already, or somebody else"
            " changed it at the same time."
        ),
        _(
            "Look at the journey in Journey Builder. Take it over, or give this one another key and"
            " name."
        ),
    ),
    413: Advice(
        _("The journey is larger than Marketing Cloud takes."),
        _(
            "Split it into several journeys, or shorten large texts such as the criteria of"
            " decision splits."
        ),
    ),
    415: Advice(
        _("Marketing Cloud did not take the request as JSON. This is not the journey's fault."),
        _(
            "Ask an admin to check whether a proxy changes the calls on their way to Marketing"
            " Cloud."
        ),
    ),
    429: CODES["50100"],
}

EXISTS = Advice(
    _("Marketing Cloud says that a journey with this key or name exists already."),
    _(
        "Look at the journey in Journey Builder. Take it over, or give this one another key and"
        " name."
    ),
)

REASONS = {
    "address": Advice(
        _("The tenant's address is not valid."),
        _("Ask an admin to correct the tenant's sub-domain."),
    ),
    "dns": Advice(
        _("The address of the tenant was not found. Nothing was sent."),
        _(
            "Ask an admin to check the tenant's sub-domain. If it is right, the network may be"
            " down: it is tried again."
        ),
    ),
    "refused": Advice(
        _("The tenant's server did not take the connection. Nothing was sent."),
        _("Nothing needs to be done: it is tried again. If it lasts, tell an admin."),
    ),
    "connect": Advice(
        _("The tenant's server did not take the connection in time. Nothing was sent."),
        _("Nothing needs to be done: it is tried again. If it lasts, tell an admin."),
    ),
    "tls": Advice(
        _(
            "No secure connection to Marketing Cloud could be made, because its certificate could"
            " not be verified."
        ),
        _(
            "Ask an admin to check the tenant's sub-domain and the network between here and"
            " Marketing Cloud."
        ),
    ),
    "timeout": Advice(
        _("Marketing Cloud did not answer in time."),
        _(
            "Nothing needs to be done: Marketing Cloud is asked for the journey before anything is"
            " sent again."
        ),
        may_exist=True,
    ),
    "reset": Advice(
        _("The connection was cut before the answer came."),
        _(
            "Nothing needs to be done: Marketing Cloud is asked for the journey before anything is"
            " sent again."
        ),
        may_exist=True,
    ),
    "server": Advice(
        _("Marketing Cloud is having trouble of its own."),
        _(
            "Nothing needs to be done: Marketing Cloud is asked for the journey before anything is"
            " sent again."
        ),
        may_exist=True,
    ),
    "html": Advice(
        _("A web page came instead of an answer, as from a sign-in page, a proxy or maintenance."),
        _(
            "Nothing needs to be done: Marketing Cloud is asked for the journey before anything is"
            " sent again. If it lasts, ask an admin to check the network."
        ),
    ),
    "redirect": Advice(
        _(
            "The tenant's address answers that it has moved. It was not followed, to keep the"
            " secrets where they belong."
        ),
        _("Ask an admin to check the tenant's sub-domain."),
    ),
    "wrong_answer": Advice(
        _("Marketing Cloud's answer is not about this journey, or lacks its ids."),
        _(
            "Marketing Cloud is asked for the journey by its key. If this lasts, look for it in"
            " Journey Builder."
        ),
    ),
}

UNKNOWN_REFUSAL = Advice(
    _(
        "Marketing Cloud refused the journey with a reason that is not known here. Its own words"
        " stand below."
    ),
    _("Look for the words of the message in the journey's steps and correct what they name."),
)
UNKNOWN_ANSWER = Advice(
    _("Marketing Cloud's answer could not be understood."),
    _(
        "Nothing needs to be done: Marketing Cloud is asked for the journey before anything is sent"
        " again."
    ),
    may_exist=True,
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
    values = {"permission": f"“{named[0]}”" if named else f"“{shown}” ({scope})"}
    text = _t("The tenant's package lacks the permission %(permission)s.")
    do = _t(
        "Ask an admin to give the installed package the permission %(permission)s in Marketing"
        " Cloud (Setup, Installed Packages). It takes up to five minutes until it holds."
    )
    return Advice(text % values, do % values)

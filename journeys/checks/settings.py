"""The journey's settings: spec version, entry mode, definition type, default address, server-made
fields."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from journeys.blocks import type_of
from journeys.blocks.places import get
from journeys.checks.finding import advice, blocking, member
from journeys.spec.document import SERVER_ASSIGNED
from journeys.spec.problem import Problem

VERSIONS = ("0.5", "1", "1.0")
ENTRY_MODES = ("OnceAndDone", "SingleEntryAcrossAllVersions", "MultipleEntries")
DEFINITION_TYPES = ("Multistep", "Quicksend", "Transactional")


def version_is_known(document: dict) -> Iterator[Problem]:
    version = document.get("workflowApiVersion")
    place = member("workflowApiVersion")
    if version is None or version == "":
        yield blocking(
            "version-missing",
            _("The journey names no spec version. Set workflowApiVersion to 1.0."),
            place,
        )
    elif isinstance(version, bool) or str(version) not in VERSIONS:
        yield blocking(
            "version-unknown", _("The spec version is neither 0.5 nor 1.0. Set it to 1.0."), place
        )
    elif isinstance(version, str):
        sentence = _(
            "The spec version is written as text. Write the number %(version)s without quotes."
        )
        yield advice(
            "version-text", sentence % {"version": version}, place, "write-version-as-number"
        )


def server_fields_are_absent(document: dict) -> Iterator[Problem]:
    """Of files only: a draft has none."""
    for name in SERVER_ASSIGNED:
        if name in document:
            sentence = _(
                "“%(name)s” is assigned by the server. It is left out when the journey is"
                " submitted."
            )
            yield advice("server-field", sentence % {"name": name}, member(name))


def entry_mode_is_known(document: dict) -> Iterator[Problem]:
    mode = document.get("entryMode")
    if mode in (None, "", "NotSet"):
        sentence = _(
            "No entry mode is chosen, so the journey cannot be published. Choose how contacts may"
            " re-enter."
        )
        yield advice("entry-mode-missing", sentence, member("entryMode"))
    elif mode not in ENTRY_MODES:
        sentence = _(
            "The entry mode is not one that the endpoint takes. Choose how contacts may re-enter."
        )
        yield blocking("entry-mode-unknown", sentence, member("entryMode"))


def definition_type_is_known(document: dict) -> Iterator[Problem]:
    if document.get("definitionType") not in (None, "", *DEFINITION_TYPES):
        sentence = _(
            "The definition type is none of Multistep, Quicksend and Transactional. Set it to one"
            " of them."
        )
        yield blocking("definition-type-unknown", sentence, member("definitionType"))


def emails_have_an_address(document: dict, sent: list) -> Iterator[Problem]:
    """Transactional sends name the address with each request."""
    if document.get("definitionType") == "Transactional" or _is_named(
        get(document, "defaults.email")
    ):
        return
    if sent:
        sentence = _(
            "The journey sends email but has no default email address. Name the field that"
            " holds it."
        )
        yield advice("default-email-missing", sentence, member("defaults.email"))


def texts_have_a_number(document: dict, sent: list) -> Iterator[Problem]:
    """An SMS may name a number of its own; without one, Marketing Cloud takes the journey's."""
    if _is_named(get(document, "defaults.mobileNumber")):
        return
    if sent:
        sentence = _(
            "The journey sends SMS but has no default mobile number. Name the field that holds it."
        )
        yield advice("default-mobile-missing", sentence, member("defaults.mobileNumber"))


def email_to_default(kind: str, block: dict) -> bool:
    return _goes_to_default(kind, block, "email")


def text_to_default(kind: str, block: dict) -> bool:
    return _goes_to_default(kind, block, "sms")


def _goes_to_default(kind: str, block: dict, channel: str) -> bool:
    """Whether it is a message of the channel that goes to the journey's default address."""
    if kind != "activity":
        return False
    sent = type_of(block)
    return sent.channel == channel and sent.sends_to_default(block)


def _is_named(addresses: object) -> bool:
    """Blank lines name nobody."""
    if isinstance(addresses, list):
        return any(not isinstance(one, str) or one.strip() for one in addresses)
    return bool(addresses)

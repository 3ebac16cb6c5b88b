"""Send email.

`triggeredSend.emailId` is the number of the legacy email (`legacyData.legacyId` of the asset), not
the asset's own id. Some answers give `triggeredSend` as a text of JSON (Accenture/sfmc-devtools);
it stays one.
"""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.activities.email_addresses import address_problems, join_addresses
from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.facts import Facts
from journeys.blocks.fields import ChoiceField, FlagField, LongTextField, NumberField, TextField
from journeys.blocks.json_texts import opened
from journeys.blocks.places import get, text, write
from journeys.blocks.values import reference, whole
from journeys.spec.problem import Problem

SEND = "configurationArguments.triggeredSend"
PRIORITIES = [("3", _("High")), ("4", _("Medium")), ("5", _("Low"))]


class SendEmail(Block):
    slug = "email"
    types = ("EMAILV2",)
    family = "message"
    label = _("Send email")
    icon = "email"
    prefix = "EMAILV2"
    one_way = True
    sends = True
    channel = "email"
    gives = ("RequestID",)
    names_things = ("publication_list",)
    json_texts = (SEND,)
    repairs = join_addresses((SEND,))
    server_made = {
        "arguments": (
            "activityId",
            "contactId",
            "contactKey",
            "definitionId",
            "definitionInstanceId",
            "eventData",
        ),
        "configurationArguments": ("triggeredSendId", "triggeredSendKey"),
        SEND: (
            *("id", "key", "version", "triggeredSendStatus"),
            *("replyToAddress", "replyToDisplayName", "categoryId"),
        ),
    }

    email_id = NumberField(
        f"{SEND}.emailId",
        label=_("Email"),
        low=1,
        expected=_(
            "Enter the id of the email, a whole number such as 4711, or choose it from the list."
        ),
        picks="email",
        fills={"name": "send_name", "subject": "subject", "preheader": "preheader"},
        help_text=_(
            "Type to search, or the email's legacy id. Content Builder shows another id for the"
            " same email."
        ),
    )
    subject = TextField(f"{SEND}.emailSubject", label=_("Subject"))
    preheader = TextField(f"{SEND}.preHeader", label=_("Preheader"))

    send_name = TextField(f"{SEND}.name", label=_("Name of the send"))
    dynamic_subject = TextField(
        f"{SEND}.dynamicEmailSubject",
        label=_("Dynamic subject"),
        help_text=_("Follows the subject as long as both are equal."),
    )
    classification = TextField(
        f"{SEND}.sendClassificationId", label=_("Send classification"), picks="send-classification"
    )
    sender = TextField(f"{SEND}.senderProfileId", label=_("Sender profile"), picks="sender-profile")
    delivery = TextField(
        f"{SEND}.deliveryProfileId", label=_("Delivery profile"), picks="delivery-profile"
    )
    publication_list = NumberField(
        f"{SEND}.publicationListId",
        label=_("Publication list id"),
        low=0,
        expected=_("Enter the id of the list, a whole number; 0 is All Subscribers."),
        help_text=_("0 is All Subscribers."),
    )
    cc = TextField(
        f"{SEND}.ccEmail", label=_("CC"), help_text=_("Addresses separated by semicolons.")
    )
    bcc = TextField(
        f"{SEND}.bccEmail", label=_("BCC"), help_text=_("Addresses separated by semicolons.")
    )
    exclusion = LongTextField(f"{SEND}.exclusionFilter", label=_("Exclusion script"))
    priority = ChoiceField(f"{SEND}.priority", PRIORITIES, number=True, label=_("Priority"))
    throttle = NumberField(
        f"{SEND}.throttleLimit",
        label=_("Emails per hour"),
        counts=_("emails per hour"),
        low=0,
        help_text=_("0 sends without a limit."),
    )
    campaign = TextField(
        "configurationArguments.googleAnalyticsCampaignName", label=_("Google Analytics campaign")
    )
    track_clicks = FlagField(f"{SEND}.isTrackingClicks", label=_("Track clicks"))
    suppress_tracking = FlagField(
        f"{SEND}.suppressTracking", label=_("Keep this send out of reports")
    )
    crm_tracking = FlagField(
        f"{SEND}.isSalesforceTracking", label=_("Track in Sales and Service Cloud")
    )
    send_logging = FlagField(f"{SEND}.isSendLogging", label=_("Send logging"))
    multipart = FlagField(f"{SEND}.isMultipart", label=_("Send a plain-text part too"))
    add_subscribers = FlagField(f"{SEND}.autoAddSubscribers", label=_("Add subscribers"))
    update_subscribers = FlagField(f"{SEND}.autoUpdateSubscribers", label=_("Update subscribers"))
    stop_on_error = FlagField(f"{SEND}.isStoppedOnJobError", label=_("Stop on a job error"))

    advanced = (
        "send_name",
        "dynamic_subject",
        "classification",
        "sender",
        "delivery",
        "publication_list",
        "cc",
        "bcc",
        "exclusion",
        "priority",
        "throttle",
        "campaign",
        "track_clicks",
        "suppress_tracking",
        "crm_tracking",
        "send_logging",
        "multipart",
        "add_subscribers",
        "update_subscribers",
        "stop_on_error",
    )

    def follow(self, block: dict, changed: set[str]) -> dict:
        """The dynamic subject follows the subject, and the send's name the step's, where they were
        the same before."""
        for leader, follower in (("subject", "dynamic_subject"), ("name", "send_name")):
            before, field = self.fields[leader].found, self.fields[follower]
            if leader in changed and follower not in changed and field.found == before:
                block = write(block, field.path, self.cleaned_data[leader])
        return block

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        send = {
            "emailSubject": "",
            "dynamicEmailSubject": "",
            "preHeader": "",
            "name": "",
            "autoAddSubscribers": True,
            "autoUpdateSubscribers": True,
            "isMultipart": True,
            "isSendLogging": True,
            "isTrackingClicks": True,
        }
        configuration = {
            "applicationExtensionKey": "jb-email-activity",
            "isModified": True,
            "triggeredSend": send,
        }
        meta = {"category": "message", "version": "1.0", "sections": {}}
        return new_step(
            key, "EMAILV2", [new_path()], configurationArguments=configuration, metaData=meta
        )

    @classmethod
    def switched_off(cls, block: dict) -> tuple[str, ...]:
        """0 is no limit, and its hours mean nothing without one."""
        limit = whole(get(opened(block, cls.json_texts), f"{SEND}.throttleLimit", 0))
        members = ("throttleLimit", "throttleOpens", "throttleCloses") if limit == 0 else ()
        return tuple(f"{SEND}.{member}" for member in members)

    @classmethod
    def sentence(cls, block: dict) -> str:
        name = email_name(block)
        return _now("Send %(name)s") % {"name": name} if name.strip() else _now("Send email")

    @classmethod
    def sends_to_default(cls, block: dict) -> bool:
        return True

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        block = opened(block, cls.json_texts)
        problems = cls._email_problems(block)
        addresses = {"CC": f"{SEND}.ccEmail", "BCC": f"{SEND}.bccEmail"}
        problems += address_problems(cls, block, addresses)
        if not text(block, f"{SEND}.emailSubject").strip():
            sentence = _("The email has no subject. Enter one.")
            problems.append(cls.advice("email-subject", block, f"{SEND}.emailSubject", sentence))
        if not text(block, f"{SEND}.sendClassificationId") and not reference(
            block, SEND, "sendClassification"
        ):
            sentence = _(
                "No send classification is chosen. Journey Builder always sends with one: enter"
                " its id."
            )
            problems.append(
                cls.advice("email-classification", block, f"{SEND}.sendClassificationId", sentence)
            )
        if get(block, "configurationArguments.applicationExtensionKey", "") == "":
            place = "configurationArguments.applicationExtensionKey"
            sentence = _(
                "Journey Builder cannot open this email: it does not say which application it"
                " belongs to. Enter jb-email-activity under applicationExtensionKey in its JSON."
            )
            problems.append(cls.advice("email-application", block, place, sentence))
        return problems

    @classmethod
    def _email_problems(cls, block: dict) -> list[Problem]:
        email = whole(get(block, f"{SEND}.emailId"))
        if email is not None and email > 0:
            return []
        place = f"{SEND}.emailId"
        if any(reference(block, where, "") for where in (SEND, "configurationArguments")):
            sentence = _(
                "The email is named by a deployment tool's reference, which the endpoint does not"
                " know. Choose one."
            )
            return [cls.advice("email-reference", block, place, sentence)]
        sentence = _("No email is chosen. The send would be refused. Choose one.")
        return [cls.blocking("email-missing", block, place, sentence)]


def email_name(block: dict) -> str:
    """What cards call the email: the step's name, else the send's, else the subject; "" when it has
    none of them."""
    block = opened(block, SendEmail.json_texts)
    return (
        SendEmail.name_of(block)
        or text(block, f"{SEND}.name")
        or text(block, f"{SEND}.emailSubject")
    )

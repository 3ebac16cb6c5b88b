"""Send SMS, by MobileConnect.

The message is `messageId` (made in MobileConnect, an encoded text) or `assetId` (made in Content
Builder, a number); its text stands in `metaData.store` (sms_text.py). A deployment tool's file
names the message and the keyword by `c__…` and `r__…` references instead (Accenture/sfmc-devtools).
"""

from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks import sms_text
from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.facts import Facts
from journeys.blocks.fields import FlagField, NumberField, TextField
from journeys.blocks.places import MISSING, bind, get, text, write
from journeys.blocks.shown import ShownField
from journeys.blocks.values import whole
from journeys.spec.problem import Problem

SETTINGS = "configurationArguments"
QUIET = f"{SETTINGS}.honorBlackoutWindowEnum"
QUIET_FROM = f"{SETTINGS}.mobileBlackoutWindowStartTime"
QUIET_TO = f"{SETTINGS}.mobileBlackoutWindowEndTime"
LONGEST_TEXT = 60  # letters of it on a card
NO_ID = "00000000-0000-0000-0000-000000000000"


class SendSms(Block):
    slug = "sms"
    types = ("SMSSYNC",)
    family = "message"
    label = _("Send SMS")
    icon = "sms"
    prefix = "SMSSYNC"
    sends = True
    channel = "sms"
    names_things = ("asset", "message", "code", "keyword")
    server_made = {"arguments": ("contactId", "contactKey", "definitionId", "definitionInstanceId")}

    asset = NumberField(
        f"{SETTINGS}.assetId",
        label=_("Message"),
        low=1,
        expected=_("Enter the id of the message in Content Builder, a whole number such as 4711."),
        help_text=_("The id of the mobile message in Content Builder, a number."),
    )
    message = TextField(
        f"{SETTINGS}.messageId",
        label=_("MobileConnect message id"),
        help_text=_("Of a message made in MobileConnect."),
    )
    message_text = ShownField(
        sms_text.TEXT,
        sms_text.sms_text,
        label=_("Text of the message"),
        help_text=_(
            "As it was when the message was chosen; it is changed where the message was made."
        ),
    )
    short_code = ShownField(f"{sms_text.CODE}.code", sms_text.short_code, label=_("Short code"))
    code = TextField(f"{SETTINGS}.codeId", label=_("Short code id"))
    keyword = TextField(f"{SETTINGS}.keywordId", label=_("Keyword id"))

    next_keyword = TextField(
        f"{SETTINGS}.nextKeywordId",
        label=_("Next keyword id"),
        help_text=_("The keyword that answers are taken for."),
    )
    sender = TextField(f"{SETTINGS}.fromName", label=_("From name"))
    number = TextField(
        "arguments.mobileNumber",
        label=_("Mobile number"),
        expressions=True,
        help_text=_("An expression; without one the journey's default mobile number is used."),
    )
    opt_in = FlagField(f"{SETTINGS}.isOptIn", label=_("Message that asks for consent"))
    concatenate = FlagField(f"{SETTINGS}.isConcatenate", label=_("Send long texts as one message"))
    from_fields = FlagField(
        f"{SETTINGS}.isUsingDEAttributesForPersonalization",
        label=_("Personalise with the data extension's fields"),
    )
    quiet = NumberField(
        QUIET,
        label=_("Blackout window"),
        low=0,
        high=2,
        help_text=_("0, 1 or 2, as Marketing Cloud counts; 0 where no window is set."),
    )
    quiet_from = TextField(QUIET_FROM, label=_("Blackout from"))
    quiet_to = TextField(QUIET_TO, label=_("Blackout to"))
    campaign = TextField(f"{SETTINGS}.googleCampaignName", label=_("Google Analytics campaign"))

    together = (("code", "keyword"), ("quiet_from", "quiet_to"))
    advanced = (
        "next_keyword",
        "sender",
        "number",
        "opt_in",
        "concatenate",
        "from_fields",
        "quiet",
        "quiet_from",
        "quiet_to",
        "campaign",
    )

    def follow(self, block: dict, changed: set[str]) -> dict:
        """What was noted of another message, or of another short code, goes."""
        stale = [sms_text.TEXT, sms_text.DEFINITION] if {"asset", "message"} & changed else []
        stale += [sms_text.CODE] if "code" in changed else []
        for place in stale:
            if get(block, place) is not None:
                block = write(block, bind(place), MISSING)
        for name in ("message_text", "short_code"):
            if name in self.fields:
                self.fields[name].redraw = bool(stale)
        return block

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        settings = {
            "applicationExtensionKey": "jb-mobile-connect-send-sms-sync",
            "applicationExtensionId": NO_ID,
            "messageId": "",
            "keywordId": "",
            "nextKeywordId": "",
            "codeId": "",
            "isOptIn": False,
            "honorBlackoutWindowEnum": 0,
            "mobileBlackoutWindowStartTime": "",
            "mobileBlackoutWindowEndTime": "",
            "isUsingDEAttributesForPersonalization": False,
        }
        return new_step(
            key,
            "SMSSYNC",
            [new_path()],
            configurationArguments=settings,
            metaData={"category": "message"},
        )

    @classmethod
    def switched_off(cls, block: dict) -> tuple[str, ...]:
        """0 is no blackout window, whatever its times say."""
        is_set = whole(get(block, QUIET, 0)) != 0
        return () if is_set else (QUIET, QUIET_FROM, QUIET_TO)

    @classmethod
    def sentence(cls, block: dict) -> str:
        name, noted = cls.name_of(block), sms_text.sms_text(block)
        message = f"“{Truncator(' '.join(noted.split())).chars(LONGEST_TEXT)}”" if noted else ""
        said = ", ".join(part for part in (name, message) if part)
        return _now("Send SMS: %(name)s") % {"name": said} if said else _now("Send SMS")

    @classmethod
    def sends_to_default(cls, block: dict) -> bool:
        """It may name a number of its own."""
        number = text(block, "arguments.mobileNumber").strip()
        return not number or "InteractionDefaults." in number

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        problems = cls._message_problems(block)
        has_keyword = text(block, f"{SETTINGS}.keywordId") or text(block, f"{SETTINGS}.codeId")
        if not has_keyword and not _referred(block, "Keyword"):
            sentence = _(
                "Neither a short code nor a keyword is chosen. Journey Builder sends with one:"
                " enter its id."
            )
            problems.append(cls.advice("sms-keyword", block, f"{SETTINGS}.keywordId", sentence))
        if get(block, f"{SETTINGS}.applicationExtensionKey", "") == "":
            place = f"{SETTINGS}.applicationExtensionKey"
            sentence = _(
                "Journey Builder cannot open this SMS: it does not say which application it belongs"
                " to. Enter jb-mobile-connect-send-sms-sync under applicationExtensionKey in its"
                " JSON."
            )
            problems.append(cls.advice("sms-application", block, place, sentence))
        return problems

    @classmethod
    def _message_problems(cls, block: dict) -> list[Problem]:
        if (
            text(block, f"{SETTINGS}.messageId")
            or (whole(get(block, f"{SETTINGS}.assetId")) or 0) > 0
        ):
            return []
        place = f"{SETTINGS}.assetId"
        if _referred(block, "Message") or _referred(block, "asset"):
            sentence = _(
                "The message is named by a deployment tool's reference, which the endpoint does not"
                " know. Choose one."
            )
            return [cls.advice("sms-reference", block, place, sentence)]
        sentence = _("No message is chosen. Enter its id in Content Builder or in MobileConnect.")
        return [cls.blocking("sms-message", block, place, sentence)]


def _referred(block: dict, word: str) -> bool:
    settings = get(block, SETTINGS, {})
    return isinstance(settings, dict) and any(
        name.startswith(("r__", "c__")) and word in name for name in settings
    )

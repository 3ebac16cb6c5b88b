"""The journey's own settings, seen through a lens like a block's. Its "block" is the document
without its lists.

Values seen in 155 real journeys: definitionType Multistep (channel "") and Quicksend (channel
"email"), dataSource "ContactsModel" or none, analyticsType "google".
"""

from typing import ClassVar

from crispy_forms.helper import FormHelper
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from journeys.blocks.base import Block, expressions_offered
from journeys.blocks.fields import (
    ChoiceField,
    FlagField,
    LinesField,
    LongTextField,
    NumberField,
    TextField,
)
from journeys.blocks.layout import Folded, Offered, helper_for, lines_of

ENTRY_MODES = [
    ("OnceAndDone", _("No re-entry")),
    ("SingleEntryAcrossAllVersions", _("Re-entry only after exiting")),
    ("MultipleEntries", _("Re-entry at any time")),
]
DEFINITION_TYPES = [
    ("Multistep", _("Several steps")),
    ("Quicksend", _("Single send")),
    ("Transactional", _("Transactional send")),
]
CHANNELS = [("email", _("Email")), ("sms", _("SMS"))]
ANALYTICS = [("google", "Google Analytics")]
SOURCES = [("ContactsModel", _("Contact model"))]
TRACKING = "defaults.properties.analyticsTracking"
ONE_PER_LINE = _("Where it is found, one expression a line; the first that gives one is used.")


class ChannelField(ChoiceField):
    """None is a choice too: journeys of several steps have the channel ""."""

    def suit(self) -> None:
        super().suit()
        offered = list(self.widget.choices)
        if ("", self.blank) not in offered:
            self.widget.choices = [("", self.blank), *offered]


class TagsField(LinesField):
    """A list of {"name": …} as lines; a tag that stays keeps whatever else it holds."""

    def show(self, found: object) -> str:
        return "\n".join(tag["name"] for tag in found) if _are_tags(found) else super().show(found)

    def changed(self, sent: str) -> object:
        if isinstance(self.found, list) and self.found and not _are_tags(self.found):
            return super().changed(sent)
        known = {tag["name"]: tag for tag in self.found} if isinstance(self.found, list) else {}
        lines = [line.strip() for line in sent.splitlines() if line.strip()]
        return [known.get(line, {"name": line}) for line in dict.fromkeys(lines)]


class JourneySettings(Block):
    slug = "journey"
    kind = "journey"
    label = _("Journey settings")
    icon = "list"

    name = TextField("name", label=_("Name"))
    description = LongTextField("description", label=_("Description"))
    description.widget.attrs["rows"] = 2
    entry_mode = ChoiceField("entryMode", ENTRY_MODES, label=_("Contact re-entry"))
    emails = LinesField(
        "defaults.email", label=_("Default email address"), expressions=True, help_text=ONE_PER_LINE
    )
    mobiles = LinesField(
        "defaults.mobileNumber",
        label=_("Default mobile number"),
        expressions=True,
        where_held=True,
        help_text=ONE_PER_LINE,
    )
    emails.widget.attrs.update({"rows": 2, "spellcheck": "false", "class": "mono"})
    mobiles.widget.attrs.update({"rows": 1, "spellcheck": "false", "class": "mono"})
    key = TextField(
        "key",
        label=_("Key"),
        help_text=_(
            "Marketing Cloud knows the journey by it. Another key makes another journey there."
        ),
    )
    key.widget.attrs["class"] = "mono"
    definition_type = ChoiceField("definitionType", DEFINITION_TYPES, label=_("Kind of journey"))
    channel = ChannelField(
        "channel",
        CHANNELS,
        label=_("Channel"),
        help_text=_("Only single and transactional sends have one."),
    )
    is_schedule_set = FlagField(
        "metaData.isScheduleSet", label=_("A schedule is set (single sends)"), where_held=True
    )
    high_throughput = FlagField(
        "metaData.highThroughputSending.email",
        label=_("High-throughput sending of email"),
        where_held=True,
    )
    track = FlagField(f"{TRACKING}.enabled", label=_("Track with web analytics"), where_held=True)
    analytics = ChoiceField(
        f"{TRACKING}.analyticsType", ANALYTICS, label=_("Web analytics"), where_held=True
    )
    domains = LinesField(
        f"{TRACKING}.urlDomainsToTrack",
        label=_("Domains to track"),
        where_held=True,
        help_text=_("One a line."),
    )
    domains.widget.attrs.update({"rows": 2, "spellcheck": "false"})
    tags = TagsField("tags", label=_("Tags"), help_text=_("One a line."))
    tags.widget.attrs["rows"] = 2
    folder = NumberField(
        "categoryId",
        label=_("Folder"),
        low=1,
        expected=_(
            "Enter the number of the folder, a whole number such as 4711, or choose it from the"
            " list."
        ),
        picks="folder",
        help_text=_("The number of a Journey Builder folder. Empty is the root folder."),
    )
    data_source = ChoiceField(
        "metaData.dataSource",
        SOURCES,
        label=_("Data source"),
        where_held=True,
        help_text=_(
            "Journey Builder shows the conditions of decision splits only with the contact model."
        ),
    )
    without_end_wait = FlagField(
        "metaData.disableEndWait",
        label=_("Journey Builder adds no wait at the end of paths"),
        where_held=True,
    )
    only_with: ClassVar[dict[str, str]] = {"analytics": "track", "domains": "track"}
    together = (("definition_type", "channel"),)
    advanced = (
        "definition_type",
        "channel",
        "is_schedule_set",
        "mobiles",
        "high_throughput",
        "track",
        "analytics",
        "domains",
        "tags",
        "folder",
        "data_source",
        "without_end_wait",
    )

    @cached_property
    def helper(self) -> FormHelper:
        folded = [name for name in self.fields if name in self.advanced]
        offered = Offered(expressions_offered(self.document))
        usual = ("name", "description", "entry_mode", "emails")
        return helper_for(
            *usual, offered, "key", Folded(*lines_of(folded, self.together, self.only_with))
        )


def _are_tags(found: object) -> bool:
    return isinstance(found, list) and all(
        isinstance(tag, dict) and _is_line(tag.get("name")) for tag in found
    )


def _is_line(name: object) -> bool:
    return (
        isinstance(name, str)
        and bool(name)
        and name.strip() == name
        and name.splitlines() == [name]
    )

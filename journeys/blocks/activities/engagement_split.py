"""Engagement split: did the contact open or click an email sent before, or did it bounce?

`statsTypeId` is 2 for opens, 3 for clicks, 6 for bounces; Journey Builder shows "undefined" for
others. All 12 real ones have two outcomes (`when` true and false), and a wait directly before them.
`metaData.refActivityName` repeats the name of the email, or what its card calls it where the step
has none; a rename of the email leaves this block alone, as any edit does others, so it is a repair.
"""

from urllib.parse import urlsplit

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.activities.email import email_name
from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.facts import Facts
from journeys.blocks.fields import ChoiceField, LinesField
from journeys.blocks.outcomes import when_of
from journeys.blocks.places import bind, get, text, write
from journeys.blocks.registry import type_of, waits
from journeys.blocks.repair import BlockRepair, StepOf
from journeys.blocks.step_choice import StepChoiceField
from journeys.blocks.values import whole
from journeys.spec.address import Address
from journeys.spec.graph import Walk, outcomes
from journeys.spec.problem import Problem

EMAIL = "configurationArguments.refActivityCustomerKey"
EMAIL_NAME = "metaData.refActivityName"
KIND = "configurationArguments.statsTypeId"
LINKS = "configurationArguments.engagementUrls.urls"
OPENED, CLICKED, BOUNCED = 2, 3, 6
KINDS = [(str(OPENED), _("Opened")), (str(CLICKED), _("Clicked")), (str(BOUNCED), _("Bounced"))]


def _write_email_name(block: dict, where: Address, step_of: StepOf) -> dict:
    email = step_of(text(block, EMAIL))
    return write(block, bind(EMAIL_NAME), email_name(email)) if email else block


class EngagementSplit(Block):
    slug = "engagement-split"
    types = ("ENGAGEMENTDECISION",)
    family = "flow"
    label = _("Engagement split")
    icon = "engagement-split"
    prefix = "ENGAGEMENTSPLITV2"
    names_steps = (EMAIL,)
    repairs = {
        "write-email-name": BlockRepair(
            _("Write the name that the email has now"), _write_email_name
        )
    }
    server_made = {
        "arguments": ("contactKey", "definitionId", "messageKey", "requestId", "statsKey"),
        "configurationArguments": ("triggeredSendId",),
    }

    email = StepChoiceField(
        EMAIL, [], label=_("Email"), help_text=_("One that is sent before this split.")
    )
    stats_type = ChoiceField(KIND, KINDS, number=True, label=_("Engagement"))
    links = LinesField(
        LINKS,
        label=_("Links"),
        help_text=_(
            "For clicks only: whole addresses, one a line, without query and fragment. None: any"
            " link counts."
        ),
    )
    links.widget.attrs["rows"] = 3
    advanced = ("links",)

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        self.fields["email"].offer(*emails_offered(self.document, text(self.block, "key")))

    def follow(self, block: dict, changed: set[str]) -> dict:
        if "email" not in changed:
            return block
        named = Walk(self.document).steps.get(text(block, EMAIL), {})
        return write(block, bind(EMAIL_NAME), email_name(named))

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        paths = [
            new_path(
                key="branchResult-1",
                arguments={"when": True},
                metaData={"label": "Yes", "invalid": False},
            ),
            new_path(
                key="branchResult-2",
                arguments={"when": False},
                metaData={"label": "No", "invalid": False},
            ),
        ]
        settings = {
            "refActivityCustomerKey": "",
            "statsTypeId": OPENED,
            "engagementUrls": {"urls": []},
            "statsUrlId": 0,
        }
        meta = {"refActivityName": ""}
        return new_step(
            key, "ENGAGEMENTDECISION", paths, configurationArguments=settings, metaData=meta
        )

    @classmethod
    def switched_off(cls, block: dict) -> tuple[str, ...]:
        """Only clicks are counted by link."""
        return () if whole(get(block, KIND)) == CLICKED else (LINKS,)

    @classmethod
    def sentence(cls, block: dict) -> str:
        if cls.name_of(block):
            return cls.name_of(block)
        words = {OPENED: _now("If opened %(email)s"), CLICKED: _now("If clicked %(email)s")}
        words[BOUNCED] = _now("If %(email)s bounced")
        email = text(block, EMAIL_NAME).strip() or text(block, EMAIL)
        said = words.get(whole(get(block, KIND)))
        return said % {"email": email} if said and email else _now("Engagement split")

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        problems = []
        if not text(block, EMAIL):
            sentence = _("The split does not say which email it looks at. Choose one.")
            problems.append(cls.blocking("engagement-split-email", block, EMAIL, sentence))
        kind = get(block, KIND, "")
        if kind == "":
            sentence = _(
                "The split does not say what it looks at. Choose opened, clicked or bounced."
            )
            problems.append(cls.blocking("engagement-split-kind", block, KIND, sentence))
        elif whole(kind) not in (OPENED, CLICKED, BOUNCED):
            sentence = _(
                "Journey Builder knows no such engagement. Choose opened, clicked or bounced."
            )
            problems.append(cls.advice("engagement-split-kind-unknown", block, KIND, sentence))
        return problems + cls._path_problems(block) + cls._link_problems(block)

    @classmethod
    def _path_problems(cls, block: dict) -> list[Problem]:
        answers = [when_of(outcome) for outcome in outcomes(block)]
        if len(answers) == 2 and set(answers) == {True, False}:
            return []
        sentence = _(
            "An engagement split has two paths, “when” true and “when” false. Write both in its"
            " JSON."
        )
        return [cls.blocking("engagement-split-paths", block, "outcomes", sentence)]

    @classmethod
    def _link_problems(cls, block: dict) -> list[Problem]:
        links = get(block, LINKS, [])
        for link in links if isinstance(links, list) else []:
            if isinstance(link, str) and not is_plain_link(link):
                sentence = _(
                    "“%(link)s” cannot be counted: links are whole addresses without query and"
                    " fragment."
                )
                return [
                    cls.advice(
                        "engagement-split-link", block, LINKS, sentence % {"link": link[:80]}
                    )
                ]
        return []

    @classmethod
    def flow_problems(cls, block: dict, walk: Walk) -> list[Problem]:
        problems = cls._email_flow_problems(block, walk) + cls._wait_problems(block, walk)
        return problems + cls._name_problems(block, walk)

    @classmethod
    def _name_problems(cls, block: dict, walk: Walk) -> list[Problem]:
        email = walk.steps.get(text(block, EMAIL), {})
        said, name = text(block, EMAIL_NAME), email_name(email)
        if not said or not name or said in (name, text(email, "name")):
            return []
        sentence = _(
            "It shows its email as “%(said)s”, which is called “%(name)s” now. Write that name"
            " here, too."
        )
        names = {"said": said[:60], "name": name[:60]}
        return [
            cls.advice(
                "engagement-split-name", block, EMAIL_NAME, sentence % names, "write-email-name"
            )
        ]

    @classmethod
    def _email_flow_problems(cls, block: dict, walk: Walk) -> list[Problem]:
        email, key = text(block, EMAIL), text(block, "key")
        if not email:
            return []
        if not is_email(walk.steps.get(email, {})):
            sentence = _(
                "The split looks at “%(key)s”, which is no email of this journey. Choose another"
                " one."
            )
            return [
                cls.blocking(
                    "engagement-split-email-unknown", block, EMAIL, sentence % {"key": email[:60]}
                )
            ]
        if walk.must_pass(email, key):
            return []
        if not walk.may_pass(email, key):
            sentence = _(
                "The email that the split looks at is not sent before it. Choose an earlier one, or"
                " move it."
            )
            return [cls.blocking("engagement-split-email-later", block, EMAIL, sentence)]
        sentence = _(
            "Some paths come here without the email that the split looks at; those contacts take"
            " “No”."
        )
        return [cls.advice("engagement-split-email-skipped", block, EMAIL, sentence)]

    @classmethod
    def _wait_problems(cls, block: dict, walk: Walk) -> list[Problem]:
        before = [walk.steps[key] for key in walk.before.get(text(block, "key"), [])]
        if not before or not all(_has_waited(step) for step in before):
            sentence = _(
                "No wait stands directly before the split, so nobody has had time to react. Add"
                " one."
            )
            return [cls.advice("engagement-split-wait", block, "", sentence)]
        return []


def _has_waited(step: dict) -> bool:
    return waits(step) or type_of(step).longest_wait(step) is not None


Emails = list[tuple[str, str]]  # their keys and words


def emails_offered(document: dict, key: str) -> tuple[Emails, Emails]:
    """The emails that a contact may have been sent before this step, and all others, which cannot
    be chosen."""
    walk = Walk(document)
    before = [name for name in walk.upstream(key) if is_email(walk.steps[name]) and name != key]
    known = set(before)
    others = [name for name, step in walk.steps.items() if is_email(step) and name not in known]
    late = _now("%(email)s – not sent before this split")
    return (
        [(name, _told(walk.steps[name])) for name in before],
        [(name, late % {"email": _told(walk.steps[name])}) for name in others],
    )


def is_email(step: dict) -> bool:
    return type_of(step).channel == "email"


def is_plain_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.netloc)
        and not (parts.query or parts.fragment)
    )


def _told(step: dict) -> str:
    name, key = email_name(step).strip(), text(step, "key")
    return f"{name} ({key})" if name else key

"""Custom activity: calls a service of an installed package (or any other) and goes on.

`applicationExtensionKey` names the package's component; it differs from account to account.
Time-outs are in milliseconds, at most 100,000 (pages on the configuration of custom activities).
"""

from django.utils.translation import gettext_lazy as _

from journeys.blocks.arguments import InArguments, OutArguments
from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.facts import Facts
from journeys.blocks.fields import ChoiceField, FlagField, LongTextField, NumberField, TextField
from journeys.blocks.places import get, text
from journeys.blocks.values import whole
from journeys.spec.graph import outcomes
from journeys.spec.problem import Problem

EXECUTE = "arguments.execute"
RETRY_COUNT, RETRY_DELAY = f"{EXECUTE}.retryCount", f"{EXECUTE}.retryDelay"
CONFIGURATION = "configurationArguments"
LONGEST = 100_000
VERBS = [("POST", "POST"), ("GET", "GET"), ("PUT", "PUT"), ("DELETE", "DELETE")]


def has_branches(block: dict) -> bool:
    """Some custom splits are of the type REST: they have several outcomes, told apart by their
    branchResult."""
    paths = outcomes(block)
    return len(paths) > 1 or any(
        get(outcome, "arguments.branchResult") is not None for outcome in paths
    )


class CustomActivity(Block):
    slug = "custom-activity"
    types = ("REST",)
    family = "other"
    label = _("Custom activity")
    icon = "custom"
    prefix = "REST"
    more_rows = (InArguments, OutArguments)
    names_things = ("application",)

    application = TextField(
        f"{CONFIGURATION}.applicationExtensionKey",
        label=_("Application"),
        help_text=_("The key of the installed package's activity in this account."),
    )
    url = TextField(f"{EXECUTE}.url", label=_("Address to call"), help_text=_("https://…"))
    timeout = NumberField(
        f"{EXECUTE}.timeout",
        label=_("Time-out (milliseconds)"),
        counts=_("milliseconds"),
        low=1,
        high=LONGEST,
        help_text=_("At most 100000."),
    )
    retry_count = NumberField(RETRY_COUNT, label=_("Retries"), counts=_("retries"), low=0)
    retry_delay = NumberField(
        RETRY_DELAY,
        label=_("Delay between retries (milliseconds)"),
        counts=_("milliseconds"),
        low=0,
    )
    concurrent = NumberField(
        f"{EXECUTE}.concurrentRequests",
        label=_("Calls at the same time"),
        counts=_("calls"),
        low=1,
    )
    verb = ChoiceField(f"{EXECUTE}.verb", VERBS, label=_("Method"))
    format = TextField(f"{EXECUTE}.format", label=_("Format"), help_text=_("json, as a rule."))
    use_jwt = FlagField(f"{EXECUTE}.useJwt", label=_("Sign the call (JWT)"))
    header = LongTextField(f"{EXECUTE}.header", label=_("Header"))
    body = LongTextField(f"{EXECUTE}.body", label=_("Body"))
    save_url = TextField(f"{CONFIGURATION}.save.url", label=_("Address on save"), where_held=True)
    validate_url = TextField(
        f"{CONFIGURATION}.validate.url", label=_("Address on validation"), where_held=True
    )
    publish_url = TextField(
        f"{CONFIGURATION}.publish.url", label=_("Address on publish"), where_held=True
    )
    stop_url = TextField(f"{CONFIGURATION}.stop.url", label=_("Address on stop"), where_held=True)
    header.widget.attrs["rows"] = body.widget.attrs["rows"] = 2
    together = (("retry_count", "retry_delay"), ("verb", "format"))
    advanced = (
        "timeout",
        "retry_count",
        "retry_delay",
        "concurrent",
        "verb",
        "format",
        "use_jwt",
        "header",
        "body",
        "save_url",
        "validate_url",
        "publish_url",
        "stop_url",
    )

    @classmethod
    def opens(cls, block: dict) -> bool:
        return not has_branches(block)

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        return new_custom(key, cls.types[0], [new_path()])

    @classmethod
    def switched_off(cls, block: dict) -> tuple[str, ...]:
        return (RETRY_DELAY,) if whole(get(block, RETRY_COUNT, 0)) == 0 else ()

    @classmethod
    def sentence(cls, block: dict) -> str:
        return cls.name_of(block) or str(cls.label)

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        problems = []
        if not text(block, f"{CONFIGURATION}.applicationExtensionKey").strip():
            sentence = _(
                "No application is named, so Journey Builder cannot open the step. Enter the"
                " activity's key."
            )
            place = f"{CONFIGURATION}.applicationExtensionKey"
            problems.append(cls.advice("custom-application", block, place, sentence))
        if not text(block, f"{EXECUTE}.url").strip():
            report = (
                cls.advice
                if get(block, "metaData.isConfigured") in (False, "false")
                else cls.blocking
            )
            sentence = _(
                "No address is given, so there is nothing to call. Enter the one of the service."
            )
            problems.append(report("custom-address", block, f"{EXECUTE}.url", sentence))
        timeout = get(block, f"{EXECUTE}.timeout", "")
        if timeout != "" and (whole(timeout) is None or not 0 < whole(timeout) <= LONGEST):
            sentence = _(
                "The time-out must be a whole number of milliseconds from 1 to 100000. Change it."
            )
            problems.append(cls.blocking("custom-timeout", block, f"{EXECUTE}.timeout", sentence))
        return problems


def new_custom(key: str, spec_type: str, paths: list[dict]) -> dict:
    execute = {
        "inArguments": [],
        "outArguments": [],
        "url": "",
        "verb": "POST",
        "format": "json",
        "useJwt": False,
        "timeout": 10000,
    }
    return new_step(
        key,
        spec_type,
        paths,
        arguments={"execute": execute},
        configurationArguments={"applicationExtensionKey": ""},
        metaData={"category": "custom"},
    )

"""What a check of a tenant found out, in words."""

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.explaining.sentences import sentence
from journeys.tenant.errors import TenantError
from journeys.tenant.probing import NEEDED, Finding

# By the finding's name and what was found; the values are its facts and its error's sentence.
WORDS = {
    ("address", "refused"): "%(error)s",
    ("credentials", "refused"): "%(error)s",
    ("credentials", "good"): _(
        "A token came within %(seconds).1f s and is kept for %(expires_in)s s."
    ),
    ("credentials", "names-another-address"): _(
        "A token came within %(seconds).1f s and is kept for %(expires_in)s s. The token's answer"
        " names a REST address that is not allowed; not followed."
    ),
    ("scopes", "not-told"): _("The token does not say which scopes it has."),
    ("scopes", "missing"): _(
        "Missing: %(missing)s. Add them to the installed package; without them nothing can be sent."
    ),
    ("look-ups", "refused"): _("Journeys cannot be listed: %(error)s"),
    ("look-ups", "good"): _("Journeys can be listed."),
    ("absence", "proven"): _("A key that is not there is answered with code %(code)s."),
    ("absence", "not-proven"): _(
        "That a key is not there is not plainly said (%(error)s) Unclear submissions will wait for"
        " a person."
    ),
    ("absence", "claimed"): _("The tenant claims to have a journey of a key that nobody uses."),
    ("clock", "not-told"): _("The tenant's answers name no time."),
    ("clock", "close"): _("This machine's clock and the tenant's differ by %(seconds).0f s."),
    ("clock", "off"): _(
        "This machine's clock and the tenant's differ by %(seconds).0f s. Set this machine's clock:"
        " waiting times are read against it."
    ),
    ("create", "refused"): _("No draft could be created: %(error)s"),
    ("ids", "one"): _("A first version has one id for the journey and its definition."),
    ("ids", "two"): _(
        "A first version's id and definitionId differ here: every created journey would be shown as"
        " a conflict."
    ),
    ("read-after-write", "found"): _(
        "A created journey is found by its key after %(seconds).1f s."
    ),
    ("read-after-write", "not-found"): _(
        "A created journey is not found by its key within %(waited)g s: a look-up proves little"
        " here."
    ),
    ("same-key", "refuse"): _("A second create with the same key is refused (%(refusal)s)."),
    ("same-key", "unclear"): _("A second create with the same key was not clear: %(error)s"),
    ("same-key", "new_version"): _(
        "A second create with the same key makes a second version. The composer shows that as a"
        " conflict and never sends a key twice."
    ),
    ("same-key", "overwrite"): _(
        "A second create with the same key overwrites the draft. Keys that the composer did not"
        " make up are looked up before they are sent."
    ),
    ("same-key", "keep"): _(
        "A second create with the same key is answered with the draft that is there, unchanged."
    ),
    ("same-key", "second_journey"): _(
        "A second create with the same key makes a second journey of the same key. Keys are looked"
        " up before they are sent again."
    ),
    ("same-name", "refuse"): _("A second journey of the same name is refused (%(refusal)s)."),
    ("same-name", "unclear"): _("A second journey of the same name was not clear: %(error)s"),
    ("same-name", "taken"): _("Two journeys may have the same name."),
    ("two-tokens", "ended"): _(
        "A new token ends the one before it. Use this package in the composer only."
    ),
    ("two-tokens", "unclear"): _("Could not be found out: %(error)s"),
    ("two-tokens", "good"): _("Several tokens are good side by side."),
    ("late-commits", "none-cut"): _(
        "Every answer came before we could hang up, so nothing was learnt of late commits."
    ),
    ("late-commits", "none-carried-out"): _("Hung up on %(cut)s creates; none was carried out."),
    ("late-commits", "late"): _(
        "Hung up on %(cut)s creates; the last one that was carried out was there after"
        " %(latest).1f s."
    ),
    ("clean-up", "left"): _(
        "Perhaps not deleted; please look for these keys and do so by hand: %(left)s"
    ),
    ("clean-up", "deleted"): _("The drafts were deleted again (%(deleted)s)."),
}


def finding_text(finding: Finding) -> str:
    if (finding.name, finding.what) == ("scopes", "there"):
        return _scopes(finding.facts)
    return str(WORDS[finding.name, finding.what]) % _values(finding)


def _values(finding: Finding) -> dict[str, object]:
    values = {
        name: ", ".join(value) if isinstance(value, list) else value
        for name, value in finding.facts.items()
    }
    if finding.name == "clock" and "seconds" in values:
        values["seconds"] = abs(values["seconds"])
    if finding.error is not None:
        values |= {"error": sentence(finding.error), "refusal": _refusal(finding.error)}
    return values


def _scopes(facts: dict) -> str:
    parts = [_t("%(scopes)s are there.") % {"scopes": ", ".join(NEEDED)}]
    if facts["without"]:
        text = _t("Without %(scopes)s, ids have to be typed instead of picked from lists.")
        parts.append(text % {"scopes": ", ".join(facts["without"])})
    if facts["unneeded"]:
        text = _t("More than needed, better taken away: %(scopes)s.")
        parts.append(text % {"scopes": ", ".join(facts["unneeded"])})
    return " ".join(parts)


def _refusal(error: TenantError) -> str:
    """In the endpoint's own words."""
    details = "; ".join(f"{code} {text}" for code, text in error.details)
    parts = (str(error.status), error.code, error.message, details)
    return ", ".join(part for part in parts if part)

"""Parts of the pages of signing in."""

from django import template

from composer.identity import confirming, deeds, passkeys, typed, waiting

register = template.Library()


@register.inclusion_tag("mfa/_passkey_note.html", takes_context=True)
def passkey_note(context: dict) -> dict:
    """Beside a button for passkeys: why it cannot work here, and room for what goes wrong."""
    return {"obstacle": passkeys.obstacle(context["request"])}


@register.filter
def in_fours(secret: str) -> str:
    """Groups that can be typed off and that break where a line ends."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


@register.simple_tag(takes_context=True)
def passkeys_work(context: dict) -> bool:
    return not passkeys.obstacle(context["request"])


@register.inclusion_tag("account/_confirm.html", takes_context=True)
def ways_to_confirm(context: dict) -> dict:
    return confirming.ways(context["request"], context.get("form"), context.get("js_data"))


@register.inclusion_tag("account/_cancelled.html", takes_context=True)
def what_was_typed(context: dict) -> dict:
    """On the page to which somebody came back: what they had entered there and did not send."""
    request = context.get("request")
    if not hasattr(request, "session") or not request.user.is_authenticated:
        return {}
    one = waiting.cancelled_at(request)
    if one is None or one.fields is None:
        return {}
    fields = typed.shown(one.path, one.fields)
    pairs = deeds.told(request.user, one.path, one.fields)
    return {
        "one": one,
        "typed": {"path": one.path, "fields": fields},
        "told": pairs,
        "button": deeds.button(one.path),
    }

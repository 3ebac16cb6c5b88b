"""The journey's own key, name and description.

The endpoint refuses some characters in the journey's name and description (published trials: 121072
inside 10006). Names of steps hold them in real journeys and are not checked. Lengths: 200 is the
longest key known to be taken; no limit for names was found, the longest name seen has 60
characters.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from journeys.checks.finding import advice, blocking, member
from journeys.spec.document import MAX_KEY
from journeys.spec.problem import Problem

BANNED = "&<>\"'/"
LONG, LONGEST = 80, 200


def key_is_usable(document: dict) -> Iterator[Problem]:
    key = document.get("key")
    if not isinstance(key, str) or not key.strip():
        yield blocking(
            "key-missing", _("The journey has no key. Give it one; a UUID will do."), member("key")
        )
    elif len(key) > MAX_KEY:
        sentence = _("The key has %(count)s characters; the endpoint takes up to 200. Shorten it.")
        yield blocking("key-long", sentence % {"count": len(key)}, member("key"))


def name_is_given(document: dict) -> Iterator[Problem]:
    name = document.get("name")
    if not isinstance(name, str) or not name.strip():
        yield blocking("name-missing", _("The journey has no name. Give it one."), member("name"))


def name_is_short(document: dict) -> Iterator[Problem]:
    name = document.get("name")
    count = len(name) if isinstance(name, str) else 0
    if count > LONGEST:
        sentence = _("The name has %(count)s characters, more than 200. Shorten it.")
        yield blocking("name-too-long", sentence % {"count": count}, member("name"))
    elif count > LONG:
        sentence = _("The name has %(count)s characters. Lists cut it off: keep it under 80.")
        yield advice("name-long", sentence % {"count": count}, member("name"))


def text_is_allowed(document: dict) -> Iterator[Problem]:
    words = {"name": _("name"), "description": _("description")}
    for field, word in words.items():
        value = document.get(field)
        characters = [
            character for character in BANNED if isinstance(value, str) and character in value
        ]
        if characters:
            sentence = _("The journey's %(field)s must not contain %(characters)s. Remove them.")
            values = {"field": word, "characters": " ".join(characters)}
            yield blocking(f"{field}-characters", sentence % values, member(field))

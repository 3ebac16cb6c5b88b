"""Who refused, by the name that the screens give it."""

import re

from journeys.models import Submission

REFUSER = re.compile(r"(^|[.:] )?\bMarketing Cloud\b")


def by_its_name(text: str, submission: Submission) -> str:
    """Explanations speak of Marketing Cloud; at a practice tenant it was that one."""
    if not submission.tenant.is_practice:
        return text
    name = submission.tenant.where
    begin = name[:1].upper() + name[1:]
    return REFUSER.sub(lambda hit: hit[1] + begin if hit[1] is not None else name, text)


def named(part: dict, submission: Submission) -> dict:
    """A part of an explanation, with the endpoint's own message as it came."""
    words = {name: by_its_name(part[name], submission) for name in ("text", "todo") if name in part}
    return part | words

"""What is wrong with a revision, worked out once: before a lock is taken, then with it."""

from django.utils.translation import get_language

from journeys import checks
from journeys.models.revision import Revision, unpacked
from journeys.spec.cache import kept
from journeys.spec.problem import Problem


def problems_of(revision: Revision, rules: checks.Rules | None) -> list[Problem]:
    return _problems(bytes(revision.packed), get_language() or "", rules)


@kept(4, lambda found, packed, *_rest: 250 * len(found) + len(packed))
def _problems(packed: bytes, language: str, rules: checks.Rules | None) -> list[Problem]:
    return checks.check(unpacked(packed), rules)

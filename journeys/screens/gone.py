"""Why a block that is asked for cannot be shown: a page may still show what somebody removed, and a
link lead to it."""

from django.utils.translation import gettext as _t

from journeys.screens.draft import Draft
from journeys.screens.selected import Selected
from journeys.screens.who_changed import Since
from journeys.spec.document import MEMBER_OF


def why_gone(draft: Draft, named: Selected, shown: int | None) -> str:
    """ "" where it can be shown. `shown`: the revision that the page shows, None without one."""
    if named.kind not in MEMBER_OF or named.within(draft.document) == named:
        return ""
    base = draft.journey.revisions.filter(number=shown).first() if shown else None
    if base is None or named.within(base.stored()) != named:
        return _t("The block that you asked for is not in the journey. This is its newest state.")
    since = Since(draft.journey, base.number, draft.revision)
    by = since.first(lambda document: named.within(document) != named).author
    who = (by.get_full_name() or by.get_username()) if by else _t("Somebody")
    return _t("%(who)s removed this block meanwhile. This is the journey as it is now.") % {
        "who": who
    }

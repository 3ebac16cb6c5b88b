"""What each action of the audit says in words. The row keeps action and data; the sentence is made
when it is read."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from journeys.models.audit_names import ENDED, ended, field_label, field_words, plain

KINDS = {
    "sign-in": _("Signing in"),
    "sign-out": _("Signing out"),
    "session": _("Sessions"),
    "password": _("Passwords"),
    "second-factor": _("Second factors"),
    "person": _("People"),
    "group": _("Groups"),
    "tenant": _("Tenants"),
    "journey": _("Journeys"),
    "problem": _("Problems"),
    "template": _("Templates"),
    "review": _("Reviews"),
    "submission": _("Submissions"),
    "countersignature": _("Second admins"),
    "export": _("Exports"),
    "refused": _("Refusals"),
    "database": _("Installation"),
    "tampering": _("Tampering"),
}

# %(name)s is a member of the row's data; what the sentence does not use is told behind it.
ACTIONS = {
    "sign-in.succeeded": _("Signed in"),
    "sign-in.failed": _("An attempt to sign in failed"),
    "sign-in.not-shown": _("Entered a wrong password or code while signed in"),
    "sign-in.locked": _("Further attempts to sign in were refused for a while"),
    "sign-in.emergency": _("THE EMERGENCY ACCOUNT SIGNED IN past the organisation’s sign-in"),
    "sign-in.unlocked": _("Lifted the lock after failed sign-ins"),
    "sign-out": _("Signed out"),
    "session.ended": _("Ended a session"),
    "password.set": _("Set somebody’s password"),
    "password.link-sent": _("Had a link sent for a new password"),
    "password.changed": _("Changed their own password"),
    "password.reset": _("Set their password by a link"),
    "password.link-shown": _("Was shown a link with which %(full_name)s sets another password"),
    "second-factor.added": _("Added a second factor"),
    "second-factor.removed": _("Removed a second factor"),
    "person.added": _("Added a person"),
    "person.changed": _("Changed a person"),
    "person.invited": _("Invited %(full_name)s"),
    "person.invited-by-link": _(
        "Invited %(full_name)s, and was shown the link with which they set their password"
    ),
    "person.linked": _("Linked their account to the organisation’s sign-in"),
    "person.unlinked": _("Undid the link of an account to the organisation’s sign-in"),
    "group.added": _("Added a group"),
    "group.changed": _("Changed what a group of this person gives"),
    "group.settings-changed": _("Changed a group"),
    "group.deleted": _("Deleted a group"),
    "tenant.added": _("Added the tenant"),
    "tenant.changed": _("Changed the tenant"),
    "tenant.house-rules-changed": _("Changed the tenant’s house rules"),
    "tenant.let-through": _("Let calls to the tenant through again"),
    "tenant.checked-with-drafts": _("Checked the tenant by making drafts in it"),
    "journey.imported": _("Imported the journey, revision %(revision)s"),
    "journey.imported-as-nobodys": _(
        "Imported revision %(revision)s as nobody’s: it bars nobody’s approval"
    ),
    "journey.another-key": _("Gave the journey another key: %(key)s"),
    "problem.accepted": _("Accepted the problem %(problem)s: %(reason)s"),
    "problem.acceptance-withdrawn": _("No longer accepts the problem %(problem)s"),
    "template.saved": _("Saved the template “%(template)s”"),
    "template.deleted": _("Deleted the template “%(template)s”"),
    "review.requested": _("Asked for a review of revision %(revision)s"),
    "review.approved": _("Approved revision %(revision)s"),
    "review.sent-back": _("Sent revision %(revision)s back: %(comment)s"),
    "submission.created": _("Submitted revision %(revision)s"),
    "submission.created-without-review": _("Submitted revision %(revision)s without a review"),
    "submission.cancelled": _("Cancelled a submission"),
    "submission.tried-again": _("Let a submission go on"),
    "submission.taken-over": _("Took over the journey that was there already"),
    "submission.tampered": _("Stopped a submission that was changed in the database: %(text)s"),
    "export.json": _("Exported revision %(revision)s as JSON"),
    "export.curl": _("Exported revision %(revision)s as a shell script"),
    "export.print": _("Opened revision %(revision)s to print it"),
    "export.picture": _("Saved the picture of revision %(revision)s"),
    "export.answer": _("Saved the answer to a submission"),
    "export.audit": _("Exported the audit"),
    "countersignature.asked": _("Asked for a second admin: %(reason)s"),
    "countersignature.confirmed": _("Confirmed as the second admin"),
    "countersignature.withdrawn": _("Withdrew what a second admin was asked for"),
    "countersignature.used": _("Did what the second admin had confirmed"),
    "countersignature.alone": _("Did alone what needs a second admin: %(reason)s"),
    "refused.permission": _("Was refused: %(path)s"),
    "refused.decision": _("A decision about a review was refused: %(reason)s"),
    "refused.review-request": _("Asking for a review was refused: %(reason)s"),
    "refused.submission": _("Submitting was refused: %(reason)s"),
    "refused.acceptance": _("Accepting a problem was refused: %(reason)s"),
    "refused.template": _("Deleting a template was refused: %(reason)s"),
    "refused.tampered": _("Was refused, because something was changed in the database: %(path)s"),
    "database.audit-forgotten": _(
        "Deleted %(entries)s entries of the audit from before %(before)s, as set up"
    ),
    "tampering.found": _("FOUND CHANGED in the database past the composer: %(text)s"),
    "database.seals-renewed": _("Had all that is sealed sealed anew with the newest key"),
    "database.restored": _("Said that the database was restored from a backup"),
}

# What the list of actions says, where the sentence needs to know of what.
LABELS = {
    "password.link-shown": _("Was shown a link for somebody’s other password"),
    "person.invited": _("Invited a person by mail"),
    "person.invited-by-link": _("Invited a person by a link that was shown"),
    "journey.imported": _("Imported a journey"),
    "journey.imported-as-nobodys": _("Imported a revision as nobody’s"),
    "problem.accepted": _("Accepted a problem"),
    "problem.acceptance-withdrawn": _("No longer accepts a problem"),
    "template.saved": _("Saved a template"),
    "template.deleted": _("Deleted a template"),
    "review.requested": _("Asked for a review"),
    "review.approved": _("Approved a revision"),
    "review.sent-back": _("Sent a revision back"),
    "submission.created": _("Submitted a revision"),
    "submission.created-without-review": _("Submitted a revision without a review"),
    "export.json": _("Exported a revision as JSON"),
    "export.curl": _("Exported a revision as a shell script"),
    "export.print": _("Opened a revision to print it"),
    "export.picture": _("Saved the picture of a revision"),
    "database.audit-forgotten": _("Deleted old entries of the audit, as set up"),
}

UNTOLD = ("id", "person_id")  # numbers of rows, for programs
REPEATED = ("changes", "fields", "what")  # where old and new values are told, they name the fields


class _Told(dict):
    """Remembers which members a sentence used; what an old row lacks is said to be unknown."""

    def __init__(self, data: dict) -> None:
        super().__init__(data)
        self.used: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.used.add(name)
        if name == "full_name" and name not in self:  # an old row, or somebody without one
            return self["person"]
        return plain(super().__getitem__(name)) if name in self else _t("unknown")


def sentence(action: str, data: dict) -> tuple[str, list[tuple[str, str]]]:
    """The sentence, and what else the data holds as pairs of name and text."""
    members = _Told(data if isinstance(data, dict) else {})
    words = str(ACTIONS[action]) % members if action in ACTIONS else action
    changes = members.get("changes")
    if not members.get("was_admin"):
        members.pop("was_admin", None)
    rest = [
        name
        for name in members
        if name not in {*members.used, *UNTOLD, *ENDED} and not (changes and name in REPEATED)
    ]
    more = [(field_label(name), field_words(name, members.get(name))) for name in rest]
    return words, [
        *(change_lines(changes) if isinstance(changes, dict) else ()),
        *ended(members),
        *more,
    ]


def change_lines(changes: dict) -> Iterator[tuple[str, str]]:
    """`changes` holds [old, new] by field, or a text where neither may be told."""
    for field, change in changes.items():
        if isinstance(change, list) and len(change) == 2:
            old, new = (field_words(field, value) for value in change)
            yield field_label(field), _t("%(old)s → %(new)s") % {"old": old, "new": new}
        else:
            yield field_label(field), plain(change)


def kind_label(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def action_label(action: str) -> str:
    """The action without what it was about: "Approved a revision"."""
    return str(LABELS.get(action) or re.sub(r": %\(\w+\)s$", "", str(ACTIONS.get(action, action))))

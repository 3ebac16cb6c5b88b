"""What the rights that groups give are called."""

from django.utils.translation import gettext_lazy as _

RIGHTS = {
    "journeys.view_journey": _("See the journeys of their tenants"),
    "journeys.add_journey": _("Begin journeys"),
    "journeys.change_journey": _("Change journeys and ask for reviews"),
    "journeys.submit_journey": _("Submit approved journeys"),
    "journeys.approve_review": _("Approve journeys or send them back, on the review desk"),
    "journeys.accept_problem": _("Accept problems that block a journey"),
    "journeys.submit_unreviewed": _("Submit without a review, by command"),
    "journeys.view_review": _("Look at reviews in the administration"),
    "journeys.view_revision": _("Look at revisions in the administration"),
    "journeys.view_submission": _("Look at submissions in the administration"),
    "journeys.view_attempt": _("Look at what was sent and answered"),
    "journeys.view_auditentry": _("Read the audit"),
    "journeys.view_tenant": _("Look at tenants"),
    "journeys.add_tenant": _("Add tenants"),
    "journeys.change_tenant": _(
        "Look after all tenants: see everything in them, change credentials and rules"
    ),
    "auth.view_user": _("See people"),
    "auth.add_user": _("Add people"),
    "auth.change_user": _("Change people: groups, tenants, invitations, lost second factors"),
    "auth.view_group": _("See groups"),
    "auth.add_group": _("Add groups"),
    "auth.change_group": _("Change groups: rights, and whether members need a second factor"),
}

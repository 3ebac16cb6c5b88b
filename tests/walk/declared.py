"""Who may do what at every address. A new address fails the walk until it stands here."""

from tests.walk.addresses import (
    ADMINS,
    ANYBODY,
    COMPOSERS,
    DECIDERS,
    MEMBERS,
    NONE,
    SIGNED_IN,
    Address,
)

LOOK = Address("journey", show=MEMBERS)
EDIT = Address("journey", change=COMPOSERS - {"stranger"})
ASK = Address("journey", show=COMPOSERS - {"stranger"})  # what only who edits needs to ask
EDIT_PAGE = Address("journey", show=EDIT.change, change=EDIT.change)
PAGE = Address(show=SIGNED_IN)
FOR_WHO_HAS_ONE = Address(show=NONE, change=NONE)  # a second factor, which none of the six has
OWN = Address(show=SIGNED_IN, change=SIGNED_IN)  # about who asks
FOR_ANYBODY = Address(show=ANYBODY)


def of_model(route: str, of: str, who: frozenset, *, add=NONE, change=NONE, delete=NONE) -> dict:
    """The addresses that Django's administration makes of a model."""
    at = f"admin/{route}/"
    one = f"{at}<path:object_id>/"
    return {
        at: Address(show=who, change=who),
        f"{at}add/": Address(show=add, change=add),
        one: Address(of, show=NONE, change=NONE),
        f"{one}history/": Address(of, show=who, change=who),
        f"{one}change/": Address(of, show=who, change=change),
        f"{one}delete/": Address(of, show=delete, change=delete),
    }


DECLARED = {
    "sign-in/": Address(show=ANYBODY, change=ANYBODY),
    "sign-out/": Address(show=ANYBODY, change=ANYBODY),
    "password/": Address(show=SIGNED_IN, change=SIGNED_IN),
    "sign-in/inactive/": FOR_ANYBODY,
    "password/none/": Address(show=NONE),  # refuses in words: passwords are set by links,
    "password/reset/": Address(show=ANYBODY, change=ANYBODY),
    "password/reset/sent/": FOR_ANYBODY,
    r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-\w]+)/$": Address(
        show=ANYBODY, change=ANYBODY
    ),
    "password/reset/done/": FOR_ANYBODY,
    "account/": PAGE,
    "account/confirm/": OWN,
    "account/confirm/cancel/": Address(change=SIGNED_IN),
    "account/go-on/<slug:token>/": OWN,
    "account/confirm/provider/": FOR_WHO_HAS_ONE,  # a provider, which is not set up here
    "account/link/": FOR_WHO_HAS_ONE,
    "sign-in/provider/": Address(show=NONE, leads_to_sign_in=False),
    "sign-in/provider/back/": Address(show=NONE, leads_to_sign_in=False),
    "account/sessions/": OWN,
    "account/sessions/<int:pk>/end/": Address(show=NONE, change=NONE),  # nobody's
    "account/second-factor/": PAGE,
    "account/second-factor/needed/": PAGE,
    "account/second-factor/authenticate/": Address(show=ANYBODY, change=ANYBODY),
    "account/second-factor/reauthenticate/": OWN,
    "account/second-factor/recovery-codes/": FOR_WHO_HAS_ONE,
    "account/second-factor/recovery-codes/download/": FOR_WHO_HAS_ONE,
    "account/second-factor/recovery-codes/generate/": OWN,
    "account/second-factor/totp/activate/": OWN,
    "account/second-factor/totp/deactivate/": FOR_WHO_HAS_ONE,
    "account/second-factor/webauthn/": PAGE,
    "account/second-factor/webauthn/add/": OWN,
    "account/second-factor/webauthn/keys/<int:pk>/edit/": Address(
        show=NONE, change=NONE
    ),  # nobody’s
    "account/second-factor/webauthn/keys/<int:pk>/remove/": Address(
        show=NONE, change=NONE
    ),  # nobody’s
    "account/second-factor/webauthn/login/": Address(show=ANYBODY, change=ANYBODY),
    "account/second-factor/webauthn/reauthenticate/": OWN,
    ".well-known/security.txt": Address(
        show=NONE, leads_to_sign_in=False
    ),  # until a contact is set
    "favicon.ico": Address(show=ANYBODY, change=ANYBODY),
    "": PAGE,
    "journeys/new/": Address(show=COMPOSERS, change=COMPOSERS),
    "journeys/import/": Address(show=COMPOSERS, change=COMPOSERS),
    "journeys/import/report/": PAGE,
    "journeys/pictures/": PAGE,
    "journeys/shortcuts/": PAGE,
    "journeys/<int:pk>/": LOOK,
    "journeys/<int:pk>/list/": LOOK,
    "journeys/<int:pk>/panel/": LOOK,
    "journeys/<int:pk>/progress/": LOOK,
    "journeys/<int:pk>/block/save/": EDIT,
    "journeys/<int:pk>/block/save-text/": EDIT,
    "journeys/<int:pk>/name/": EDIT,
    "journeys/<int:pk>/block/add/": EDIT,
    "journeys/<int:pk>/block/remove/": EDIT,
    "journeys/<int:pk>/look-up/event-fields/": LOOK,
    "journeys/<int:pk>/look-up/<slug:kind>/": LOOK,
    "journeys/<int:pk>/step/move/": EDIT,
    "journeys/<int:pk>/step/places/": ASK,
    "journeys/<int:pk>/step/menu/": ASK,
    "journeys/<int:pk>/step/replace/": EDIT,
    "journeys/<int:pk>/step/types/": ASK,
    "journeys/<int:pk>/steps/copy/": EDIT,
    "journeys/<int:pk>/steps/paste/": EDIT,
    "journeys/<int:pk>/steps/duplicate/": EDIT,
    "journeys/<int:pk>/steps/move/": EDIT,
    "journeys/<int:pk>/steps/remove/": EDIT,
    "journeys/<int:pk>/path/lead-to/": EDIT,
    "journeys/<int:pk>/path/add/": EDIT,
    "journeys/<int:pk>/path/remove/": EDIT,
    "journeys/<int:pk>/path/move/": EDIT,
    "journeys/<int:pk>/path/rename/": EDIT,
    "journeys/<int:pk>/path/gaps/": ASK,
    "journeys/<int:pk>/path/targets/": ASK,
    "journeys/<int:pk>/search/": LOOK,
    "journeys/<int:pk>/problems/": LOOK,
    "journeys/<int:pk>/problem/repair/": EDIT,
    "journeys/<int:pk>/problem/accept/": Address("journey", change=DECIDERS),
    "journeys/<int:pk>/problem/withdraw/": Address("journey", change=DECIDERS),
    "journeys/<int:pk>/document/": ASK,
    "journeys/<int:pk>/document/check/": EDIT,
    "journeys/<int:pk>/document/save/": EDIT,
    "journeys/<int:pk>/undo/": EDIT,
    "journeys/<int:pk>/redo/": EDIT,
    "journeys/<int:pk>/export/": LOOK,
    "journeys/<int:pk>/picture.svg": LOOK,
    "journeys/<int:pk>/print/": LOOK,
    "journeys/<int:pk>/convert/": EDIT_PAGE,
    "journeys/<int:pk>/history/": LOOK,
    "journeys/<int:pk>/history/<int:number>/": LOOK,
    "journeys/<int:pk>/history/<int:number>/restore/": EDIT,
    "journeys/<int:pk>/history/<int:number>/revert/": EDIT,
    "journeys/<int:pk>/review/": EDIT,
    "journeys/<int:pk>/key/": ASK,
    "journeys/<int:pk>/key/another/": EDIT,
    "journeys/<int:pk>/submit/": EDIT_PAGE,
    "journeys/<int:pk>/template/": EDIT_PAGE,
    "templates/": Address(show=COMPOSERS),
    "templates/<slug:slug>/": Address("gallery", show=COMPOSERS, change=COMPOSERS),
    "templates/team/<int:pk>/": Address(
        "template", show=COMPOSERS - {"stranger"}, change=COMPOSERS - {"stranger"}
    ),
    "templates/team/<int:pk>/delete/": Address(
        "template", show=COMPOSERS - {"stranger"}, change=COMPOSERS - {"stranger"}
    ),
    "submissions/": PAGE,
    "submissions/<uuid:pk>/": Address("submission", show=MEMBERS),
    "submissions/<uuid:pk>/progress/": Address("submission", show=MEMBERS),  # htmx asks for it
    "submissions/<uuid:pk>/cancel/": Address("submission", change=EDIT.change),
    "submissions/<uuid:pk>/take-over/": Address("submission", change=EDIT.change),
    "submissions/<uuid:pk>/try-again/": Address("submission", change=EDIT.change),
    "submissions/<uuid:pk>/answer/": Address("submission", show=MEMBERS),
    "submissions/overview/": PAGE,
    "submissions/overview/<int:pk>/": Address("tenant", show=MEMBERS),
    "submissions/overview/<int:pk>/let-through/": Address("tenant", change=ADMINS),
    "healthz": FOR_ANYBODY,
    "healthz/worker": FOR_ANYBODY,
    "healthz/sweeper": FOR_ANYBODY,
    "metrics": Address(show=ADMINS, leads_to_sign_in=False),
    # the administration
    "admin/": Address(show=DECIDERS, change=DECIDERS),
    "admin/login/": Address(show=DECIDERS, change=DECIDERS),
    "admin/logout/": Address(change=DECIDERS),
    "admin/password_change/": Address(show=DECIDERS, change=DECIDERS),
    "admin/password_change/done/": Address(show=DECIDERS),
    "admin/autocomplete/": Address(show=NONE, change=NONE),
    "admin/jsi18n/": Address(show=DECIDERS),
    "admin/r/<path:content_type_id>/<path:object_id>/": Address(show=NONE, change=NONE),
    "admin/^(?P<app_label>journeys|auth)/$": Address(show=DECIDERS, change=DECIDERS),
    "admin/(?P<url>.*)$": Address(show=NONE, change=NONE),
    "admin/auth/user/<int:pk>/end-sessions/": Address("person", change=ADMINS),
    "admin/auth/user/<int:pk>/unlink/": Address("person", change=ADMINS),
    "admin/auth/user/<int:pk>/invite/": Address("person", change=ADMINS),
    "admin/auth/user/<int:pk>/take-factors-away/": Address("person", change=ADMINS),
    "admin/auth/user/lift/": Address(change=ADMINS),
    "admin/journeys/review/<int:pk>/approve/": Address("review", change=DECIDERS),
    "admin/journeys/review/<int:pk>/send-back/": Address("review", change=DECIDERS),
    "admin/journeys/auditentry/export/": Address(show=ADMINS),
    "admin/journeys/countersignature/ask/": Address(show=ADMINS, change=ADMINS),
    "admin/journeys/countersignature/<int:pk>/confirm/": Address("second", change=DECIDERS),
    "admin/journeys/countersignature/<int:pk>/withdraw/": Address("second", change=DECIDERS),
    **of_model("journeys/countersignature", "second", DECIDERS),
    **of_model("journeys/auditentry", "entry", ADMINS),
    **of_model("journeys/journey", "journey", DECIDERS),
    **of_model("journeys/revision", "revision", ADMINS),
    **of_model("journeys/review", "review", DECIDERS),
    **of_model("journeys/submission", "submission", ADMINS),
    **of_model("journeys/attempt", "attempt", ADMINS),
    **of_model("journeys/tenant", "tenant", ADMINS, add=ADMINS, change=ADMINS),
    **of_model("auth/user", "person", ADMINS, add=ADMINS, change=ADMINS),
    **of_model("auth/group", "group", ADMINS, add=ADMINS, change=ADMINS),
}

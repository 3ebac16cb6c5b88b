"""The token route and the check of a token, after OAuth 2.0 client credentials as the REST API uses
them."""

from journeys.practice.state import State
from journeys.practice.wire import Answer, Request, json_answer

ERROR_PAGE = "https://developer.salesforce.com/docs"


def issue(state: State, request: Request) -> Answer:
    """200 with a token, else 400 or 401 with `error` and `error_description`."""
    try:
        asked = request.document
    except ValueError:
        return _refused(400, "invalid_request", "The body is not valid JSON.")
    if not isinstance(asked, dict) or not asked.get("grant_type"):
        return _refused(400, "invalid_request", "The grant_type is missing.")
    if asked["grant_type"] != "client_credentials":
        return _refused(400, "unsupported_grant_type", "The grant_type must be client_credentials.")
    missing = [name for name in ("client_id", "client_secret") if not asked.get(name)]
    if missing:
        return _refused(400, "invalid_request", f"The {missing[0]} is missing.")
    if not _known_client(state, asked["client_id"], asked["client_secret"]):
        return _refused(401, "invalid_client", "The client ID or the client secret is not valid.")
    account = str(asked.get("account_id") or "")
    accounts = state.settings["accounts"]
    if accounts is not None and account not in [str(known) for known in accounts]:
        return _refused(
            400, "invalid_request", "The account_id is not one that this package may use."
        )
    granted = state.settings["scope"]
    wanted = asked.get("scope") or granted
    if not isinstance(wanted, str) or not set(wanted.split()) <= set(granted.split()):
        return _refused(400, "invalid_scope", "The scope asks for more than the package has.")
    return _granted(state, request, wanted, account)


def holder(state: State, request: Request) -> tuple[str, str] | None:
    """Scope and business unit of the request's token; None when it has no good one."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return state.token(token.strip()) if kind.lower() == "bearer" else None


def lacks(scope: str, needed: str) -> Answer | None:
    if needed in scope.split():
        return None
    return json_answer(403, {"message": "Insufficient privileges to complete this action."})


def _granted(state: State, request: Request, scope: str, account: str) -> Answer:
    own = f"http://{request.headers['host']}/"
    body = {
        "access_token": state.issue_token(scope, account),
        "token_type": "Bearer",
        "expires_in": state.settings["expires_in"],
        "scope": scope,
        "soap_instance_url": own,
        "rest_instance_url": own,
    }
    return json_answer(200, body, {"Cache-Control": "no-store"})


def _known_client(state: State, client_id: object, secret: object) -> bool:
    clients = state.settings["clients"]
    if clients is None:
        return secret != "wrong"  # noqa: S105
    return isinstance(client_id, str) and clients.get(client_id) == secret


def _refused(status: int, code: str, description: str) -> Answer:
    return json_answer(
        status, {"error": code, "error_description": description, "error_uri": ERROR_PAGE}
    )

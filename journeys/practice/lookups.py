"""The look-up routes: what the catalogue holds, by the calls with which the real endpoint gives
it."""

import re
from collections.abc import Callable
from html import escape

from journeys.practice import answers, catalogue
from journeys.practice.state import State
from journeys.practice.wire import Answer, Request, decoded, json_answer

MOST = 500
DATA_EXTENSIONS = "/data/v1/customobjects"
SOAP_KINDS = ("SendClassification", "SenderProfile", "DeliveryProfile")
ROUTES = {
    ("POST", "/asset/v1/content/assets/query"): "emails",
    ("GET", DATA_EXTENSIONS): "data-extensions",
    ("GET", "/interaction/v1/eventdefinitions"): "events",
    ("GET", "/platform/v1/categories"): "folders",
    ("GET", "/data/v1/integration/member/salesforce/workflowobjects"): "crm-objects",
    ("POST", "/service.asmx"): "soap",
}
SCOPES = {
    "emails": "saved_content_read",
    "data-extensions": "data_extensions_read",
    "fields": "data_extensions_read",
}
TOKEN = re.compile(r"<fueloauth[^<>]*>([^<]+)</fueloauth>")
KIND = re.compile(r"<ObjectType>(\w+)</ObjectType>")
SOAP_ANSWER = """<?xml version="1.0" encoding="utf-8"?><soap:Envelope \
xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>{body}</soap:Body></soap:Envelope>"""
XSI = "http://www.w3.org/2001/XMLSchema-instance"
RESPONSE = (
    '<RetrieveResponseMsg xmlns="http://exacttarget.com/wsdl/partnerAPI">{}</RetrieveResponseMsg>'
)


def route_of(request: Request) -> tuple[str, str]:
    """Name of the route ("" when it is none of these) and the identifier in its path."""
    path = request.path.rstrip("/")
    route = ROUTES.get((request.method, path.lower()), "")
    start, end = f"{DATA_EXTENSIONS}/", "/fields"
    if (
        not route
        and request.method == "GET"
        and path.lower().startswith(start)
        and path.lower().endswith(end)
    ):
        return "fields", decoded(path[len(start) : -len(end)])
    return route, ""


def answer(request: Request, route: str, identifier: str) -> Answer:
    if route == "fields":
        return _fields(identifier)
    return LISTS[route](request)


def soap(state: State, request: Request) -> Answer:
    """Retrieve; the token stands in the envelope."""
    text = request.body.decode(errors="replace")
    token, kind = TOKEN.search(text), KIND.search(text)
    if token is None or state.token(token[1].strip()) is None:
        fault = (
            "<soap:Fault><faultcode>q0:Security</faultcode><faultstring>Token"
            " Expired</faultstring></soap:Fault>"
        )
        return _xml(500, fault)
    if kind is None or kind[1] not in SOAP_KINDS:
        status = "<OverallStatus>Error: The Request ObjectType is unknown.</OverallStatus>"
        return _xml(200, RESPONSE.format(status))
    rows = catalogue.send_settings(kind[1])
    results = "".join(
        f'<Results xsi:type="{kind[1]}" xmlns:xsi="{XSI}">{_members(row)}</Results>' for row in rows
    )
    return _xml(200, RESPONSE.format(f"<OverallStatus>OK</OverallStatus>{results}"))


def _emails(request: Request) -> Answer:
    try:
        asked = request.document
        page, size = asked["page"]["page"], asked["page"]["pageSize"]
    except (ValueError, LookupError, TypeError):
        return answers.error(400, 10004, "JSON Deserialization Exception: Location Unknown")
    wanted = _name_in(asked.get("query")).lower()
    rows = [row for row in catalogue.emails() if wanted in row["name"].lower()]
    return _page(sorted(rows, key=lambda row: row["name"]), page, size)


def _name_in(query: object) -> str:
    """What the `name` has to be like, wherever that stands in the query."""
    if not isinstance(query, dict):
        return ""
    if query.get("property") == "name":
        return str(query.get("value", ""))
    return _name_in(query.get("leftOperand")) or _name_in(query.get("rightOperand"))


def _data_extensions(request: Request) -> Answer:
    wanted = request.query.get("$search", "").lower()
    if not wanted:
        return answers.error(400, 10002, "The $search parameter is required.")
    rows = catalogue.data_extensions()
    return _paged(
        [row for row in rows if wanted in row["name"].lower() or wanted in row["key"].lower()],
        request,
    )


def _fields(identifier: str) -> Answer:
    for row in catalogue.data_extensions():
        if row["id"] == identifier.lower():
            return json_answer(200, {"id": row["id"], "fields": catalogue.fields_of(row)})
    return answers.error(404, 30003, "The data extension was not found.")


def _paged(rows: list[dict], request: Request) -> Answer:
    numbers = [
        request.query.get(name, default) for name, default in (("$page", "1"), ("$pageSize", "50"))
    ]
    if not all(text.isascii() and text.isdigit() and 0 < int(text) < 10**6 for text in numbers):
        return answers.error(400, 10005, "The value of $page or $pageSize is invalid.")
    return _page(rows, *map(int, numbers))


def _page(rows: list[dict], page: object, size: object) -> Answer:
    if not (isinstance(page, int) and isinstance(size, int) and page > 0 and size > 0):
        return answers.error(400, 10005, "The value of page is invalid.")
    size = min(size, MOST)
    items = rows[(page - 1) * size : page * size]
    return json_answer(
        200, {"count": len(rows), "page": page, "pageSize": size, "links": {}, "items": items}
    )


def _members(row: dict[str, str]) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in row.items())


def _xml(status: int, body: str) -> Answer:
    return Answer(
        status, SOAP_ANSWER.format(body=body).encode(), {"Content-Type": "text/xml; charset=utf-8"}
    )


LISTS: dict[str, Callable[[Request], Answer]] = {
    "emails": _emails,
    "data-extensions": _data_extensions,
    "events": lambda request: _paged(catalogue.events(), request),
    "folders": lambda request: _paged(catalogue.folders(), request),
    "crm-objects": lambda request: _paged(catalogue.crm_objects(), request),
}

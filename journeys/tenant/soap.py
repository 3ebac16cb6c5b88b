"""The one SOAP call that the composer needs: Retrieve, for what Marketing Cloud gives by no public
REST route."""

import re
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from .auth import Token
from .client import Client
from .errors import Refused, Unauthorized, Unclear
from .verdict import decide
from .wire import Answer

MOST_BATCHES = 4  # of up to 2,500 rows
TOKEN_FAULT = re.compile(r"token|security|login failed", re.IGNORECASE)

ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">
<s:Header><fueloauth xmlns="http://exacttarget.com">{token}</fueloauth></s:Header>
<s:Body><RetrieveRequestMsg xmlns="http://exacttarget.com/wsdl/partnerAPI"><RetrieveRequest>{asked}</RetrieveRequest>
</RetrieveRequestMsg></s:Body></s:Envelope>"""


def retrieve(
    client: Client, token: Token, kind: str, properties: tuple[str, ...]
) -> list[dict[str, str]]:
    """All objects of a kind as {property: text}; raises TenantError."""
    asked = f"<ObjectType>{kind}</ObjectType>" + "".join(
        f"<Properties>{name}</Properties>" for name in properties
    )
    objects: list[dict[str, str]] = []
    for _ in range(MOST_BATCHES):
        envelope = ENVELOPE.format(token=escape(token.access_token), asked=asked)
        root = _read(client.soap(envelope.encode(), token))
        status = _first(root, "OverallStatus")
        if status not in ("OK", "MoreDataAvailable"):
            raise Refused(phase="look-up", reason="refused", message=status[:300])
        for row in root.iter():
            if _name(row) == "Results":
                objects.append({_name(member): (member.text or "").strip() for member in row})
        if status == "OK":
            break
        asked = f"<ContinueRequest>{escape(_first(root, 'RequestID'))}</ContinueRequest>"
    return objects


def _read(outcome: object) -> ElementTree.Element:
    root = _parsed(outcome.body) if isinstance(outcome, Answer) and not outcome.flaw else None
    if root is None:
        wrong = Unclear(phase="look-up", reason="not_json", flaw="no-soap")
        raise decide("look-up", outcome) or wrong
    fault = _first(root, "faultstring")
    if fault or outcome.status != 200:
        kind = Unauthorized if TOKEN_FAULT.search(fault) else Refused
        raise kind(outcome, phase="look-up", reason="refused", message=fault[:300])
    return root


def _parsed(body: bytes) -> ElementTree.Element | None:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:  # SOAP forbids them, and they can blow up
        return None
    try:
        return ElementTree.fromstring(body)  # noqa: S314
    except (ElementTree.ParseError, ValueError):
        return None


def _first(root: ElementTree.Element, name: str) -> str:
    return next(((one.text or "").strip() for one in root.iter() if _name(one) == name), "")


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]

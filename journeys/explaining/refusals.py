"""An error of the endpoint in a marketer's words, with the places in the journey that it speaks
of."""

from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from journeys.explaining.addresses import Sent, addresses_in
from journeys.explaining.advice import (
    CODES,
    EXISTS,
    REASONS,
    STATUSES,
    UNKNOWN_ANSWER,
    UNKNOWN_REFUSAL,
    WORDS,
    Advice,
    missing_scope,
)
from journeys.explaining.phrases import Candidate, Phrase, phrase_of
from journeys.explaining.sentences import sentence
from journeys.spec.address import Address
from journeys.tenant.errors import (
    Absent,
    BadAddress,
    Busy,
    NotSent,
    Refused,
    TenantError,
    TokenRefused,
    Unauthorized,
    Unclear,
)

MOST = 20  # candidates that are named


@dataclass(frozen=True)
class Explanation:
    """`title` in a few words, `text` what is wrong, `todo` what to do; code and message are the
    endpoint's own.

    `parts` explain the points of a list, one each. `candidates` may be meant: the endpoint does not
    say which; `more` are as many others.
    """

    title: str
    text: str
    todo: str
    code: str = ""
    server_message: str = ""
    addresses: tuple[Address, ...] = ()
    parts: tuple["Explanation", ...] = ()
    candidates: tuple[Candidate, ...] = ()
    more: int = 0

    def as_data(self) -> dict:
        """As a submission keeps it: an address is [kind, key, place inside], a candidate that and
        what stands there."""
        return {
            "title": self.title,
            "text": self.text,
            "todo": self.todo,
            "code": self.code,
            "server_message": self.server_message,
            "places": [[one.kind, one.key, one.inside] for one in self.addresses],
            "candidates": [
                [one.address.kind, one.address.key, one.address.inside, one.said]
                for one in self.candidates
            ],
            "more_candidates": self.more,
            "parts": [part.as_data() for part in self.parts],
        }


def explain(error: TenantError, sent_document: dict | None = None) -> Explanation:
    """Never raises, whatever the endpoint wrote; without a document there are no places."""
    sent = Sent(sent_document or {})
    phrase = (
        phrase_of(error.code, error.message, error.phase) if isinstance(error, Refused) else None
    )
    advice = phrase.advice if phrase else _advice(error)
    text = advice.of_create if error.phase in ("create", "") else str(advice.text)
    parts = tuple(
        _part(code, message, key, sent, error.phase) for code, message, key in _points(error)
    )
    meant = _Meant()
    if not parts and _is_refusal(error):
        meant = _meant(phrase, error.code, error.message, sent)
    addresses = meant.addresses or tuple(
        dict.fromkeys(one for part in parts for one in part.addresses)
    )
    return Explanation(
        _title(error, parts),
        text,
        str(advice.do),
        error.code,
        error.message,
        addresses,
        parts,
        meant.candidates,
        meant.more,
    )


@dataclass(frozen=True)
class _Meant:
    addresses: tuple[Address, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    more: int = 0


def _meant(
    phrase: Phrase | None, code: str, message: str, sent: Sent, activity_key: str = ""
) -> _Meant:
    """What a refusal is about: a step that it names, else what its phrase means, else what its code
    and its words lead to."""
    if phrase is None or activity_key:
        return _Meant(tuple(addresses_in(code, message, sent, activity_key)))
    candidates = list(phrase.candidates(message, sent))
    if len(candidates) == 1:
        return _Meant((candidates[0].address,))
    shown = tuple(candidates[:MOST])
    return _Meant((), shown, len(candidates) - len(shown))


def _advice(error: TenantError) -> Advice:
    if isinstance(error, BadAddress):
        return Advice(sentence(error), REASONS["address"].do)
    if isinstance(error, TokenRefused):
        return WORDS.get(
            error.code, WORDS["invalid_client"] if error.status == 401 else UNKNOWN_TOKEN
        )
    if isinstance(error, NotSent):
        return REASONS.get(
            "connect" if error.reason == "timeout" else error.reason, REASONS["refused"]
        )
    if isinstance(error, Absent):
        return CODES["30003"]
    if isinstance(error, Unclear):
        return _of_unclear(error)
    if (
        isinstance(error, Refused)
        and error.status == 403
        and error.code in ("", "20000", "20001", "20002")
    ):
        return missing_scope(error.phase, error.message)
    if isinstance(error, Refused) and error.exists and error.code not in SPEAKING:
        return EXISTS
    fallback = (
        UNKNOWN_REFUSAL if error.status == 400 else STATUSES.get(error.status, UNKNOWN_REFUSAL)
    )
    return CODES.get(error.code, fallback)


# Codes that say themselves what is wrong, whatever words stand beside them.
SPEAKING = CODES.keys() - {"10000", "10005", "30000"}

UNKNOWN_TOKEN = Advice(
    _("Marketing Cloud gives no token to this tenant's package. Its own words stand below."),
    _("Ask an admin to check the tenant's client id, secret and MID."),
)


def _of_unclear(error: TenantError) -> Advice:
    if error.status in (413, 415):
        return STATUSES[error.status]
    advice = REASONS.get("html" if error.flaw == "web-page" else error.reason, UNKNOWN_ANSWER)
    if error.phase in ("create", ""):
        return advice
    return Advice(
        sentence(error) if error.reason == "wrong_answer" else advice.text,
        _t("Nothing needs to be done: it is tried again. If it lasts, tell an admin."),
    )


def _title(error: TenantError, parts: tuple[Explanation, ...]) -> str:
    if len(parts) > 1:
        text = ngettext(
            "Marketing Cloud found %(count)s thing to correct",
            "Marketing Cloud found %(count)s things to correct",
            len(parts),
        )
        return text % {"count": len(parts)}
    return next(str(title) for kind, title in TITLES if isinstance(error, kind))


TITLES = (
    (BadAddress, _("The tenant's address is not valid")),
    (NotSent, _("Nothing was sent")),
    (TokenRefused, _("Marketing Cloud refused the sign-in")),
    (Unauthorized, _("Marketing Cloud did not accept the sign-in")),
    (Busy, _("Marketing Cloud asks to wait")),
    (Absent, _("Not in Marketing Cloud")),
    (Refused, _("Marketing Cloud refused the journey")),
    (Unclear, _("It is not clear what Marketing Cloud did")),
    (TenantError, _("Marketing Cloud could not be used")),
)


def _is_refusal(error: TenantError) -> bool:
    return isinstance(error, Refused) and error.status != 403


def _points(error: TenantError) -> list[tuple[str, str, str]]:
    """The items of the error's list: code, message, and the key of the step where the endpoint
    names it."""
    if not isinstance(error, Refused):
        return []
    keys = _activity_keys(error.answer.json if error.answer else None)
    return [(code, message, keys.get((code, message), "")) for code, message in error.details]


def _activity_keys(body: object) -> dict[tuple[str, str], str]:
    errors = body.get("errors") if isinstance(body, dict) else None
    keys = {}
    for item in errors if isinstance(errors, list) else []:
        info = item.get("additionalInfo") if isinstance(item, dict) else None
        key = info.get("activityKey") if isinstance(info, dict) else None
        if isinstance(key, str):
            keys[str(item.get("errorCode", "")), str(item.get("errorDetail", ""))] = key
    return keys


def _part(code: str, message: str, activity_key: str, sent: Sent, phase: str) -> Explanation:
    phrase = phrase_of(code, message, phase)
    advice = phrase.advice if phrase else CODES.get(code, UNKNOWN_REFUSAL)
    meant = _meant(phrase, code, message, sent, activity_key)
    return Explanation(
        message[:200] or str(advice.text),
        str(advice.text),
        str(advice.do),
        code,
        message,
        meant.addresses,
        candidates=meant.candidates,
        more=meant.more,
    )

"""What went wrong with a call, and what a check of a tenant found, each have their sentence."""

import ast
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

from journeys.explaining import sentence
from journeys.explaining.findings import WORDS, finding_text
from journeys.explaining.sentences import ADDRESSES, UNCLEAR, UNSENT
from journeys.tenant import BadAddress, Fault, Unclear, decide
from journeys.tenant.probing import Finding
from tests.tenant.helping import answer_of

TENANT = settings.BASE_DIR / "journeys" / "tenant"
COMMAND = settings.BASE_DIR / "journeys" / "management" / "commands" / "check_tenant.py"
MODES = (
    "new_version",
    "overwrite",
    "keep",
    "second_journey",
)  # worked out, not written at the call


def texts(node: ast.expr) -> list[str]:
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and one.value]


def calls(*files) -> Iterator[ast.Call]:
    for file in files:
        yield from (one for one in ast.walk(ast.parse(file.read_text())) if type(one) is ast.Call)


def test_it_has_a_sentence_for_each_flaw_of_an_address():
    named = {
        text
        for call in calls(TENANT / "address.py")
        if ast.unparse(call.func) == "BadAddress"
        for word in call.keywords
        for text in texts(word.value)
    }
    assert named == set(ADDRESSES)
    for flaw in named:
        assert sentence(BadAddress(flaw=flaw)).endswith(".")


def test_it_has_a_sentence_for_each_flaw_of_an_answer():
    named = {
        text
        for call in calls(TENANT / "verdict.py", TENANT / "soap.py", TENANT / "lookups.py")
        for word in call.keywords
        if word.arg == "flaw"
        for text in texts(word.value)
    }
    assert len(named) >= 4
    assert named <= set(UNCLEAR)


@pytest.mark.parametrize(
    ("phase", "outcome", "text"),
    [
        ("create", Fault(False, "dns"), f"{UNSENT['dns']}"),
        (
            "create",
            Fault(False, "other"),
            "No connection to the tenant's server could be made. Nothing was sent.",
        ),
        ("get", Fault(True, "timeout"), "Marketing Cloud did not answer in time."),
        (
            "create",
            Fault(True, "other"),
            "The connection failed before an answer came. The journey may have been created.",
        ),
        (
            "create",
            answer_of(200, b"[1]"),
            "The answer is not what Marketing Cloud's API writes (status 200). The journey may"
            " have been created.",
        ),
        (
            "get",
            answer_of(304, b""),
            "Marketing Cloud answered that nothing has changed, which makes no sense here.",
        ),
        (
            "get",
            answer_of(302, b""),
            "The tenant's address answers that it has moved (302). It was not followed.",
        ),
        ("list", answer_of(200, b"{}"), "The answer to the look-up holds no list of journeys."),
        ("token", answer_of(200, b"{}"), "The answer holds no token."),
        (
            "create",
            answer_of(200, b'{"id": "x"}'),
            "The answer of Marketing Cloud lacks status and definitionId. The journey may have"
            " been created.",
        ),
        (
            "get",
            answer_of(404, b'{"message": "?"}'),
            "Marketing Cloud answered 404, but not that the journey is missing.",
        ),
        (
            "get",
            answer_of(404, b'{"message": "?", "errorcode": 30003}'),
            "Marketing Cloud holds no journey with this key.",
        ),
        ("get", answer_of(503, b""), "Marketing Cloud is in trouble (it answered 503)."),
        ("get", answer_of(408, b'{"message": "?"}'), "Marketing Cloud answered 408."),
        ("get", answer_of(103, b""), "Marketing Cloud answered with an unexpected status, 103."),
        ("get", answer_of(400, b'{"message": "100 % no"}'), "Marketing Cloud refused: 100 % no"),
        ("token", answer_of(400, b'{"message": "No."}'), "Marketing Cloud gives no token: No."),
        (
            "get",
            answer_of(429, b'{"message": "No."}'),
            "Marketing Cloud takes no more calls at the moment. Nothing was done.",
        ),
    ],
)
def test_it_says_what_went_wrong(phase, outcome, text):
    assert sentence(decide(phase, outcome, "welcome")) == text


def test_it_says_it_in_the_readers_language(monkeypatch: pytest.MonkeyPatch):
    german = {"Marketing Cloud answered %(status)s.": "Antwort %(status)s."}
    catalogue = translation.trans_real.translation("de")
    monkeypatch.setattr(catalogue, "gettext", lambda text: german.get(text, text))
    error = decide("get", answer_of(408, b'{"message": "?"}'))
    with translation.override("de"):
        assert sentence(error) == "Antwort 408."
    assert sentence(error) == "Marketing Cloud answered 408."


def test_an_error_is_data_and_holds_nothing_that_the_endpoint_wrote():
    error = Unclear(answer_of(503, b"s3cret"), phase="create", reason="server", message="s3cret")
    assert str(error) == "create · server · 503"


def test_it_has_words_for_whatever_a_check_finds():
    findings = {
        (call.args[0].value, what)
        for call in calls(TENANT / "probing.py", TENANT / "experiments.py", COMMAND)
        if ast.unparse(call.func) == "Finding"
        for what in (MODES if ast.unparse(call.args[2]) == "mode" else chosen(call.args[2]))
    }
    assert findings - {("scopes", "there")} == set(WORDS)


def chosen(what: ast.expr) -> list[str]:
    if isinstance(what, ast.IfExp):
        return texts(what.body) + texts(what.orelse)
    return texts(what) if isinstance(what, ast.Constant) else ["good", "names-another-address"]


def test_it_tells_what_scopes_are_for():
    facts = {"granted": [], "missing": [], "without": ["email_read"], "unneeded": ["offers_write"]}
    assert finding_text(Finding("scopes", True, "there", facts)) == (
        "journeys_read, journeys_write are there. Without email_read, ids have to be typed instead"
        " of picked from lists. More than needed, better taken away: offers_write."
    )

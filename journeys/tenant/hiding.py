"""Hides secrets in what is logged or kept of an exchange.

Two things give a secret away: what it is called and what it looks like. What is called a secret is
found by its name, and then read as what stands there says: JSON (also JSON inside a text, as deep
as one finds it), a form, XML, a header, plain text. All of it takes linear time: one search for
names, and what follows each is looked at once.
"""

import html
import json
import re
from urllib.parse import quote

HIDDEN = "(hidden)"
SECRET_HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-api-key",
        "x-auth-token",
        "x-csrftoken",
    }
)

# In any spelling: client_secret, clientSecret, client-secret, CLIENT SECRET, and with more before
# it (newPassword).
OF_WHAT = "access|refresh|id|auth|bearer|security|session|fuel|oauth|api|csrf|middleware"
CERTAIN = (
    r"(?:client|consumer|shared|app)[ _-]?secret|secret[ _-]?(?:access[ _-]?)?key"
    rf"|(?:{OF_WHAT})[ _-]?token|(?:api|private|encryption|signing)[ _-]?key"
    r"|client[ _-]?assertion|session[ _-]?id|authorization|(?:set-)?cookie|fuel[ _-]?oauth"
)
# How each name begins; nearly all places of a text are told apart by that alone.
BEGINS = "a[cpu]|be|c[los]|en|fu|id|mi|oa|p[ar]|re|s[ehi]|to"
NAME = re.compile(
    rf"(?={BEGINS})(?:({CERTAIN})|passw(?:or)?d|passphrase|token|secret)(?![A-Za-z0-9_-])",
    re.IGNORECASE,
)
TO_THE_END_OF_THE_LINE = ("authorization", "cookie")

# What may stand between a name and its value. Runs are bounded, so that a hit costs no more than a
# constant.
QUOTE = r"(\\{0,63})(\"|'|&quot;|&#34;|%(?:25){0,3}22)"
BLANK = r"(?:[ \t\r\n]|\\{1,63}[nrt]|%20){0,40}"
BEFORE_VALUE = re.compile(
    rf"(?:{QUOTE})?{BLANK}(:|=|%(?:25){{0,3}}3A|%(?:25){{0,3}}3D){BLANK}(?:{QUOTE})?", re.IGNORECASE
)
REST_OF_TAG = re.compile(r"(?:\s[^<>]{0,300})?>(<!\[CDATA\[)?|(?:\s.{0,300})?&gt;", re.IGNORECASE)
OPENS_TAG = re.compile(r"(?:<|&lt;)[\w.:-]{0,40}$")
LITERAL = re.compile(r"(?:true|false|null|none)\b", re.IGNORECASE)
ENDS = re.compile(r"[\s&\"',;<>\\)}\]]|%(?:25){0,3}(?:26|22)|$", re.IGNORECASE)
LINE_ENDS = re.compile(r"[\r\n\"'\\<>]|&quot;|$")
LOOKS_SECRET = re.compile(r"(?=[^\s]{0,200}[0-9_.~+/=-])[^\s]{8,}")

# Looks. A run is only begun where it cannot have begun earlier.
JWT = re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)*")
IN_URL = re.compile(r"(://)[^\s/@:\"'<>]{0,200}:[^\s/@\"'<>]{1,200}@")
BEARER = re.compile(r"(\bbearer(?:[ \t]|%20|\+){1,8})[A-Za-z0-9._~+/=%-]{6,}", re.IGNORECASE)
# "Basic idea", "Digest for members": words of people
SCHEME = re.compile(
    r"(\b(?:basic|digest|negotiate)(?:[ \t]|%20|\+){1,8})([A-Za-z0-9._~+/=%-]{6,})", re.IGNORECASE
)
MIXED = re.compile(r"[0-9=+/]|.[A-Z]")

# Whole journeys go through here, and hardly any holds one of these words: looking for them is fifty
# times faster.
NAMED = (
    "secret",
    "token",
    "passw",
    "passphrase",
    "authorization",
    "cookie",
    "session",
    "key",
    "oauth",
    "assertion",
)
SCHEMES = ("bearer", "basic", "digest", "negotiate")


def hidden_headers(headers: dict[str, str]) -> dict[str, str]:
    return {
        name: HIDDEN if name.lower() in SECRET_HEADERS else hidden(value)
        for name, value in headers.items()
    }


def hidden(text: str | bytes, *secrets: str) -> str:
    """The text without tokens, passwords and the `secrets` given, which go wherever they stand."""
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    for secret in secrets:
        for spelled in spellings(secret):
            shown = shown.replace(spelled, HIDDEN)
    lowered = shown.lower()
    if any(word in lowered for word in NAMED):
        shown = without_named(shown)
    if any(word in lowered for word in SCHEMES):
        shown = SCHEME.sub(of_scheme, BEARER.sub(rf"\1{HIDDEN}", shown))
    if "://" in shown:
        shown = IN_URL.sub(rf"\1{HIDDEN}@", shown)
    return JWT.sub(HIDDEN, shown) if "eyJ" in shown else shown


def spellings(secret: str) -> list[str]:
    """A secret as it stands in plain text, in JSON, in an address and in XML; the longest first."""
    spelled = (
        {secret, json.dumps(secret)[1:-1], quote(secret, safe=""), html.escape(secret)}
        if secret
        else set()
    )
    return sorted(spelled, key=len, reverse=True)


def of_scheme(found: re.Match) -> str:
    return f"{found[1]}{HIDDEN}" if MIXED.search(found[2]) else found[0]


def without_named(text: str) -> str:
    """Goes from name to name; what was hidden is not looked at again."""
    parts, done = [], 0
    name = NAME.search(text)
    while name:
        begin, end = value_of(text, name)
        if end > begin and text[begin:end] != HIDDEN:
            parts += [text[done:begin], HIDDEN]
            done = end
        name = NAME.search(text, max(end, name.end()))
    return "".join([*parts, text[done:]])


def value_of(text: str, name: re.Match) -> tuple[int, int]:
    """Where the value begins and ends that this name has; an empty range when it has none."""
    nothing = (name.end(), name.end())
    if OPENS_TAG.search(text[max(0, name.start() - 50) : name.start()]):
        return in_tag(text, name.end())
    before = BEFORE_VALUE.match(text, name.end())
    if not before:
        return nothing
    begin, separator, opened = before.end(), before[3], before[5]
    if opened:
        return begin, end_of_quoted(text, begin, before[4] or "", opened)
    if (
        text[begin : begin + 1] in ("[", "{") and before[2]
    ):  # the names in an object speak for themselves
        closes = text.find("]", begin, begin + 20_000) if text[begin] == "[" else begin
        return begin, closes + 1 if closes > begin else begin
    if LITERAL.match(text, begin):
        return nothing
    if name[0].lower().endswith(TO_THE_END_OF_THE_LINE):
        return begin, LINE_ENDS.search(text, begin).start()
    end = ENDS.search(text, begin).start()
    is_plain = (
        separator == ":" and not before[2]
    )  # "Secret: the summer sale" may be what somebody called an email
    if is_plain and not name[1] and not LOOKS_SECRET.match(text[begin:end]):
        return nothing
    return begin, end


def in_tag(text: str, at: int) -> tuple[int, int]:
    rest = REST_OF_TAG.match(text, at)
    if not rest:
        return at, at
    marks = ("]]>",) if rest[1] else ("<", "&lt;")
    ends = [
        place
        for place in (text.find(mark, rest.end(), rest.end() + 20_000) for mark in marks)
        if place >= 0
    ]
    return rest.end(), min(ends, default=len(text))


def end_of_quoted(text: str, begin: int, escape: str, mark: str) -> int:
    """Before the backslashes of the closing quote. One level of JSON in a text doubles them and
    adds one; more of them stand before a quote inside the value, or are the value's own."""
    depth = len(escape)
    at = text.find(mark, begin)
    while at >= 0:
        run = 0
        while at - run > begin and text[at - run - 1] == "\\":
            run += 1
        if run <= depth or (run - depth) % (2 * (depth + 1)) == 0:
            return at - min(run, depth)
        at = text.find(mark, at + len(mark))
    return len(text)

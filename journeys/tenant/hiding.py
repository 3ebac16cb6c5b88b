"""Hides secrets in what is logged or kept of an exchange."""

import re

HIDDEN = "(hidden)"
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"})
NAMES = r"client_?secret|access_?token|refresh_?token|id_?token|password|passwd|authorization|api_?key"

# Whole journeys go through here, and hardly any holds one of these words: looking for them is fifty times faster.
NAMED = ("secret", "token", "passw", "authorization", "apikey", "api_key")
SCHEMES = ("bearer", "basic")

IN_JSON = re.compile(rf'("(?:{NAMES})"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.IGNORECASE | re.DOTALL)
# JSON inside a JSON string, as deep as one finds it: each level doubles the backslashes before a quote and adds one.
IN_TEXT = re.compile(
    rf'((\\{{1,15}})"(?:{NAMES})\2"(?:\s|\\+[nrt])*:(?:\s|\\+[nrt])*\2")(?:(?!(?<!\\)\2").)*', re.IGNORECASE | re.DOTALL
)
IN_FORM = re.compile(rf"(\b(?:{NAMES})\s*=\s*)[^\s&\"',;<>]+", re.IGNORECASE)
IN_HEADER = re.compile(r"(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE)


def hidden_headers(headers: dict[str, str]) -> dict[str, str]:
    return {name: HIDDEN if name.lower() in SECRET_HEADERS else hidden(value) for name, value in headers.items()}


def hidden(text: str | bytes, *secrets: str) -> str:
    """The text without tokens, passwords and the `secrets` given, which go wherever they stand."""
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    for secret in secrets:
        if secret:
            shown = shown.replace(secret, HIDDEN)
    lowered = shown.lower()
    if any(word in lowered for word in NAMED):
        shown = IN_TEXT.sub(rf"\1{HIDDEN}", IN_JSON.sub(rf'\1"{HIDDEN}"', shown))
        shown = IN_FORM.sub(rf"\1{HIDDEN}", shown)
    if any(word in lowered for word in SCHEMES):
        shown = IN_HEADER.sub(rf"\1{HIDDEN}", shown)
    return shown

"""A secret does not come out, in whatever form somebody sent it; and what is none stays as it
is."""

import base64
import html
import json
import logging
import time
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.logs import JsonLine, PlainLine
from journeys.gallery import TEMPLATES
from journeys.gallery.samples import samples
from journeys.spec import document as doc
from journeys.tenant import hidden

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
SECRETS = st.text(LETTERS, min_size=16, max_size=40).filter(
    lambda text: any(c.isdigit() for c in text)
)


def in_text(value: object, levels: int) -> str:
    for _level in range(levels):
        value = {"detail": json.dumps(value)}
    return json.dumps(value)


def jwt(secret: str) -> str:
    part = base64.urlsafe_b64encode(json.dumps({"sub": secret}).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{part}.{secret}"


FORMS = {
    "form": lambda s: f"client_secret={s}&grant_type=x",
    "form, in the middle": lambda s: f"a=b&refresh_token={s}&c=d",
    "form, dashes": lambda s: f"client-secret={s}",
    "form, password": lambda s: urlencode({"username": "u", "password": s}),
    "form, written again": lambda s: quote(urlencode({"client_secret": s, "x": "y"})),
    "form, in an address": lambda s: f"GET /cb?access_token={s} HTTP/1.1",
    "form, as HTML": lambda s: f"a=1&amp;api_key={s}&amp;b=2",
    "JSON": lambda s: json.dumps({"client_secret": s}),
    "JSON, camel case": lambda s: json.dumps({"accessToken": s, "expires_in": 3}),
    "JSON, capitals": lambda s: json.dumps({"CLIENTSECRET": s}),
    "JSON, spaces": lambda s: json.dumps({"Client Secret": s}, indent=2),
    "JSON, longer name": lambda s: json.dumps({"mcNewPassword": s}),
    "JSON, plain token": lambda s: json.dumps({"token": s}),
    "JSON, cut off": lambda s: json.dumps({"refresh_token": s})[:-2],
    "JSON, list": lambda s: json.dumps({"tokens": 1, "cookie": ["a", s]}),
    "JSON, quotes in it": lambda s: json.dumps({"secret": f'x"{s}'}),
    "JSON, backslashes": lambda s: json.dumps({"secret": f"x\\{s}\\"}),
    "JSON, in a text": lambda s: in_text({"id_token": s}, 1),
    "JSON, in a text in a text": lambda s: in_text({"client_secret": s}, 2),
    "JSON, three deep, quotes": lambda s: in_text({"client_secret": f'"{s}"'}, 3),
    "JSON, as HTML": lambda s: html.escape(json.dumps({"apiKey": s})),
    "JSON, in an address": lambda s: "state=" + quote(json.dumps({"access_token": s})),
    "Python": lambda s: repr({"client_secret": s, "n": 1}),
    "XML": lambda s: f"<password>{s}</password>",
    "XML, name space and attribute": lambda s: f'<ns:AccessToken type="x">{s}</ns:AccessToken>',
    "SOAP": lambda s: f'<fueloauth xmlns="http://exacttarget.com">{s}</fueloauth>',
    "XML, CDATA": lambda s: f"<ClientSecret><![CDATA[{s}]]></ClientSecret>",
    "XML, as HTML": lambda s: f"&lt;password&gt;{s}&lt;/password&gt;",
    "header": lambda s: f"Authorization: Bearer {s}",
    "header, another scheme": lambda s: f"Authorization: Custom {s}",
    "header, basic": lambda s: "Basic " + base64.b64encode(f"user:{s}".encode()).decode(),
    "header, cookie": lambda s: f"Cookie: theme=dark; sessionid={s}; csrftoken={s}",
    "header, set-cookie": lambda s: f"set-cookie: sid={s}; HttpOnly",
    "header, key": lambda s: f"X-API-Key: {s}",
    "bearer alone": lambda s: f"the server said: bearer {s} is not valid",
    "JWT": lambda s: f"token was {jwt(s)} here",
    "address with a password": lambda s: f"could not reach https://user:{s}@example.com/x",
    "words": lambda s: f"Invalid credentials, client secret: {s}.",
    "log": lambda s: f"password = {s}, next",
    "two": lambda s: f'{{"password":"{s}","more":{{"session_id":"{s}"}}}}',
}


@given(secret=SECRETS)
def test_it_lets_no_secret_out_in_any_form(secret: str) -> None:
    assert {form for form, write in FORMS.items() if secret in hidden(write(secret))} == set()
    assert hidden("Basic " + base64.b64encode(f"u:{secret}".encode()).decode()) == "Basic (hidden)"


@given(secret=SECRETS, form=st.sampled_from(list(FORMS.values())))
def test_it_lets_no_secret_into_a_log_line(secret: str, form) -> None:
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "%s", (form(secret),), None)
    record.correlation_id, record.told = "", {"answer": form(secret)}
    try:
        raise ValueError(form(secret))
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    assert secret not in JsonLine().format(record) and secret not in PlainLine().format(record)


@given(
    secret=st.text(min_size=8, max_size=40).filter(
        lambda text: text.strip() == text and len(set(text)) > 3
    )
)
def test_it_hides_a_known_secret_however_it_is_spelled(secret: str) -> None:
    for spelled in (secret, json.dumps(secret), quote(secret, safe=""), html.escape(secret)):
        assert hidden(f"<{spelled}>", secret).strip('<>"') == "(hidden)"


ORDINARY = [
    '{"name":"Secret: the summer sale","key":"token-1","text":"Basic onboarding, bearer of news"}',
    '{"customerKey":"6f9619ff-8b86-d011-b42d-00c04fc964ff","eventDefinitionKey":"APIEvent-1"}',
    "Password: how to reset it in three steps",
    '{"isTokenNeeded":true,"token":null,"token_type":"Bearer","expires_in":1079}',
    '<Condition Key="Customers.Token" Operator="Equal"><Value><![CDATA[gold]]></Value></Condition>',
    "The token was refused. Digest for members, every Monday.",
    "https://example.com:8443/a@b",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_it_leaves_the_words_of_people(text: str) -> None:
    assert hidden(text) == text


def test_it_leaves_journeys_as_they_are() -> None:
    made = [*samples(), *(template.build() for template in TEMPLATES)]
    texts = [doc.dumps(one).decode() for one in made]
    assert len(texts) > 5
    assert [text[:80] for text in texts if hidden(text) != text] == []


HOSTILE = [
    '"token' + "\\" * 100_000,
    "token" * 20_000,
    '"token":"' + '\\"' * 50_000,
    '"token":[' * 11_000,
]
HOSTILE += [
    "<token " * 14_000,
    "<password>" * 10_000,
    "eyJ" * 33_000,
    "://a:" * 20_000,
    "cookie: " * 12_000,
]
HOSTILE += [
    'token: "\\' * 11_000,
    "token" + " " * 100_000,
    "bearer " * 14_000,
    '"secret' + "\\n" * 50_000 + ":",
]
HOSTILE += [
    "&lt;token&gt;" * 8_000,
    "%22token%22%3A" * 7_000,
    "client " * 14_000,
    "session_" * 12_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_it_takes_linear_time(text: str) -> None:
    began = time.process_time()
    hidden(text)
    assert time.process_time() - began < 1

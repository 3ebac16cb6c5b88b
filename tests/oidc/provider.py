"""A provider of OpenID Connect in a process of its own: what it does wrong is chosen by `POST
/does`.

Whoever comes to /authorize is signed in there at once as the person chosen. It keeps to the
specification where it is not told otherwise: it checks the redirect address, the client's secret,
the code's one use and PKCE.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


@cache
def key_of(whose: str) -> rsa.RSAPrivateKey:
    """Made when it is asked for: every worker reads this file, and few sign anything."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


CLIENT, SECRET = "composer", "the client's secret"
PERSON = {
    "sub": "s-1",
    "preferred_username": "nora",
    "given_name": "Nora",
    "email": "nora@people.example",
}
state = {"does": "", "person": PERSON, "auth_time": None, "codes": {}, "asked": []}


class Provider(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path, query = (
            urlsplit(self.path).path,
            {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()},
        )
        state["asked"].append({"path": path, **query})
        if path == "/.well-known/openid-configuration":
            return self.discovery()
        if path == "/keys":
            public = jwt.algorithms.RSAAlgorithm.to_jwk(
                key_of("provider").public_key(), as_dict=True
            )
            return self.answer({"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]})
        if path == "/authorize":
            return self.authorize(query)
        if path == "/userinfo":
            return self.answer(
                {**state["person"], "sub": state.get("userinfo_sub") or state["person"]["sub"]}
            )
        if path == "/asked":
            return self.answer({"asked": state["asked"]})
        return self.answer({}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/does":
            state.update(
                {"does": "", "person": PERSON, "auth_time": None, "asked": [], **json.loads(body)}
            )
            return self.answer({})
        return self.token({k: v[0] for k, v in parse_qs(body).items()})

    def discovery(self) -> None:
        if state["does"] == "slow":
            time.sleep(5)
        if state["does"] == "drips":
            return self.drip()
        if state["does"] == "elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://localhost:1/")
            return self.end_headers()
        issuer = ISSUER if state["does"] != "other issuer" else "http://127.0.0.1:1"
        paths = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        answer = {"issuer": issuer, "jwks_uri": f"{ISSUER}/keys"}
        answer |= {f"{name}_endpoint": f"{ISSUER}/{path}" for name, path in paths.items()}
        if state["does"] == "too much":
            answer["padding"] = "x" * 400_000
        return self.answer(answer)

    def drip(self) -> None:
        """A byte now and then: each comes in time, the whole never does."""
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        for _ in range(60):
            self.wfile.write(b" " * 8192)
            self.wfile.flush()
            time.sleep(0.3)

    def authorize(self, query: dict) -> None:
        back = {"state": query["state"]}
        if state["does"] == "cancels":
            back["error"] = "access_denied"
        else:
            back["code"] = secrets.token_urlsafe(12)
            state["codes"][back["code"]] = query
        self.send_response(302)
        self.send_header("Location", f"{query['redirect_uri']}?{urlencode(back)}")
        self.end_headers()

    def token(self, form: dict) -> None:
        asked = state["codes"].pop(form.get("code"), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            not asked
            or (form["client_id"], form["client_secret"]) != (CLIENT, SECRET)
            or form["redirect_uri"] != asked["redirect_uri"]
            or (asked.get("code_challenge_method"), asked.get("code_challenge"))
            != ("S256", challenge)
        ):
            return self.answer({"error": "invalid_grant"}, 400)
        claims = {**self.claims(asked), **(state.get("claims") or {})}
        if state["does"] == "hides groups":
            claims.pop("groups", None)
        if state["does"] == "unsigned":
            token = jwt.encode(claims, None, "none")
        elif state["does"] == "signed with the secret":
            token = jwt.encode(claims, SECRET * 3, "HS256", {"kid": "one"})
        else:
            key = key_of("stranger" if state["does"] == "wrong signature" else "provider")
            token = jwt.encode(
                claims, key, "RS256", {"kid": "two" if state["does"] == "unknown key" else "one"}
            )
        return self.answer(
            {"access_token": "an access token", "token_type": "Bearer", "id_token": token}
        )

    def claims(self, asked: dict) -> dict:
        now, wrong = int(time.time()), state["does"]
        ends = now - 3600 if wrong == "expired" else now + 300
        times = {
            "iat": now - 7200 if wrong == "expired" else now,
            "exp": ends,
            "auth_time": state["auth_time"] or now,
        }
        return {
            **state["person"],
            **times,
            "iss": "http://127.0.0.1:1" if wrong == "other issuer in the token" else ISSUER,
            "aud": "somebody else" if wrong == "wrong audience" else CLIENT,
            "nonce": "another" if wrong == "wrong nonce" else asked["nonce"],
        }

    def answer(self, data: dict, status: int = 200) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    ISSUER = f"http://127.0.0.1:{server.server_port}"
    print(ISSUER, flush=True)
    sys.stderr = open("/dev/null", "w")
    server.serve_forever()

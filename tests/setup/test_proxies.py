"""The examples for a proxy in docs/running.md, as they stand there, in front of the product."""

import getpass
import logging
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from tests.serving import free_port
from tests.setup.pages import RUNNING, section
from tests.tenant.test_tls import certificate

HOST = "journeys.example.org"
EXAMPLES = re.findall(r"```\n(.*?)```", section(RUNNING, "Behind a proxy"), re.S)
NGINX = """
pid {folder}/nginx.pid; error_log {folder}/nginx.err; user {user};
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {servers}
}}
"""
CADDY = "{{\n admin off\n auto_https disable_redirects\n}}\n{site}"


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def product(settings) -> Iterator[int]:
    """The port of a web server as it stands behind a proxy. Whoever is not signed in needs no
    database here."""
    settings.BEHIND_PROXY, settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = True, [HOST], True
    settings.SECURE_PROXY_SSL_HEADER, settings.SECURE_HSTS_SECONDS = (
        ("HTTP_X_FORWARDED_PROTO", "https"),
        100,
    )
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, connections_override={})
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def by_nginx(folder: Path, port: int, inner: int) -> list[str]:
    servers, passed_on = EXAMPLES[0], EXAMPLES[1]
    (folder / "passed_on.conf").write_text(
        passed_on.replace("127.0.0.1:8000", f"127.0.0.1:{inner}")
    )
    servers = servers.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    servers = servers.replace("listen 443", f"listen 127.0.0.1:{port}")
    servers = re.sub(r"/etc/ssl/journeys\.(pem|key)", str(folder / "certificate.pem"), servers)
    servers = servers.replace("/etc/nginx/journeys_proxy.conf", str(folder / "passed_on.conf"))
    file = folder / "nginx.conf"
    file.write_text(NGINX.format(folder=folder, user=getpass.getuser(), servers=servers))
    return ["nginx", "-c", str(file), "-e", str(folder / "nginx.err"), "-g", "daemon off;"]


def by_caddy(folder: Path, port: int, inner: int) -> list[str]:
    file, pem = folder / "Caddyfile", folder / "certificate.pem"
    site = EXAMPLES[2].replace("127.0.0.1:8000", f"127.0.0.1:{inner}")
    site = site.replace(f"{HOST} {{", f"https://{HOST}:{port} {{\n  tls {pem} {pem}")
    file.write_text(CADDY.format(site=site))
    command = ["--config", str(file), "--adapter", "caddyfile"]
    if subprocess.run(
        ["caddy", "validate", *command], capture_output=True
    ).returncode:  # an old one, as docs/running.md says
        file.write_text(CADDY.format(site=site.replace("request_buffers 16MiB", "buffer_requests")))
    return ["caddy", "run", *command]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(params=[by_nginx, by_caddy])
def ask(request, product: int, tmp_path: Path, monkeypatch) -> Iterator[Callable]:
    """Asks the product through the proxy, by https."""
    name = request.param.__name__.removeprefix("by_")
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    for variable in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    certificate(tmp_path)
    port = free_port()
    process = subprocess.Popen(request.param(tmp_path, port, product), stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not listens(port):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)

    def asked(
        method: str, path: str, headers: dict | None = None, **more: object
    ) -> requests.Response:
        url = f"https://127.0.0.1:{port}{path}"
        told = {"Host": HOST} | (headers or {})
        with requests.Session() as session:
            session.trust_env = False
            return session.request(
                method, url, headers=told, verify=False, allow_redirects=False, **more
            )

    yield asked
    process.terminate()
    process.wait(20)


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_it_knows_behind_the_proxy_how_and_from_where_it_is_asked(ask: Callable, caplog) -> None:
    caplog.set_level(logging.INFO, "composer.access")
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}
    answer = ask("GET", "/sign-in/", forged)
    assert answer.status_code == 200
    assert "max-age=100" in answer.headers["Strict-Transport-Security"]
    told = [one.told["address"] for one in caplog.records if one.name == "composer.access"]
    assert told == ["127.0.0.1"]


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
def test_it_says_in_words_behind_the_proxy_that_something_is_too_large(ask: Callable) -> None:
    for path, kilobytes, said in [
        ("/sign-in/", 65, "64 KB"),
        ("/journeys/import/", 15_000, "64 KB"),
        ("/journeys/import/", 17_000, ""),
    ]:
        answer = ask("POST", path, data=b"a" * kilobytes * 1024)
        assert (answer.status_code, "too large" in answer.text, said in answer.text) == (
            413,
            True,
            True,
        ), path

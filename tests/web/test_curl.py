"""The script is really run, against a practice tenant."""

import os
import shutil
import subprocess

import pytest
from django.test import Client

from journeys.gallery.samples import samples
from journeys.models import Journey, Tenant
from journeys.practice import PracticeServer
from journeys.spec import document as doc
from journeys.spec.curl import curl_script
from tests.people import started

pytestmark = pytest.mark.one_database

needs_curl = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("bash")),
    reason="curl or bash is not on this machine",
)
AWKWARD = (
    "JOURNEY\n$(touch broken) `touch broken` ${HOME} 'one' \"two\" \\ \r\t EOF\n'JOURNEY'\u2028"
    " %s é 🙂"
)


@pytest.fixture
def practice(tmp_path):
    with PracticeServer(state_path=tmp_path / "practice.sqlite3") as running:
        yield running


def run(script: str, folder, **secrets: str) -> subprocess.CompletedProcess:
    surroundings = {"PATH": os.environ["PATH"], "HOME": "/nowhere", **secrets}
    bash = shutil.which("bash")
    return subprocess.run(
        [bash],
        input=script.encode(),
        env=surroundings,
        cwd=folder,
        capture_output=True,
        timeout=60,
        check=False,
    )


@needs_curl
@pytest.mark.parametrize("text", ["Plain", AWKWARD])
def test_it_creates_the_journey(practice: PracticeServer, tmp_path, text: str):
    document = {**samples()[0], "channel": text, "metaData": {text: text}}
    script = curl_script(document, auth=practice.url, rest=practice.url, account_id="123")
    (tmp_path / "empty").mkdir()
    ran = run(script, tmp_path / "empty", CLIENT_ID="practice", CLIENT_SECRET="practice")
    body, status = ran.stdout.decode().rsplit("\nHTTP ", 1)
    answer = doc.loads(body)
    assert (ran.returncode, status.strip(), ran.stderr) == (0, "200", b"")
    sent = (document["key"], document["channel"], document["metaData"])
    assert (answer["key"], answer["channel"], answer["metaData"]) == sent
    assert list((tmp_path / "empty").iterdir()) == []


@needs_curl
def test_it_says_what_is_missing(practice: PracticeServer, tmp_path):
    ran = run(curl_script(samples()[0], auth=practice.url, rest=practice.url), tmp_path)
    assert ran.returncode != 0 and b"Set TOKEN, or CLIENT_ID and CLIENT_SECRET" in ran.stderr


@needs_curl
def test_it_takes_a_token_that_is_there_already(practice: PracticeServer, tmp_path):
    ran = run(
        curl_script(samples()[0], auth=practice.url, rest=practice.url), tmp_path, TOKEN="stale"
    )
    assert ran.stdout.decode().endswith("HTTP 401\n")


def test_it_keeps_names_inside_their_comment():
    script = curl_script(
        {"key": "k", "name": "a\ntouch broken\r\n"}, auth="https://a", rest="https://b"
    )
    assert "# Creates the journey atouch broken\n" in script


def test_it_is_downloaded_without_secrets(as_maya: Client, journey: Journey):
    Tenant.objects.update(practice_url="", subdomain="mc123", client_id="the-id")
    Tenant.objects.get().save()
    answer = as_maya.get(f"/journeys/{journey.pk}/export/?as=curl")
    text = answer.content.decode()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="welcome-series.sh"'
    assert (
        "https://mc123.rest.marketingcloudapis.com" in text and journey.head.body.decode() in text
    )
    assert "the-id" not in text and journey.tenant.client_secret not in text


def test_it_gives_no_script_of_another_tenant(as_maya: Client, foreign_journey: Journey):
    assert as_maya.get(f"/journeys/{foreign_journey.pk}/export/?as=curl").status_code == 404


def test_it_stands_in_for_a_tenant_that_is_not_set_up(tenant: Tenant):
    Tenant.objects.update(practice_url="", subdomain="")
    bare = started(samples()[0], Tenant.objects.get(), None)
    assert "https://your-subdomain.rest.marketingcloudapis.com" in bare.tenant.as_curl(
        bare.head.document()
    )

"""Wagtail as a process of its own, out of the other virtual environment, and what a person does in
its editor."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import requests
from playwright.sync_api import Browser, BrowserContext, Page

from tests.bench.browser import LATE, SIZE, forget_files
from tests.bench.server import ROUNDS, Timed, fetched
from tests.serving import free_port

SITE = Path(__file__).parent / "site"
BLOCK = "[data-streamfield-child]"
DRAWN = f"count => document.querySelectorAll('{BLOCK}').length === count"
SENT = (
    "[...new FormData(document.querySelector('[data-edit-form]'))].filter(([, value]) => typeof"
    " value === 'string')"
)
SUBJECT = "steps-0-value-subject"


class Wagtail:
    """The site in a folder that it may fill, with one page of `count` blocks. `python` is the one
    that has Wagtail."""

    def __init__(self, folder: Path, python: Path, count: int) -> None:
        self.folder, self.python, self.count = folder, python, count
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None

    def start(self) -> "Wagtail":
        shutil.copytree(SITE, self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        self._run("fill.py", str(self.count))
        words = [
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        words += [
            "--workers",
            "2",
            "--blocking-threads",
            "2",
            "--no-ws",
            "wsgi:application",
        ]  # as the composer's
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [self.python, *words], cwd=self.folder, env=self._environ(), stdout=log, stderr=log
            )
        until_it_answers(f"{self.url}/admin/login/", self)
        return self

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    def stop(self) -> None:
        if not self.process:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def _run(self, *words: str) -> None:
        done = subprocess.run(
            [self.python, *words],
            cwd=self.folder,
            env=self._environ(),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SystemExit(f"the Wagtail site cannot be made: {done.stderr[-1000:]}")

    def _environ(self) -> dict[str, str]:
        return {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "DJANGO_"))
        }

    def address(self) -> str:
        page = self._asked("SELECT page_ptr_id FROM letters_series")[0]
        return f"{self.url}/admin/pages/{page}/edit/"

    def newest(self) -> tuple[int, str]:
        """How many revisions there are, and the subject of the first block in the newest."""
        count, content = self._asked(
            "SELECT count(*) OVER (), content FROM wagtailcore_revision ORDER BY id DESC"
        )
        steps = json.loads(json.loads(content)["steps"])
        if len(steps) != self.count:
            raise SystemExit(f"Wagtail keeps {len(steps)} blocks, not {self.count}")
        return count, steps[0]["value"]["subject"]

    def _asked(self, question: str) -> tuple:
        with sqlite3.connect(self.folder / "db.sqlite3") as database:
            return database.execute(question).fetchone()


def until_it_answers(address: str, site: Wagtail, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            requests.get(address, timeout=10).raise_for_status()
            return
        except requests.RequestException as problem:
            if site.process.poll() is not None or time.monotonic() > end:
                site.stop()
                raise SystemExit(
                    f"Wagtail does not answer: {problem}\n{site.log.read_text()[-1000:]}"
                ) from None
        time.sleep(0.1)


def signed_in(browser: Browser, origin: str) -> BrowserContext:
    """With an empty cache."""
    context = browser.new_context(viewport=SIZE)
    context.set_default_timeout(LATE)
    page = context.new_page()
    page.goto(f"{origin}/admin/login/")
    page.locator("[name=username]").fill("maya")
    page.locator("[name=password]").fill("maya")
    page.locator("form [type=submit]").click()
    page.wait_for_url(f"{origin}/admin/")
    forget_files(page)
    page.close()
    return context


def usable_with(count: int) -> Callable[[Page, str], float]:
    def usable(page: Page, address: str) -> float:
        """Milliseconds from the start of the navigation until all blocks are drawn and a click is
        in the first."""
        page.goto(address, wait_until="domcontentloaded")
        page.wait_for_function(DRAWN, arg=count)
        page.locator(f"[name={SUBJECT}]").click()
        page.wait_for_function("name => document.activeElement.name === name", arg=SUBJECT)
        return page.evaluate("performance.now()")

    return usable


def draft_saved(page: Page, site: Wagtail) -> None:
    """By its button; says so when no revision came of it."""
    before, _subject = site.newest()
    page.locator(f"[name={SUBJECT}]").fill("Saved in the browser")
    with page.expect_navigation():
        page.get_by_role("button", name="Save draft").click()
    page.wait_for_function(DRAWN, arg=site.count)
    stored(site, before + 1, "Saved in the browser")


def stored(site: Wagtail, count: int, subject: str) -> None:
    found = site.newest()
    if found != (count, subject):
        raise SystemExit(
            f"Wagtail should hold {count} revisions, the newest with {subject!r}; it holds {found}"
        )


class Editor:
    """Sends what the editor in this page would send."""

    def __init__(self, page: Page, site: Wagtail) -> None:
        self.site, self.address = site, site.address()
        self.fields = dict(page.evaluate(SENT))
        self.session = requests.Session()
        for cookie in page.context.cookies():
            self.session.cookies.set(cookie["name"], cookie["value"])

    def viewed(self) -> Timed:
        timed = Timed()
        for _round in range(ROUNDS):
            if "data-edit-form" not in fetched(self.session, timed, "GET", self.address):
                raise SystemExit("Wagtail did not answer with its editor")
        return timed

    def saved_by_itself(self) -> Timed:
        """As it does some time after a change: into the revision that the first such save made."""
        before, _subject = self.site.newest()
        accepting = {"Accept": "application/json"}
        begun = json.loads(self._save(Timed(), "By itself", accepting))
        timed, onto = Timed(), {"overwrite_revision_id": str(begun["revision_id"])}
        for number in range(ROUNDS):
            self._save(timed, f"By itself {number}", accepting, onto)
        stored(self.site, before + 1, f"By itself {ROUNDS - 1}")
        return timed

    def saved_by_button(self) -> Timed:
        """Until the redirect, without the page that the browser then asks for."""
        before, _subject = self.site.newest()
        timed = Timed()
        for number in range(ROUNDS):
            self._save(timed, f"By button {number}", {})
        stored(self.site, before + ROUNDS, f"By button {ROUNDS - 1}")
        return timed

    def _save(
        self,
        timed: Timed,
        subject: str,
        headers: dict[str, str],
        more: dict[str, str] | None = None,
    ) -> str:
        fields = {**self.fields, SUBJECT: subject, **(more or {})}
        parts = [(name, (None, value)) for name, value in fields.items()]
        body = requests.Request(
            "POST", self.address, files=parts
        ).prepare()  # not timed: the browser's work
        headers = {"Referer": self.address, "Content-Type": body.headers["Content-Type"], **headers}
        return fetched(
            self.session,
            timed,
            "POST",
            self.address,
            data=body.body,
            headers=headers,
            allow_redirects=False,
        )

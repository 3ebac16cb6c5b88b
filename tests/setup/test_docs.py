"""What all pages of documentation have in common: links lead somewhere, what they name is there,
what they show can be run."""

import io
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command, get_commands, load_command_class

from composer.environment import SECRETS
from journeys.gallery import TEMPLATES
from journeys.gallery.samples import welcome_series
from journeys.lifecycle.journey_state import SubmissionState
from journeys.practice import PracticeServer
from journeys.screens.shortcuts import SHORTCUTS, shown
from tests.setup.pages import (
    CHECKOUT,
    COMMANDS,
    CONTRIBUTING,
    FILES,
    MAKEFILE,
    PAGES,
    USING,
    anchors,
    code_blocks,
    links,
    prose,
    section,
)

FOLDERS = "composer|journeys|templates|static|tests|docs"
MADE_BY_RECIPES = set(
    re.findall(r"`([\w/-]+\.(?:py|json))`[^`]*\n\n```(?:python|json)", CONTRIBUTING)
)
PATTERNS = {"page.html", "_fragment.html", "_like_this.html"}  # how files are named, no names
LARGEST_PICTURE = 200 * 1024  # bytes
TARGETS = re.search(r"^\.PHONY: (.*?[^\\])$", MAKEFILE, re.M | re.S)[1].replace("\\", " ").split()
TRACKED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=CHECKOUT,
    capture_output=True,
    text=True,
).stdout.splitlines()
# a whole word in backticks, in capitals, with an underscore: a variable or a constant
CAPITALS = re.compile(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`")
# read by Django, by Python and by the script that `export_journey --as curl` writes
ELSEWHERE = {"DJANGO_SUPERUSER_PASSWORD", "HTTPS_PROXY", "CLIENT_ID", "CLIENT_SECRET"}
WITHOUT_A_TENANT = {"check_tenant", "submit_journey"}  # asked of no practice tenant here


def command_lines() -> list[tuple[str, str]]:
    """(page, words) of each `manage.py NAME …` that has arguments or stands in a block of code."""
    found = []
    for name, text in PAGES.items():
        lines = [line for block in code_blocks(text) for line in block.splitlines()]
        lines += re.findall(r"`([^`\n]*manage\.py [^`\n]*)`", prose(text))
        calls = [re.search(r"manage\.py (.*?)(?: {2,}#.*)?$", line) for line in lines]
        found += [(name, call[1]) for call in calls if call and "…" not in call[1]]
    return sorted({(page, words) for page, words in found if words != "NAME"})


def examples() -> list[tuple[str, str]]:
    """What is typed and what comes out, of docs/commands.md."""
    found = re.findall(r"^```\n\$ manage\.py ([^\n]+)\n(.*?)^```", COMMANDS, re.M | re.S)
    return [(words, out) for words, out in found if words.split()[0] not in WITHOUT_A_TENANT]


def test_it_tells_how_many_templates_are_built_in() -> None:
    numbers = dict(enumerate("eight nine ten eleven twelve thirteen fourteen".split(), 8))
    number = numbers[len(TEMPLATES)]
    assert re.findall(r"(\w+) templates \|", PAGES["README.md"]) == [number]
    assert re.findall(r"(\w+) are built in", USING) == [number.capitalize()]


@pytest.mark.parametrize("name", FILES)
def test_it_has_no_link_that_leads_nowhere(name: str) -> None:
    lost = []
    for link in links(PAGES[name]):
        url = urlsplit(link)
        if url.scheme:
            assert url.scheme == "https" and url.netloc, link
            continue
        file = ((CHECKOUT / name).parent / url.path).resolve() if url.path else CHECKOUT / name
        if not file.is_file() or (url.fragment and url.fragment not in anchors(file.read_text())):
            lost.append(link)
    assert lost == []


def test_readme_leads_to_every_page() -> None:
    led_to = {urlsplit(link).path for link in links(PAGES["README.md"])}
    pictures = {f"docs/pictures/{file.name}" for file in (CHECKOUT / "docs/pictures").iterdir()}
    assert ({*FILES} - {"README.md"} | pictures) - led_to == set()


def test_readme_is_read_in_two_minutes() -> None:
    words = re.sub(r"<[^>]*>|\]\([^)]*\)", " ", PAGES["README.md"]).split()
    assert len(words) < 600


@pytest.mark.parametrize("name", ["path", "review", "submission"])
def test_it_shows_small_pictures_in_both_themes(name: str) -> None:
    for theme in ("light", "dark"):
        picture = (CHECKOUT / f"docs/pictures/{name}-{theme}.webp").read_bytes()
        assert picture[:4] == b"RIFF" and picture[8:12] == b"WEBP"
        assert len(picture) < LARGEST_PICTURE


@pytest.mark.parametrize("name", FILES)
def test_it_names_files_that_are_there(name: str) -> None:
    text = prose(PAGES[name])
    paths = set(re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", text))
    assert [one for one in sorted(paths - MADE_BY_RECIPES) if not (CHECKOUT / one).exists()] == []
    names = set(re.findall(r"`([\w/-]+\.(?:py|js|css|html))`", text)) - MADE_BY_RECIPES - PATTERNS
    ends = [
        one for one in sorted(names) if not any(f"/{file}".endswith(f"/{one}") for file in TRACKED)
    ]
    assert ends == []


@pytest.mark.parametrize("name", FILES)
def test_it_names_targets_of_make_that_are_there(name: str) -> None:
    text = PAGES[name]
    shown_as_code = re.findall(r"`([^`\n]*)`", prose(text)) + code_blocks(text)
    named = {
        target
        for part in shown_as_code
        for target in re.findall(r"(?:^|[\s;=])make ([a-z][a-z-]*)", part, re.M)
    }
    assert named - set(TARGETS) == set()


def test_contributing_tells_every_target_of_make() -> None:
    assert [target for target in TARGETS if f"make {target}" not in CONTRIBUTING] == []


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith(("docs", "README"))])
def test_it_names_variables_that_are_read(name: str) -> None:
    ours = [*CHECKOUT.glob("composer/**/*.py"), *CHECKOUT.glob("journeys/**/*.py")]
    read = {
        word for file in ours for word in re.findall(r"\"([A-Z][A-Z0-9_]+)\"", file.read_text())
    }
    named = set(CAPITALS.findall(PAGES[name]))
    from_files = {f"{secret}_FILE" for secret in SECRETS}
    assert named - read - from_files - ELSEWHERE == set()


@pytest.mark.parametrize(("page", "words"), command_lines())
def test_its_commands_are_taken(page: str, words: str) -> None:
    """By the command's own parser, which ends the process where it does not know an argument."""
    name, *arguments = shlex.split(words)
    command = load_command_class(get_commands()[name], name)
    parser = command.create_parser("manage.py", name)
    if arguments or not any(action.required for action in parser._actions):
        parser.parse_args(arguments)


@pytest.fixture
def demo(db, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("load_demo", stdout=io.StringIO())
    monkeypatch.chdir(tmp_path)
    document = {**welcome_series(), "key": "welcome-autumn", "status": "Draft"}
    Path("welcome.json").write_text(json.dumps(document))


def alike(text: str) -> str:
    """Whatever the numbers are."""
    return re.sub(r"\d+", "N", text).strip()


@pytest.mark.parametrize(("words", "out"), examples())
def test_its_examples_print_what_they_show(words: str, out: str, demo: None) -> None:
    name, *arguments = shlex.split(words)
    printed = io.StringIO()
    call_command(name, *arguments, stdout=printed)
    assert alike(printed.getvalue()) == alike(out)


def test_it_tells_every_state_of_a_submission() -> None:
    states = re.search(r"`state` is (.*?)\. `final`", COMMANDS, re.S)[1]
    assert sorted(re.findall(r"`([\w-]+)`", states)) == sorted(["none", *SubmissionState.values])


def test_it_tells_every_shortcut() -> None:
    table = section(USING, "Keys").partition("|---|---|---|\n")[2]
    rows = [line for line in table.splitlines() if line]
    assert rows == [
        f"| {group} | {', '.join(f'`{shown(keys)}`' for keys in one.keys)} | {one.label} |"
        for group, listed in SHORTCUTS
        for one in listed
    ]


def test_its_lines_of_python_run(tmp_path: Path) -> None:
    lines = re.findall(r"python -c ('[^'\n]+')", "\n".join(PAGES.values()))
    assert len(lines) == 4
    (tmp_path / "data").mkdir()
    sqlite3.connect(tmp_path / "data" / "composer.sqlite3").close()
    for line in sorted(set(lines)):
        [code] = shlex.split(line)
        run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=os.environ)
        assert run.returncode == 0
    assert (tmp_path / "backup.sqlite3").exists()


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_its_fault_is_taken_by_the_practice_tenant(tmp_path: Path) -> None:
    command = next(block for block in code_blocks(USING) if "curl" in block)
    with PracticeServer() as server:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "practice_port").write_text(str(server.port))
        words = ["sh", "-c", command.replace("curl ", "curl -s --fail-with-body ")]
        run = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
    [waiting] = json.loads(run.stdout)["faults"]
    assert waiting == {"fault": "reset", "when": "after", "route": "create", "times": 1}

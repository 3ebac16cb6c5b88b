"""How files look: how long they are, how wide, and as the formatters leave them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
LONGEST = 400  # lines
WIDEST = 120  # characters; Python's 100 are asked by ruff
TO_SPLIT: set[str] = set()


def ours(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=CHECKOUT, capture_output=True)
    names = listed.stdout.decode().splitlines()
    if not names:
        pytest.skip("this is no checkout of git")
    return [CHECKOUT / name for name in names if (CHECKOUT / name).exists()]


def test_it_keeps_files_small():
    files = ours("*.py", "*.js", "*.css", "*.html")
    long = [file for file in files if file.read_text().count("\n") > LONGEST]
    assert {str(file.relative_to(CHECKOUT)) for file in long} == TO_SPLIT


@pytest.mark.parametrize("suffix", [".html", ".js", ".css"])
def test_it_keeps_lines_short(suffix: str):
    wide = [
        f"{file.relative_to(CHECKOUT)}:{number}"
        for file in ours(f"*{suffix}")
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if len(line) > WIDEST
    ]
    assert wide == []


def test_it_keeps_line_breaks_of_templates_out_of_texts_that_show_theirs():
    """Space between such a tag and its text is seen: an empty line, or a shift to the right."""
    shows = re.compile(r'<(\w+)[^>]*\bclass="[^"]*\b(?:keeps-lines|comment|as-typed)\b[^"]*"[^>]*>')
    files = [file.read_text() for file in ours("templates/*.html")]
    tags = [(text, tag) for text in files for tag in shows.finditer(text)]
    assert len(tags) > 10
    for text, tag in tags:
        inside = text[tag.end() : text.index(f"</{tag[1]}>", tag.end())]
        assert inside == inside.strip(), tag[0]


@pytest.mark.parametrize(
    "command",
    [
        ["djangofmt", "--check", "templates"],
        ["oxfmt", "--check", "static/js", "static/css"],
        ["ruff", "format", "--check", "."],
        ["ruff", "check", "."],
    ],
    ids=["templates", "scripts and styles", "python", "python's rules"],
)
def test_the_formatters_have_nothing_to_change(command: list[str]):
    run = subprocess.run(
        [TOOLS / command[0], *command[1:]], cwd=CHECKOUT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr

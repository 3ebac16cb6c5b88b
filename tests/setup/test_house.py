"""How large and how wide files may be."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.wrapping import WIDTH, spaces_in_tags, wrapped

CHECKOUT = Path(__file__).parents[2]
LONGEST = 400  # lines
TO_SPLIT: set[str] = set()
FOLDER = CHECKOUT / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))


def test_it_keeps_files_small():
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.js", "*.css", "*.html"], cwd=CHECKOUT, capture_output=True
    )
    names = [
        name for name in listed.stdout.decode().split("\n") if name and (CHECKOUT / name).exists()
    ]
    if not names:
        pytest.skip("this is no checkout of git")
    assert {
        name for name in names if (CHECKOUT / name).read_text().count("\n") > LONGEST
    } == TO_SPLIT


def test_it_breaks_lines_of_templates_between_attributes():
    """`python -m tests.wrapping` does it."""
    assert len(TEMPLATES) > 100
    assert [
        str(file.relative_to(FOLDER))
        for file in TEMPLATES
        if wrapped(file.read_text()) != file.read_text()
    ] == []


@pytest.mark.parametrize(
    "tag",
    [
        (
            f'<a class="{"x " * 40}" href="{{% url "a b" %}}" title="{{{{ one.name }}}}"'
            ' data-one="1">One word</a>'
        ),
        "<p>" + "words " * 40 + "</p>",
        '{% blocktrans with a="b" %}' + '<a class="b" href="c"> ' * 10 + "{% endblocktrans %}",
    ],
)
def test_wrapping_changes_nothing_but_what_parts_attributes(tag: str):
    after = wrapped(f"  {tag}\n")
    assert squeezed(after) == squeezed(f"  {tag}\n") and wrapped(after) == after
    assert tag.startswith("<a") == (max(map(len, after.split("\n"))) <= WIDTH)


def squeezed(text: str) -> str:
    spaces = spaces_in_tags(text)
    return re.sub(
        "\0+", "\0", "".join("\0" if at in spaces else letter for at, letter in enumerate(text))
    )

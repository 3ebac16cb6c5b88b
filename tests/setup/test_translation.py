"""Every text can be said in another language."""

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from journeys.screens import error_text as refusals
from journeys.screens.error_text import error_text
from journeys.spec.document import DocumentError, loads
from journeys.spec.graph import GraphError

REFUSALS = {"GraphError", "DocumentError", "UnkeepableValue", "NotJson"}


def raised_sentences() -> Iterator[tuple[str, ast.expr]]:
    """The first argument of each call of a refusal, with its place."""
    for path in (settings.BASE_DIR / "journeys").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in REFUSALS:
                yield f"{path.name}:{node.lineno}", node.args[0]


def test_sentences_are_written_where_they_are_found() -> None:
    def is_found(sentence: ast.expr) -> bool:
        passed_on = ("error.sentence", "_t(", "NOTHING")
        return isinstance(sentence, ast.Constant) or ast.unparse(sentence).startswith(passed_on)

    found = list(raised_sentences())
    assert len(found) > 40
    assert [f"{place}: {ast.unparse(one)}" for place, one in found if not is_found(one)] == []


def test_refusals_are_translated_with_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        refusals,
        "_t",
        lambda text: {"The key %(key)s": "Schlüssel: %(key)s"}.get(text, f"[{text}]"),
    )
    assert error_text(GraphError("The key %(key)s", key="A 100 %")) == "Schlüssel: A 100 %"
    with pytest.raises(DocumentError) as caught:
        loads("[1e999]")
    assert error_text(caught.value).startswith("[The number 1e999 cannot be kept exactly.")
    assert error_text(caught.value).endswith("] (line 1, column 2)")


def test_makemessages_collects_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("xgettext"):
        pytest.skip("no xgettext: the Debian package gettext is not installed")
    for room in ("spec", "explaining", "screens", "views"):
        shutil.copytree(settings.BASE_DIR / "journeys" / room, tmp_path / room)
    (tmp_path / "locale").mkdir()
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["de"], verbosity=0)
    written = (tmp_path / "locale" / "de" / "LC_MESSAGES" / "django.po").read_text()
    collected = written.replace('"\n"', "")  # a long text stands on several lines
    for text in (
        "The copied steps lead in a circle",
        "%(literal)s is not a JSON value",
        "is more than",
        "The page is out of date",
        "Journey Builder could not save the journey",
        "Marketing Cloud refused: %(message)s",
        "Marketing Cloud found %(count)s things to correct",
        "lacks the permission %(permission)s",
        "makes a second journey of the same key",
    ):
        assert text in collected

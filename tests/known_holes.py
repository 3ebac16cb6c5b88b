"""`make audit`: whether a requirement of any lock file has a known hole.

Ends with 0 when all were looked up and none has one, with 1 when one has, and with 2 when that
cannot be told: the service is away, knows nothing of a package, or does not even know the holes of
an old version. That is no pass.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
AUDIT = [
    sys.executable,
    "-m",
    "pip_audit",
    "--disable-pip",
    "--progress-spinner",
    "off",
    "--format",
    "json",
]
KNOWN = "django==2.0"  # has dozens of holes: who does not tell them tells nothing of others, either
SOUND, HOLES, UNKNOWN = 0, 1, 2


def asked(file: Path, arguments: list[str]) -> list[dict] | None:
    """What the service says of each requirement; None when it did not answer."""
    command = [*AUDIT, "--requirement", str(file), *arguments]
    told = subprocess.run(command, capture_output=True, text=True, timeout=600).stdout
    try:
        return json.loads(told)["dependencies"]
    except (ValueError, KeyError):
        return None


def verdict(answers: list[dict] | None, control: list[dict] | None) -> tuple[int, list[str]]:
    if answers is None or control is None:
        return UNKNOWN, [
            "The service that knows the holes could not be reached. Nothing was checked."
        ]
    holes = [hole_line(one, hole) for one in answers for hole in one.get("vulns", [])]
    if holes:
        return HOLES, holes
    if not any(one.get("vulns") for one in control):
        return UNKNOWN, [
            f"The service does not know the holes of {KNOWN}, so its silence says nothing."
        ]
    unknown = [f"{one['name']}: {one['skip_reason']}" for one in answers if "skip_reason" in one]
    if unknown or not answers:
        return UNKNOWN, [*unknown, "These could not be looked up."]
    return SOUND, [f"{len(answers)} requirements looked up, no known hole."]


def hole_line(package: dict, hole: dict) -> str:
    fixed = ", ".join(hole.get("fix_versions", [])) or "no version yet"
    return f"{package['name']} {package['version']}: {hole['id']}, put right in {fixed}"


def control(arguments: list[str]) -> list[dict] | None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "known.txt"
        file.write_text(KNOWN + "\n")
        return asked(file, ["--no-deps", *arguments])


def main(arguments: list[str]) -> int:
    known, worst = control(arguments), SOUND
    for file in sorted(CHECKOUT.glob("requirements*.lock")):
        code, lines = verdict(
            asked(file, ["--require-hashes", *arguments]) if known else None, known
        )
        print(f"{file.name}:", *lines, sep="\n  ")
        worst = HOLES if HOLES in (code, worst) else max(code, worst)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

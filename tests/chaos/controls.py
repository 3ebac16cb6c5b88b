"""`make chaos-controls`: each safeguard is taken away once, and the run has to notice; else this
ends with 1."""

import subprocess
import sys

NOTICED = 3  # what `run` ends with when a submission is lost, doubled, wrongly recorded or stuck
CONTROLS = {"look-up": [], "settle": [], "hash": [], "fence": ["--freeze"]}
SUBMISSIONS = 200


def main(words: list[str]) -> int:
    codes = {}
    for safeguard, more in CONTROLS.items():
        command = [
            sys.executable,
            "-m",
            "tests.chaos.run",
            "--submissions",
            str(SUBMISSIONS),
            "--short",
            *more,
            *words,
        ]
        codes[safeguard] = subprocess.run([*command, "--without", safeguard]).returncode
    for safeguard, code in codes.items():
        print(
            f"without {safeguard}: {'noticed' if code == NOTICED else f'NOT NOTICED (code {code})'}"
        )
    return 0 if set(codes.values()) == {NOTICED} else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

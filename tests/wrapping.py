"""Breaks lines of templates that are too long, between the attributes of a tag: nothing that is
parsed changes.

python -m tests.wrapping            writes the templates anew that need it

What stays longer is one sentence, or something whose spaces are seen.
"""

import re
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
WIDTH = 120
TOKEN = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->", re.DOTALL)
SAID = re.compile(
    r"\{% blocktrans.*?\{% endblocktrans %\}", re.DOTALL
)  # a sentence for translators, with its spaces


def spaces_in_tags(text: str) -> set[int]:
    """Where the white space stands that only parts attributes."""
    found, at, inside = set(), 0, ""
    while at < len(text):
        kept = SAID.match(text, at) or TOKEN.match(text, at)
        if kept:
            at = kept.end()
            continue
        letter = text[at]
        if not inside:
            inside = ">" if re.match(r"<[a-zA-Z]", text[at : at + 2]) else ""
        elif letter == inside:
            inside = "" if inside == ">" else ">"
        elif inside == ">" and letter in "\"'":
            inside = letter
        elif inside == ">" and letter.isspace():
            found.add(at)
        at += 1
    return found


def wrapped(text: str) -> str:
    spaces, lines, start = spaces_in_tags(text), [], 0
    for line in text.split("\n"):
        spots = [at for at in range(len(line)) if start + at in spaces and line[:at].strip()]
        start += len(line) + 1
        lines += broken(line, spots)
    return "\n".join(lines)


def broken(line: str, spots: list[int]) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip(" ")) + 2)
    parts, begin = [], 0
    while spots and len(line) - begin + (len(indent) if begin else 0) > WIDTH:
        room = WIDTH + begin - (len(indent) if begin else 0)
        spot = max((at for at in spots if at <= room), default=spots[0])
        parts.append(line[begin:spot])
        begin, spots = spot + 1, [at for at in spots if at > spot]
    parts.append(line[begin:])
    return [parts[0], *(indent + part for part in parts[1:])]


def main() -> int:
    for file in sorted((CHECKOUT / "templates").rglob("*.html")):
        text = file.read_text()
        if wrapped(text) != text:
            file.write_text(wrapped(text))
            print(file.relative_to(CHECKOUT))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The pages of documentation, and what tests read out of them."""

import re
from collections import Counter
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
FILES = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"]
FILES += sorted(f"docs/{file.name}" for file in (CHECKOUT / "docs").glob("*.md"))
PAGES = {name: (CHECKOUT / name).read_text() for name in FILES}
README, CONTRIBUTING = PAGES["README.md"], PAGES["CONTRIBUTING.md"]
RUNNING, COMMANDS, USING = (PAGES[f"docs/{name}.md"] for name in ("running", "commands", "using"))
MAKEFILE = (CHECKOUT / "Makefile").read_text()


def section(text: str, title: str) -> str:
    return re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^##|\Z)", text, re.M | re.S)[1]


def prose(text: str) -> str:
    """Without blocks of code."""
    return re.sub(r"^ *```.*?^ *```", "", text, flags=re.M | re.S)


def code_blocks(text: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)


def anchors(text: str) -> set[str]:
    """As GitHub makes them of headings: the second of two equal ones ends with -1."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in re.findall(r"^#+ (.*)$", prose(text), re.M):
        anchor = re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        found.add(f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor)
        seen[anchor] += 1
    return found


def links(text: str) -> list[str]:
    """Targets of links and pictures."""
    shown = prose(text)
    return re.findall(r"\]\(([^)\s]+)\)", shown) + re.findall(
        r"\b(?:src|srcset|href)=\"([^\"]+)\"", shown
    )


def first_column(table: str) -> list[str]:
    return re.findall(r"^\| `(\w+)` \|", table, re.M)

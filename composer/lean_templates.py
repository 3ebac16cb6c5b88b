"""Templates without the indentation that their formatter gives them: it is for who writes them, and
a page of many small parts would send more of it than of anything else."""

import re

from django.template.base import Origin
from django.template.loaders import filesystem

TAGS = (
    "pre",
    "textarea",
    "script",
    "style",
)  # what stands in them is shown, or sent back, as it is
OPENING = re.compile(rf"<({'|'.join(TAGS)})\b")


class Loader(filesystem.Loader):
    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        return lean(contents) if origin.template_name.endswith(".html") else contents


def lean(source: str) -> str:
    """Lines end where they ended, without what stood before and behind their ends."""
    made, at = [], 0
    last = {tag: source.rfind(f"</{tag}>") for tag in TAGS}
    for opening in OPENING.finditer(source):
        tag, start = opening[1], opening.start()
        if start < at or last[tag] < start:
            continue
        end = source.find(f"</{tag}>", start)
        made += [_without_indentation(source[at:start]), source[start:end]]
        at = end
    return "".join([*made, _without_indentation(source[at:])])


def _without_indentation(text: str) -> str:
    first, *others = text.split("\n")
    if not others:
        return text
    inner = [line for line in map(str.strip, others[:-1]) if line]
    return "\n".join([first.rstrip(), *inner, others[-1].lstrip()])

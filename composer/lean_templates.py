"""Templates without the indentation that their formatter gives them: it is for who writes them, and
a page of many small parts would send more of it than of anything else."""

import re

from django.template.base import Origin
from django.template.loaders import filesystem

INDENTED = re.compile(r"\s*\n\s*")
# what stands between these is shown, or sent back, as it is
AS_IT_IS = re.compile(r"(<(pre|textarea|script|style)\b.*?</\2>)", re.DOTALL)


class Loader(filesystem.Loader):
    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        return lean(contents) if origin.template_name.endswith(".html") else contents


def lean(source: str) -> str:
    """Lines end where they ended, without what stood before and behind their ends."""
    parts = AS_IT_IS.split(source)
    # of each three: what may be changed, what stays, and the name of its tag
    parts[::3] = [INDENTED.sub("\n", part) for part in parts[::3]]
    del parts[2::3]
    return "".join(parts)

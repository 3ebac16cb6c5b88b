import re

import pytest
from django.template.loader import get_template

from composer.lean_templates import lean

pytestmark = pytest.mark.one_database


def test_it_leaves_the_indentation_out():
    assert lean("<div>\n    <p\n      class='a'\n    >\n\n  text</p>\n</div>\n") == (
        "<div>\n<p\nclass='a'\n>\ntext</p>\n</div>\n"
    )


@pytest.mark.parametrize("tag", ["pre", "textarea", "script"])
def test_it_leaves_alone_what_is_shown_as_it_is(tag):
    kept = f"<{tag}\n  id='x'>\n   {{% if a %}}\n  b{{% endif %}}\n</{tag}>"
    assert lean(f"<p>\n  {kept}\n  </p>") == f"<p>\n{kept}\n</p>"


def test_it_is_how_pages_are_made():
    source = get_template("journeys/_path_shapes.html").template.source
    assert "<path\n" in source and not re.search(r"\n +", source)

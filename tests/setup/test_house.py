"""How large and how wide files may be."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.wrapping import WIDTH, spaces_in_tags, wrapped

CHECKOUT = Path(__file__).parents[2]
LONGEST = 400  # lines
TO_SPLIT = {"tests/submit/test_tampering.py"}
FOLDER = CHECKOUT / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
NOT_YET = set(
    """
_account.html
_header.html
account/_confirm.html
account/account.html
account/login.html
admin/app_index.html
admin/auth/user/_waiting.html
admin/auth/user/change_form.html
admin/auth/user/link.html
admin/base_site.html
admin/change_form.html
admin/change_list.html
admin/delete_confirmation.html
admin/filter.html
admin/index.html
admin/journeys/audit.html
admin/journeys/countersignature/ask.html
admin/journeys/countersignature/one.html
admin/journeys/listed.html
admin/journeys/looked_at.html
admin/journeys/review/_ended.html
admin/journeys/review/change_list.html
admin/journeys/review/desk.html
admin/journeys/tenant/house_rules.html
admin/object_history.html
admin/pagination.html
admin/search_form.html
admin/submit_line.html
allauth/layouts/base.html
base.html
error.html
journeys/_done_alone.html
journeys/_no_tenant.html
journeys/_progress.html
journeys/delete_template.html
journeys/from_template.html
journeys/import.html
journeys/journeys.html
journeys/new.html
journeys/templates.html
mfa/_passkey_note.html
mfa/authenticate.html
mfa/webauthn/add_form.html
usersessions/usersession_list.html
""".split()
)  # no other is added


def test_it_keeps_files_small():
    listed = subprocess.run(["git", "ls-files", "*.py", "*.js", "*.css", "*.html"], cwd=CHECKOUT, capture_output=True)
    names = [name for name in listed.stdout.decode().split("\n") if name and (CHECKOUT / name).exists()]
    if not names:
        pytest.skip("this is no checkout of git")
    assert {name for name in names if (CHECKOUT / name).read_text().count("\n") > LONGEST} == TO_SPLIT


def test_it_breaks_lines_of_templates_between_attributes():
    """`python -m tests.wrapping` does it."""
    assert len(TEMPLATES) > 100
    unwrapped = {str(file.relative_to(FOLDER)) for file in TEMPLATES if wrapped(file.read_text()) != file.read_text()}
    assert unwrapped - NOT_YET == set()


@pytest.mark.parametrize(
    "tag",
    [
        f'<a class="{"x " * 40}" href="{{% url "a b" %}}" title="{{{{ one.name }}}}" data-one="1">One word</a>',
        "<p>" + "words " * 40 + "</p>",
        '{% blocktrans with a="b" %}' + '<a class="b" href="c"> ' * 10 + "{% endblocktrans %}",
    ],
)
def test_wrapping_changes_nothing_but_what_parts_attributes(tag: str):
    after = wrapped(f"  {tag}\n")
    assert squeezed(after) == squeezed(f"  {tag}\n") and wrapped(after) == after
    assert tag.startswith("<a") == (max(map(len, after.split("\n"))) <= WIDTH)


def squeezed(text: str) -> str:
    spaces = spaces_in_tags(text)
    return re.sub("\0+", "\0", "".join("\0" if at in spaces else letter for at, letter in enumerate(text)))

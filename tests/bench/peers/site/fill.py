"""Makes the database, the static files, a person and one page: `python fill.py 200`."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402


def main(count: int) -> None:
    call_command("makemigrations", "letters", verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    maya = User.objects.create_superuser("maya", "maya@example.com", "maya")
    write_page(count, maya)


def write_page(count: int, author: User) -> None:
    from letters.models import Series
    from wagtail.models import Page

    page = Series(title="Bench", slug="bench", live=False, owner=author)
    email = {"type": "email", "value": {"subject": "Hello", "text": "Good morning"}}
    wait = {"type": "wait", "value": {"duration": 1, "unit": "DAYS"}}
    page.steps = Series._meta.get_field("steps").to_python(
        [(email, wait)[number % 2] for number in range(count)]
    )
    Page.objects.get(depth=2).add_child(instance=page)
    page.save_revision(user=author)


if __name__ == "__main__":
    main(int(sys.argv[1]))

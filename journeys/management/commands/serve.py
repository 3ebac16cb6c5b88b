"""Runs everything: web server, worker, sweeper, in the demo the practice tenant, and a private
Redis if need be."""

from argparse import ArgumentParser

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from composer.supervisor.processes import ProcessError
from composer.supervisor.serving import serve
from journeys.management.commands.load_demo import is_stale


class Command(BaseCommand):
    help = "Starts the web server, the worker, the sweeper and what they need; Ctrl-C stops them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--with-parent",
            action="store_true",
            help="end when the process that started this one ends",
        )

    def handle(self, *args: object, with_parent: bool, **options: object) -> None:
        try:
            serve(self.say, with_parent=with_parent, demo_is_stale=is_stale)
        except (ProcessError, ImproperlyConfigured, DatabaseError) as error:
            raise CommandError(first_line(error)) from None

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]

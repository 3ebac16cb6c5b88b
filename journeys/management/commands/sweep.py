"""Runs the sweeper: once, or until it is stopped."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from journeys.delivery.sweeper import Sweeper, keep_sweeping, stopped_by_signals


class Command(BaseCommand):
    help = "Keeps submissions moving. Run one of these, or several, beside the workers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one sweep, then stop")

    def handle(self, *args: object, once: bool, **options: object) -> None:
        stopped = None if once else stopped_by_signals()
        self.stdout.write("sweeping")
        self.stdout.flush()
        if stopped:
            return keep_sweeping(stopped)
        sweeper = Sweeper()
        sweeper.try_to_sweep()
        sweeper.stop(finish_all=True)

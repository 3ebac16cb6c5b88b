"""The practice tenant: a stand-in for Marketing Cloud's REST API on loopback."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from journeys import practice


def note_port(path: Path, port: int) -> None:
    """Where it listens, for whoever wants to tell it to fail; also where PRACTICE_PORT said so."""
    if not path.exists() or path.read_text().strip() != str(port):
        path.write_text(str(port))
        path.chmod(0o600)


class Command(BaseCommand):
    help = "Serves the practice tenant, a stand-in for Marketing Cloud, on loopback."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--port", type=int, default=settings.PRACTICE_PORT)
        parser.add_argument("--host", default="127.0.0.1")

    def handle(self, *args, **options) -> None:
        state = settings.DATA_DIR / "practice.sqlite3"
        state.parent.mkdir(parents=True, exist_ok=True)
        if options["port"] == settings.PRACTICE_PORT:
            note_port(settings.DATA_DIR / "practice_port", options["port"])
        practice.serve(options["host"], options["port"], state)

"""Publishes the static files, but only when they changed: compressing them is the slowest part of a
start."""

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from composer.supervisor.processes import ProcessError


def build() -> bool:
    """True when something was built."""
    wanted = fingerprint()
    stamp = settings.STATIC_ROOT / ".built-from"
    if read(stamp) == wanted:
        return False
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    with (settings.STATIC_ROOT / ".building").open("w") as lock:
        fcntl.flock(
            lock, fcntl.LOCK_EX
        )  # two builds into one folder at once would tear the manifest
        if read(stamp) == wanted:
            return False
        stamp.unlink(missing_ok=True)
        try:
            call_command("collectstatic", interactive=False, verbosity=0)
        except ValueError as error:  # a file refers to one that is not there
            raise ProcessError(f"Static files: {str(error).splitlines()[0]}") from None
        stamp.write_text(wanted)
    return True


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def fingerprint() -> str:
    """Of the project's own files by content, and of the libraries' by the versions that are asked
    for."""
    digest = hashlib.sha256()
    own = [
        path
        for folder in settings.STATICFILES_DIRS
        for path in Path(folder).rglob("*")
        if path.is_file()
    ]
    rest = [settings.BASE_DIR / "requirements.txt", settings.BASE_DIR / "composer" / "static.py"]
    for path in [*sorted(own), *rest]:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(settings.BASE_DIR)} {content}\n".encode())
    return digest.hexdigest()

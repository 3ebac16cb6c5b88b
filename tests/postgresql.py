"""A PostgreSQL of the tests' own: in a temporary folder, on a unix socket, gone afterwards."""

import atexit
import glob
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

UNSAFE_AND_FAST = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses="
)


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, newest first; None where PostgreSQL is absent."""
    found = sorted(
        glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4])
    )
    path = found[-1] if found else shutil.which("initdb")
    return Path(path).parent if path else None


def user() -> str | None:
    """initdb refuses root, so root runs it as the user `postgres`; None where there is no such
    user."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None


def start(root: Path) -> str | None:
    """A DATABASE_URL, or None where PostgreSQL cannot be had."""
    binaries, name = programs(), user()
    if not binaries or not name:
        return None
    folder = root / "postgresql"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        root.chmod(0o711)
        shutil.chown(folder, name)
    data = folder / "data"
    run(
        name,
        binaries / "initdb",
        "-D",
        data,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
        "--locale=C.UTF-8",
    )
    options = f"{UNSAFE_AND_FAST} -c unix_socket_directories={folder} -c max_connections=200"
    run(name, binaries / "pg_ctl", "start", "-w", "-D", data, "-l", folder / "log", "-o", options)
    atexit.register(run, name, binaries / "pg_ctl", "stop", "-m", "immediate", "-D", data)
    return f"postgresql://{name}@{quote(str(folder), safe='')}/postgres"


def run(name: str, *command: object) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["setpriv", f"--reuid={name}", f"--regid={name}", "--init-groups", *words]
    subprocess.run(words, cwd="/", check=True, stdin=subprocess.DEVNULL, capture_output=True)

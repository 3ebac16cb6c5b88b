"""Where the private Redis and the practice tenant listen."""

import hashlib
import os
import socket
import tempfile
from pathlib import Path

LONGEST = 100  # a unix socket's path may have 108 bytes on Linux and 104 on macOS


def redis_socket(data_dir: Path) -> Path:
    """The same path in every process of one data folder; in the temporary folder when the path
    would be too long."""
    path = data_dir / "redis" / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST:
        return path
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"composer-{os.getuid()}-{name}" / "redis.sock"


def free_port(wanted: int = 8765, *, besides: int = 0) -> str:
    """The wanted port on loopback, else any that is free now and is not the one `besides`."""
    for port in (wanted, 0, 0):  # the second time round for a machine that gives `besides`
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            bound_port = probe.getsockname()[1]
        if bound_port != besides:
            return str(bound_port)
    raise OSError("no free port on loopback")

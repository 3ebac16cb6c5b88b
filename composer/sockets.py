"""Where the private Redis listens."""

import hashlib
import os
import tempfile
from pathlib import Path

LONGEST = 100  # a unix socket's path may have 108 bytes on Linux and 104 on macOS


def redis_socket(data_dir: Path) -> Path:
    """The same path in every process of one data folder; in the temporary folder when the path would be too long."""
    path = data_dir / "redis" / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST:
        return path
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"composer-{os.getuid()}-{name}" / "redis.sock"

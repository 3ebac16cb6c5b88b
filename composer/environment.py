"""Reads settings from the environment, else from a `.env` file; a bad value is told loudly."""

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

# What a vault's agent, a container's secrets or systemd's credentials can put into a file:
# NAME_FILE says which.
SECRETS = {
    "SECRET_KEY",
    "ENCRYPTION_KEYS",
    "APPROVAL_KEYS",
    "DATABASE_URL",
    "REDIS_URL",
    "OIDC_CLIENT_SECRET",
}
SECRETS |= {"EMAIL_HOST_PASSWORD", "METRICS_TOKEN"}
TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def read_env_file(path: Path) -> dict[str, str]:
    """NAME=value lines; blank lines, comments, a leading `export` and one pair of quotes are taken
    off."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    values = {}
    for number, line in enumerate(lines, start=1):
        line = line.strip().removeprefix("export ").strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().isidentifier():
            raise ImproperlyConfigured(f"{path}, line {number}: expected NAME=value.")
        values[name.strip()] = unquoted(value.strip())
    return values


def unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value


class Environment:
    """Looks a name up in the environment first, then in the `.env` file. An empty value counts as
    unset."""

    def __init__(self, environ: Mapping[str, str], file: Path) -> None:
        self.values = {**read_env_file(file), **environ}

    def text(self, name: str, default: str = "") -> str:
        value, file = self.values.get(name, "").strip(), self.values.get(f"{name}_FILE", "").strip()
        if not file or name not in SECRETS:
            return value or default
        if value:
            raise ImproperlyConfigured(
                f"{name} and {name}_FILE are both set. Take one of them away."
            )
        return read_secret(name, Path(file))

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.values.get(name, "").strip().lower()
        if not value:
            return default
        if value not in TRUE | FALSE:
            raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
        return value in TRUE

    def number(
        self, name: str, default: float, minimum: float = 0, kind: Callable[[str], float] = float
    ) -> float:
        value = self.text(name)
        if not value:
            return default
        try:
            number = kind(value)
        except ValueError:
            number = None
        if number is None or not minimum <= number < float("inf"):
            raise ImproperlyConfigured(
                f"{name} must be a number of at least {minimum:g}, not {value!r}."
            )
        return number

    def integer(self, name: str, default: int, minimum: int = 0) -> int:
        return int(self.number(name, default, minimum, int))

    def listed(self, name: str) -> list[str]:
        return [part.strip() for part in self.text(name).split(",") if part.strip()]


def read_secret(name: str, path: Path) -> str:
    """An empty file is told, too: a secret that did not arrive yet must not become a default."""
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read: {reason}.") from None
    if not text:
        raise ImproperlyConfigured(f"{name}_FILE: {path} is empty.")
    return text


def require(environment: Environment, names: list[str]) -> None:
    """Names every missing variable at once, so that nobody has to start up four times."""
    missing = [name for name in names if not environment.text(name)]
    if missing:
        raise ImproperlyConfigured(
            f"Missing in the environment: {', '.join(missing)}. Set"
            f" {'it' if len(missing) == 1 else 'them'} (in the environment or in .env), or set"
            " DEMO=1 for the demo on this machine only."
        )


def private_folder(path: Path) -> Path:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret in a file that only its owner reads; made once, also when several processes start
    together."""
    if not path.exists():
        private_folder(path.parent)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
        try:
            os.link(draft, path)  # unlike a rename, never replaces what another process wrote first
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()

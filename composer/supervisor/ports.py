"""Refuses ports on which nothing can be served, in one line that names the variable."""

import errno
import socket

from django.conf import settings

from composer.supervisor.processes import ProcessError


def refuse_used_ports() -> None:
    refuse_used_port("PORT", settings.BIND, settings.PORT)
    if settings.DEMO:
        refuse_used_port("PRACTICE_PORT", "127.0.0.1", settings.PRACTICE_PORT)
        refuse_one_port_for_both()


def refuse_used_port(variable: str, host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            is_used = error.errno == errno.EADDRINUSE
            why = "is in use" if is_used else f"cannot be used ({error.strerror})"
            text = f"Port {port} on {host} {why}; set {variable} to another one."
            raise ProcessError(text) from None


def refuse_one_port_for_both() -> None:
    if settings.PORT == settings.PRACTICE_PORT:
        raise ProcessError(
            f"Port {settings.PORT} is the practice tenant's; set PORT or PRACTICE_PORT to another"
            " one."
        )

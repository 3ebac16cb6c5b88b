"""How log lines look: one JSON object a line for machines, or one plain line for people.

What a call passes as `extra={"told": {...}}` becomes members of its own. Tokens and secrets never
come this far as values of ours; what a library writes goes through the same hiding as stored
answers do.
"""

import json
import logging
from datetime import UTC, datetime

from composer import correlation
from journeys.tenant.hiding import hidden

FORMATS = ("json", "line")


class AddCorrelation(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        record.correlation_id = correlation.current_id() or getattr(request, "correlation_id", "")
        return True


def safe(value: object) -> object:
    return hidden(value) if isinstance(value, str) else value


class JsonLine(logging.Formatter):
    """Members: time (UTC), level, logger, message, correlation_id, what was told, and the traceback
    if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": hidden(record.getMessage()),
            **({"correlation_id": record.correlation_id} if record.correlation_id else {}),
            **{name: safe(value) for name, value in getattr(record, "told", {}).items()},
        }
        if record.exc_info:
            line["exception"] = hidden(self.formatException(record.exc_info))
        return json.dumps(line, default=str)


class PlainLine(logging.Formatter):
    """The same for people. Control characters of a message cannot begin a line of their own."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(
            sep=" ", timespec="milliseconds"
        )
        details = "".join(f" {name}={value}" for name, value in getattr(record, "told", {}).items())
        follows = f" [{record.correlation_id[:8]}]" if record.correlation_id else ""
        text = "".join(
            c if c.isprintable() else repr(c)[1:-1] for c in f"{record.getMessage()}{details}"
        )
        trace = f"\n{hidden(self.formatException(record.exc_info))}" if record.exc_info else ""
        return f"{moment} {record.levelname} {record.name}{follows}: {hidden(text)}{trace}"


def logging_config(line_format: str, level: str) -> dict:
    """For Django's LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "correlation": {"()": "composer.logs.AddCorrelation"},
            "one_line": {"()": "composer.error_pages.OneLine"},
        },
        "formatters": {
            "json": {"()": "composer.logs.JsonLine"},
            "line": {"()": "composer.logs.PlainLine"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": line_format,
                "filters": ["correlation", "one_line"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # at DEBUG these would write requests, and with them tokens, to the log
            "urllib3": {"level": "WARNING"},
            "requests": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
            "amqp": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
        },
    }

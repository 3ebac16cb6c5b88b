#!/usr/bin/env python
"""Runs the commands of the journey composer."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "composer.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except ModuleNotFoundError as error:
        if str(error.name).startswith(("composer", "journeys")):
            raise  # a fault in the code, not in the set-up
        stop(
            f"The Python module {error.name} is missing in {sys.executable}: run `make setup`, then"
            " .venv/bin/python."
        )
    except ImproperlyConfigured as error:
        stop(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def stop(text: str) -> None:
    """Says in one line what is wrong; 2 is the code of wrong use, also when a command would say 1
    for "refused"."""
    print(f"manage.py: {text}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()

"""Django's command, which here also finds the sentences of the rooms that know no Django, and our
short names."""

from django.core.management.commands import makemessages

NAMES = ("_t", "_now", "GraphError", "DocumentError", "UnkeepableValue", "NotJson", "Operator:2")


class Command(makemessages.Command):
    xgettext_options = [
        *makemessages.Command.xgettext_options,
        *(f"--keyword={name}" for name in NAMES),
    ]

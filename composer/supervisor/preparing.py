"""What has to be there before the first process starts: database, demo, static files."""

from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from composer.alone import alone
from composer.supervisor import static_build


def prepare(say: Callable[[str], None], demo_is_stale: Callable[[], bool]) -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Setting up the database.")
        call_command("migrate", interactive=False, verbosity=0)
    if settings.DEMO:
        with alone():  # another `serve` may load it at this moment
            if demo_is_stale():
                say("Loading the demo.")
                call_command("load_demo", verbosity=0)
    if not settings.DEBUG and static_build.build():
        say("Built the static files.")
    connections.close_all()

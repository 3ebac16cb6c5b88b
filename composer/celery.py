"""The Celery application: it wakes a worker. What must be done stands in the database, so a lost
message only costs time."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "composer.settings")

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from composer.checks import refuse_what_loses_or_doubles

app = Celery("composer", broker=settings.BROKER_URL, set_as_current=True)
app.conf.update(
    # Publishing happens in a web request: it must give up within about a second, whatever the
    # broker does.
    broker_connection_timeout=1,
    broker_transport_options={
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
        "retry_on_timeout": False,
        "max_retries": 0,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
        "visibility_timeout": 600,
        "unacked_restore_throttle": 1,
    },
    task_publish_retry=False,
    # The worker, though, waits for its broker for ever.
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_default_queue="submissions",
    worker_pool="threads",
    # one works, with threads of its own; the others only tell it to look again
    worker_concurrency=4,
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=30,
    worker_hijack_root_logger=False,
    worker_enable_remote_control=True,
    worker_send_task_events=False,
    timezone="UTC",
)
# Read under exactly this name; without it each task opens and closes its own database connection.
app.conf["CELERY_DB_REUSE_MAX"] = 1000
app.autodiscover_tasks(["journeys"])


@worker_init.connect
def check_settings(**_sender: object) -> None:
    """SystemExit, because Celery logs any other exception of a signal's receiver and goes on."""
    try:
        refuse_what_loses_or_doubles()
    except ImproperlyConfigured as error:
        raise SystemExit(f"The worker does not start: {error}") from None

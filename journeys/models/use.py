"""How often a person did something costly of late: counted in the database, because all processes
share it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, models, transaction

from composer.forgetting import forget
from journeys.models import clock

WINDOW = 60.0  # seconds; begins with the first use in it
LONGEST_RUN = 45.0  # seconds after which what runs counts as ended: its process has died
FORGOTTEN_AFTER = 24 * 3600.0  # seconds


class TooMuch(Exception):
    """`seconds`: how long to wait."""

    def __init__(self, what: str, seconds: float) -> None:
        super().__init__(what)
        self.what, self.seconds = what, max(1, round(seconds + 0.5))


class Use(models.Model):
    """One row for a person and a kind of work; what is over the limit is not counted, so its wait
    gets no longer."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=80)
    began = models.FloatField()  # seconds since 1970
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "what"], name="use_once_per_kind")]

    def __str__(self) -> str:
        return f"{self.what}: {self.count}"


class Running(models.Model):
    """One row for what runs at this moment."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=80)
    until = models.FloatField()  # seconds since 1970

    def __str__(self) -> str:
        return self.what


# One statement for both databases: it counts, or gives no row where the limit is reached.
COUNT = """
INSERT INTO journeys_use AS kept (person_id, what, began, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (person_id, what) DO UPDATE SET
  count = CASE WHEN kept.began <= %s OR kept.began > excluded.began THEN 1 ELSE kept.count + 1 END,
  began = CASE WHEN kept.began <= %s OR kept.began > excluded.began
    THEN excluded.began ELSE kept.began END
WHERE kept.count < %s OR kept.began <= %s OR kept.began > excluded.began
RETURNING count
"""


def count_use(person: int, what: str, per_minute: int) -> None:
    """Raises TooMuch when this person did it `per_minute` times in the last minute already."""
    moment = clock.moment().timestamp()
    over = moment - WINDOW
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [person, what, moment, over, over, per_minute, over])
        counted = cursor.fetchone()
    if counted is None:
        began = (
            Use.objects.filter(person=person, what=what).values_list("began", flat=True).first()
            or moment
        )
        raise TooMuch(what, began + WINDOW - moment)


@contextmanager
def running(person: int, what: str, per_minute: int, at_a_time: int) -> Iterator[None]:
    """Counts it and holds one of the places that the person has; raises TooMuch."""
    with transaction.atomic():
        count_use(
            person, what, per_minute
        )  # holds the person's row: two at once do not take one place
        now = clock.moment().timestamp()
        mine = Running.objects.filter(person=person, what=what, until__gt=now)
        if mine.count() >= at_a_time:
            raise TooMuch(what, 1)
        row = Running.objects.create(person_id=person, what=what, until=now + LONGEST_RUN)
    try:
        yield
    finally:
        Running.objects.filter(pk=row.pk).delete()


def forget_old_uses() -> None:
    moment = clock.moment().timestamp()
    forget(Use.objects.filter(began__lt=moment - FORGOTTEN_AFTER))
    forget(Running.objects.filter(until__lt=moment - LONGEST_RUN))

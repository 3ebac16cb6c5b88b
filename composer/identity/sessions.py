"""How long a session lasts, and what counts as somebody being there."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from composer.forgetting import forget
from composer.identity import browsers
from journeys.models import clock

BEGUN, ACTIVE = "signed-in-at", "active-at"
NOTED_EACH = 60  # seconds: a session's row is written this often at most
ASKING_BY_ITSELF = "X-Asks-By-Itself"
FOLLOWED = {"progress", "presence"}


def asks_by_itself(request: HttpRequest) -> bool:
    """A page that follows something asks again and again, also when nobody sits before it."""
    if ASKING_BY_ITSELF in request.headers:
        return True
    return (
        "HX-Request" in request.headers
        and request.path_info.rstrip("/").rpartition("/")[2] in FOLLOWED
    )


def ended(session: SessionBase | dict, moment: float) -> str:
    """Why it has ended, or "". One that says nothing of its beginning began just now: see
    note_activity."""
    if moment - session.get(BEGUN, moment) > settings.SESSION_LONGEST_SECONDS:
        return "long"
    if moment - session.get(ACTIVE, moment) > settings.SESSION_IDLE_SECONDS:
        return "idle"
    return ""


def note_activity(session: SessionBase, moment: float) -> None:
    if BEGUN not in session:
        session[BEGUN] = moment
    if moment - session.get(ACTIVE, 0) > NOTED_EACH:
        session[ACTIVE] = moment


@dataclass(frozen=True)
class Shown:
    """A browser in which somebody is signed in, as they read of it."""

    pk: int
    browser: str
    address: str
    since: datetime
    seen: datetime
    is_current: bool


def listed(person: User, current: str = "") -> list[Shown]:
    """Where somebody is signed in now: the one that asks first, then as they were last there."""
    rows = {row.session_key: row for row in UserSession.objects.filter(user=person)}
    sessions = []
    for kept in Session.objects.filter(session_key__in=rows, expire_date__gt=clock.moment()):
        data, row = kept.get_decoded(), rows[kept.session_key]
        if not is_of(data, person) or ended(data, time.time()):
            continue
        seen = datetime.fromtimestamp(data.get(ACTIVE, row.created_at.timestamp()), UTC)
        browser = browsers.in_words(row.user_agent)
        sessions.append(
            Shown(row.pk, browser, row.ip, row.created_at, seen, kept.session_key == current)
        )
    return sorted(sessions, key=lambda one: (one.is_current, one.seen), reverse=True)


def is_of(data: dict, person: User) -> bool:
    """Not when the password changed since: Django takes such a session for nobody's."""
    return (
        data.get(SESSION_KEY) == str(person.pk)
        and data.get(HASH_SESSION_KEY) == person.get_session_auth_hash()
    )


def forget_ended() -> None:
    """Rows of sessions that nobody can use any more, ours and those of the lists that people
    see."""
    forget(Session.objects.filter(expire_date__lt=clock.moment()))
    longest = clock.moment() - timedelta(seconds=settings.SESSION_LONGEST_SECONDS)
    forget(UserSession.objects.filter(created_at__lt=longest))

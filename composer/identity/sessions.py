"""How long a session lasts, and what counts as somebody being there."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from composer.forgetting import forget

BEGUN, ACTIVE = "signed-in-at", "active-at"
NOTED_EACH = 60  # seconds: a session's row is written this often at most
ASKING_BY_ITSELF = "X-Asks-By-Itself"
FOLLOWED = {"progress", "presence"}


def asks_by_itself(request: HttpRequest) -> bool:
    """A page that follows something asks again and again, also when nobody sits before it."""
    if ASKING_BY_ITSELF in request.headers:
        return True
    return "HX-Request" in request.headers and request.path_info.rstrip("/").rpartition("/")[2] in FOLLOWED


def ended(session: SessionBase, moment: float) -> str:
    """Why it has ended, or "". One that says nothing of its beginning began just now: see note_activity."""
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


def forget_ended() -> None:
    """Rows of sessions that nobody can use any more, ours and those of the lists that people see."""
    forget(Session.objects.filter(expire_date__lt=timezone.now()))
    longest = timezone.now() - timedelta(seconds=settings.SESSION_LONGEST_SECONDS)
    forget(UserSession.objects.filter(created_at__lt=longest))

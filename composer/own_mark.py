"""What tells a page's own controls from whatever else finds its way into the page: static/js/guard.js asks for it.

It differs from person to person, so that nobody can write it into what another one will look at, and stays the same
while a page is open, also when its reader signs in again meanwhile.
"""

from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.functional import SimpleLazyObject


def own_mark(request: HttpRequest) -> dict[str, object]:
    return {"own_mark": SimpleLazyObject(lambda: _of(request))}


def _of(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ""
    return salted_hmac("composer.own-mark", f"{user.pk}:{user.get_session_auth_hash()}", algorithm="sha256").hexdigest()

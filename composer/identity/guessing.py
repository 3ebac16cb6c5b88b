"""What holds off guessing of passwords and codes: waits that grow, by name, by address and by both.

django-axes keeps the count, in the database, so that all processes share it. A device on which
somebody signed in before has a count of its own for their name: what others do elsewhere, or beside
them behind the same address, does not lock them out. A name that nobody has is kept as a keyed
hash, because people type passwords there.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from composer.forgetting import forget
from composer.identity import devices
from composer.identity.address import kept_address
from journeys.models import clock

FREE_BOTH, FREE_NAME, FREE_ADDRESS = 4, 9, 19  # failures that cost nothing
MOST_LOCKOUTS = 200  # that the administration shows
FIRST, LONGEST = (
    15,
    15 * 60,
)  # seconds to wait after the first one that does, doubled by each that follows


@dataclass(frozen=True)
class Lockout:
    """Who waits: a name (of a person, or "#" and a hash), an address, or that name at that
    address."""

    name: str
    address: str
    failures: int
    until: datetime


class Handler(AxesDatabaseHandler):
    """Keeps a number and a time of each name, address and device; nothing of what was sent."""

    def is_locked(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        return seconds_to_wait(request, name_of(request, credentials)) > 0

    def user_login_failed(
        self, sender: object, credentials: dict, request: HttpRequest | None = None, **_: object
    ):
        if request is None:  # nobody asks from outside: a command, a test
            return
        name = name_of(request, credentials)
        request.axes_was_locked = request.axes_locked_out
        if not request.axes_locked_out:
            count(name, request.axes_ip_address, devices.known(request, name))
        if request.axes_locked_out or seconds_to_wait(request, name):
            request.axes_locked_out, request.axes_credentials = True, credentials
            if not request.axes_was_locked:
                user_locked_out.send(
                    "axes", request=request, username=name, ip_address=request.axes_ip_address
                )

    def user_logged_in(self, sender: object, request: HttpRequest, user: User, **_: object) -> None:
        """Forgets the failures of this person here, and nobody else's: an account of one's own
        clears no address."""
        mine = Q(ip_address=request.axes_ip_address, user_agent="") | Q(
            user_agent=devices.known(request, user.username) or "-"
        )
        AccessAttempt.objects.filter(mine, username=user.username).delete()

    def user_logged_out(
        self, sender: object, request: HttpRequest, user: User | None, **_: object
    ) -> None:
        pass


def name_of(request: HttpRequest, credentials: dict | None = None) -> str:
    """Whom the failures belong to: a person as the database spells them, else a keyed hash of what
    was typed."""
    typed = (credentials or {}).get("username") or request.POST.get("login", "")
    if typed.startswith("mail:"):
        return typed
    known = (
        User.objects.filter(username__iexact=typed.strip()[:150])
        .values_list("username", flat=True)
        .first()
    )
    return known or f"#{hashed(typed)}"


def hashed(text: str) -> str:
    return salted_hmac(
        "composer.identity.name", text.strip().lower(), algorithm="sha256"
    ).hexdigest()[:16]


def address_of(request: HttpRequest) -> str:
    """Whoever has one IPv6 address has the 2^64 beside it as well."""
    address = ip_address(kept_address(request))
    return str(
        address if address.version == 4 else ip_network((address, 64), strict=False).network_address
    )


@transaction.atomic
def count(name: str, address: str | None, device: str) -> None:
    which = {"username": name, "ip_address": address, "user_agent": device}
    row, new = AccessAttempt.objects.get_or_create(**which, defaults={"failures_since_start": 1})
    if not new:
        changed = {
            "failures_since_start": F("failures_since_start") + 1,
            "attempt_time": clock.moment(),
        }
        AccessAttempt.objects.filter(pk=row.pk).update(**changed)


def forget_old_failures() -> None:
    """What counts no longer. Not at each failure: while somebody guesses, the table is long."""
    forget(
        AccessAttempt.objects.filter(attempt_time__lt=clock.moment() - settings.AXES_COOLOFF_TIME)
    )


def seconds_to_wait(request: HttpRequest, name: str) -> int:
    AxesProxyHandler.update_request(request)
    rows = AccessAttempt.objects.filter(
        attempt_time__gte=clock.moment() - settings.AXES_COOLOFF_TIME
    )
    device, address = devices.known(request, name), request.axes_ip_address
    if device:
        return left(*counted(rows.filter(username=name, user_agent=device)), FREE_BOTH)
    rows = rows.filter(user_agent="")
    return max(
        left(*counted(rows.filter(username=name, ip_address=address)), FREE_BOTH),
        left(*counted(rows.filter(username=name)), FREE_NAME),
        left(*counted(rows.filter(ip_address=address)), FREE_ADDRESS),
    )


def counted(rows: QuerySet) -> tuple[int, datetime | None]:
    sums = rows.aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
    return sums["failures"] or 0, sums["last"]


def delay(failures: int, free: int) -> int:
    return min(FIRST * 2 ** min(failures - free - 1, 10), LONGEST) if failures > free else 0


def left(failures: int, last: datetime | None, free: int) -> int:
    if last is None:
        return 0
    return max(0, delay(failures, free) - int((clock.moment() - last).total_seconds()))


def told_wait(seconds: int) -> str:
    if seconds < 60:
        text = ngettext(
            "Too many attempts. Wait %(n)d second, then try again.",
            "Too many attempts. Wait %(n)d seconds, then try again.",
            seconds,
        )
        return text % {"n": seconds}
    minutes = -(-seconds // 60)
    text = ngettext(
        "Too many attempts. Wait %(n)d minute, then try again.",
        "Too many attempts. Wait %(n)d minutes, then try again.",
        minutes,
    )
    return text % {"n": minutes}


def refuse_while_locked(request: HttpRequest, name: str) -> None:
    """For a form whose secret no authentication backend looks at."""
    if not settings.AXES_ENABLED:
        return
    seconds = seconds_to_wait(request, name)
    if seconds:
        raise ValidationError(told_wait(seconds), "locked")


def failed(request: HttpRequest, name: str) -> None:
    """The same way as a wrong password: counted, logged, in the audit trail."""
    user_login_failed.send("composer.identity", credentials={"username": name}, request=request)


def spend_mail(request: HttpRequest, address: str) -> None:
    """A mail that somebody asks for costs as a failure does, whether or not the address is known
    here."""
    if not settings.AXES_ENABLED:
        return
    name = f"mail:{hashed(address)}"
    refuse_while_locked(request, name)
    count(name, request.axes_ip_address, "")


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: dict, *_: object
) -> HttpResponse:
    """The page again, with the reason."""
    from composer.identity.views import sign_in_page

    seconds = seconds_to_wait(request, name_of(request, credentials)) or 1
    text, again = told_wait(seconds), request.get_full_path()
    if request.resolver_match and request.resolver_match.url_name in ("sign-in", "account_login"):
        answer = sign_in_page(request, text, status=429)
    else:
        answer = render(
            request, "account/locked_out.html", {"text": text, "again": again}, status=429
        )
    answer["Retry-After"] = str(seconds)
    return answer


def lockouts(name: str = "") -> list[Lockout]:
    """Who has to wait now, the longest first; of each kind at most MOST_LOCKOUTS, those with most
    failures.

    `name`: nobody else.
    """
    rows = AccessAttempt.objects.filter(
        attempt_time__gte=clock.moment() - settings.AXES_COOLOFF_TIME, user_agent=""
    ).order_by()
    rows = rows.filter(username=name) if name else rows
    if not rows.exists():
        return []
    waits = []
    for fields, free in [
        (["username", "ip_address"], FREE_BOTH),
        (["username"], FREE_NAME),
        (["ip_address"], FREE_ADDRESS),
    ]:
        sums = rows.values(*fields).annotate(
            failures=Sum("failures_since_start"), last=Max("attempt_time")
        )
        for row in sums.filter(failures__gt=free).order_by("-failures")[:MOST_LOCKOUTS]:
            until = row["last"] + timedelta(seconds=delay(row["failures"], free))
            if until > clock.moment():
                waits.append(
                    Lockout(
                        row.get("username") or "",
                        row.get("ip_address") or "",
                        row["failures"],
                        until,
                    )
                )
    return sorted(waits, key=lambda one: one.until, reverse=True)


def lift(*, name: str = "", address: str = "") -> int:
    """Forgets the failures of a name, of an address, or of that name there; says how many rows that
    were."""
    if not name and not address:
        return 0
    which = {**({"username": name} if name else {}), **({"ip_address": address} if address else {})}
    return AccessAttempt.objects.filter(**which).delete()[0]

"""Who a subject of the provider is here, and the groups that it says they are in."""

import logging
import re
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.db.models import Q

from journeys.models.accounts import ADDED, is_admin, note_account_change

logger = logging.getLogger("composer.identity")
MOST_GROUPS = 5000  # that are read of one token


class Taken(Exception):
    """An account here has the same user name or mail address; only its owner can link it."""


def groups_in(claims: dict) -> set[str]:
    """Our groups that the token's map to."""
    claim = claims.get(settings.OIDC.groups_claim)
    names = [claim] if isinstance(claim, str) else claim if isinstance(claim, list) else []
    theirs = {name for name in names[:MOST_GROUPS] if isinstance(name, str)}
    return {ours for name in theirs for ours in settings.OIDC.groups.get(name, [])}


def second_factor_in(claims: dict) -> bool:
    methods = claims.get("amr") if isinstance(claims.get("amr"), list) else []
    return bool(settings.OIDC.second_factors & {*map(str, methods), str(claims.get("acr", ""))})


def linked(claims: dict) -> User | None:
    """By issuer and subject, and by nothing else: names and mail addresses are given to others in
    time."""
    row = SocialAccount.objects.filter(
        provider=settings.OIDC.issuer, uid=str(claims["sub"])
    ).select_related("user")
    account = row.first()
    return account.user if account else None


def link(person: User, claims: dict) -> bool:
    """False when the subject is linked to somebody else, or this person to another subject."""
    mine = SocialAccount.objects.filter(provider=settings.OIDC.issuer)
    if mine.filter(Q(uid=str(claims["sub"])) & ~Q(user=person)).exists():
        return False
    if mine.filter(Q(user=person) & ~Q(uid=str(claims["sub"]))).exists():
        return False
    called = text_in(claims, "preferred_username", 150) or text_in(claims, "email", 150)
    which = {"provider": settings.OIDC.issuer, "uid": str(claims["sub"]), "user": person}
    SocialAccount.objects.get_or_create(**which, defaults={"extra_data": {"name": called}})
    return True


@transaction.atomic
def added(claims: dict, groups: set[str]) -> User:
    name, mail = (
        username_in(claims),
        text_in(claims, "email", 254) if claims.get("email_verified") is True else "",
    )
    same = Q(username__iexact=name)
    for address in {mail, text_in(claims, "email", 254)} - {""}:
        same |= Q(email__iexact=address)
    if User.objects.filter(same).exists():
        raise Taken
    first, last = text_in(claims, "given_name", 150), text_in(claims, "family_name", 150)
    if not first and not last:
        first = text_in(claims, "name", 150)
    person = User(username=name, email=mail, first_name=first, last_name=last)
    person.set_unusable_password()
    try:
        person.save()
    except IntegrityError as error:
        raise Taken from error
    link(person, claims)
    note_account_change(None, person, ["by the provider"], ADDED)
    refresh_groups(person, groups)
    return person


def refresh_groups(person: User, wanted: set[str]) -> None:
    """As the provider says it now; groups that it says nothing about stay."""
    managed = Group.objects.filter(name__in=settings.OIDC.ours)
    known = {group.name: group for group in managed}
    for name in sorted(wanted - known.keys()):
        logger.error("OIDC_GROUPS names a group that is not there: %s", name)
    has = set(person.groups.filter(name__in=known).values_list("name", flat=True))
    gone, new = has - wanted, (wanted & known.keys()) - has
    if not gone and not new:
        return
    was_admin, before = is_admin(person), names_of(person)
    with transaction.atomic():
        person.groups.remove(*(known[name] for name in gone))
        person.groups.add(*(known[name] for name in new))
        changes = {"groups": [before, names_of(person)]}
        note_account_change(None, person, ["groups"], was_admin=was_admin, changes=changes)


def names_of(person: User) -> list[str]:
    return sorted(person.groups.values_list("name", flat=True))


def text_in(claims: dict[str, Any], name: str, longest: int) -> str:
    claim = claims.get(name)
    return (
        "".join(one for one in claim if one.isprintable()).strip()[:longest]
        if isinstance(claim, str)
        else ""
    )


def username_in(claims: dict) -> str:
    text = (
        text_in(claims, "preferred_username", 150)
        or text_in(claims, "email", 150)
        or str(claims["sub"])
    )
    name = re.sub(r"[^\w.@+-]+", "-", User.normalize_username(text)).strip("-")[:150]
    return name or "person"

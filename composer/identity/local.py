"""Who may sign in here by themselves, with a password or a passkey, and who only through the
provider."""

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth.models import User


def may_sign_in(person: User) -> bool:
    return settings.LOCAL_SIGN_IN or is_emergency(person)


def is_emergency(person: User) -> bool:
    """The one account that still can while all others go through the provider."""
    return not settings.LOCAL_SIGN_IN and person.get_username() == settings.EMERGENCY_USER


def is_linked(person: User) -> bool:
    """To the provider that is configured now."""
    return link_of(person) is not None


def link_of(person: User) -> SocialAccount | None:
    if not settings.OIDC or not person.pk:
        return None
    return SocialAccount.objects.filter(user=person, provider=settings.OIDC.issuer).first()


def name_there(link: SocialAccount) -> str:
    """Who somebody is at the provider: what it called them when they were linked, else its number
    for them."""
    return link.extra_data.get("name") or link.uid


def may_set_password(person: User) -> bool:
    """Who came by the provider gets no password by mail: it would outlast what the provider says of
    them."""
    return may_sign_in(person) and (person.has_usable_password() or not is_linked(person))

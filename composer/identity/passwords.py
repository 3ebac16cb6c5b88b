"""What makes a password good enough, beyond its length and a list of common ones."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

LONGEST = 128  # longer ones would only keep the hashing busy
LOOKED_AT = 72  # characters: zxcvbn takes more than linear time
ENOUGH = 3  # of zxcvbn's 0 to 4: more than 10^8 guesses
PRODUCT = ["journey", "composer", "journey composer", "marketing cloud", "salesforce", "sfmc"]


class LongestLength:
    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(_("The password has more than %(most)d characters.") % {"most": LONGEST}, "too long")

    def get_help_text(self) -> str:
        return _("It may have at most %(most)d characters.") % {"most": LONGEST}


class HardToGuess:
    """Guesses as people do who know the person and the product: words, names, dates, rows of keys, repetitions."""

    def validate(self, password: str, user: User | None = None) -> None:
        found = zxcvbn(password[:LOOKED_AT], user_inputs=[*PRODUCT, *told_of(user)])
        if found["score"] < ENOUGH:
            raise ValidationError(
                _("This password is too easy to guess. Take several words that have nothing to do with each other."),
                "easy to guess",
            )

    def get_help_text(self) -> str:
        return _("It must be hard to guess: several words that have nothing to do with each other are good.")


def told_of(user: User | None) -> list[str]:
    if user is None:
        return []
    texts = [user.username, user.first_name, user.last_name, user.email, *user.email.split("@")]
    return [text for text in texts if text]

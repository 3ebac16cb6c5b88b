"""What makes a password good enough, beyond its length and a list of common ones."""

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

LONGEST = 128  # longer ones would only keep the hashing busy
LOOKED_AT = 72  # characters: zxcvbn takes more than linear time
ENOUGH = 3  # of zxcvbn's 0 to 4: more than 10^8 guesses
SHORTEST_WORD = 4  # shorter ones are in many words by chance
PRODUCT = ["journey", "composer", "journey composer", "marketing cloud", "salesforce", "sfmc"]


class ShortestLength(MinimumLengthValidator):
    """Django's, in the words of the others."""

    def get_error_message(self) -> str:
        return _("The password has fewer than %(least)d characters.") % {"least": self.min_length}

    def get_help_text(self) -> str:
        return _("It must have at least %(least)d characters.") % {"least": self.min_length}


class NotCommon(CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("This password is one of those that many people use, and that are tried first.")

    def get_help_text(self) -> str:
        return _("It must be none of those that many people use.")


class LongestLength:
    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(
                _("The password has more than %(most)d characters.") % {"most": LONGEST}, "too long"
            )

    def get_help_text(self) -> str:
        return _("It may have at most %(most)d characters.") % {"most": LONGEST}


class HardToGuess:
    """Guesses as people do: words, names, dates, rows of keys, repetitions. What is known of the
    person and the product counts for nothing: what is left of the password has to be good enough
    without it."""

    def validate(self, password: str, user: User | None = None) -> None:
        known = [*PRODUCT, *told_of(user)]
        strength = zxcvbn(without(password[:LOOKED_AT], known) or "-", user_inputs=known)
        if strength["score"] < ENOUGH:
            raise ValidationError(
                _(
                    "This password is too easy to guess. Take several words that have nothing to do"
                    " with each other."
                ),
                "easy to guess",
            )

    def get_help_text(self) -> str:
        return _(
            "It must be hard to guess: several words that have nothing to do with each other are"
            " good."
        )


def without(password: str, words: list[str]) -> str:
    rest = password.lower()
    for word in sorted(
        (word.lower() for word in words if len(word) >= SHORTEST_WORD), key=len, reverse=True
    ):
        rest = rest.replace(word, "")
    return rest


def told_of(user: User | None) -> list[str]:
    if user is None:
        return []
    texts = [user.username, user.first_name, user.last_name, user.email, *user.email.split("@")]
    return [text for text in texts if text]

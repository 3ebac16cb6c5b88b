"""What an endpoint's answer means, in words for people, with the address in the document that each
is about. Stands on tenant/, blocks/ and spec/."""

from .compare import Difference, differences, is_what_was_sent
from .refusals import Advice, Explanation, explain
from .sentences import sentence

__all__ = [
    "Advice",
    "Difference",
    "Explanation",
    "differences",
    "explain",
    "is_what_was_sent",
    "sentence",
]

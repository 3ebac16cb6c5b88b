"""What an endpoint's answer means, in words for people, with the place in the document that each is
about."""

from .compare import Difference, differences, is_what_was_sent
from .refusals import Advice, Explanation, explain

__all__ = ["Advice", "Difference", "Explanation", "differences", "explain", "is_what_was_sent"]

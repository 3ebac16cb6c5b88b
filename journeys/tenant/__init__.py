"""The REST client of one tenant: token, create, look up; what came back, what went wrong, and what to do about it.

Knows nothing of the application: no models, no Django.
"""

from . import lookups
from .address import addresses, check_domain, check_permitted, check_practice_url, check_subdomain
from .auth import Credentials, Token
from .client import Client
from .compare import Difference, differences, is_what_was_sent
from .errors import (
    Absent,
    BadAddress,
    Busy,
    NotSent,
    Refused,
    TenantError,
    TokenRefused,
    Unauthorized,
    Unclear,
    decide,
)
from .hiding import hidden, hidden_headers
from .interactions import Created, read_answer
from .refusals import Advice, Explanation, explain
from .wire import Answer, Fault, clock

__all__ = [
    "Absent",
    "Advice",
    "Answer",
    "BadAddress",
    "Busy",
    "Client",
    "Created",
    "Credentials",
    "Difference",
    "Explanation",
    "Fault",
    "NotSent",
    "Refused",
    "TenantError",
    "Token",
    "TokenRefused",
    "Unauthorized",
    "Unclear",
    "addresses",
    "check_domain",
    "check_permitted",
    "check_practice_url",
    "check_subdomain",
    "clock",
    "decide",
    "differences",
    "explain",
    "hidden",
    "hidden_headers",
    "is_what_was_sent",
    "lookups",
    "read_answer",
]

"""The REST client of one tenant: token, create, look up; what came back, what went wrong, as data.

Knows nothing of the application: no models, no Django.
"""

from . import lookups
from .address import addresses, check_domain, check_permitted, check_practice_url, check_subdomain
from .auth import Credentials, Token
from .client import Client
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
)
from .hiding import hidden, hidden_headers
from .interactions import Created, read_answer
from .verdict import decide
from .wire import Answer, Fault, clock

__all__ = [
    "Absent",
    "Answer",
    "BadAddress",
    "Busy",
    "Client",
    "Created",
    "Credentials",
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
    "hidden",
    "hidden_headers",
    "lookups",
    "read_answer",
]

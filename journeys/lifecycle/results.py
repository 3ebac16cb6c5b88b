"""What can come of trying to do something about a submission: each has one name, everywhere.

A new one gets a line in STEPS (what it makes of the submission), in MEANS (what it says about the
tenant), among the words for attempts, in what statistics count, and in the crash points and the
simulated tenant where a tenant can bring it about. A test asks for all of them.
"""

from enum import StrEnum


class Result(StrEnum):
    # of a send
    CREATED = "created"
    REFUSED = "refused"  # also of a look-up
    EXISTS = "exists"  # refused because its key or its name is taken
    UNCLEAR = "unclear"  # it may have been carried out
    # of a look-up
    FOUND = "found"
    FOUND_OTHER = "found other"  # another journey has the key
    ABSENT = "absent"
    NO_ANSWER = "no answer"  # it told nothing
    # of both
    BUSY = "busy"
    UNAUTHORISED = "unauthorised"
    CREDENTIALS_REFUSED = "credentials refused"
    NOT_SENT = "not sent"
    FAILED = "failed"  # a fault of our own
    # without a call
    ALTERED = "altered"  # the bytes, or what else was permitted, are not what was approved
    UNAPPROVED = "unapproved"  # what was permitted no longer holds
    HELD_BACK = "held back"  # asked to stop, or too late to send
    NO_SLOT = "no slot"
    OVERDUE = "overdue"
    LEASE_EXPIRED = "lease expired"  # the process that was sending is gone


NOT_CALLED = frozenset(
    {
        Result.ALTERED,
        Result.UNAPPROVED,
        Result.HELD_BACK,
        Result.NO_SLOT,
        Result.OVERDUE,
        Result.LEASE_EXPIRED,
    }
)
CALLED = frozenset(Result) - NOT_CALLED  # an attempt is written with it
MADE = (Result.CREATED, Result.REFUSED, Result.EXISTS, Result.UNCLEAR)  # of a send: it went out
FRUITLESS = (
    Result.NOT_SENT,
    Result.BUSY,
    Result.UNAUTHORISED,
    Result.CREDENTIALS_REFUSED,
    Result.UNCLEAR,
    Result.NO_ANSWER,
    Result.FAILED,
)

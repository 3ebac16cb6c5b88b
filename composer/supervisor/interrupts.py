"""Ctrl-C and its kin, as the supervisor takes them."""

import signal
import time

from composer.supervisor.processes import catches_interrupts

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# seconds in which several signals mean one thing: a terminal tells `make` as well, which tells us
ONE_WISH = 0.5


class Interrupts:
    """They break off what runs in this process; once there are children they are only noted.

    `parent`: a process whose end means ours, or 0. `make` keeps a SIGINT that is sent to it alone
    for itself.
    """

    def __init__(self, parent: int) -> None:
        self.noted, self.breaks_off = False, True
        self.noted_at, self.again = 0.0, False
        self.parent = parent if parent and catches_interrupts(parent) else 0
        for number in STOPPING:
            signal.signal(number, self.note)

    def note(self, number: int, frame: object) -> None:
        if self.noted and time.monotonic() - self.noted_at > ONE_WISH:
            self.again = True
        if not self.noted:
            self.noted, self.noted_at = True, time.monotonic()
        if self.breaks_off:
            raise KeyboardInterrupt

    def only_note(self) -> None:
        self.breaks_off = False

    def came(self) -> bool:
        return self.noted or bool(self.parent and not catches_interrupts(self.parent))

    def in_a_hurry(self) -> bool:
        """Whether somebody asked a second time, after a moment."""
        return self.again

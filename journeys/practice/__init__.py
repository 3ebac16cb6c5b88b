"""The practice tenant: a stand-in for Marketing Cloud's REST API on this machine, for the demo and
for tests.

    serve("127.0.0.1", 8765, "var/practice.sqlite3")        until interrupted
    with PracticeServer() as practice: ... practice.url     in a thread

Nobody outside this machine can reach it, and it reaches nobody. It shares no code with the client
that it answers.
"""

from journeys.practice.server import PracticeServer, serve

__all__ = ["PracticeServer", "serve"]

"""Sessions in the database, as Django keeps them, but an old one is written by one statement
without a savepoint, and what waits in one outlives whose session it was."""

import time

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError

WAITING = "waiting-posts"  # see waiting.py: what each writer alone gets to see again


class SessionStore(db.SessionStore):
    """The name goes into the key that signs the data: under the same one Django's own store reads
    these, too."""

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            return super().save(must_create)
        row = self.create_model_instance(self._get_session())
        kept = {"session_data": row.session_data, "expire_date": row.expire_date}
        if not self.model.objects.filter(session_key=row.session_key).update(**kept):
            raise UpdateError  # it was ended meanwhile, and stays so

    def flush(self) -> None:
        """Somebody signs out, or another one in: what was sent and kept waits on, for who sent
        it."""
        waiting = {
            token: one
            for token, one in self.get(WAITING, {}).items()
            if one.get("until", 0) > time.time()
        }
        super().flush()
        if waiting:
            self[WAITING] = waiting

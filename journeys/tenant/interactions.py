"""The journey's routes. The API says "interaction" where people say journey."""

from dataclasses import dataclass, field
from urllib.parse import quote

from .bodies import flaw_of_created
from .errors import Unclear
from .wire import Answer

ROUTE = "/interaction/v1/interactions"
NEVER = "0001-01-01T00:00:00"


@dataclass(frozen=True)
class Created:
    """The journey as the server holds it. Dates are as given (no zone), None for never; `raw` is
    the whole answer."""

    id: str
    status: str
    definition_id: str
    version: int | None
    created_date: str | None
    modified_date: str | None
    raw: dict = field(repr=False)

    @property
    def is_first_version(self) -> bool:
        """Every version of a journey shares its `id`; only the first has a `definitionId` equal to
        it."""
        return self.version in (None, 1) and self.id.lower() == self.definition_id.lower()


def key_path(key: str, version: int | None = None) -> str:
    path = f"{ROUTE}/key:{quote(key, safe='')}"
    return path if version is None else f"{path}?versionNumber={int(version)}"


def id_path(journey_id: str) -> str:
    return f"{ROUTE}/{quote(journey_id, safe='')}"


def list_path(page: int, page_size: int) -> str:
    return f"{ROUTE}?$page={int(page)}&$pageSize={int(page_size)}"


def read_answer(answer: Answer, key: str) -> Created:
    """The journey in an answer to a create or a get by key; raises Unclear when it is not the
    journey of `key`."""
    body = answer.json
    flaw, values = flaw_of_created(body, key)
    if flaw:
        raise Unclear(answer, reason="wrong_answer", flaw=flaw, values=values)
    return Created(
        id=body["id"],
        status=body["status"],
        definition_id=body["definitionId"],
        version=_version(body.get("version")),
        created_date=_date(body.get("createdDate")),
        modified_date=_date(body.get("modifiedDate")),
        raw=body,
    )


def _version(value: object) -> int | None:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or value != value
        or abs(value) > 10**6
    ):
        return None
    return int(value)


def _date(value: object) -> str | None:
    if not isinstance(value, str) or not value or value.startswith(NEVER):
        return None
    return value[:40]

"""Giving journeys out as files, for the page and the command alike."""

import hashlib
import re

from django.utils.text import slugify

from journeys.models import Journey, Revision
from journeys.models.audit import record
from journeys.spec import document as doc

ENDINGS = {"json": "json", "curl": "sh"}  # by form
PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
RESERVED = re.compile(
    r"con|prn|aux|nul|com[0-9]|lpt[0-9]"
)  # Windows opens devices under these names


def exported(
    journey: Journey, revision: Revision, form: str, actor: object, **recorded: str
) -> str:
    """The revision in the order in which it is kept, or as a script for curl without secrets.

    It is recorded, and Tampered is raised before: what was not written by the composer leaves by no
    door. `recorded` is kept with the audit entry.
    """
    document = revision.document()
    facts = {"revision": revision.number, "sha256": revision.sha256, **recorded}
    record(actor, f"export.{form}", journey=journey, **facts)
    return journey.tenant.as_curl(document) if form == "curl" else doc.pretty(document)


def download_name(journey: Journey, form: str) -> str:
    """What a browser calls the file: the journey's name, as far as files may be called so."""
    name = slugify(journey.name)[:80] or slugify(journey.key)[:80] or "journey"
    return f"{name}.{ENDINGS[form]}"


def file_name(key: str, form: str = "json", tenant: str = "") -> str:
    """A name that is safe everywhere and that no other key gets, also where upper and lower case
    are the same.

    Plain keys are their own name. All others carry a digest after a dot, which plain names never
    have. The tenant's name is given where two tenants have a journey of this key.
    """
    if PLAIN.fullmatch(key) and not RESERVED.fullmatch(key) and not tenant:
        return f"{key}.{ENDINGS[form]}"
    readable = re.sub(r"[^a-z0-9_-]+", "-", key.lower()).strip("-")[:60]
    if not readable or RESERVED.fullmatch(readable):
        readable = "journey"
    digest = hashlib.sha256(f"{tenant}\0{key}".encode()).hexdigest()[:16]
    return f"{readable}.{digest}.{ENDINGS[form]}"

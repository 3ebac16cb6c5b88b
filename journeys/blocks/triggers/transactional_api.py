"""Transactional API event: each request names the contact and the message.

It has no event definition: metaData of real ones names none, and their configurationArguments are
empty.
"""

from django.utils.translation import gettext_lazy as _

from journeys.blocks.facts import REQUEST, Facts
from journeys.blocks.triggers.entry_source import EntrySource
from journeys.spec.problem import Problem


class TransactionalApi(EntrySource):
    slug = "transactional-api"
    types = ("transactional-api",)
    entry = REQUEST
    label = _("Transactional API event")
    icon = "api-event"
    event_key = None
    event_id = None
    criteria = None
    advanced = ()

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        return {
            "key": key,
            "name": "TRIGGER",
            "description": "",
            "type": cls.types[0],
            "outcomes": [],
            "arguments": {},
            "configurationArguments": {},
            "metaData": {
                "chainType": "none",
                "configurationRequired": False,
                "iconUrl": "/images/icon_journeyBuilder-event-transactional-blue.svg",
                "title": "Transactional API Event",
                "category": "Transactional",
                "entrySourceGroupConfigUrl": "null",
            },
        }

    @classmethod
    def problems(cls, block: dict, facts: Facts) -> list[Problem]:
        return []

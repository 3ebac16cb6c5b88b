"""What the practice tenant holds besides journeys: some hundred made-up emails, data extensions,
events and settings.

All of it is worked out from lists of words, so that every run has the same ids.
"""

from functools import cache
from hashlib import blake2b
from itertools import product

SERIES = {
    "Welcome": ("Good to have you with us", "Three things to try first"),
    "Newsletter": ("What is new this month", "Short reads for a quiet morning"),
    "Spring offers": ("Spring starts here", "Up to a third off until Sunday"),
    "Basket reminder": ("You left something behind", "We keep it for you until tomorrow"),
    "Birthday": ("Many happy returns", "A small present is inside"),
    "We miss you": ("It has been a while", "Come back to what you liked"),
    "Order confirmed": ("Your order is on its way to us", "What happens next"),
    "Invitation": ("An evening for good customers", "Seats are few, so answer soon"),
    "Loyalty": ("Your points this month", "What they can be turned into"),
    "Product tips": ("Get more out of it", "Five minutes that pay"),
}
PLACES = (
    "North",
    "South",
    "East",
    "West",
    "Coast",
    "Hills",
    "Islands",
    "Lakes",
    "Valley",
    "City",
    "Suburbs",
    "Harbour",
)
SETS = (
    "Customers",
    "Orders",
    "Baskets",
    "Newsletter readers",
    "Loyalty members",
    "Event guests",
    "Returns",
    "Leads",
)
SETS += ("Subscribers", "Birthdays")
PURPOSES = (
    "Commercial",
    "Transactional",
    "Service",
    "Surveys",
    "Events",
    "Partners",
    "Tests",
    "Archive",
    "Press",
)
PURPOSES += ("Clubs",)
FIELDS = (
    ("ContactKey", "Text", True),
    ("EmailAddress", "EmailAddress", False),
    ("FirstName", "Text", False),
    ("LastName", "Text", False),
    ("Country", "Text", False),
    ("Language", "Locale", False),
    ("Tier", "Text", False),
    ("Points", "Number", False),
    ("Total", "Decimal", False),
    ("LastOrder", "Date", False),
    ("OptIn", "Boolean", False),
    ("Phone", "Phone", False),
)
EVENT_TYPES = (
    ("APIEvent", "APIEvent-"),
    ("EmailAudience", "DEAudience-"),
    ("AutomationAudience", "AutomationAud-"),
)
CRM_OBJECTS = (
    "Account",
    "Asset",
    "Campaign",
    "CampaignMember",
    "Case",
    "Contact",
    "Contract",
    "Lead",
    "Opportunity",
)
CRM_OBJECTS += ("Order", "Product2", "Task", "User")


def guid(text: str) -> str:
    digits = blake2b(text.encode(), digest_size=16).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


@cache
def emails() -> list[dict]:
    return [
        _email(number, *named) for number, named in enumerate(product(SERIES, PLACES, (1, 2, 3)))
    ]


def _email(number: int, series: str, place: str, part: int) -> dict:
    subject, preheader = SERIES[series]
    asset_type = ({"id": 207, "name": "templatebasedemail"}, {"id": 208, "name": "htmlemail"})[
        number % 2
    ]
    return {
        "id": 90_000 + number,
        "customerKey": guid(f"email {number}"),
        "assetType": {**asset_type, "displayName": "Email"},
        "name": f"{series} {part}, {place}",
        "category": {
            "id": 700 + list(SERIES).index(series),
            "name": f"{series} emails",
            "parentId": 600,
        },
        "legacyData": {
            "legacyId": 4_001 + number,
            "legacyKey": guid(f"legacy {number}"),
            "legacyType": "email",
        },
        "data": {"email": {"legacy": {"legacyId": 4_001 + number}}},
        "views": {
            "subjectline": {"content": f"{subject}, {place.lower()} ({part})"},
            "preheader": {"content": preheader},
        },
        "modifiedDate": f"2026-0{1 + number % 9}-1{number % 9}T09:00:00.000-06:00",
    }


@cache
def data_extensions() -> list[dict]:
    named = product(SETS, PLACES, ("2025", "2026"))
    return [_data_extension(number, " ".join(words)) for number, words in enumerate(named)]


def _data_extension(number: int, name: str) -> dict:
    return {
        "id": guid(f"data extension {name}"),
        "name": name,
        "key": name.replace(" ", "_"),
        "isActive": True,
        "isSendable": number % 2 == 0,
        "categoryId": 800 + number % 10,
        "rowCount": 137 * number,
    }


def fields_of(data_extension: dict) -> list[dict]:
    count = 6 + data_extension["rowCount"] % 7
    return [
        {
            "id": guid(f"field {data_extension['id']} {name}"),
            "name": name,
            "type": kind,
            "length": 100 if kind == "Text" else None,
            "ordinal": ordinal,
            "isPrimaryKey": is_key,
            "isNullable": not is_key,
        }
        for ordinal, (name, kind, is_key) in enumerate(FIELDS[:count])
    ]


@cache
def events() -> list[dict]:
    return [_event(number, source) for number, source in enumerate(data_extensions()[:200])]


def _event(number: int, source: dict) -> dict:
    kind, prefix = EVENT_TYPES[number % len(EVENT_TYPES)]
    return {
        "id": guid(f"event {number}"),
        "type": kind,
        "name": f"{source['name']} entered",
        "eventDefinitionKey": prefix + guid(f"event key {number}"),
        "dataExtensionId": source["id"],
        "dataExtensionName": source["name"],
        "mode": "Production",
        "isVisibleInPicker": True,
    }


@cache
def folders() -> list[dict]:
    root = {"id": 100, "name": "Journey Builder", "parentId": 0, "categoryType": "journey"}
    rows = [root]
    for top, purpose in enumerate(PURPOSES):
        parent = 101 + top * 20
        rows.append({"id": parent, "name": purpose, "parentId": 100, "categoryType": "journey"})
        rows += [
            {
                "id": parent + 1 + at,
                "name": f"{purpose} {place}",
                "parentId": parent,
                "categoryType": "journey",
            }
            for at, place in enumerate(PLACES)
        ]
    return rows


@cache
def crm_objects() -> list[dict]:
    return [{"apiname": name, "displayname": name} for name in CRM_OBJECTS]


@cache
def send_settings(kind: str) -> list[dict]:
    """Objects of the SOAP API: SendClassification, SenderProfile, DeliveryProfile."""
    rows = []
    for purpose, place in product(PURPOSES, PLACES):
        row = {
            "ObjectID": guid(f"{kind} {purpose} {place}"),
            "CustomerKey": f"{purpose}_{place}",
            "Name": f"{purpose} {place}",
            "Description": f"{purpose} messages of the {place.lower()} shops",
        }
        if kind == "SenderProfile":
            row |= {"FromName": f"The {place} shop", "FromAddress": f"{place.lower()}@shop.example"}
        rows.append(row)
    return rows

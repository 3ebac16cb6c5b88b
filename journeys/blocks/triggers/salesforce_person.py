"""Who enters by a Salesforce data event, and by which key: the same is said in three places of the
configuration.

`contactPersonType` names the kind of person, `contactKey` the object whose Id is the contact key,
and how it is come to from the event's object ("" for both names when it is that object itself),
`whoToInject` the same in words. The words were seen of a contact; those of a lead and a user are by
analogy. What belongs to a campaign member is not known.
"""

from django.utils.translation import gettext_lazy as _

PEOPLE = [
    ("Contact", _("Contact")),
    ("Lead", _("Lead")),
    ("User", _("User")),
    ("CampaignMember", _("Campaign member")),
]
WHO = {name: f"{name} ID ({name})" for name in ("Contact", "Lead", "User")}

Key = tuple[str, ...]  # referenceObjectName, relationshipName, relationshipIdName


def key_for(person: str, before: str, key: Key) -> Key:
    """The contact key after another kind of person was chosen; the same one where it was not the
    usual one before."""
    if person not in WHO or before not in WHO:
        return key
    usual = {shape(before): shape(person) for shape in (_itself, _referred)}
    return usual.get(key, key)


def words_for(person: str, before: str, words: str) -> str:
    return WHO[person] if person in WHO and words == WHO.get(before) else words


def contradicts(person: str, key_object: str, words: str) -> str:
    """What names another kind of person than the one who enters; "" when nothing does."""
    if person not in WHO:
        return ""
    if key_object in WHO and key_object != person:
        return key_object
    return words if words in WHO.values() and words != WHO[person] else ""


def _itself(person: str) -> Key:
    return person, "", ""


def _referred(person: str) -> Key:
    return person, person, f"{person}Id"

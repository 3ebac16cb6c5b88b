"""Expressions: found where they stand, faulted only where they surely cannot resolve, offered where
they can."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.blocks import always_gives
from journeys.spec import expressions
from journeys.spec.expression_faults import Fault, fault, faults
from journeys.spec.expressions import Scope, find, offers
from tests.depth import deep
from tests.spec.making import journey

EVENT = "APIEvent-1"
TRIGGER = {"key": "TRIGGER", "metaData": {"eventDefinitionKey": EVENT}}


def document(**members: object) -> dict:
    """A leads to B and C; B and C lead to D. A declares what it gives, and B is of a type that
    gives something."""
    made = journey(A={"yes": "B", "no": "C"}, B="D", C="D", D=None)
    first, second, *others = made["activities"]
    first = {**first, "arguments": {"execute": {"outArguments": [{"score": ""}]}}}
    return {
        **made,
        "activities": [first, {**second, "type": "EMAILV2"}, *others],
        "triggers": [TRIGGER],
        **members,
    }


def test_it_finds_expressions_with_their_places() -> None:
    value = {"a": ["x {{Contact.Key}} {{Event.k.f}}", {"key": "k", "b": "{{Contact.Id}}"}], "c": 1}
    assert [(found.text, found.inside) for found in find(value)] == [
        ("{{Contact.Key}}", "a[0]"),
        ("{{Event.k.f}}", "a[0]"),
        ("{{Contact.Id}}", "a[k].b"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{{Contact.Key}}",
        '{{Contact.Attribute."Set"."Attr"}}',
        "{{Context.discount}}",
        "{{Context.LastExecutedActivityKey}}",
        "{{Contact.Default.Facebook}}",
        "{{Contact.AddressInfo.Email.FieldType}}",
        "{{Contact.FilterId.e4ddb887-6f2d}}",
        "{{DateTime.Now.Date}}",
        "{{Interaction.A.score}}",
        "{{Interaction.A.score.part}}",
        "{{Interaction.A}}",
        "{{Interaction.B.RequestID}}",
        '{{Event.APIEvent-1."Email"}}',
        "{{Event}}",
        "{{Event.APIEvent-1}}",
        "{{Interaction.B.out}}",
        '{{Interaction."B"."out"}}',
        "{{#if vip}}{{else}}{{/if}}",
        "{{ name | upper }}",
        "{{>footer}}",
        "{{{prefix}}}",
        "{{DateTime.Now}}",
        "{{}}",
        '{"a":{{Event.APIEvent-1."x"}}}',
        "a { b } Contact.Key",
        "}}{{",
    ],
)
def test_it_takes_what_can_resolve(text: str) -> None:
    scope = Scope(document(), always_gives)
    assert not any(fault(found.text, scope, "D") for found in find(text))


@pytest.mark.parametrize(
    ("text", "rule", "named", "meant"),
    [
        ("{{contact.Key}}", "case", "contact", "Contact"),
        ("{{Contact.key}}", "case", "key", "Key"),
        ("{{Contact.Default.email}}", "case", "email", "Email"),
        ("{{Context.contactkey}}", "case", "contactkey", "ContactKey"),
        ("{{Interaction.b.out}}", "case", "b", "B"),
        ("{{Event.apievent-1.x}}", "case", "apievent-1", EVENT),
        ("{{Interaction.Z.out}}", "no-step", "Z", ""),
        ("{{Interaction.C.out}}", "not-before", "C", ""),
        ("{{Interaction.D.out}}", "not-before", "D", ""),
        ('{{Event.DEAudience-2."x"}}', "other-event", "DEAudience-2", EVENT),
        (
            "{{Contact.Emal}}",
            "unknown-member",
            "Emal",
            "Key, Id, Default, Attribute, FilterId, AddressInfo",
        ),
        ("{{Contact.Ky}}", "unknown-member", "Ky", "Key"),
        ("{{Contact.Default.Phone}}", "unknown-member", "Phone", "Email, SMS, Twitter, Facebook"),
        ("{{Contact.Default.Mail}}", "unknown-member", "Mail", "Email"),
        ("{{Contact.Default.Emial}}", "unknown-member", "Emial", "Email"),
        ("{{InteractionDefaults.Mobile}}", "unknown-member", "Mobile", "Email, MobileNumber"),
        ("{{Context.ContactKeys}}", "unknown-member", "ContactKeys", "ContactKey"),
        ("{{DateTime.Today}}", "unknown-member", "Today", "Now"),
        ("{{Evnt.APIEvent-1.F}}", "unknown-root", "Evnt", "Event"),
        ("{{Interactions.A.score}}", "unknown-root", "Interactions", "Interaction"),
        ("{{Contcat.Key}}", "unknown-root", "Contcat", "Contact"),
        ("{{Content.Title}}", "no-root", "Content", ""),
        ("{{Contract.Number}}", "no-root", "Contract", ""),
        ("{{Evnt.Other.x}}", "no-root", "Evnt", ""),
        ("{{Email}}", "no-root", "Email", '{{Event.APIEvent-1."Email"}}'),
        ("{{First Name}}", "no-root", "First Name", '{{Event.APIEvent-1."First Name"}}'),
        ("{{REPLACE_WITH_VALUE}}", "unfilled", "REPLACE_WITH_VALUE", ""),
        ("{{Your email.Id}}", "unfilled", "Your email", ""),
        ("{{TODO}}", "unfilled", "TODO", ""),
        ("{{Interaction.A.scroe}}", "no-output", "scroe", "A"),
        ('{{Interaction."A"."Score"}}', "case", "Score", "score"),
        ("{{Contact.Key}", "braces", "", ""),
        ("{Contact.Key}}", "braces", "", ""),
        ("{{Contact.Key", "braces", "", ""),
    ],
)
def test_it_says_why_an_expression_cannot_resolve(
    text: str, rule: str, named: str, meant: str
) -> None:
    scope = Scope(document(), always_gives)
    assert [fault(found.text, scope, "B") for found in find(text)] == [
        Fault(rule, text, named, meant)
    ]


def test_it_takes_outputs_of_a_step_that_declares_none() -> None:
    made = document()
    assert fault("{{Interaction.B.other}}", Scope(made, always_gives), "D") is None
    assert fault("{{Interaction.B.requestid}}", Scope(made, always_gives), "D").meant == "RequestID"


def test_it_wants_braces_around_the_default_addresses() -> None:
    email = [
        "Event.APIEvent-1.Email",
        "Event.desk@example.com",
        "{{Contact.Default.Email}}",
        "x",
        1,
    ]
    made = document(defaults={"email": email, "mobileNumber": ['Event.APIEvent-1."Phone"']})
    assert [(str(place), one) for place, one in faults(made, always_gives)] == [
        ("journey: defaults.email[0]", Fault("braces", "Event.APIEvent-1.Email")),
        ("journey: defaults.mobileNumber[0]", Fault("braces", 'Event.APIEvent-1."Phone"')),
    ]


def test_it_asks_outside_of_the_path_only_whether_a_step_exists() -> None:
    assert fault("{{Interaction.D.out}}", Scope(document(), always_gives)) is None


def test_it_does_not_judge_events_that_the_entry_source_does_not_tell() -> None:
    scope = Scope(
        document(triggers=[{"key": "TRIGGER", "metaData": {"r__event_key": "e"}}]), always_gives
    )
    assert fault("{{Event.Other.x}}", scope) is None


def test_it_reads_step_keys_with_dots() -> None:
    made = {
        "key": "K",
        "activities": [{"key": "A.b", "outcomes": [{"key": "on", "next": "B"}]}, {"key": "B"}],
    }
    assert fault("{{Interaction.A.b.out}}", Scope(made, always_gives), "B") is None


def test_it_reports_the_place_of_each_fault() -> None:
    made = document(defaults={"email": ["{{Event.Old.x}}"]})
    step = {
        **made["activities"][1],
        "arguments": {"v": "{{contact.key}}"},
        "schema": {"v": "{{contact.key}}"},
    }
    made["activities"][1] = step
    assert [(str(place), one.rule) for place, one in faults(made, always_gives)] == [
        ("journey: defaults.email[0]", "other-event"),
        ("activity B: arguments.v", "case"),
    ]


def test_it_offers_what_exists_at_a_step() -> None:
    made = document(defaults={"email": ['{{Event.APIEvent-1."Email"}}', "{{Event.Other.x}}"]})
    made["activities"][0] |= {
        "type": "REST",
        "configurationArguments": {"outArgumentSchema": {"code": {}}},
    }
    made["activities"][2] |= {
        "type": "SALESCLOUDACTIVITY",
        "arguments": {"x": '<F Key="Event.APIEvent-1.Tier"/> {{Contact.Attribute."Set"."Attr"}}'},
    }
    own = ['{{Event.APIEvent-1."Email"}}', '{{Event.APIEvent-1."Tier"}}']
    assert offers(made, always_gives, "B")[:3] == [*own, "{{Interaction.A.code}}"]
    assert "{{Interaction.C.salesforceObjectID}}" in offers(made, always_gives, "D")
    assert "{{Interaction.C.salesforceObjectID}}" not in offers(made, always_gives, "B")
    assert offers(made, always_gives)[:3] == [*own, '{{Contact.Attribute."Set"."Attr"}}']
    assert "{{InteractionDefaults.Email}}" in offers(
        made, always_gives
    ) and "{{DateTime.Now}}" in offers({"key": "empty"}, always_gives)


def test_it_reads_the_texts_of_blocks_alone_that_name_something(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = document(defaults={"email": ["{{Contact.Default.Email}}"]})
    made["activities"][1] |= {"arguments": {"x": ['{{Event.APIEvent-1."Tier"}}']}}
    read: list[object] = []
    whole = expressions.texts_in
    monkeypatch.setattr(
        expressions, "texts_in", lambda value, *places: read.append(value) or whole(value, *places)
    )
    assert offers(made, always_gives)[0] == '{{Event.APIEvent-1."Tier"}}'
    assert made["activities"][1] in read
    assert made["activities"][0] not in read and made["defaults"] not in read


PIECES = [
    "{",
    "{{",
    "}",
    "}}",
    "Event.",
    "Interaction.",
    "A",
    '"',
    ".",
    "contact.",
    " ",
    "Contact.Key",
]


@settings(max_examples=deep(75, 300))
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_it_reads_any_text(text: str) -> None:
    made = document(defaults={"email": [text]})
    for place, one in faults(made, always_gives):
        assert (
            one.expression
            and one.expression.replace(" ", "") in text.replace(" ", "")
            and place.inside
        )
    assert all(isinstance(offer, str) for offer in offers(made, always_gives, "D"))


def test_what_it_offers_has_no_fault() -> None:
    made = document(defaults={"email": ['{{Event.APIEvent-1."Email"}}']})
    scope = Scope(made, always_gives)
    assert [fault(offer, scope, "D") for offer in offers(made, always_gives, "D")] == [None] * len(
        offers(made, always_gives, "D")
    )

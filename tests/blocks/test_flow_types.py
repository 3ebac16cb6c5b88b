"""The waits, the splits that look back or ahead, and what their own forms keep in step."""

import pytest

from journeys.blocks import BY_SLUG, lens
from journeys.blocks.activities.engagement_split import EngagementSplit
from journeys.blocks.activities.path_optimizer import PathOptimizer
from journeys.blocks.activities.wait_by_attribute import WaitByAttribute
from journeys.blocks.activities.wait_until_date import WaitUntilDate
from journeys.blocks.facts import Facts, facts_of
from tests.blocks.browser import read_form, save, send

CONFIGURATION = "configurationArguments"


def step(key: str, spec_type: str, *targets: str, **members: object) -> dict:
    ways = [{"key": f"{key}-{index}", "next": target} for index, target in enumerate(targets)]
    return {"key": key, "type": spec_type, "outcomes": ways, **members}


def email_then_split() -> dict:
    """Two emails on two paths that meet before the split, and one after it."""
    return {
        "key": "j",
        "activities": [
            step("R", "RANDOMSPLIT", "EMAILV2-1", "EMAILV2-2"),
            step("EMAILV2-1", "EmailV2", "W", name="Welcome 1"),
            step("EMAILV2-2", "EMAILV2", "W"),
            step("W", "WAIT", "SPLIT"),
            {
                **EngagementSplit.new("SPLIT", {}),
                "outcomes": [{"key": "branchResult-1", "next": "EMAILV2-3"}],
            },
            step("EMAILV2-3", "EMAILV2"),
        ],
    }


def problems(block: dict) -> list[tuple[str, str, str]]:
    found = lens(block, "activity").problems({"key": "K", **block}, Facts())
    return [
        (problem.id, problem.severity, problem.address.inside.removeprefix(f"{CONFIGURATION}."))
        for problem in found
    ]


def changed(slug: str, **members: object) -> dict:
    block = BY_SLUG[slug].new("K-1", {})
    return {**block, CONFIGURATION: {**block[CONFIGURATION], **members}}


def test_it_offers_the_emails_sent_before() -> None:
    document = email_then_split()
    form = EngagementSplit(block=document["activities"][4], document=document)
    offered = [("", "—"), ("EMAILV2-1", "Welcome 1 (EMAILV2-1)"), ("EMAILV2-2", "EMAILV2-2")]
    assert list(form.fields["email"].widget.choices) == offered


def test_it_greys_emails_that_are_not_sent_before_the_split() -> None:
    document = email_then_split()
    split = document["activities"][4]
    html = str(EngagementSplit(block=split, document=document)["email"])
    assert 'value="EMAILV2-3" disabled>EMAILV2-3 – not sent before this split<' in html
    assert html.count("disabled") == 1
    sent = EngagementSplit({"email": "EMAILV2-3"}, block=split, document=document)
    assert not sent.is_valid() and sent.errors["email"] == ["Choose one from the list."]
    chosen = {
        **split,
        CONFIGURATION: {**split[CONFIGURATION], "refActivityCustomerKey": "EMAILV2-3"},
    }
    form = EngagementSplit(block=chosen, document=document)
    assert "disabled" not in str(form["email"]) and save(EngagementSplit, chosen) == chosen


def test_it_keeps_the_name_of_the_email_that_a_split_looks_at() -> None:
    document = email_then_split()
    block = document["activities"][4]
    written = save(EngagementSplit, block, {"email": "EMAILV2-1", "stats_type": "3"}, document)
    settings = {**block[CONFIGURATION], "refActivityCustomerKey": "EMAILV2-1", "statsTypeId": 3}
    meta = {**block["metaData"], "refActivityName": "Welcome 1"}
    assert written == {**block, CONFIGURATION: settings, "metaData": meta}


def test_it_calls_an_email_without_a_name_of_its_own_as_the_card_does() -> None:
    document = email_then_split()
    document["activities"][2][CONFIGURATION] = {
        "triggeredSend": {"name": "Spring offer", "emailSubject": "Hello"}
    }
    block = document["activities"][4]
    form = EngagementSplit(block=block, document=document)
    assert ("EMAILV2-2", "Spring offer (EMAILV2-2)") in form.fields["email"].widget.choices
    written = save(EngagementSplit, block, {"email": "EMAILV2-2"}, document)
    assert written["metaData"]["refActivityName"] == "Spring offer"
    assert EngagementSplit.sentence(written) == "If opened Spring offer"


def test_it_keeps_an_email_that_is_gone_until_another_is_chosen() -> None:
    block = changed("engagement-split", refActivityCustomerKey="EMAILV2-9")
    assert ("email", "EMAILV2-9") in read_form(EngagementSplit(block=block, document={})).sent
    assert save(EngagementSplit, block) == block


def test_it_writes_links_one_a_line() -> None:
    block = changed("engagement-split")
    written = save(
        EngagementSplit, block, {"links": "https://example.com/a\n\nhttps://example.com/b"}
    )
    urls = ["https://example.com/a", "https://example.com/b"]
    assert written == changed("engagement-split", engagementUrls={"urls": urls}) | {
        "outcomes": block["outcomes"]
    }


def test_it_names_the_attribute_that_a_wait_goes_by() -> None:
    block = WaitByAttribute.new("W-1", {})
    block["metaData"]["attribute"] = {"id": "an-id", "displayName": "Old"}
    written = save(
        WaitByAttribute, block, {"date": '{{Event.DEAudience-1."Birthday"}}', "offset": "-3"}
    )
    assert written[CONFIGURATION] == {
        "waitDuration": -3,
        "waitUnit": "DAYS",
        "waitEndDateAttributeExpression": '{{Event.DEAudience-1."Birthday"}}',
    }
    shown = {
        "displayName": "Birthday",
        "displayType": "Date",
        "type": "item",
        "path": {"displayName": "Journey Data"},
    }
    assert written["metaData"] == {**block["metaData"], "attribute": shown}


@pytest.mark.parametrize(
    ("opened", "field", "typed"),
    [
        (WaitByAttribute, "date", "Birthday"),
        (WaitUntilDate, "date", "31.3.2027"),
        (WaitUntilDate, "time", "9"),
    ],
)
def test_it_refuses_what_is_no_date(opened: type, field: str, typed: str) -> None:
    block = opened.new("W-1", {})
    form = opened(send(opened(block=block, document={}), {field: typed}), block=block, document={})
    assert not form.is_valid() and list(form.errors) == [field]


def test_it_keeps_the_label_that_says_a_tested_share() -> None:
    block = PathOptimizer.new("A-1", {})
    one, two = save(PathOptimizer, block, {"rows-branchResult-1-percentage": "30"})["outcomes"]
    assert (one["metaData"]["label"], one["arguments"]) == (
        "30%",
        {"percentage": 30, "branchResult": "branchResult-1"},
    )
    assert two == block["outcomes"][1]


ATTRIBUTE = "waitEndDateAttributeExpression"


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (changed("wait-by-attribute", **{ATTRIBUTE: "{{Event.x.y}}"}), []),
        (changed("wait-by-attribute", **{ATTRIBUTE: "{{Event.x.y}}", "waitDuration": -5}), []),
        (changed("wait-by-attribute"), [("wait-attribute", "blocking", ATTRIBUTE)]),
        (
            changed(
                "wait-by-attribute",
                **{ATTRIBUTE: "2027-01-01", "waitDuration": "x", "waitUnit": ""},
            ),
            [
                ("wait-attribute-expression", "advice", ATTRIBUTE),
                ("wait-offset", "blocking", "waitDuration"),
                ("wait-unit", "blocking", "waitUnit"),
            ],
        ),
        (changed("wait-until-date", specificDate="2027-03-31", timeZone="GMT Standard Time"), []),
        (
            changed("wait-until-date", specificDate="2027-02-30", specifiedTime=""),
            [
                ("wait-date-format", "advice", "specificDate"),
                ("wait-time", "blocking", "specifiedTime"),
                ("wait-time-zone", "blocking", "timeZone"),
            ],
        ),
        (
            changed("wait-until-date", timeZone="UTC"),
            [
                ("wait-date", "blocking", "specificDate"),
                ("wait-time-zone-unknown", "advice", "timeZone"),
            ],
        ),
        (
            changed("engagement-split"),
            [("engagement-split-email", "blocking", "refActivityCustomerKey")],
        ),
        (
            changed("engagement-split", refActivityCustomerKey="E", statsTypeId=4),
            [("engagement-split-kind-unknown", "advice", "statsTypeId")],
        ),
        (
            changed("engagement-split", refActivityCustomerKey="E", statsTypeId=None),
            [("engagement-split-kind", "blocking", "statsTypeId")],
        ),
        (
            changed(
                "engagement-split",
                refActivityCustomerKey="E",
                engagementUrls={"urls": ["mailto:a@example.com"]},
            ),
            [("engagement-split-link", "advice", "engagementUrls.urls")],
        ),
        (changed("send-time"), []),
        (
            changed("send-time", params={}),
            [("send-time-window-missing", "advice", "params.slidingWindowHours")],
        ),
        (
            changed("send-time", params={"slidingWindowHours": 0}),
            [("send-time-window", "blocking", "params.slidingWindowHours")],
        ),
        (changed("path-optimizer"), []),
        (changed("path-optimizer", engagementPeriod=99), []),
        (
            changed("path-optimizer", engagementPeriod=100),
            [("path-optimizer-period", "blocking", "engagementPeriod")],
        ),
        (changed("path-optimizer", engagementPeriod=2376, engagementPeriodUnits="Hours"), []),
        (changed("path-optimizer", winnerEvaluationType="Manual", engagementPeriod=None), []),
        (
            changed("path-optimizer", winnerEvaluationType="Manual", engagementPeriod="8"),
            [("path-optimizer-by-hand", "advice", "engagementPeriod")],
        ),
        (changed("path-optimizer", winnerEvaluationType="Manual", engagementPeriod=7), []),
        (
            changed(
                "path-optimizer",
                winnerEvaluationType="Manual",
                engagementPeriod=169,
                engagementPeriodUnits="Hours",
            ),
            [("path-optimizer-by-hand", "advice", "engagementPeriod")],
        ),
        (changed("path-optimizer", holdBackPercentage="99"), []),
        (changed("path-optimizer", holdBackPercentage=""), []),
        (
            changed("path-optimizer", holdBackPercentage=250),
            [("path-optimizer-hold-back", "blocking", "holdBackPercentage")],
        ),
        (
            changed("path-optimizer", holdBackPercentage="a few"),
            [("path-optimizer-hold-back", "blocking", "holdBackPercentage")],
        ),
        (
            changed("path-optimizer", winnerEvaluationType=""),
            [("path-optimizer-evaluation", "blocking", "winnerEvaluationType")],
        ),
        (
            changed("path-optimizer", engagementWinnerMetric="", engagementPeriodUnits=""),
            [
                ("path-optimizer-metric", "blocking", "engagementWinnerMetric"),
                ("path-optimizer-unit", "blocking", "engagementPeriodUnits"),
            ],
        ),
        (
            changed("sms"),
            [("sms-message", "blocking", "assetId"), ("sms-keyword", "advice", "keywordId")],
        ),
        (changed("sms", assetId=9970, keywordId="k"), []),
        (changed("sms", messageId="NTIz", codeId="c"), []),
        (
            {
                "type": "SMSSYNC",
                CONFIGURATION: {"c__mobileMessage_id": "m", "r__mobileKeyword_codeKeyword": "k"},
            },
            [
                ("sms-reference", "advice", "assetId"),
                ("sms-application", "advice", "applicationExtensionKey"),
            ],
        ),
        (
            changed("data-extension-update"),
            [
                ("data-extension-update-dataextensionid", "blocking", "dataExtensionId"),
                ("data-extension-update-field", "blocking", "field"),
                ("data-extension-update-value", "advice", "arguments.value"),
            ],
        ),
        (
            {
                "type": "DATAEXTENSIONUPDATE",
                "arguments": {"value": "{{DateTime.Now}}"},
                CONFIGURATION: {"r__dataExtension_key": "d", "r__dataExtensionField_name": "f"},
            },
            [
                ("data-extension-update-dataextensionid", "advice", "dataExtensionId"),
                ("data-extension-update-field", "advice", "field"),
            ],
        ),
        ({"type": "WaitByDuration"}, [("type-screen-name", "advice", "type")]),
        ({"type": "PUSHNOTIFICATIONACTIVITY"}, []),
    ],
)
def test_it_checks_the_block_itself(block: dict, expected: list) -> None:
    assert problems(block) == expected


@pytest.mark.parametrize(
    ("source", "share", "expected"),
    [
        ("APIEvent", 30, ["path-optimizer-run-once"]),
        ("SalesforceObjectTriggerV2", "30", ["path-optimizer-run-once"]),
        ("APIEvent", 0, []),
        ("EmailAudience", 30, []),
        ("AutomationAudience", 30, []),
        (None, 30, []),
    ],
)
def test_it_holds_contacts_back_only_where_they_come_by_a_schedule(
    source: object, share: object, expected: list
):
    document = {"triggers": [{"key": "TRIGGER", "type": source}], "entryMode": "MultipleEntries"}
    found = PathOptimizer.problems(
        changed("path-optimizer", holdBackPercentage=share), facts_of(document)
    )
    assert [problem.id for problem in found] == expected


@pytest.mark.parametrize(
    ("answers", "is_told"),
    [
        ([{"when": True}, {"when": False}], False),
        ([{"when": "false"}, {"when": "True"}], False),
        ([{"when": True}], True),
        ([{"when": True}, {"when": True}], True),
        ([{"when": 1}, {"when": 0}], True),
        ([{"when": True}, {"when": False}, {}], True),
        ([{}, {}, {}], True),
        ([], True),
    ],
)
def test_it_asks_an_engagement_split_for_a_yes_and_a_no(answers: list, is_told: bool) -> None:
    ways = [{"key": str(index), "arguments": answer} for index, answer in enumerate(answers)]
    split = {**changed("engagement-split", refActivityCustomerKey="E"), "outcomes": ways}
    assert problems(split) == (
        [("engagement-split-paths", "blocking", "outcomes")] if is_told else []
    )


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([33, 33, 34], []),
        ([50, 49], [("path-optimizer-sum", "blocking", "outcomes")]),
        (
            [100],
            [
                ("path-optimizer-paths", "blocking", "outcomes"),
                ("path-optimizer-percentage", "blocking", "p0"),
            ],
        ),
        (
            [10] * 11,
            [
                ("path-optimizer-paths", "blocking", "outcomes"),
                ("path-optimizer-sum", "blocking", "outcomes"),
            ],
        ),
    ],
)
def test_it_checks_tested_shares(shares: list, expected: list) -> None:
    paths = [
        {"key": f"p{index}", "arguments": {"percentage": share}}
        for index, share in enumerate(shares)
    ]
    found = problems({**PathOptimizer.new("A-1", {}), "outcomes": paths})
    full = {"p0": "outcomes[p0].arguments.percentage"}
    assert found == [(rule, severity, full.get(field, field)) for rule, severity, field in expected]

"""Two people at one draft over HTTP: what both changed is asked about in words, and whatever is
chosen is the whole operation done again on the newest draft."""

import copy
import json
import re

import pytest
from django.test import Client

from journeys.models import Journey
from journeys.spec import edit, graph
from tests.web.conflicting import WAIT, newest, post, radio, sent_again, settled, step, words


@pytest.fixture
def met(as_maya: Client, as_miles: Client, journey: Journey):
    """Miles made the wait longer and named it; so did Maya, who described it, too."""
    post(as_miles, journey, "block/save", **WAIT, duration="5", name="Cool off")
    return post(
        as_maya, journey, "block/save", **WAIT, duration="4", description="Rest before the split"
    )


def test_it_asks_in_words_field_by_field(met, journey: Journey):
    said = words(met)
    assert (met.status_code, met["HX-Retarget"], met["HX-Reswap"]) == (409, "#panel", "outerHTML")
    assert "Miles Marketer saved this step while you typed." in said
    assert re.search(r"How long before: 2 days .*Miles, .* 5 days .*You 4 days", said)
    assert (
        "Only one of you changed these; both are taken in. Name of the step Cool off, by Miles"
        in said
    )
    assert "Description Rest before the split, by you" in said
    assert "waitDuration" not in said and "configurationArguments" not in said
    assert not re.search(r"[{}\[\]]", said.partition("Take all")[0])
    assert journey.revisions.count() == 2


def test_it_draws_everything_as_the_newest_draft_has_it(met):
    html = met.content.decode()
    assert 'id="based-on" name="based_on" value="2"' in html
    assert "Wait 5 days" in html.partition('id="status"')[2]


@pytest.mark.parametrize(
    ("side", "duration"),
    [("mine", 4), ("theirs", 5)],
)
def test_it_saves_the_field_that_was_chosen_with_what_either_changed(
    as_maya: Client, journey: Journey, met, side: str, duration: int
):
    answer = settled(as_maya, journey, met, **{radio(met, "How long"): side})
    now = step(journey)
    assert answer.status_code == 200, words(answer)
    assert (now["configurationArguments"]["waitDuration"], now["name"], now["description"]) == (
        duration,
        "Cool off",
        "Rest before the split",
    )
    assert "data-block-form" in answer.content.decode()


def test_it_takes_all_of_theirs_and_keeps_what_only_i_changed(
    as_maya: Client, journey: Journey, met
):
    assert settled(as_maya, journey, met, take="theirs").status_code == 200
    now = step(journey)
    assert now["configurationArguments"]["waitDuration"] == 5
    assert (now["name"], now["description"]) == ("Cool off", "Rest before the split")


def test_it_asks_again_where_somebody_saves_the_same_once_more(
    as_maya: Client, as_miles: Client, journey: Journey, met
):
    post(as_miles, journey, "block/save", 2, **WAIT, duration="6")
    again = settled(as_maya, journey, met, **{radio(met, "How long"): "mine"})
    assert again.status_code == 409
    assert re.search(r"before: 2 days .* 6 days .* 4 days", words(again))
    assert settled(as_maya, journey, again).status_code == 200
    assert step(journey)["configurationArguments"]["waitDuration"] == 4
    assert step(journey)["name"] == "Cool off"


def test_it_does_not_ask_again_where_somebody_saves_something_else_meanwhile(
    as_maya: Client, as_miles: Client, journey: Journey, met
):
    post(as_miles, journey, "block/save", 2, **WAIT, name="Breathe")
    assert settled(as_maya, journey, met).status_code == 200
    now = step(journey)
    assert (now["configurationArguments"]["waitDuration"], now["name"]) == (4, "Breathe")


@pytest.mark.parametrize("key", ["WAITBYDURATION-1", "EMAILV2-1"])
def test_it_says_that_a_step_was_removed_and_puts_it_back_with_my_change(
    as_maya: Client, as_miles: Client, journey: Journey, key: str
):
    before = newest(journey)
    post(as_miles, journey, "block/remove", kind="activity", key=key)
    answer = post(as_maya, journey, "block/save", kind="activity", key=key, description="Mine <b>")
    said = words(answer)
    assert (answer.status_code, step(journey, key)) == (409, None)
    assert "Miles Marketer removed this while you typed." in said
    assert "Description before: nothing Mine <b>" in said
    assert "Put it back with my change" in said and "Leave it removed" in said
    assert settled(as_maya, journey, answer).status_code == 200
    wanted = copy.deepcopy(before)
    graph.steps(wanted)[key]["description"] = "Mine <b>"
    assert newest(journey) == wanted


def test_it_says_who_removed_it_among_many_changes(
    as_maya: Client, as_miles: Client, journey: Journey
):
    post(as_miles, journey, "block/remove", **WAIT)
    for number in range(2, 7):
        values = {"kind": "activity", "key": "EMAILV2-1", "name": f"Name {number}"}
        post(as_maya, journey, "block/save", number, **values)
    answer = post(as_maya, journey, "block/save", **WAIT, duration="9")
    assert "Miles Marketer removed this while you typed." in words(answer)


@pytest.mark.parametrize("kind", ["goal", "exit", "trigger"])
def test_it_asks_of_goals_exits_and_entry_sources(
    as_maya: Client, as_miles: Client, journey: Journey, kind: str
):
    slugs = {"goal": "goal", "exit": "exit-criteria"}
    if kind in slugs:
        post(as_maya, journey, "block/add", slug=slugs[kind])
    number = Journey.objects.get(pk=journey.pk).head.number
    block = newest(journey)[{"goal": "goals", "exit": "exits", "trigger": "triggers"}[kind]][0]
    place = {"kind": kind, "key": block["key"]}
    post(as_miles, journey, "block/save", number, **place, name="Theirs", description="Told")
    answer = post(as_maya, journey, "block/save", number, **place, name="Mine")
    assert answer.status_code == 409
    assert re.search(r"Theirs .* You Mine", words(answer))
    assert settled(as_maya, journey, answer).status_code == 200
    lists = {"goal": "goals", "exit": "exits", "trigger": "triggers"}
    (now,) = newest(journey)[lists[kind]]
    assert (now["name"], now["description"]) == ("Mine", "Told")


def test_it_asks_of_the_journeys_own_settings(as_maya: Client, as_miles: Client, journey: Journey):
    post(as_miles, journey, "block/save", kind="journey", name="Theirs", description="Told")
    answer = post(as_maya, journey, "block/save", kind="journey", name="Mine", entry_mode="")
    assert answer.status_code == 409
    assert "Miles Marketer saved the same while you typed." in words(answer)
    assert re.search(r"Name before: Welcome series .* Theirs .* You Mine", words(answer))
    assert settled(as_maya, journey, answer).status_code == 200
    assert (newest(journey)["name"], newest(journey)["description"]) == ("Mine", "Told")


def test_it_asks_of_the_name_in_the_top_bar(as_maya: Client, as_miles: Client, journey: Journey):
    post(as_miles, journey, "name", name="Theirs")
    answer = post(as_maya, journey, "name", name="Mine")
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#panel")
    assert settled(as_maya, journey, answer).status_code == 200
    assert Journey.objects.get(pk=journey.pk).name == "Mine"


def with_wait(block: dict, **settings: object) -> str:
    return json.dumps(
        {**block, "configurationArguments": {**block["configurationArguments"], **settings}}
    )


def test_it_merges_what_stands_below_the_members_of_a_block_as_json(
    as_maya: Client, as_miles: Client, journey: Journey
):
    block = step(journey)
    post(as_miles, journey, "block/save-text", **WAIT, text=with_wait(block, one={"a": 1}))
    answer = post(as_maya, journey, "block/save-text", **WAIT, text=with_wait(block, two=[2]))
    assert answer.status_code == 200
    settings = step(journey)["configurationArguments"]
    assert (settings["one"], settings["two"]) == ({"a": 1}, [2])


def test_it_asks_of_a_block_as_json_in_words(as_maya: Client, as_miles: Client, journey: Journey):
    block = step(journey)
    theirs = with_wait(block, waitDuration=7, sendFlow={"width": 3})
    post(as_miles, journey, "block/save-text", **WAIT, text=theirs)
    mine = with_wait(block, waitDuration=9, sendFlow={"width": 4})
    answer = post(as_maya, journey, "block/save-text", **WAIT, text=mine)
    said = words(answer)
    assert answer.status_code == 409
    assert re.search(r"How long before: 2 days .* 7 days .* You 9 days", said)
    assert re.search(r"Width before: nothing .* 3 .* You 4", said)
    chosen = {radio(answer, "Width"): "theirs"}
    assert settled(as_maya, journey, answer, **chosen).status_code == 200
    settings = step(journey)["configurationArguments"]
    assert (settings["waitDuration"], settings["sendFlow"]) == (9, {"width": 3})


def test_it_asks_of_the_document_as_text_block_by_block(
    as_maya: Client, as_miles: Client, journey: Journey
):
    post(as_miles, journey, "block/save", **WAIT, duration="5")
    post(as_miles, journey, "block/save", 2, kind="journey", name="Theirs")
    text = copy.deepcopy(journey.head.document())
    text["name"], text["description"] = "Mine", "Told"
    graph.steps(text)["WAITBYDURATION-1"]["configurationArguments"]["waitDuration"] = 4
    graph.steps(text)["EMAILV2-1"]["name"] = "First"
    answer = post(as_maya, journey, "document/save", text=json.dumps(text))
    said = words(answer)
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#panel")
    assert re.search(r"Wait 5 days How long before: 2 days .* 5 days .* You 4 days", said)
    assert re.search(r"Journey settings Name before: Welcome series .* Theirs .* You Mine", said)
    assert "text" not in sent_again(answer)
    chosen = {radio(answer, "Name"): "theirs", "text": json.dumps(text)}
    assert settled(as_maya, journey, answer, **chosen).status_code == 200
    now = newest(journey)
    assert (now["name"], now["description"]) == ("Theirs", "Told")
    assert step(journey)["configurationArguments"]["waitDuration"] == 4
    assert step(journey, "EMAILV2-1")["name"] == "First"


@pytest.mark.parametrize(("side", "stays"), [("theirs", True), ("mine", False)])
def test_it_asks_of_a_step_that_my_text_removes_and_they_changed(
    as_maya: Client, as_miles: Client, journey: Journey, side: str, stays: bool
):
    post(as_miles, journey, "block/save", **WAIT, duration="5")
    text = json.dumps(edit.remove(journey.head.document(), WAIT["key"]))
    answer = post(as_maya, journey, "document/save", text=text)
    assert answer.status_code == 409 and "Kept: Wait 5 days" in words(answer)
    chosen = {"choice:activity WAITBYDURATION-1": side, "text": text}
    assert settled(as_maya, journey, answer, **chosen).status_code == 200
    now = newest(journey)
    assert (WAIT["key"] in graph.steps(now), len(graph.roots(now))) == (stays, 1)


def test_it_says_that_it_was_oneself_in_another_window(as_maya: Client, journey: Journey):
    post(as_maya, journey, "block/save", **WAIT, duration="5", page="one")
    answer = post(as_maya, journey, "block/save", **WAIT, duration="4", page="two")
    assert answer.status_code == 409
    assert "You saved this in another window while you typed here." in words(answer)
    assert "Take all of the other window" in words(answer)


@pytest.mark.parametrize("first", ["mine", "theirs"])
def test_it_has_no_conflict_with_oneself_where_an_answer_was_lost(
    as_maya: Client, as_miles: Client, journey: Journey, first: str
):
    """Somebody else saved another block, and another field of this one, around the lost save."""
    other = {"kind": "activity", "key": "EMAILV2-1", "name": "Hello"}
    lost = {**WAIT, "duration": "7", "page": "tab-1"}
    for who in (first, "mine" if first == "theirs" else "theirs"):
        if who == "mine":
            assert post(as_maya, journey, "block/save", **lost).status_code == 200
        else:
            post(as_miles, journey, "block/save", **other)
            post(as_miles, journey, "block/save", **WAIT, name="Cool off")
    answer = post(as_maya, journey, "block/save", **{**lost, "duration": "8"})
    assert answer.status_code == 200
    now = step(journey)
    assert (now["configurationArguments"]["waitDuration"], now["name"]) == (8, "Cool off")


def test_it_asks_about_what_others_saved_before_a_save_whose_answer_was_lost(
    as_maya: Client, as_miles: Client, journey: Journey
):
    """Her page never showed the name that Miles gave."""
    mine = {**WAIT, "page": "tab-1"}
    post(as_miles, journey, "block/save", **WAIT, name="Miles’ name")
    post(as_maya, journey, "block/save", **mine, duration="7")
    answer = post(as_maya, journey, "block/save", **mine, duration="8", name="Maya’s name")
    assert (answer.status_code, step(journey)["name"]) == (409, "Miles’ name")
    said = words(answer)
    assert re.search(r"Name of the step before: .*Miles, .* Miles’ name .* You Maya’s name", said)
    assert "Only one of you changed this; it is taken in. How long 8 days, by you" in said
    assert "before: 2 days" not in said
    assert settled(as_maya, journey, answer, take="theirs").status_code == 200
    now = step(journey)
    assert (now["configurationArguments"]["waitDuration"], now["name"]) == (8, "Miles’ name")


def test_it_draws_from_what_the_page_shows_and_not_from_what_was_typed_on(
    as_maya: Client, as_miles: Client, journey: Journey
):
    """What the outbox brings back was typed on an older revision than the page shows."""
    post(as_miles, journey, "block/save", kind="activity", key="EMAILV2-1", name="Hello")
    values = {**WAIT, "duration": "7", "base": 1, "view": "list"}
    html = post(as_maya, journey, "block/save", 2, **values).content.decode()
    assert 'hx-swap-oob="true"' in html and "Wait 7 days" in html
    assert 'id="outline"' not in html


def test_it_escapes_what_stands_in_the_document(
    as_maya: Client, as_miles: Client, journey: Journey
):
    post(as_miles, journey, "block/save", **WAIT, name="<i>theirs</i>", time_zone="a")
    answer = post(as_maya, journey, "block/save", **WAIT, name="<i>mine</i>")
    html = answer.content.decode()
    assert answer.status_code == 409 and "<i>" not in html
    assert "&lt;i&gt;theirs" in html and "&lt;i&gt;mine" in html


@pytest.mark.parametrize(
    "values",
    [
        {"seen": ""},
        {"seen": "99"},
        {"seen": "x", "base": "y"},
        {"seen": "2", "choice:": "mine"},
        {"seen": "2", "choice:activity WAITBYDURATION-1: name": "nobody"},
        {"seen": "2", "take": "everything"},
        {"seen": "1", "base": "2"},
    ],
)
def test_it_bears_odd_answers_to_its_question(
    as_maya: Client, as_miles: Client, journey: Journey, values: dict
):
    post(as_miles, journey, "block/save", **WAIT, duration="5")
    answer = post(
        as_maya, journey, "block/save", 2, **{**WAIT, "base": 1, "duration": "4", **values}
    )
    assert answer.status_code in (200, 409, 410, 422)

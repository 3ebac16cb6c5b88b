"""Modules of the panel by themselves, on a page without a journey: what of a form is typed, sent
and stored, and the outbox of what is not saved yet."""

import pytest
from django.templatetags.static import static
from playwright.sync_api import Page, Route

pytestmark = pytest.mark.django_db(transaction=True)
FORM = '<form id="tried"><input name="name" value="A"><input name="days" value="1"></form>'
CHANGE = {"kind": "activity", "key": "K", "base": "3", "page": "tab", "values": [["name", "B"]]}


@pytest.fixture
def bare(page: Page) -> Page:
    page.goto("/sign-in/")
    page.evaluate("(html) => document.body.insertAdjacentHTML('beforeend', html)", FORM)
    return page


def asked(page: Page, module: str, script: str, given: object = None) -> object:
    """What a script says of a module of the panel, `m`; the form is `form`."""
    return page.evaluate(
        f"""async ([address, given]) => {{
          const m = await import(address);
          const form = document.querySelector("#tried");
          const type = (name, value) => (form.elements[name].value = value);
          const answer = document.createElement("div");
          {script}
        }}""",
        [static(f"js/panel/{module}.js"), given],
    )


def test_a_form_sends_what_was_changed_and_nothing_else(bare: Page) -> None:
    sent = asked(
        bare,
        "form_state",
        """const state = m.stateOf(form, {});
        const before = m.isWorthSending(state);
        type("days", "2");
        const parameters = { name: ["A"], days: ["2"] };
        m.fillRequest(state, parameters);
        return [before, m.isWorthSending(state), parameters];""",
    )
    assert sent == [False, True, {"days": ["2"]}]


def test_a_form_knows_what_was_typed_while_its_answer_was_on_the_way(bare: Page) -> None:
    seen = asked(
        bare,
        "form_state",
        """const state = m.stateOf(form, {});
        type("days", "2");
        m.fillRequest(state, {});
        type("days", "3");
        const { isNewer, isWrong } = m.takeAnswer(state, answer);
        return [isNewer, isWrong, state.stored.get("days"), [...m.changed(state)]];""",
    )
    assert seen == [True, False, ["2"], [["days", ["3"]]]]


def test_a_form_keeps_what_the_server_refused_and_does_not_send_it_again(bare: Page) -> None:
    seen = asked(
        bare,
        "form_state",
        """const state = m.stateOf(form, { kind: "activity", key: "K" });
        type("name", "B");
        type("days", "x");
        m.fillRequest(state, {});
        answer.innerHTML = '<p data-error-for="days">No number</p>';
        const { isWrong } = m.takeAnswer(state, answer);
        return [isWrong, m.isWorthSending(state), m.isUnsent(state), m.changeOf(state, "7")];""",
    )
    change = {"kind": "activity", "key": "K", "base": "7", "values": [["days", "x"]]}
    assert seen == [True, False, True, change]


def test_a_form_takes_over_what_was_typed_into_the_one_before(bare: Page) -> None:
    seen = asked(
        bare,
        "form_state",
        """const fresh = form.cloneNode(true);
        const before = m.stateOf(form, {});
        type("name", "B");
        const state = m.stateOf(fresh, {});
        m.carryOver(before, state, new Set(), "7");
        return [fresh.elements.name.value, [...m.changed(state)], state.base];""",
    )
    assert seen == ["B", [["name", ["B"]]], None]


def test_a_change_that_is_brought_back_gives_way_to_what_was_typed_since(bare: Page) -> None:
    seen = asked(
        bare,
        "form_state",
        """const state = m.stateOf(form, {});
        type("days", "5");
        m.bringBack(state, { base: "3", values: [["name", "B"], ["days", "2"], ["gone", "x"]] });
        const { name, days } = form.elements;
        return [name.value, days.value, [...state.extra], state.base];""",
    )
    assert seen == ["B", "5", [["gone", ["x"]]], "3"]


def test_the_outbox_outlives_a_reload(bare: Page) -> None:
    asked(bare, "outbox", "m.changes.put(given);", CHANGE)
    bare.reload()
    found = "return [m.changes.all(), m.changes.find({ kind: 'activity', key: 'other' })];"
    assert asked(bare, "outbox", found) == [[CHANGE], None]
    asked(bare, "outbox", "m.changes.remove(given);", CHANGE)
    assert asked(bare, "outbox", found) == [[], None]


def test_the_outbox_works_where_the_browser_stores_nothing(bare: Page) -> None:
    kept = asked(
        bare,
        "outbox",
        """Storage.prototype.setItem = () => { throw new DOMException("full"); };
        m.changes.put(given);
        return m.changes.all();""",
        CHANGE,
    )
    assert kept == [CHANGE]


@pytest.mark.parametrize(
    ("status", "outcome", "left"),
    [(204, "taken", []), (429, "later", [CHANGE]), (409, "refused", [{**CHANGE, "refused": True}])],
)
def test_the_outbox_delivers_what_its_form_cannot_send_any_more(
    bare: Page, complaints: list[str], status: int, outcome: str, left: list
) -> None:
    bodies: list[str] = []

    def take(route: Route) -> None:
        bodies.append(route.request.post_data or "")
        route.fulfill(status=status, body="")

    bare.route("**/save/", take)
    seen = asked(
        bare,
        "outbox",
        """m.changes.put(given);
        const outcome = await m.deliver(given, "/save/");
        return [outcome, m.changes.all()];""",
        CHANGE,
    )
    assert seen == [outcome, left]
    assert bodies == ["name=B&kind=activity&key=K&based_on=3&page=tab"]
    complaints.clear()  # what the browser writes about refusals

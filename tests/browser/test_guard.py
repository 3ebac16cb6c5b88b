"""What is put into a page from data's place makes no request that changes anything, even if it got
there as markup."""

import pytest
from playwright.sync_api import Page

EVIL = """
<div id="evil">
  <b hx-post="{journey}undo/" hx-trigger="load">1</b>
  <b data-hx-post="{journey}review/" data-hx-trigger="load" data-own="">2</b>
  <b hx-post="/admin/auth/user/1/change/" hx-trigger="load"
    hx-headers='{{"X-Own": "", "X-CSRFToken": "x"}}'>3</b>
  <b hx-get="/admin/" hx-trigger="load">4</b>
  <b hx-get="{journey}../../templates/" hx-trigger="load">5</b>
  <b hx-get="https://elsewhere.example/" hx-trigger="load">6</b>
  <b hx-on:click="document.title = 'evil'" hx-on-load="document.title = 'evil'">7</b>
  <b hx-get="{journey}panel/" hx-vals="js:{{evil: document.title = 'evil'}}" hx-trigger="load">8</b>
  <form hx-boost="true" action="{journey}review/" method="post"><button>9</button></form>
</div>
"""
INSERT = """(markup) => {
  document.querySelector("#problems").insertAdjacentHTML("beforeend", markup);
  htmx.process(document.querySelector("#evil"));
  for (const one of document.querySelectorAll("#evil b, #evil button")) one.click();
}"""


@pytest.fixture
def sent(composer: Page) -> list[tuple[str, str, bool]]:
    """Method, address and whether the token came along, of each request from now on."""
    found: list[tuple[str, str, bool]] = []
    composer.on(
        "request", lambda one: found.append((one.method, one.url, "x-csrftoken" in one.headers))
    )
    return found


def test_it_obeys_nothing_that_came_from_data(composer: Page, complaints: list[str], sent: list):
    composer.evaluate(INSERT, EVIL.format(journey=composer.url.split("?")[0]))
    composer.wait_for_load_state("networkidle")
    own = ("/static/", "/panel/")
    assert [
        one for one in sent if one[0] != "GET" or one[2] or not any(part in one[1] for part in own)
    ] == []
    assert composer.title() != "evil"
    assert all(
        "eval" in one.lower() for one in complaints
    )  # what htmx says of an attribute that is code
    complaints.clear()


def test_it_still_sends_what_is_its_own_with_the_token(composer: Page, sent: list):
    with composer.expect_response(lambda answer: "/block/add/" in answer.url):
        composer.locator("[data-palette-item]", has_text="Wait").first.click()
    composer.wait_for_load_state("networkidle")
    assert ("POST", True) in [(method, token) for method, _url, token in sent]

"""What a person does on the pages, for several tests."""

from playwright.sync_api import Page, expect


def sign_in(page: Page, name: str) -> None:
    """The demo's people have their user name as password."""
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(name)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Journeys", level=1)).to_be_visible()
    page.wait_for_load_state()  # scripts hear what comes next


def come_in(page: Page, name: str) -> None:
    """Signs in without drawing a page for it, where a test is about something else. The next page
    is the test's own."""
    form = page.request.get("/sign-in/")
    token = next(
        cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken"
    )
    fields = {"login": name, "password": name, "csrfmiddlewaretoken": token}
    answer = page.request.post(
        "/sign-in/", form=fields, headers={"Referer": form.url}, max_redirects=0
    )
    assert answer.status == 302, f"{name} could not sign in"


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def card(page: Page, text: str):
    return page.locator("[data-card]", has_text=text)


def open_card(page: Page, text: str) -> None:
    card(page, text).first.click()
    expect(page.locator("[data-panel-title]")).to_contain_text(text)


def fill(page: Page, label: str, value: str) -> None:
    """Types into a field of the panel and leaves it, which saves."""
    before = page.locator("#based-on").input_value()
    field = page.locator("[data-panel]").get_by_label(label, exact=True)
    field.fill(value)
    field.blur()
    expect(page.locator("#based-on")).not_to_have_value(before)


def drawn(page: Page) -> None:
    """Waits until what was done last is on the screen: some of it comes with the next frame."""
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def settled(page: Page) -> None:
    """Waits until what has come is heard: a little after it was put in."""
    expect(page.locator(".htmx-added, .htmx-swapping, .htmx-settling")).to_have_count(0)


def add(page: Page, gap: int, search: str) -> None:
    """Opens the + number `gap`, types and takes the first block found."""
    before = page.locator("#based-on").input_value()
    page.locator("[data-gap]").nth(gap).click()
    page.keyboard.type(search)
    page.keyboard.press("Enter")
    expect(page.locator("#based-on")).not_to_have_value(before)


def add_from_palette(page: Page, label: str) -> None:
    before = page.locator("#based-on").input_value()
    page.locator(".palette").get_by_role("button", name=label, exact=True).click()
    expect(page.locator("#based-on")).not_to_have_value(before)


def steps(page: Page) -> list[str]:
    return page.locator(".rows [data-card] .card-sentence").all_inner_texts()

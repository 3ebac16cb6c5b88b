"""What the lists and the submission page do by themselves."""

import re

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from journeys.models import Journey, Submission
from tests.browser.acting import come_in, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_narrows_the_list_while_somebody_types(page: Page, journey: Journey, maya: User):
    sign_in(page, "maya")
    page.get_by_label("Search").fill("nothing like it")
    expect(page.get_by_role("heading", name="No journey matches")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/\?q=nothing\+like\+it$"))
    page.get_by_label("Search").fill("welc")
    expect(page.get_by_role("link", name="Welcome series")).to_be_visible()
    page.get_by_label("State").select_option("refused")
    expect(page.get_by_role("heading", name="No journey matches")).to_be_visible()
    page.get_by_role("link", name="Clear filters").last.click()
    expect(page.get_by_role("link", name="Welcome series")).to_be_visible()


def test_it_follows_a_submission_to_its_end_without_taking_the_focus(
    page: Page, journey: Journey, maya: User
):
    submission = journey.submit(maya, without_review=True)
    rows = Submission.objects.filter(pk=submission.pk)
    come_in(page, "maya")
    page.goto(f"/submissions/{submission.pk}/")
    button = page.get_by_role("button", name="Cancel submission")
    button.focus()
    rows.update(state="sending", fence=1, lease_until=timezone.now())
    expect(page.get_by_role("heading", name="Being sent to the practice tenant")).to_be_visible()
    expect(button).to_be_focused()
    rows.update(state="cancelled", finished_at=timezone.now())
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
    expect(page.locator("#said")).to_have_text("Cancelled")
    expect(page.locator("[hx-trigger]")).to_have_count(0)


def test_it_tells_times_in_the_readers_own_zone(
    browser: Browser, base_url: str, journey: Journey, maya: User
):
    Journey.objects.get(pk=journey.pk).revisions.update(created_at="2026-01-31T23:30:00Z")
    context = browser.new_context(base_url=base_url, timezone_id="Asia/Tokyo")
    page = context.new_page()
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/history/")
    expect(page.locator("time")).to_have_text("1 Feb 2026, 08:30")
    context.close()

import pytest
from playwright.sync_api import Page

from journeys.models import Journey
from tests.browser.acting import come_in


@pytest.fixture
def composer(page: Page, journey: Journey) -> Page:
    """Maya's journey, open in the List."""
    come_in(page, "maya")
    page.goto(f"/journeys/{journey.pk}/?view=list")
    return page

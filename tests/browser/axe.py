"""axe-core on a page that is open."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RUN = "options => axe.run(options).then(({violations}) => violations)"


def violations(page: Page, **options: object) -> list[str]:
    """Read once for each page that is loaded, and asked for nothing but what is wrong: to list all
    that is right takes longer than to find it out."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, {"resultTypes": ["violations"], **options})
    return [
        f"{page.url}: {one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found
    ]

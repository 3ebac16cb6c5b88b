"""What somebody signed in with, in words."""

from django.utils.translation import gettext as _
from ua_parser import parse

SPOKEN = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Chrome Mobile WebView": "Chrome",
    "HeadlessChrome": "Chrome",
    "Edge Mobile": "Edge",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "Mobile Safari": "Safari",
    "Samsung Internet": "Samsung Internet",
    "Mac OS X": "macOS",
    "Chrome OS": "ChromeOS",
    "iOS": "iPhone or iPad",
    "Ubuntu": "Linux",
    "Fedora": "Linux",
    "Debian": "Linux",
}
LONGEST = 200  # of what is looked at: expressions of the library meet what anybody may send


def in_words(user_agent: str) -> str:
    parsed = parse(user_agent[:LONGEST])
    browser = parsed.user_agent.family if parsed.user_agent else ""
    system = parsed.os.family if parsed.os else ""
    browser, system = SPOKEN.get(browser, browser), SPOKEN.get(system, system)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")

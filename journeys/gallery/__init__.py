"""The built-in templates. To add one: write a function that builds its document, and one line here.

What only a tenant can give stands in a template as `{{{kind: name}}}` (spec/template.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journeys.gallery import business, customers, greetings


@dataclass(frozen=True)
class Template:
    slug: str
    name: str | Promise
    description: str | Promise
    build: Callable[[], dict]


TEMPLATES = [
    Template(
        "welcome-series",
        _("Welcome series"),
        _("Three emails in the first week after somebody signs up."),
        greetings.welcome_series,
    ),
    Template(
        "abandoned-cart",
        _("Abandoned cart"),
        _("A reminder after four hours, then an offer that depends on what the cart is worth."),
        customers.abandoned_cart,
    ),
    Template(
        "birthday",
        _("Birthday"),
        _("A gift for members and a greeting for everybody else, on the day itself."),
        greetings.birthday,
    ),
    Template(
        "re-engagement",
        _("Re-engagement"),
        _("Asks those who have gone quiet, and marks those who open nothing as inactive."),
        customers.re_engagement,
    ),
    Template(
        "post-purchase",
        _("Post-purchase"),
        _("Says thank you, then tests two follow-ups against each other and keeps the better one."),
        customers.post_purchase,
    ),
    Template(
        "order-shipped",
        _("Order shipped"),
        _("Waits until the order is on its way, and says sorry to those who wait too long."),
        customers.order_shipped,
    ),
    Template(
        "event-registration",
        _("Event registration"),
        _("Confirms, reminds on the day before, and sends the recording on the day after."),
        greetings.event_registration,
    ),
    Template(
        "lead-nurture",
        _("Lead nurture"),
        _("Informs a lead, and makes a task in Sales Cloud for those who click."),
        business.lead_nurture,
    ),
    Template(
        "win-back",
        _("Win-back"),
        _("Three offers in three weeks; whoever orders leaves the journey at once."),
        customers.win_back,
    ),
    Template(
        "single-send",
        _("Single send"),
        _("One email to one audience."),
        business.single_send,
    ),
    Template(
        "transactional-message",
        _("Transactional message"),
        _("One email for each request, such as an order confirmation."),
        business.transactional,
    ),
]
BY_SLUG = {template.slug: template for template in TEMPLATES}

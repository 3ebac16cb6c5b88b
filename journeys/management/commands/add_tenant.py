"""Adds a tenant: a business unit of Marketing Cloud, or in the demo a stand-in on this machine."""

import getpass
import os
import sys
from argparse import ArgumentParser

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from journeys.explaining import sentence
from journeys.management.reporting import ReportingCommand, find_user, wrong_use
from journeys.models import Tenant
from journeys.models.audit import record
from journeys.tenant import check_permitted, check_practice_url, check_subdomain
from journeys.tenant.address import ALLOWED_DOMAIN
from journeys.tenant.errors import BadAddress

SECRET = "TENANT_CLIENT_SECRET"  # noqa: S105  the variable's name
PRACTICE = "practice"  # the stand-in takes any client and any secret, but not none


class Command(ReportingCommand):
    help = (
        f"Adds a tenant. The client secret is read from {SECRET} in the environment, else asked"
        " for; it is never an argument, because other users of the machine can read those. Nobody"
        " is contacted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name", metavar="NAME")
        parser.add_argument(
            "--subdomain", default="", help="the part before .auth.marketingcloudapis.com"
        )
        parser.add_argument("--client-id", default="")
        parser.add_argument(
            "--account-id", default="", metavar="MID", help="the business unit's number"
        )
        parser.add_argument("--allowed-domain", default=ALLOWED_DOMAIN, help="default: %(default)s")
        parser.add_argument(
            "--member", nargs="+", action="extend", default=[], metavar="USER", dest="members"
        )
        parser.add_argument(
            "--no-review", action="store_true", help="journeys may be submitted without approval"
        )
        parser.add_argument(
            "--practice-url",
            default="",
            metavar="URL",
            help="a stand-in on this machine (demo only)",
        )

    def handle(self, *args: object, as_json: bool, **options) -> None:
        members = [find_user(name) for name in options["members"]]
        if not options["practice_url"]:
            require_credentials(options)
        refused = why_not(options)
        if not refused:
            options |= secret_of(options)
            tenant, refused = added(options, members)
        report = {"tenant": None if refused else row(tenant), "error": refused or None}
        lines = (
            [] if refused else [f"Added the tenant “{tenant}”, which sends to {tenant.address}."]
        )
        self.report(report, lines, as_json, refused)


def require_credentials(options: dict) -> None:
    missing = [
        f"--{name.replace('_', '-')}" for name in ("subdomain", "client_id") if not options[name]
    ]
    if missing:
        raise wrong_use(
            f"Missing: {', '.join(missing)}. A tenant needs its sub-domain and client id."
        )


def why_not(options: dict) -> str:
    """Checked before a secret is asked for."""
    if Tenant.objects.filter(name=options["name"]).exists():
        return f"There is already a tenant “{options['name']}”. Nothing was changed."
    if options["practice_url"] and not settings.DEMO:
        return "--practice-url: a stand-in can be used in demo mode only (DEMO=1)."
    place = "practice-url"
    try:
        if options["practice_url"]:
            check_practice_url(options["practice_url"])
        else:
            place = "subdomain"
            check_subdomain(options["subdomain"])
            place = "allowed-domain"
            check_permitted(options["allowed_domain"], settings.TENANT_DOMAINS)
    except BadAddress as error:
        return f"--{place}: {sentence(error)}"
    return ""


def secret_of(options: dict) -> dict:
    """The secret, and for a stand-in a client id, that nobody has to give."""
    secret = os.environ.get(SECRET, "")
    if options["practice_url"]:
        return {"secret": secret or PRACTICE, "client_id": options["client_id"] or PRACTICE}
    if not secret and sys.stdin.isatty():
        secret = getpass.getpass("Client secret: ")
    if not secret:
        raise wrong_use(
            f"The client secret is missing. Set {SECRET} in the environment, or type it at the"
            " prompt."
        )
    return {"secret": secret}


@transaction.atomic
def added(options: dict, members: list) -> tuple[Tenant | None, str]:
    tenant = Tenant(
        name=options["name"],
        subdomain=options["subdomain"].lower(),
        client_id=options["client_id"],
        client_secret=options["secret"],
        account_id=options["account_id"],
        allowed_domain=options["allowed_domain"].lower(),
        practice_url=options["practice_url"].removesuffix("/"),
        review_required=not options["no_review"],
    )
    try:
        tenant.full_clean()
    except ValidationError as error:
        texts = [f"{field}: {' '.join(said)}" for field, said in error.message_dict.items()]
        return None, " ".join(texts)
    tenant.save()
    tenant.sealed()
    tenant.members.set(members)
    record(None, "tenant.added", tenant=tenant, by="command")
    return tenant, ""


def row(tenant: Tenant) -> dict:
    return {
        "name": tenant.name,
        "address": tenant.address,
        "practice": tenant.is_practice,
        "reviewRequired": tenant.review_required,
        "members": [member.username for member in tenant.members.order_by("username")],
    }

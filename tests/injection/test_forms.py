"""No form makes markup of data: opened or sent back wrong, of every type and those around the
composer."""

import pytest
from crispy_forms.utils import render_crispy_form

from journeys.blocks.base import Block
from journeys.forms.filters import ListFilter, SubmissionFilter
from journeys.forms.imports import Import
from journeys.forms.templates import FromTemplate, SaveTemplate
from journeys.models import Tenant
from journeys.spec.template import Ask
from tests.blocks.browser import read_form
from tests.blocks.test_contract import every_type
from tests.injection.markup import (
    QUOTED,
    UNQUOTED,
    VARIANTS,
    as_evil_as_it_opens,
    evil_journey,
    from_data,
)

pytestmark = pytest.mark.one_database

every_markup = pytest.mark.parametrize("markup", VARIANTS, ids=["quoted", "unquoted"])


def form_of(lens: type[Block], markup: str, sent: dict | None = None) -> Block:
    return lens(sent, block=as_evil_as_it_opens(lens, markup), document=evil_journey(markup, "key"))


@every_markup
@every_type
def test_it_makes_no_markup_of_what_a_block_holds(opened: type[Block], markup: str):
    page = render_crispy_form(form_of(opened, markup))
    assert "evil" in page
    assert from_data(page) == []


@every_markup
@every_type
def test_it_makes_no_markup_of_what_was_sent(opened: type[Block], markup: str):
    names = [name for name, _value in read_form(form_of(opened, markup)).sent]
    form = form_of(opened, markup, dict.fromkeys(names, markup))
    form.is_valid()
    assert from_data(render_crispy_form(form)) == []


@every_markup
def test_it_makes_no_markup_of_what_a_template_asks_for(tenant: Tenant, maya, markup: str):
    Tenant.objects.update(name=markup[:80])
    kinds = ["event key", "email id", "data extension id", "field id", markup]
    asked = [Ask(f"{{{{{{{kind} {markup}}}}}}}", kind, markup) for kind in kinds]
    used_by = {ask.placeholder: f"Used by: {markup}" for ask in asked}
    for sent in (
        None,
        {f"ask-{number}": markup for number in range(5)} | {"name": markup, "key": markup},
    ):
        page = render_crispy_form(FromTemplate(sent, user=maya, asked=asked, used_by=used_by))
        assert "evil" in page
        assert from_data(page) == []


@pytest.mark.parametrize("form", [Import, ListFilter, SubmissionFilter])
def test_it_makes_no_markup_of_a_tenant_s_or_a_person_s_name(tenant: Tenant, maya, form: type):
    Tenant.objects.update(name=QUOTED[:80])
    maya.first_name = UNQUOTED[:150]
    maya.save()
    for sent in (
        None,
        {"tenant": QUOTED, "text": QUOTED, "state": UNQUOTED, "q": QUOTED, "owner": QUOTED},
    ):
        assert from_data(str(form(sent, user=maya))) == []


def test_it_makes_no_markup_of_a_template_s_name(tenant: Tenant):
    assert (
        from_data(
            render_crispy_form(SaveTemplate({"name": QUOTED, "description": QUOTED}, tenant=tenant))
        )
        == []
    )

import pytest

from journeys.checks import check
from journeys.gallery import BY_SLUG, TEMPLATES, Template
from journeys.spec import document as doc
from journeys.spec import graph
from journeys.spec.intake import placeholders
from journeys.spec.outline import outline
from journeys.spec.template import asks, fill

NUMBERS = ("email id",)
ONLY_A_TENANT_KNOWS = {
    "trigger-event",
    "wait-event",
    "wait-attribute",
    "email-missing",
    "update-contact-dataextensionid",
    "update-contact-field",
}
each = pytest.mark.parametrize("template", TEMPLATES, ids=[template.slug for template in TEMPLATES])


def answered(document: dict) -> dict:
    """With something plausible for everything that is asked."""
    found = {ask.placeholder: 17 if ask.kind in NUMBERS else "an-answer" for ask in asks(document)}
    return fill(document, found)


def blocking(document: dict) -> list:
    return [problem for problem in check(document) if problem.blocks]


@each
def test_it_is_complete_once_all_is_answered(template: Template):
    document = answered(template.build())
    assert placeholders(document) == [] and blocking(document) == []


@each
def test_it_lacks_only_what_a_tenant_knows(template: Template):
    document = template.build()
    bare = fill(document, {ask.placeholder: None for ask in asks(document)})
    asked = {where.block for ask in asks(document) for where in ask.addresses}
    found = blocking(bare)
    assert {problem.address.block for problem in found} <= asked
    assert {problem.id for problem in found} <= ONLY_A_TENANT_KNOWS | {"decision-split-criteria"}


@each
def test_it_advises_nothing_but_what_is_still_unknown(template: Template):
    """That a first wait costs throughput is true of an abandoned cart, which waits on purpose."""
    found = {problem.id for problem in check(answered(template.build())) if not problem.blocks}
    assert found - {"wait-first"} == set()


@each
def test_it_is_drawn_in_one_piece(template: Template):
    document = template.build()
    assert not [row for row in outline(document) if row.kind in ("loose", "dangling")]
    assert doc.loads(doc.dumps(document)) == document
    assert document["activities"][0]["key"] == graph.root(document)


def test_it_names_each_template_once():
    assert len(BY_SLUG) == len(TEMPLATES) == 11
    assert len({str(template.name) for template in TEMPLATES}) == 11

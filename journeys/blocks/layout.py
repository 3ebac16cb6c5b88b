"""How a block's form is laid out by crispy: usual fields, rows, the name, and the rest behind "More settings"."""

from typing import ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


def helper_for(*layout: object) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.include_media = False
    if layout:
        helper.add_layout(Layout(*layout))
    return helper


class RowsLayout(LayoutObject):
    """Where the rows stand in the block's form."""

    fields: ClassVar[list] = []

    def render(self, form: forms.Form, context: dict, **options: object) -> SafeString:
        return render_to_string("blocks/_rows.html", {"rows": form.rows, "label": form.rows_label})


class Folded(LayoutObject):
    """The fields that few people use, behind "More settings"; open when one of them has an error."""

    def __init__(self, *fields: str) -> None:
        self.fields = list(fields)

    def render(self, form: forms.Form, context: dict, **options: object) -> SafeString:
        content = self.get_rendered_fields(form, context, **options)
        is_open = any(name in form.errors for name in self.fields)
        return render_to_string("blocks/_folded.html", {"content": content, "is_open": is_open})

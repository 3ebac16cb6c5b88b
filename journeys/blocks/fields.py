"""Form fields that know their place in a block's JSON.

Each field is bound to the value found there (`attach`), shows it as the text that a browser will
send back, and decides whether what came back is a change. Only a change is validated and only a
change is written, so a value that the field has no idea of (an object where a text is expected,
"{{Event.x}}" in a number) is shown as text and kept.
"""

import json
import re
from collections.abc import Callable, Container
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Input, Textarea, TextInput
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from journeys.blocks.condition_data import ConditionData
from journeys.blocks.places import MISSING, Path, bind, holds, read
from journeys.spec.address import written
from journeys.spec.document import DocumentError, loads_value

NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,12})?")
WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
NEWLINES = re.compile(r"\r\n|\r|\n")


class PlacedField(forms.Field):
    """A field at `place` (see places.py). Never required: a draft may have holes, and holes are
    problems, not errors.

    `found` is the JSON value at the place, or MISSING; `shown` is what stands in the input.
    """

    def __init__(
        self,
        place: str,
        *,
        check: Callable[[str], None] | None = None,
        expressions: bool = False,
        suggest: tuple[str, ...] = (),
        where_held: bool = False,
        picks: str = "",
        of: str = "",
        fills: dict[str, str] | None = None,
        unit: str = "",
        **options: object,
    ) -> None:
        """`expressions`: it takes {{…}}, and what exists at the step is offered; `suggest`: other
        texts to offer.

        `where_held`: where a block has something of another shape on the way to the place, the
        field is left out (instead of the whole block being locked). `picks`: what of the tenant it
        names (journeys/delivery/pick_lists.py has the kinds), for the form to offer; `of` is the
        field with the data extension whose fields are offered; `fills` are the fields that take
        other facts of what is chosen: {"subject": "subject"}. `unit` stands behind the input.
        """
        super().__init__(required=False, **options)
        self.place = place
        self.check = check
        self.expressions = expressions
        self.suggest = suggest
        self.where_held = where_held
        self.unit = unit
        self.picks, self.of, self.fills = picks, of, fills or {}
        self.path: Path = ()
        self.found: object = MISSING
        self.shown: str = ""

    def attach(self, block: object, row: str | int | None = None) -> bool:
        """Binds this copy of the field to a block; False where the block has no such place."""
        path = bind(self.place, row)
        if path is None or (self.where_held and not holds(block, path)):
            return False
        self.take(path, read(block, path))
        return True

    def take(self, path: Path, found: object) -> None:
        self.path = path
        self.found = found
        self.shown = self.show(found)
        self.suit()
        self.widget.attrs["data-place"] = written(path)

    def show(self, found: object) -> str:
        """Missing, null, "" and [] all show as nothing."""
        if found is MISSING or found is None or found == []:
            return ""
        if isinstance(found, str):
            return found
        return json.dumps(found, ensure_ascii=False)

    def said(self) -> str:
        """What is set, for people to read where there is no form; "" for nothing."""
        return self.shown

    def printed(self) -> str:
        """The same on paper, beside all the other fields."""
        return self.said()

    def suit(self) -> None:
        """Chooses a widget that can hold what is shown."""

    def see(self, known: ConditionData) -> None:
        """Is told, after `attach`, what the document knows besides its block."""

    def offer_choices(self, html_name: Callable[[str], str], names: Container[str]) -> None:
        """Tells the form's script what to look up, and which inputs take what is found; `names` are
        the form's."""
        if not self.picks:
            return
        fills = {fact: html_name(name) for fact, name in self.fills.items() if name in names}
        attributes = {
            "role": "combobox",
            "aria-autocomplete": "list",
            "aria-expanded": "false",
            "spellcheck": "false",
        }
        attributes |= {
            "data-picks": self.picks,
            "data-of": html_name(self.of) if self.of else "",
            "autocomplete": "off",
        }
        self.widget.attrs.update({**attributes, "data-fills": json.dumps(fills)})

    def has_changed(self, initial: object, data: object) -> bool:
        """Against what is shown. An input that the browser did not send has not changed."""
        return data is not None and not self.same(str(data))

    def same(self, sent: str) -> bool:
        """Line ends are the browser's business: it writes its own, and drops them from single-line
        inputs."""
        if isinstance(self.widget, Textarea):
            return same_lines(sent, self.shown)
        return _lines(sent) == _lines(self.shown) or sent == NEWLINES.sub("", self.shown)

    def clean(self, value: object) -> object:
        """The JSON value to write; the found one when nothing changed."""
        if not self.has_changed(self.shown, value):
            return self.found
        sent = str(value)
        if "\0" in sent:
            raise ValidationError(_("The text holds a NUL character. Remove it."))
        return self.changed(sent)

    def changed(self, sent: str) -> object:
        """The JSON value for a text that the user changed; raises ValidationError for a wrong
        one."""
        sent = self._with_line_ends_found(sent)
        if self.check and sent:
            self.check(sent)
        if isinstance(self.found, dict | list):
            return _of_same_kind(sent, self.found)
        return sent

    def _with_line_ends_found(self, sent: str) -> str:
        lines = _lines(sent)
        return lines.replace("\n", "\r\n") if "\r\n" in self.shown else lines


class TextField(PlacedField):
    """One line of text; becomes a larger box when the value found has several. Cleared, it writes
    ""."""

    widget = TextInput

    def suit(self) -> None:
        if NEWLINES.search(self.shown):
            self.widget = _like(self.widget, Textarea(attrs={"rows": 3}))


class LongTextField(PlacedField):
    widget = Textarea


class LinesField(LongTextField):
    """A list of texts, one a line. A list that holds anything else is shown as JSON, and kept
    one."""

    def show(self, found: object) -> str:
        return "\n".join(found) if _are_lines(found) else super().show(found)

    def changed(self, sent: str) -> object:
        if isinstance(self.found, list) and not _are_lines(self.found):
            return super().changed(sent)
        return [line.strip() for line in _lines(sent).split("\n") if line.strip()]


class NumberField(PlacedField):
    """A number in a text input, so that nothing found is blanked. Cleared, it removes the member.

    A numeric string stays one, a number stays a number; where nothing is found, `as_text` says
    which is written.
    """

    widget = TextInput

    def __init__(
        self,
        place: str,
        *,
        low: int | None = None,
        high: int | None = None,
        as_text: bool = False,
        counts: str = "",
        expected: str = "",
        **options: object,
    ) -> None:
        """`counts` is the unit where none stands beside the input; `expected` the sentence for what
        is no such number, where it has more to say than the bounds and the unit."""
        super().__init__(place, **options)
        self.low, self.high, self.as_text = low, high, as_text
        self.counts, self.expected = counts, expected
        self.unit_chosen: Callable[[], str] = str  # in the field beside it
        self.widget.attrs["inputmode"] = "numeric"

    def same(self, sent: str) -> bool:
        if super().same(sent):
            return True
        return bool(NUMBER.fullmatch(sent) and NUMBER.fullmatch(self.shown)) and Decimal(
            sent
        ) == Decimal(self.shown)

    def changed(self, sent: str) -> object:
        sent = sent.strip()
        if not sent:
            return MISSING
        if not WHOLE.fullmatch(sent) or not self._is_within(int(sent)):
            raise ValidationError(self.expected or self._bounds())
        number = int(sent)
        return str(number) if self._written_as_text() else number

    def _is_within(self, number: int) -> bool:
        return (self.low is None or number >= self.low) and (
            self.high is None or number <= self.high
        )

    def _bounds(self) -> str:
        unit = self.unit or self.counts or self.unit_chosen()
        values = {"low": self.low, "high": self.high, "unit": f" ({unit})" if unit else ""}
        if self.high is not None:
            sentence = _("Enter a whole number from %(low)s to %(high)s%(unit)s.")
        elif self.low is not None:
            sentence = _("Enter a whole number of %(low)s or more%(unit)s.")
        else:
            sentence = _("Enter a whole number, such as 3 or -3%(unit)s.")
        return sentence % values

    def _written_as_text(self) -> bool:
        if isinstance(self.found, str) and self.found:
            return bool(NUMBER.fullmatch(self.found)) or self.as_text
        return self.as_text and not isinstance(self.found, int | float)


class ChoiceField(PlacedField):
    """One of a list. A value found that is not in the list is offered too; `number` writes
    integers."""

    widget = forms.Select

    def __init__(
        self,
        place: str,
        choices: list[tuple[str, str]],
        *,
        number: bool = False,
        blank: str = "—",
        **options: object,
    ) -> None:
        if options.get("picks"):  # searched by typing: too many for a list to pull down
            options.setdefault("widget", TextInput)
        super().__init__(place, **options)
        self.choices = choices
        self.number = number
        self.blank = blank

    def offer(self, choices: list[tuple[str, str]]) -> None:
        """Another list, for an open form: choices that only the document tells."""
        self.choices = choices
        self.suit()

    def suit(self) -> None:
        """The empty choice is offered only where nothing is chosen: a browser would send the first
        of the others."""
        offered = list(self.choices)
        if not self.shown:
            offered.insert(0, ("", self.blank))
        elif self.shown not in dict(offered):
            alike = {
                value: label for value, label in offered if value.lower() == self.shown.lower()
            }
            offered = [choice for choice in offered if choice[0] not in alike]
            offered.insert(0, (self.shown, next(iter(alike.values()), self.shown)))
        self.widget.choices = offered

    def said(self) -> str:
        return str(dict(self.widget.choices).get(self.shown, self.shown)) if self.shown else ""

    def changed(self, sent: str) -> object:
        if not sent:
            return "" if not self.number else MISSING
        if sent not in dict(self.choices):
            raise ValidationError(_("Choose one from the list."))
        keeps_text = isinstance(self.found, str) and self.found
        return int(sent) if self.number and not keeps_text else sent


class FlagInput(forms.CheckboxInput):
    """A checkbox with a hidden companion: an unticked box is sent as "false", a form without the
    box sends nothing."""

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, check_test=lambda value: value == "true")

    def format_value(self, value: object) -> str:
        return "true"

    def render(
        self, name: str, value: object, attrs: dict | None = None, renderer: object = None
    ) -> SafeString:
        box = super().render(name, value, attrs, renderer)
        return format_html('<input type="hidden" name="{}" value="false">{}', name, box)

    def value_from_datadict(self, data: dict, files: object, name: str) -> str | None:
        return data.get(name)

    def value_omitted_from_data(self, data: dict, files: object, name: str) -> bool:
        return name not in data


class FlagField(PlacedField):
    """True or false as a checkbox; "true" and "false" stay strings. Anything else found is shown as
    text."""

    widget = FlagInput

    def show(self, found: object) -> str:
        if found is MISSING or found is None or found == "":
            return "false"
        return super().show(found)

    def said(self) -> str:
        """A box that is not ticked goes without saying."""
        return {"true": str(_("Yes")), "false": ""}.get(self.shown, self.shown)

    def suit(self) -> None:
        if self.shown not in ("true", "false"):
            self.widget = _like(self.widget, TextInput())

    def changed(self, sent: str) -> object:
        if sent in ("", "false"):
            return self._kind(False)
        if sent in ("true", "on"):
            return self._kind(True)
        raise ValidationError(_("Enter true or false."))

    def same(self, sent: str) -> bool:
        return super().same(sent) or (sent == "on" and super().same("true"))

    def _kind(self, value: bool) -> object:
        return json.dumps(value) if self.found in ("true", "false") else value


def _like(old: Input, new: Input) -> Input:
    """A widget in place of another one, with what the old one was told."""
    new.attrs = {**old.attrs, **new.attrs}
    new.is_required = old.is_required
    return new


def same_lines(one: str, other: str) -> bool:
    """Whether two texts of a text area are the same. crispy's templates shorten white space between
    two tags."""
    return _lines(one) == _lines(other) or not (one.strip() or other.strip())


def _lines(text: str) -> str:
    return NEWLINES.sub("\n", text)


def _are_lines(found: object) -> bool:
    return isinstance(found, list) and all(
        isinstance(line, str) and NEWLINES.split(line) == [line] for line in found
    )


def _of_same_kind(sent: str, found: dict | list) -> object:
    """An object or a list that was edited as text is written back as one, if it still is one."""
    try:
        value = loads_value(sent)
    except DocumentError:
        return sent
    return value if type(value) is type(found) else sent

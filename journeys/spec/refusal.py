"""Refusals in words. Sentence and values are apart, so that whoever shows them can say them in
another language.

The sentences are found by the calls that raise them: `manage.py makemessages` looks for the
classes' names.
"""


class Refusal(ValueError):
    """`text` is for the user: `sentence` with its `values` in it."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence, self.values = sentence, values
        super().__init__(self.text)

    @property
    def text(self) -> str:
        return filled(self.sentence, self.values)


class DocumentError(Refusal):
    """A document that cannot be taken in. `text` says what is wrong, `place` where."""

    def __init__(self, sentence: str, place: str = "", **values: object) -> None:
        self.place = place
        super().__init__(sentence, **values)

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text


def filled(sentence: str, values: dict) -> str:
    return sentence % values if values else sentence

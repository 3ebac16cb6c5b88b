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


def filled(sentence: str, values: dict) -> str:
    return sentence % values if values else sentence

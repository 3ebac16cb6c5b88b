"""A field that names another step. Those that cannot be chosen are shown, too, with the reason."""

from django import forms

from journeys.blocks.fields import ChoiceField


class GreyedSelect(forms.Select):
    greyed: tuple[tuple[str, str], ...] = ()  # values that cannot be chosen, their words say why

    def optgroups(self, name: str, value: list[str], attrs: dict | None = None) -> list:
        groups = super().optgroups(name, value, attrs)
        for at, (one, words) in enumerate(self.greyed, len(groups)):
            option = self.create_option(name, one, words, False, at)
            option["attrs"]["disabled"] = True
            groups.append((None, [option], at))
        return groups


class StepChoiceField(ChoiceField):
    widget = GreyedSelect

    def offer(self, choices: list[tuple[str, str]], greyed: list[tuple[str, str]] = ()) -> None:
        """`greyed` is shown besides. What is chosen already stays, whatever it is."""
        super().offer(choices)
        self.widget.greyed = tuple(one for one in greyed if one[0] != self.shown)

"""The demo's made-up people and their sign-ins, which everybody may know in demo mode."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Signs in with the user name as the password, in demo mode only."""

    username: str
    first_name: str
    last_name: str
    group: str
    can: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def password(self) -> str:
        return self.username


PEOPLE = [
    Person("maya", "Maya", "Marketer", "Marketer", "Compose and submit"),
    Person("miles", "Miles", "Marketer", "Marketer", "Compose and submit"),
    Person("rob", "Rob", "Reviewer", "Reviewer", "Approve or send back"),
    Person("ada", "Ada", "Admin", "Admin", "All of it, and tenants and people"),
]

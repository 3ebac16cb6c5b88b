"""Small journeys, each made for one thing that has to be understood."""

import json
from pathlib import Path


def case(name: str) -> dict:
    return json.loads((Path(__file__).parent / f"{name}.json").read_text())

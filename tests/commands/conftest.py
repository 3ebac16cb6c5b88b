import io
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.people import ada, foreign_tenant, journey, maya, miles, people, rob, tenant  # noqa: F401


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    error: str

    @property
    def json(self) -> dict:
        return json.loads(self.out)


@pytest.fixture
def run():
    def command(name: str, *words: object) -> Ran:
        out = io.StringIO()
        try:
            call_command(name, *(str(word) for word in words), stdout=out)
        except CommandError as error:
            return Ran(error.returncode, out.getvalue(), str(error))
        return Ran(0, out.getvalue(), "")

    return command


@pytest.fixture
def file(tmp_path: Path):
    """Writes a file and gives its path; text, bytes, or a document."""

    def written(name: str, content: object) -> Path:
        path = tmp_path / name
        data = content if isinstance(content, bytes | str) else json.dumps(content)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return written

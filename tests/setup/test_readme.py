"""Variables, commands and recipes: what the pages say is there, and all that is there is said."""

import ast
import json
import re

import pytest
from django.core.management import get_commands, load_command_class

from journeys import blocks
from journeys.blocks.base import Block
from journeys.blocks.facts import Facts
from journeys.spec.document import dumps
from tests.blocks.test_contract import filled
from tests.setup.pages import (
    CHECKOUT,
    COMMANDS,
    CONTRIBUTING,
    PAGES,
    RUNNING,
    first_column,
    section,
)
from tests.walk.addresses import routes

READERS = {"text", "flag", "number", "integer", "listed"}
DJANGOS = {"makemessages", "migrate"}  # changed a little
OURS = sorted({name for name, app in get_commands().items() if app == "journeys"} - DJANGOS)
OF_DJANGO = {
    "help",
    "version",
    "verbosity",
    "settings",
    "pythonpath",
    "traceback",
    "no-color",
    "force-color",
}


def read_by_settings() -> set[str]:
    """First arguments of env.text("NAME") and its kin, and of os.environ.get."""
    tree = ast.parse((CHECKOUT / "composer" / "settings.py").read_text())
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    names = {ast.unparse(call.func): call for call in calls}
    assert "env.text" in names and "os.environ.get" in names
    readers = {f"env.{name}" for name in READERS} | {"os.environ.get"}
    return {call.args[0].value for call in calls if ast.unparse(call.func) in readers}


def code(caption: str, language: str = "python") -> str:
    """The first block of the language after the words in CONTRIBUTING."""
    return re.search(rf"```{language}\n(.*?)```", CONTRIBUTING.partition(caption)[2], re.S)[1]


def test_it_tells_every_variable_that_the_settings_read_and_no_other() -> None:
    told = section(RUNNING, "Environment variables").partition("Not settings")[0]
    assert sorted(first_column(told)) == sorted(read_by_settings())


def test_it_tells_which_variables_are_required() -> None:
    told = section(RUNNING, "Environment variables")
    required = re.search(
        r"require\(env, (\[.*?\])\)", (CHECKOUT / "composer" / "settings.py").read_text()
    )[1]
    assert sorted(re.findall(r"^\| `(\w+)` .*\*\*yes\*\*", told, re.M)) == sorted(
        ast.literal_eval(required)
    )


def test_it_tells_the_other_variables_that_are_read() -> None:
    told = section(RUNNING, "Environment variables").partition("Not settings")[2]
    makefile = (CHECKOUT / "Makefile").read_text()
    of_make = re.findall(r"^(\w+) \?=", makefile, re.M)
    assert sorted(first_column(told)) == sorted([*of_make, "TENANT_CLIENT_SECRET"])
    command = CHECKOUT / "journeys" / "management" / "commands" / "add_tenant.py"
    assert '"TENANT_CLIENT_SECRET"' in command.read_text()


@pytest.mark.parametrize("name", OURS)
def test_it_tells_every_command_with_its_options(name: str) -> None:
    told = next(part for part in command_sections() if re.search(rf"`{name}\b", part[0]))
    parser = load_command_class("journeys", name).create_parser("manage.py", name)
    options = {
        option
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--")
    }
    own = options - {f"--{option}" for option in OF_DJANGO} - {"--skip-checks"}
    assert sorted(option for option in own if option not in told[1]) == []


def command_sections() -> list[tuple[str, str]]:
    """The headings of docs/commands.md, each with its text."""
    return re.findall(r"^## ([^\n]*)\n(.*?)(?=^## |\Z)", COMMANDS, re.M | re.S)


def test_it_names_no_command_option_that_is_not_there() -> None:
    known = {"--help", "--wait"}
    for name in OURS:
        parser = load_command_class("journeys", name).create_parser("manage.py", name)
        known |= {option for action in parser._actions for option in action.option_strings}
    whole = "".join(body for _heading, body in command_sections())
    assert sorted(set(re.findall(r"--[a-z][a-z-]+", whole)) - known) == []


@pytest.fixture
def whatsapp_transfer(monkeypatch: pytest.MonkeyPatch) -> type[Block]:
    """The class of the recipe, listed as the recipe says."""
    made: dict = {"__name__": "whatsapp_transfer"}
    exec(code("`journeys/blocks/activities/whatsapp_transfer.py`"), made)
    line = code("add one line to `PALETTE`")
    [(_family, [added])] = eval(f"[{line.strip()}]", {**vars(blocks), **made})
    monkeypatch.setitem(blocks.BY_SLUG, added.slug, added)
    monkeypatch.setitem(blocks.BY_TYPE, (added.kind, added.types[0]), [added])
    return added


def test_its_recipe_for_an_activity_type_works(whatsapp_transfer: type[Block]) -> None:
    case = json.loads(code("`tests/blocks/contract/whatsapp-transfer.json`", "json"))
    assert dumps(filled(whatsapp_transfer, case["typed"])) == dumps(case["block"])
    empty = whatsapp_transfer.new("STEP-1", {})
    assert [problem.id for problem in whatsapp_transfer.problems(empty, Facts())] == [
        "whatsapp-transfer-channel"
    ]
    assert whatsapp_transfer.problems(case["block"], Facts()) == []
    assert blocks.lens(whatsapp_transfer.new("STEP-1", {}), "activity") is whatsapp_transfer
    assert set(whatsapp_transfer.advanced) <= set(whatsapp_transfer.base_fields)


def test_its_recipes_name_what_is_there() -> None:
    operations = (CHECKOUT / "journeys" / "spec" / "operations.py").read_text()
    checks = (CHECKOUT / "journeys" / "checks" / "__init__.py").read_text()
    steps = (CHECKOUT / "journeys" / "views" / "steps.py").read_text()
    assert all(f"\n{name} = [" in checks for name in ("BOTH_VERSIONS", "ONLY_1_0"))
    for name, file in re.findall(
        r"`([A-Z_]+|odd_arguments)` (?:of|in) `([\w/]+\.py)`", CONTRIBUTING
    ):
        assert re.search(rf"^{name}\b.*=", (CHECKOUT / file).read_text(), re.M), (name, file)
    assert "\nOPERATIONS: " in operations and "GraphError" in operations
    assert all(
        f"{name}(" in steps for name in ("carry_out", "editable_journey", "based_on", "Selected")
    )


def test_its_fixtures_are_there() -> None:
    table = section(CONTRIBUTING, "How tests are written").partition("| fixture |")[2]
    rows = re.findall(r"^\| (`\w+`[^|]*) \| ([^|]*) \|", table, re.M)
    assert len(rows) > 5
    for names, files in rows:
        texts = [(CHECKOUT / file).read_text() for file in re.findall(r"`([\w/.]+)`", files)]
        for name in re.findall(r"`(\w+)`", names):
            assert any(re.search(rf"@pytest\.fixture.*\ndef {name}\(", text) for text in texts), (
                name
            )


# what pages may say that is missing, and what would be there if it were not
MISSING = {
    r"fetch": r"journeys/(<int:pk>/)?(fetch|pull)|from-tenant|fetch_\w+\.py",
    r"chang": r"journeys/<int:pk>/(update|new-version)|update_\w+\.py",
    r"publish": r"/publish|publish_\w+\.py",
    r"delet": r"journeys/<int:pk>/delete/|delete_journey\.py",
}


def missing_by(text: str) -> list[str]:
    """The sentences of a page that say what is not there yet, one for each thing in them."""
    return re.findall(r"^\**Not yet[:.]\**(.*?)(?=\n\n|\Z)", text, re.M | re.S)


def all_there_is() -> str:
    commands = (CHECKOUT / "journeys" / "management" / "commands").glob("*.py")
    return "\n".join([*(route for route, _pattern in routes()), *(file.name for file in commands)])


@pytest.mark.parametrize("name", [name for name, text in PAGES.items() if missing_by(text)])
def test_what_it_says_is_missing_is_not_there(name: str) -> None:
    there = all_there_is()
    for sentence in missing_by(PAGES[name]):
        told = [word for word in MISSING if re.search(word, sentence)]
        clauses = re.split(r", | or | nor |\. |: ", sentence.strip())
        assert told, f"name in MISSING what would be there: {sentence}"
        assert all(len(clause) < 120 for clause in clauses)
        assert [word for word in told if re.search(MISSING[word], there)] == []


def test_it_says_of_nothing_that_is_there_that_it_is_missing() -> None:
    """Words of features that pages once denied."""
    there = {"canvas": "path", "picker": "look-up", "import": "import", "undo": "undo"}
    routes_there = all_there_is()
    for name, text in PAGES.items():
        for sentence in missing_by(text):
            for word, route in there.items():
                assert route in routes_there and word not in sentence.lower(), (name, word)

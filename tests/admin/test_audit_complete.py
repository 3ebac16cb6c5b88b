"""Every action has words, and every address and command an action or a reason for none."""

import ast
import re
from pathlib import Path

from django.urls import get_resolver

from journeys.models.audit_words import ACTIONS, KINDS, sentence

CHECKOUT = Path(__file__).parents[2]


def written_actions() -> set[str]:
    """Every text in the code that is spelled like an action."""
    found = set()
    for file in [*CHECKOUT.glob("journeys/**/*.py"), *CHECKOUT.glob("composer/**/*.py")]:
        if file.name == "audit_words.py":
            continue
        tree = ast.parse(file.read_text())
        texts = {
            n.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Constant) and isinstance(n.value, str)
        }
        found |= {
            one for one in texts if re.fullmatch(rf"(?:{'|'.join(KINDS)})\.[a-z-]+|sign-out", one)
        }
    return found | {f"export.{form}" for form in ("json", "curl")}


def test_it_has_words_for_every_action_that_is_written():
    written = written_actions()
    assert len(written) > 25
    assert written - set(ACTIONS) == set()
    assert {action.partition(".")[0] for action in ACTIONS} == set(KINDS)
    assert all(sentence(action, {})[0] != action for action in ACTIONS)


HISTORY = "an edit of the draft, which stands in its history with its author"
SHOWS = "only shows"
NO_ROW = {
    **dict.fromkeys(
        "save-block save-block-text name-journey add-block remove-block move-step replace-step"
        " paste-steps duplicate-steps move-steps remove-steps lead-to add-path remove-path"
        " move-path rename-path repair save-document undo redo convert restore revert"
        " new-journey from-template from-team-template".split(),
        HISTORY,
    ),
    **dict.fromkeys(
        "outline shortcuts journeys pictures import-report composer panel follow event-fields"
        " look-up places step-menu step-types copy-steps path-gaps path-targets search-journey"
        " problems document check-document history revision key templates submissions submission"
        " progress overview tenant-overview healthz healthz-worker healthz-sweeper metrics"
        " security-txt".split(),
        SHOWS,
    ),
}
ROW = {
    "import": "journey.imported",
    "accept-problem": "problem.accepted",
    "withdraw-acceptance": "problem.acceptance-withdrawn",
    "export": "export.json",
    "picture": "export.picture",
    "print": "export.print",
    "request-review": "review.requested",
    "another-key": "journey.another-key",
    "submit": "submission.created",
    "save-template": "template.saved",
    "delete-template": "template.deleted",
    "cancel-submission": "submission.cancelled",
    "take-over": "submission.taken-over",
    "try-again": "submission.tried-again",
    "submission-answer": "export.answer",
    "let-through": "tenant.let-through",
}
COMMANDS = {
    "add_tenant": "tenant.added",
    "check_tenant": "tenant.checked-with-drafts",
    "import_journey": "journey.imported",
    "export_journey": "export.json",
    "submit_journey": "submission.created",
    "restored": "database.restored",
    "renew_seals": "database.seals-renewed",
    "check_journey": SHOWS,
    "submission_status": SHOWS,
    "reencrypt": "changes how secrets are kept, by whoever runs the server",
    "makemessages": "changes files of the checkout only",
    "load_demo": "made-up people and journeys, in the demo only",
    "practice_tenant": "serves a stand-in",
    "createsuperuser": "makes the first account, by whoever runs the server",
    "migrate": "changes the shape of the database, by whoever runs the server",
    "serve": "starts processes",
    "sweep": "goes on with what people asked for",
}


def test_it_has_an_action_or_a_reason_for_every_address_and_command():
    names = {pattern.name for pattern in get_resolver("journeys.urls").url_patterns}
    assert names == {*NO_ROW, *ROW} and not {*NO_ROW} & {*ROW}
    folder = CHECKOUT / "journeys" / "management" / "commands"
    assert {file.stem for file in folder.glob("[a-z]*.py")} == set(COMMANDS)
    told = {value for value in [*ROW.values(), *COMMANDS.values()] if "." in value}
    assert told <= written_actions()

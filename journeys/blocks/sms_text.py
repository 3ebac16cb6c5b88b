"""The text of an SMS as Journey Builder noted it in `metaData.store` when the message was chosen.

It is a copy for the screen: what is sent is the message that the settings name by its id. Two
places were seen in real journeys, the second inside the first's whole message.
"""

from journeys.blocks.places import get, text

STORE = "metaData.store"
TEXT = f"{STORE}.selectedContentBuilderMessage"
DEFINITION = f"{STORE}.messageDefinition"
OPTIONS = f"{DEFINITION}.views.sms.meta.options.customBlockData"
CODE = f"{STORE}.messageConfiguration.selectedCode"
SCRIPT, END_OF_SCRIPT = "%%[", "]%%"


def sms_text(block: dict) -> str:
    """Without its script, which nobody receives; "" where nothing is noted."""
    options = get(block, OPTIONS)
    inner = options.get("display:message") if isinstance(options, dict) else ""
    noted = text(block, TEXT) or (inner if isinstance(inner, str) else "")
    return without_script(noted).strip()


def short_code(block: dict) -> str:
    return text(block, f"{CODE}.code").strip()


def without_script(message: str) -> str:
    """Without the blocks of AMPscript, %%[ … ]%%."""
    before, *scripts = message.split(SCRIPT)
    return before + "".join(script.partition(END_OF_SCRIPT)[2] for script in scripts)

"""The step that closes a path optimizer: all its paths meet here. It comes with it and goes with
it."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from journeys.blocks.base import Block, new_path, new_step
from journeys.blocks.places import get, text
from journeys.spec.graph import Walk
from journeys.spec.problem import Problem

START = "configurationArguments.aBnStartActivityKey"


class PathOptimizerEnd(Block):
    slug = "path-optimizer-end"
    types = ("ABNTESTSTOP",)
    family = "flow"
    label = _("Path optimizer end")
    icon = "join"
    prefix = "ABNTESTSTOP"
    names_steps = (START,)

    @classmethod
    def new(cls, key: str, document: dict) -> dict:
        settings = {
            "applicationExtensionKey": "721633C6-6CE0-46E7-B15E-DF1391C98D5F",
            "aBnStartActivityKey": "",
        }
        meta = {"category": "flow", "shapeOverride": "dot"}
        return new_step(
            key, "ABNTESTSTOP", [new_path()], configurationArguments=settings, metaData=meta
        )

    @classmethod
    def closing(cls, start: dict) -> dict:
        """The step that closes this one; its key stands in the capsule that the other opens."""
        capsule = start["metaData"]["capsule"]
        made = cls.new(capsule["endId"], {})
        settings = {**made["configurationArguments"], "aBnStartActivityKey": start["key"]}
        return {
            **made,
            "configurationArguments": settings,
            "metaData": {**made["metaData"], "capsule": {**capsule}},
        }

    @classmethod
    def sentence(cls, block: dict) -> str:
        return cls.name_of(block) or _now("End of the path optimizer")

    @classmethod
    def flow_problems(cls, block: dict, walk: Walk) -> list[Problem]:
        start = walk.steps.get(text(block, START), {})
        if get(start, "metaData.capsule.endId") == text(block, "key"):
            return []
        sentence = _(
            "No path optimizer ends here. Remove this step, or correct the key of its beginning in"
            " its JSON."
        )
        return [cls.advice("path-optimizer-start", block, START, sentence)]

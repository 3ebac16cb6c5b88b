"""Several people at random in one journey, each in a window of their own and most of the time on a
stale page.

Each round everybody does one thing without waiting for the others. What was meant is written down
before it is done, so that each revision can be judged by what its author meant: it changes that,
and nothing else.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, Request, expect
from playwright.sync_api import TimeoutError as NotInTime

from journeys.models import Journey, Revision

Judge = Callable[[dict, dict], bool]
STEP = "[data-card][data-kind=activity]:is([role=treeitem], #path *)"

# the answer to what was done last is there, and drawn
IDLE = """() => !document.querySelector(
  ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")
  && document.querySelector("[data-not-saved]:not([hidden])")?.textContent
    !== document.querySelector("[data-saving]").dataset.savingText"""
# what a page shows of a journey, and what a fresh load of it shows
SHOWN = """async () => {
  const shown = (page) => ({
    number: page.querySelector("#based-on").value,
    items: [...page.querySelectorAll("[role=treeitem]")].map((one) =>
      [one.id, one.getAttribute("aria-level"), one.getAttribute("aria-label")].join(" ")),
    cards: [...page.querySelectorAll("#path [data-card]")].map((one) =>
      [one.id, one.getAttribute("transform"), one.getAttribute("aria-label")].join(" ")).sort(),
    ways: [...page.querySelectorAll("#path [data-way]")].map((one) =>
      [one.id, one.getAttribute("transform"), one.getAttribute("d")].join(" ")).sort(),
    undo: page.querySelector("#undo")?.title, redo: page.querySelector("#redo")?.title,
    problems: page.querySelector("#problems")?.textContent.replace(/\\s+/g, " "),
  });
  const answer = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [shown(document), shown(fresh)];
}"""


@dataclass
class Player:
    name: str
    page: Page
    chance: random.Random
    meant: str = ""
    judge: Judge | None = None
    refusals: list[str] = field(default_factory=list)
    asked: int = 0  # requests of this round that change something

    def __post_init__(self) -> None:
        self.page.on("request", self.count)

    def count(self, request: Request) -> None:
        self.asked += request.method == "POST"

    def act(self) -> None:
        """Does one thing that can be done on this page as it is, and does not wait for it."""
        acts = [self.set_days, self.set_days, self.move, self.remove, self.add, self.undo]
        self.meant, self.judge, self.asked = "nothing", None, 0
        self.chance.choice(acts)()

    def dismiss(self) -> None:
        """Leaves what was refused as it is: theirs is kept."""
        names = re.compile("^(Take all of|Leave it)")
        button = self.page.get_by_role("button", name=names).locator("visible=true")
        if button.count():
            button.first.click()
            self.wait()

    def one(self, text: str = "") -> Locator | None:
        """A step at random, in the list or on the path; None where there is none of the kind."""
        steps = self.page.locator(STEP, has_text=text)
        count = steps.count()
        return steps.nth(self.chance.randrange(count)) if count else None

    def set_days(self) -> None:
        step = self.one("Wait ")
        if step is None:
            return
        key = step.get_attribute("data-key")
        self.press(step, "Enter", "nothing", None)
        self.wait()  # else what is typed may go into the panel that comes
        panel = self.page.locator(f'#panel[data-key="{key}"]')
        gone = self.page.locator("#panel [role=alert]", has_text="removed this block")
        expect(panel.or_(gone)).to_be_visible()
        if not panel.count():
            return
        box = self.page.locator("#panel").get_by_label("How long", exact=True)
        if not box.count() or not box.is_editable():
            return
        days = self.chance.randint(2, 90)
        self.meant, self.judge = f"{key} waits {days}", waits(key, days)
        try:
            box.fill(str(days), timeout=2000)
            box.blur(timeout=2000)
        except NotInTime:  # the page followed somebody who removed it just now
            expect(self.page.locator("#panel")).not_to_have_attribute("data-key", key)

    def press(self, step: Locator, keys: str, meant: str, judge: Judge | None) -> None:
        self.meant, self.judge = meant, judge
        step.focus()
        self.page.keyboard.press(keys)

    def move(self) -> None:
        step = self.one()
        if step is not None:
            key, keys = step.get_attribute("data-key"), self.chance.choice(["Up", "Down"])
            self.press(step, f"Alt+Arrow{keys}", f"{key} moves {keys}", same_blocks)

    def remove(self) -> None:
        step = self.one("Wait ")
        if step is not None:
            key = step.get_attribute("data-key")
            self.press(step, "Delete", f"{key} goes", lacks(key))

    def add(self) -> None:
        self.meant, self.judge = "one more wait", one_more
        palette = self.page.locator(".palette")
        palette.get_by_role("button", name="Wait until date", exact=True).click()

    def undo(self) -> None:
        """Undo or redo; what it says is judged against the history by `undone`."""
        button = self.page.locator(self.chance.choice(["#undo", "#undo", "#redo"]))
        if button.is_enabled():
            self.meant, self.judge = button.get_attribute("title"), None
            button.click()

    def wait(self) -> None:
        """Until the page is at rest, and heard all that came."""
        try:
            self.page.wait_for_function(IDLE)
        except NotInTime as error:
            raise AssertionError(
                f"{self.name}'s page does not come to rest: {self.meant}"
            ) from error

    def has_nothing_to_do(self, document: dict) -> bool:
        """Whether what was meant is so already, or nothing was asked for: a page may have followed
        others just before."""
        return (
            self.meant == "nothing"
            or not self.asked
            or bool(self.judge and self.judge is not same_blocks and self.judge(document, document))
        )

    def refusal(self) -> str:
        """What the page says of something that was not done."""
        said = self.page.locator(
            "[role=alert], [role=status], [role=note], [data-not-saved], [data-path-notice]"
        ).locator("visible=true")
        return " ".join(said.all_inner_texts()).strip()


# What a revision may have changed: (before, after) → whether it is so


def by_key(document: dict) -> dict[str, dict]:
    return {step["key"]: step for step in document["activities"]}


def own(step: dict) -> dict:
    """A step without what leads on from it."""
    outcomes = [
        {name: value for name, value in outcome.items() if name != "next"}
        for outcome in step.get("outcomes", [])
    ]
    return {**step, "outcomes": outcomes}


def all_own(document: dict, *but: str) -> dict[str, dict]:
    return {key: own(step) for key, step in by_key(document).items() if key not in but}


def others(document: dict) -> dict:
    return {name: value for name, value in document.items() if name != "activities"}


def waits(key: str, days: int) -> Judge:
    def judge(before: dict, after: dict) -> bool:
        step = by_key(after).get(key, {})
        arguments = step.get("configurationArguments", {})
        rest = all_own(before, key) == all_own(after, key) and others(before) == others(after)
        return rest and int(arguments.get("waitDuration", -1)) == days

    return judge


def same_blocks(before: dict, after: dict) -> bool:
    return all_own(before) == all_own(after) and others(before) == others(after)


def lacks(key: str) -> Judge:
    def judge(before: dict, after: dict) -> bool:
        return key not in by_key(after) and all_own(before, key) == all_own(after)

    return judge


def one_more(before: dict, after: dict) -> bool:
    new = by_key(after).keys() - by_key(before).keys()
    return len(new) == 1 and all_own(before) == all_own(after, *new)


# What a round came to


def judge_revision(revision: Revision, meant: dict[int, Player]) -> None:
    """Raises AssertionError unless it changed what its author meant, and nothing else."""
    player = meant[revision.author_id]
    before = revision.journey.revisions.get(number=revision.number - 1).document()
    after = revision.document()
    what = f"{revision.number} ({revision.summary}), meant by {player.name}: {player.meant}"
    if player.judge:
        assert player.judge(before, after), f"{what} changed something else"
        return
    target = revision.journey.revisions.get(number=revision.undoes or revision.redoes)
    assert target.author_id == revision.author_id, f"{what} takes back somebody else's change"
    assert target.summary in player.meant, f"{what} did {target.summary}"


def reachable(document: dict) -> set[str]:
    steps, seen = by_key(document), set()
    ways = [document["activities"][0]["key"]] if document["activities"] else []
    while ways:
        key = ways.pop()
        if key in seen or key not in steps:
            continue
        seen.add(key)
        ways += [one["next"] for one in steps[key].get("outcomes", []) if one.get("next")]
    return seen


def play(journey: Journey, players: dict[int, Player], rounds: int) -> Iterator[int]:
    """Gives the number of accepted changes of each round, which was judged."""
    for _ in range(rounds):
        for player in players.values():
            player.dismiss()
        number = Journey.objects.get(pk=journey.pk).head.number
        for player in players.values():
            player.act()
        for player in players.values():
            player.wait()
        fresh = Journey.objects.get(pk=journey.pk)
        new = list(fresh.revisions.filter(number__gt=number).order_by("number"))
        for revision in new:
            judge_revision(revision, players)
        document = fresh.head.document()
        for pk, player in players.items():
            done = [revision for revision in new if revision.author_id == pk]
            assert len(done) < 2, f"{player.name} did twice: {player.meant}"
            if not done and not player.has_nothing_to_do(document):
                player.refusals.append(player.refusal())
                assert player.refusals[-1], f"{player.name} is not told: {player.meant}"
        assert reachable(document) == by_key(document).keys(), "a step became unreachable"
        for player in players.values():
            same_as_fresh(player)
        yield len(new)


def same_as_fresh(player: Player) -> None:
    """A page that shows the newest revision shows it as a fresh load does."""
    shown, fresh = player.page.evaluate(SHOWN)
    if shown["number"] != fresh["number"]:
        return
    for part in shown:
        assert shown[part] == fresh[part], f"{part} of {player.name}'s page after: {player.meant}"

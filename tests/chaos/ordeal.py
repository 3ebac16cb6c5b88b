"""One run: submit, kill, wait, judge. Imported after Django was set up for it."""

import math
import threading
import time
from argparse import Namespace
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import requests
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connections, transaction

from composer.identity.demo import Person
from composer.supervisor.preparing import prepare
from journeys.management.commands.load_demo import TENANT, add_person, is_stale
from journeys.models import Journey, Submission, Tenant
from journeys.models.submission import OPEN_STATES
from tests.chaos.house import House
from tests.chaos.judging import ALTERED, Verdict, judge, table

CLICKS_AT_ONCE = 2
CLICKS_OF_ONE = 50  # of one person, who may submit 60 times a minute
FROZEN = (
    30.0  # seconds: the lease has ended and another process has brought the submission to its end
)
COLUMNS = ["key", "state", "sha256", "found_by_look_up", "text"]
COLUMNS += ["remote_id", "remote_definition_id", "remote_status", "remote_version"]
MIX = [
    {"chance": 0.10, "fault": "status", "status": 503},
    {"chance": 0.025, "fault": "rate_limited", "retry_after": "1"},
    {"chance": 0.025, "fault": "rate_limited", "retry_after": None},
    {"chance": 0.05, "fault": "hang", "when": "after", "seconds": 4},
    {"chance": 0.02, "fault": "reset", "when": "after"},
    {"chance": 0.01, "fault": "late", "seconds": [2, 9], "then": "reset"},
    {"chance": 0.01, "fault": "late", "seconds": [2, 9], "then": "status"},
]
# What is needed more of, so that a few hundred submissions show what a safeguard is for.
MORE = {
    "settle": [
        {"chance": 0.2, "fault": "late", "seconds": [4, 9], "then": "reset", "route": "create"}
    ],
    "freeze": [{"chance": 0.15, "fault": "rate_limited", "retry_after": None, "route": "create"}],
}
DOCUMENT = {
    "name": "Chaos",
    "workflowApiVersion": 1.0,
    "triggers": [],
    "activities": [
        {
            "key": "WAIT-1",
            "type": "WAIT",
            "configurationArguments": {"waitDuration": 1, "waitUnit": "DAYS"},
            "outcomes": [{"key": "out-1"}],
        }
    ],
}


def ordeal(asked: Namespace) -> int:
    prepare(print, is_stale)
    journeys, altered = make_journeys(asked.submissions)
    house = House(asked.without, 0.15 if asked.freeze else 0.0, FROZEN)
    try:
        house.start()
        house.control("settings", {"same_key": "new_version", "latency": 0.1})
        more = MORE.get("freeze" if asked.freeze else asked.without, [])
        house.control("faults", {"mix": {"seed": asked.seed, "chances": more + MIX}})
        seconds = torment(house, asked, journeys, altered)
        time.sleep(settings.SUBMIT_SETTLE_SECONDS + (FROZEN if asked.freeze else 0))
        rows = list(Submission.objects.values(*COLUMNS))
        told = house.control("journeys")["journeys"], house.control("requests")["requests"]
    finally:
        house.stop()
    return report(asked, house, judge(rows, *told), seconds, rows)


def make_journeys(number: int) -> tuple[list[int], list[int]]:
    """Those to submit, and among as many more a few whose bytes are altered behind the approval."""
    Tenant.objects.filter(name=TENANT).update(review_required=False)
    tenant, maya = Tenant.objects.get(name=TENANT).sealed(), User.objects.get(username="maya")
    altered = max(2, number // 50)
    keys = [f"{ALTERED}{n}" for n in range(altered)] + [
        f"chaos-{n}" for n in range(number - altered)
    ]
    more = {
        "tenant": tenant,
        "owner": maya,
        "operation": "new",
        "summary": "Started",
        "key_proposed": True,
    }
    with transaction.atomic():
        made = [Journey.objects.start({"key": key, **DOCUMENT}, **more).pk for key in keys]
    return made[altered:], made[:altered]


def make_people(number: int) -> list[str]:
    """Who clicks: so many that nobody is told to wait."""
    many = max(CLICKS_AT_ONCE, math.ceil(number / CLICKS_OF_ONE))
    names = [f"clicker-{n}" for n in range(many)]
    people = [add_person(Person(name, "Cleo", "Clicker", "Marketer", "Submit")) for name in names]
    Tenant.objects.get(name=TENANT).members.add(*people)
    return names


def torment(house: House, asked: Namespace, journeys: list[int], altered: list[int]) -> float:
    """Seconds from the first click until the last submission has ended, or the time is over."""
    began, many = time.monotonic(), asked.submissions
    clicks = threading.Thread(target=click_all, args=(make_people(len(journeys)), journeys))
    plan = Plan(house, {} if asked.freeze else {house.kill_worker: 2.0, house.kill_sweeper: 5.0})
    clicks.start()
    alter(altered)
    while time.monotonic() - began < asked.seconds:
        plan.go_on(Submission.objects.count() / many)
        if not clicks.is_alive() and not Submission.objects.filter(state__in=OPEN_STATES).exists():
            break
        time.sleep(0.1)
    clicks.join()
    return time.monotonic() - began


class Plan:
    """Who is killed when: the times are seconds."""

    def __init__(self, house: House, every: dict[Callable[[], None], float]) -> None:
        self.house, self.every, now = house, every, time.monotonic()
        self.next = {deed: now + seconds for deed, seconds in self.every.items()}
        self.once = {0.3: house.flush_redis, 0.6: house.lose_redis}

    def go_on(self, share: float) -> None:
        """`share` of the submissions have been written."""
        for deed, when in self.next.items():
            if time.monotonic() >= when:
                deed()
                self.next[deed] = time.monotonic() + self.every[deed]
        for due in [due for due in self.once if share >= due]:
            self.once.pop(due)()
        self.house.revive()


def alter(journeys: list[int]) -> None:
    """Submits, and changes the stored bytes before anybody can have sent them."""
    for pk in journeys:
        with transaction.atomic():
            row = Journey.objects.get(pk=pk).submit(User.objects.get(username="maya"))
            Submission.objects.filter(pk=row.pk).update(
                payload=bytes(row.payload).replace(b"Chaos", b"Other")
            )


def click_all(people: list[str], journeys: list[int]) -> None:
    """As people who are signed in do it, by the page's form."""
    parts = [journeys[number :: len(people)] for number in range(len(people))]
    with ThreadPoolExecutor(CLICKS_AT_ONCE) as pool:
        list(pool.map(click_some, people, parts))


def click_some(name: str, journeys: list[int]) -> None:
    web = f"http://127.0.0.1:{settings.PORT}"
    with requests.Session() as session:
        session.get(f"{web}/sign-in/", timeout=30)
        form = {
            "login": name,
            "password": name,
            "csrfmiddlewaretoken": session.cookies["csrftoken"],
        }
        session.post(f"{web}/sign-in/", form, timeout=30).raise_for_status()
        for pk in journeys:
            form = {"csrfmiddlewaretoken": session.cookies["csrftoken"]}
            answer = session.post(
                f"{web}/journeys/{pk}/submit/", form, allow_redirects=False, timeout=30
            )
            if answer.status_code != 302:
                raise RuntimeError(f"a click was answered with {answer.status_code}")
    connections.close_all()


def report(
    asked: Namespace, house: House, verdict: Verdict, seconds: float, rows: list[dict]
) -> int:
    is_counted = (
        not asked.short and not asked.freeze
    )  # whoever sleeps past its lease is looked up by another
    too_much = is_counted and verdict.calls_per_submission > 1.5
    too_long = seconds >= asked.seconds
    facts = {
        "submissions": f"{verdict.submissions} on {asked.database}"
        + f", without {asked.without}" * bool(asked.without),
        "ended as": ", ".join(
            f"{number} {state}" for state, number in sorted(verdict.states.items())
        ),
        "found by a look-up": verdict.found_by_look_up,
        "lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "wrongly recorded": len(verdict.wrongly_recorded),
        "stuck": len(verdict.stuck),
        "calls per submission": f"{verdict.calls_per_submission:.2f}"
        + " (more than 1.5)" * too_much,
        "calls": ", ".join(f"{number} {route}" for route, number in verdict.calls.items()),
        "seconds": f"{seconds:.0f}" + f" (more than {asked.seconds:.0f})" * too_long,
        **house.done,
    }
    print(table(facts), flush=True)
    texts = {row["key"]: f"{row['state']}: {row['text']}" for row in rows}
    for key in verdict.broken()[:20]:
        print(f"  {key}: {texts.get(key, 'nobody submitted it')}")
    missing = verdict.submissions != asked.submissions
    if verdict.broken():
        return 3
    return 1 if too_much or too_long or missing else 0

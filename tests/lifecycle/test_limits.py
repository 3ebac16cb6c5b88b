"""When a tenant may be called: pure functions, without database and clock."""

import math
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.lifecycle import limits
from journeys.lifecycle.submission_states import STEPS, Event, Times

TIMES = Times(settle=150, timeout=130, lease_seconds=180)
NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
MOMENTS = ("opened_at", "open_until", "asked_until", "paused_until", "next_call_at", "window_at")
COUNTS = ("failures", "times_opened", "calls", "resends", "calls_before", "resends_before")


class Tenant:
    """A tenant status with a clock."""

    def __init__(self, rate: float = 5, **columns: object) -> None:
        blank = {
            "breaker": "closed",
            "because": "",
            "turned_down": None,
            **dict.fromkeys(MOMENTS),
            **dict.fromkeys(COUNTS, 0),
        }
        self.row, self.now, self.rate = SimpleNamespace(**(blank | columns)), NOW, rate

    def write(self, values: dict) -> None:
        vars(self.row).update(values)

    def call(self, kind: str, **more: object) -> None:
        self.write(limits.after_call(self.row, Event(kind, **more), self.now, TIMES))

    def answer(self, kind: str, **more: object) -> None:
        self.write(limits.after_question(self.row, Event(kind, **more), self.now, TIMES))

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def start(self, most: int = 10**6, resends: int = 0) -> int:
        started = (
            min(most, limits.slots(self.row, self.now, self.rate))
            if limits.admits(self.row, self.now)
            else 0
        )
        if started:
            self.write(
                limits.reserve(self.row, started, min(resends, started), self.now, self.rate, TIMES)
            )
        return started


def test_it_knows_what_every_event_says_about_the_tenant() -> None:
    kinds = {kind for steps in STEPS.values() for kind in steps}
    ours = {"altered", "unapproved", "held back", "no slot", "overdue", "failed", "lease expired"}
    assert {kind for kind in kinds if limits.MEANS[kind] == limits.NOTHING} == ours


# The rate


@given(
    rate=st.sampled_from([0.5, 1, 1.5, 5, 20, 50, 400]),
    waits=st.lists(st.tuples(st.floats(0.001, 3), st.floats(0, 1)), min_size=5, max_size=60),
)
def test_it_never_starts_more_calls_in_a_second_than_it_may(
    rate: float, waits: list[tuple[float, float]]
) -> None:
    """Each starts as late after its slot as it may, or a part of that."""
    tenant, starts = Tenant(rate), []
    for wait, part in waits:
        tenant.wait(wait)
        late = timedelta(seconds=(limits.lateness(rate) + limits.ON_THE_WAY) * part)
        starts += [tenant.now + late] * tenant.start()
    for first in starts:
        assert sum(first <= at < first + timedelta(seconds=0.9999) for at in starts) <= max(
            math.ceil(rate), 1
        )


def test_it_tells_how_long_the_next_slot_is_away() -> None:
    tenant, waits = Tenant(rate=2 / limits.USED_OF_RATE), []
    for _call in range(3):
        waits.append(limits.until_slot(tenant.row, tenant.now, tenant.rate))
        tenant.write(limits.reserve(tenant.row, 1, 0, tenant.now, tenant.rate, TIMES))
    assert waits == [0, 0.5, 1]


def test_it_does_not_wait_for_a_slot_of_a_clock_that_was_set_back() -> None:
    tenant = Tenant()
    tenant.start()
    tenant.wait(-3600)
    assert [tenant.start(), tenant.start()] == [1, 0]
    assert tenant.row.next_call_at < tenant.now + timedelta(seconds=1)


def test_it_comes_close_to_the_rate_when_there_is_much_to_do() -> None:
    tenant, started = Tenant(rate=5), 0
    for _round in range(1000):
        started += tenant.start()
        tenant.wait(0.01)
    assert 41 <= started <= 50


# The pause that a server asks for


@pytest.mark.parametrize(("asked", "waited"), [(7, 7), (86_400, 3600), (0, 0)])
def test_it_calls_no_earlier_than_it_was_asked_to(asked: float, waited: float) -> None:
    tenant = Tenant()
    tenant.call("busy", retry_after=asked)
    tenant.wait(waited - 0.1)
    assert tenant.start() == (0 if waited else 1)
    tenant.wait(0.1)
    assert limits.admits(tenant.row, tenant.now)


def test_it_keeps_the_longer_of_two_pauses() -> None:
    tenant = Tenant()
    for seconds in (60, 5):
        tenant.call("busy", retry_after=seconds)
    assert tenant.row.paused_until == NOW + timedelta(seconds=60)


# The breaker


def test_it_opens_after_five_failures_without_a_word_between_them() -> None:
    tenant = Tenant()
    for kind in ["unclear", "no answer", "not sent", "unclear", "refused", *["unclear"] * 4]:
        tenant.call(kind)
    assert limits.admits(tenant.row, NOW)
    tenant.call("unclear", values={"text": "No answer in time."})
    assert (tenant.row.breaker, tenant.row.because, limits.admits(tenant.row, NOW)) == (
        "open",
        "No answer in time.",
        False,
    )


@pytest.mark.parametrize(
    "kind", ["failed", "unauthorised", "held back", "no slot", "altered", "busy"]
)
def test_it_stays_closed_for_what_says_nothing_about_the_tenant(kind: str) -> None:
    tenant = Tenant()
    for _time in range(9):
        tenant.call(kind)
    assert (tenant.row.breaker, tenant.row.failures) == ("closed", 0)


def test_it_counts_no_call_that_was_not_made() -> None:
    tenant = Tenant()
    for _time in range(9):
        tenant.call("not sent", called=False)
    assert tenant.row.failures == 0


def test_it_opens_at_once_when_the_tenant_is_blocked_and_for_longer_each_time() -> None:
    tenant, lengths = Tenant(), []
    for _time in range(8):
        tenant.call("busy", blocked=True)
        if tenant.row.breaker == "closed":
            continue
        lengths.append((tenant.row.open_until - tenant.now).total_seconds())
        tenant.now = tenant.row.open_until
        tenant.answer("found")
    assert lengths == [60, 120, 240, 480, 960, 1800, 1800, 1800]


def test_it_lets_one_question_through_and_then_all_or_nothing() -> None:
    tenant = Tenant()
    tenant.call("busy", blocked=True)
    assert not limits.may_ask(tenant.row, tenant.now)
    tenant.wait(60)
    assert limits.may_ask(tenant.row, tenant.now)
    tenant.write(limits.asking(tenant.now, TIMES))
    assert (limits.may_ask(tenant.row, tenant.now), limits.admits(tenant.row, tenant.now)) == (
        False,
        False,
    )
    tenant.answer("no answer")
    assert tenant.row.open_until == tenant.now + timedelta(seconds=120)
    tenant.wait(120)
    tenant.answer("found")
    assert limits.admits(tenant.row, tenant.now)
    tenant.call("unclear")  # the first call after the question is no better
    assert tenant.row.breaker == "open"


def test_it_asks_again_when_who_asked_has_died() -> None:
    tenant = Tenant(breaker="open", open_until=NOW)
    tenant.write(limits.asking(NOW, TIMES))
    tenant.wait(2 * TIMES.timeout)
    assert limits.may_ask(tenant.row, tenant.now)


def test_it_is_not_closed_by_calls_that_were_under_way() -> None:
    tenant = Tenant()
    tenant.call("busy", blocked=True)
    until = tenant.row.open_until
    for kind in ("created", "unclear", "busy"):
        tenant.call(kind)
    assert (tenant.row.breaker, tenant.row.open_until) == ("open", until)


def test_it_keeps_a_pause_that_it_is_asked_for_while_its_breaker_is_open() -> None:
    tenant = Tenant()
    tenant.call("busy", blocked=True)
    tenant.call("busy", retry_after=600)
    tenant.wait(61)
    assert not limits.may_ask(tenant.row, tenant.now)
    tenant.wait(540)
    assert limits.may_ask(tenant.row, tenant.now)
    tenant.call("unclear", retry_after=60)  # told to a call under way, while the question is asked
    tenant.answer("found")
    assert (tenant.row.breaker, limits.admits(tenant.row, tenant.now)) == ("closed", False)
    tenant.wait(61)
    assert limits.admits(tenant.row, tenant.now)


def test_it_counts_the_block_from_the_last_call_that_met_it() -> None:
    tenant = Tenant()
    tenant.call("busy", blocked=True)
    tenant.wait(59)
    tenant.call("busy", blocked=True)
    assert (tenant.row.open_until, tenant.row.times_opened) == (
        tenant.now + timedelta(seconds=60),
        1,
    )


def test_it_is_stopped_by_a_second_401_to_a_newer_token() -> None:
    tenant = Tenant()
    for generation in (
        3,
        3,
        2,
    ):  # all under way with the token that was no good any more, or an older one
        tenant.call("unauthorised", generation=generation)
    assert (tenant.row.breaker, tenant.row.turned_down) == ("closed", 3)
    tenant.call("unauthorised", generation=5)
    told = "Marketing Cloud turns down access tokens that it has just given."
    assert (tenant.row.breaker, tenant.row.because) == ("stopped", told)
    tenant.write(limits.closed())
    tenant.call("unauthorised", generation=7)
    assert tenant.row.breaker == "closed"


def test_it_is_not_stopped_by_tokens_that_were_good_for_a_while() -> None:
    tenant = Tenant()
    for generation in range(1, 9, 2):
        tenant.call("unauthorised", generation=generation)
        tenant.call("created")
    assert (tenant.row.breaker, tenant.row.turned_down) == ("closed", None)


def test_it_is_stopped_where_the_question_is_answered_with_the_second_401() -> None:
    tenant = Tenant()
    tenant.call("busy", blocked=True)
    for generation, breaker in ((1, "closed"), (3, "stopped")):
        tenant.answer("unauthorised", generation=generation)
        assert tenant.row.breaker == breaker


def test_it_is_stopped_by_refused_credentials_until_a_person_lets_it_through() -> None:
    tenant = Tenant()
    tenant.call("credentials refused", values={"text": "Wrong secret."})
    tenant.wait(10**6)
    assert (tenant.row.breaker, tenant.row.because) == ("stopped", "Wrong secret.")
    assert (
        not limits.may_ask(tenant.row, tenant.now)
        and limits.next_chance(tenant.row, tenant.now) is None
    )
    tenant.write(limits.closed())
    assert limits.admits(tenant.row, tenant.now) and tenant.row.because == ""


# The budget of re-sends


def test_it_lets_a_fifth_of_the_calls_of_ten_minutes_send_again() -> None:
    tenant = Tenant(
        rate=1000, calls=1000, resends=150, calls_before=500, resends_before=100, window_at=NOW
    )
    tenant.row.next_call_at = NOW
    assert limits.resends_left(tenant.row, NOW, TIMES) == 50
    tenant.wait(300)
    assert limits.resends_left(tenant.row, tenant.now, TIMES) == 50
    tenant.start(most=10, resends=10)
    assert (tenant.row.calls, tenant.row.calls_before, tenant.row.resends_before) == (10, 1000, 150)
    tenant.wait(600)
    assert limits.resends_left(tenant.row, tenant.now, TIMES) == limits.FREE_RESENDS


def test_it_lets_some_send_again_where_there_were_few_calls() -> None:
    tenant = Tenant()
    assert limits.resends_left(tenant.row, NOW, TIMES) == limits.FREE_RESENDS


@given(
    rate=st.sampled_from([1, 2, 5, 20]), greedy=st.lists(st.booleans(), min_size=200, max_size=200)
)
def test_look_ups_never_take_more_than_half_of_the_slots_that_are_wanted(
    rate: float, greedy: list[bool]
) -> None:
    """Both want every slot; chance says who comes first."""
    tenant, taken = Tenant(rate=rate), {"look": 0, "send": 0}
    tenant.row.next_look_at = None
    for looks_first in greedy:
        tenant.wait(0.3 / rate)
        for who in ("look", "send") if looks_first else ("send", "look"):
            if limits.until_slot(tenant.row, tenant.now, rate) > 0:
                continue
            if who == "look" and limits.until_look(tenant.row, tenant.now, rate) > 0:
                continue
            more = limits.reserve_look(tenant.row, tenant.now, rate) if who == "look" else {}
            tenant.write(limits.reserve(tenant.row, 1, 0, tenant.now, rate, TIMES) | more)
            taken[who] += 1
    assert taken["look"] <= taken["send"] + 2 and taken["send"] > 10

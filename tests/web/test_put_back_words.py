"""What a conflict brings back stays its first writers' as well: nobody approves what they wrote."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import Journey, NotAllowed
from tests.people import approved
from tests.web.conflicting import WAIT, post, settled, step, words

ADAS = "Greets whoever signed up on the stand of the spring fair, in the words of the fair. " * 2


@pytest.mark.parametrize("taken_by", ["removal", "description"])
def test_it_stays_the_first_writers_when_it_is_put_back_with_my_change(
    as_maya: Client,
    as_miles: Client,
    as_ada: Client,
    journey: Journey,
    maya: User,
    rob: User,
    ada: User,
    taken_by: str,
):
    assert post(as_ada, journey, "block/save", 1, **WAIT, description=ADAS).status_code == 200
    if taken_by == "removal":
        assert post(as_miles, journey, "block/remove", 2, **WAIT).status_code == 200
    else:
        post(as_miles, journey, "block/save", 2, **WAIT, description="")
    journey.refresh_from_db()
    approved(journey, maya, rob)
    typed = {"name": "Mine"} if taken_by == "removal" else {"description": ADAS + "And more."}
    answer = post(as_maya, journey, "block/save", 2, **WAIT, **typed)
    assert answer.status_code == 409, words(answer)
    assert settled(as_maya, journey, answer).status_code == 200
    assert step(journey)["description"].startswith(ADAS.strip())
    journey.refresh_from_db()
    review = journey.request_review(maya)
    with pytest.raises(NotAllowed):
        review.approve(ada, "Fine.")
    review.approve(rob, "Fine.")

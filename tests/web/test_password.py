import pytest
from django.contrib.auth.models import User
from django.test import Client

from journeys.models import AuditEntry

pytestmark = pytest.mark.one_database


def test_it_lets_everybody_change_their_own_password(as_maya: Client, maya: User):
    new = "nine-otters-play-chess"
    answer = as_maya.post(
        "/password/", {"oldpassword": "maya", "password1": new, "password2": new}, follow=True
    )
    assert (
        "Your password is changed." in answer.content.decode()
        and answer.redirect_chain[-1][0] == "/account/"
    )
    maya.refresh_from_db()
    assert maya.check_password(new)


def test_it_asks_for_the_old_password(as_maya: Client, maya: User):
    new = "nine-otters-play-chess"
    answer = as_maya.post("/password/", {"oldpassword": "no", "password1": new, "password2": new})
    assert "That is not your current password." in answer.content.decode()
    entry = AuditEntry.objects.get(action__startswith="sign-in.")
    assert (entry.action, entry.actor) == ("sign-in.not-shown", maya)
    maya.refresh_from_db()
    assert maya.check_password("maya")


def test_it_asks_strangers_to_sign_in(client: Client, db: None):
    assert client.get("/password/").headers["Location"].startswith("/sign-in/")

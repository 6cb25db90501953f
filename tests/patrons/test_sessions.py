"""Sessions: seen by the patron, ended by idleness, age, a new password or a button."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core import signing
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from patrons.models import LoginSession
from tests import build

pytestmark = pytest.mark.django_db
LOGIN, MY, SESSIONS = reverse("patrons:login"), reverse("opac:my"), reverse("patrons:sessions")
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


def logged_in(agent: str = CHROME) -> Client:
    client = Client(headers={"user-agent": agent})
    assert client.post(LOGIN, {"card_number": "01234567", "password": "abcd1234"}).status_code == 302
    assert client.get(MY).status_code == 200
    return client


@pytest.fixture
def patron():
    return build.patron(card_number="01234567")


def test_patron_sees_the_sessions_and_ends_the_others(patron):
    home, phone = logged_in(), logged_in(PHONE)
    page = home.get(SESSIONS).content.decode()
    assert "Windows・Chrome（この端末）" in page
    assert "iPhone・iPad・Safari" in page
    home.post(SESSIONS)
    assert phone.get(MY)["Location"].startswith(LOGIN)
    assert home.get(MY).status_code == 200


def test_a_login_whose_next_page_never_came_is_listed_last_and_says_so(patron):
    home = logged_in()
    Client().post(LOGIN, {"card_number": "01234567", "password": "abcd1234"})
    page = home.get(SESSIONS).content.decode()
    assert page.index("Windows・Chrome（この端末）") < page.index("まだ使われていません")
    assert "にログイン、最後の操作は<" not in page


def test_other_patrons_sessions_are_neither_seen_nor_ended(patron):
    other = build.patron(card_number="7654321")
    client, home = Client(), logged_in()
    client.force_login(other.user)
    client.get(MY)
    client.post(SESSIONS)
    assert "Windows" not in client.get(SESSIONS).content.decode()
    assert home.get(MY).status_code == 200


def test_new_password_ends_the_others_and_keeps_this_one(patron):
    home, phone = logged_in(), logged_in(PHONE)
    typed = {"current": "abcd1234", "password": "wxyz9876", "again": "wxyz9876"}
    home.post(reverse("patrons:password"), typed)
    assert home.get(MY).status_code == 200
    assert phone.get(MY)["Location"].startswith(LOGIN)
    assert LoginSession.objects.filter(user=patron.user).count() == 1


def test_session_ends_after_an_idle_hour_and_says_so(patron):
    with time_machine.travel(build.NOON, tick=False) as clock:
        client = logged_in()
        clock.shift(timedelta(minutes=59))
        assert client.get(MY).status_code == 200
        clock.shift(timedelta(minutes=61))
        assert client.get(MY)["Location"].startswith(LOGIN)
        assert "しばらく操作がなかったため、ログアウトしました。" in client.get(LOGIN).content.decode()


def test_session_ends_after_twelve_hours_however_busy(patron):
    with time_machine.travel(build.NOON, tick=False) as clock:
        client = logged_in()
        for _ in range(24):
            clock.shift(timedelta(minutes=30))
            assert client.get(MY).status_code == 200
        clock.shift(timedelta(minutes=1))
        assert client.get(MY)["Location"].startswith(LOGIN)


def test_a_session_that_an_earlier_release_wrote_still_opens(patron):
    """Sessions in the database outlive the module that wrote them: the salt they are signed with must not change."""
    moment = int(timezone.now().timestamp())
    data = {
        SESSION_KEY: str(patron.user.pk),
        BACKEND_SESSION_KEY: "patrons.backends.LoginBackend",
        HASH_SESSION_KEY: patron.user.get_session_auth_hash(),
        "started_at": moment,
        "seen_at": moment,
        "idle": 3600,
        "longest": 43200,
    }
    written = signing.dumps(
        data, salt="django.contrib.sessions.SessionStore", serializer=signing.JSONSerializer, compress=True
    )
    ends = timezone.now() + timedelta(hours=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO patrons_loginsession (session_key, session_data, expire_date, user_id, device) "
            "VALUES (%s, %s, %s, %s, '')",
            ["k" * 32, written, ends, patron.user.pk],
        )
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "k" * 32
    assert client.get(MY).status_code == 200
    assert LoginSession.objects.get().get_decoded() == data


def test_busy_patron_writes_the_session_once_a_minute(patron):
    with time_machine.travel(build.NOON, tick=False) as clock:
        client = logged_in()
        clock.shift(timedelta(seconds=59))
        client.get(MY)
        assert LoginSession.objects.get().seen_at == build.NOON
        clock.shift(timedelta(seconds=1))
        client.get(MY)
        assert LoginSession.objects.get().seen_at == build.NOON + timedelta(minutes=1)

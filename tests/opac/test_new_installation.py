"""An installation that nobody has filled in yet: it says so, belongs to no city, and sends nothing."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from catalog.models import LimitGroup, MaterialType, Policy
from opac.sample import rules
from patrons.models import MailRequest
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def new() -> None:
    """What the migrations leave in an empty database; the tests' own Okayama is taken away."""
    Policy.objects.update(organisation_name="", home_url="", mail_from="")
    LimitGroup.objects.update(reservation_limit=None, loan_limit=None)
    MaterialType.objects.filter(code="spoken_cd").update(refines=None, label_first=None, label_last=None)


@pytest.mark.usefixtures("new")
def test_no_page_says_it_is_okayama(client: Client) -> None:
    for address in ("/", "/en/", "/help/", "/search/", "/opensearch.xml", "/feed/"):
        page = client.get(address)
        assert page.status_code == 200, address
        assert "岡山" not in page.text
        assert "okayama" not in page.text


@pytest.mark.usefixtures("new")
def test_no_mail_leaves_and_none_is_lost() -> None:
    patron = build.patron(email="hanako@example.jp")
    kind, now = MailRequest.Kind.LOCKED, timezone.now()
    asked = MailRequest.objects.create(kind=kind, patron=patron, address=patron.email, created_at=now)
    with pytest.raises(CommandError, match="差出人アドレス"):
        call_command("send_notices", stdout=StringIO())
    assert mail.outbox == []
    asked.refresh_from_db()
    assert asked.sent_at is None


@pytest.mark.usefixtures("new")
def test_the_manager_reads_what_is_not_filled_in_and_where(client: Client) -> None:
    client.force_login(build.staff())
    page = client.get("/admin/?lists=1").text
    for words in ("図書館の名前", "ホームページ", "差出人アドレス", "点数の上限"):
        assert f">{words}" in page or words in page
    assert "まだ入力されていないこと" in page
    assert client.get("/admin/catalog/library/add/").status_code == 200
    build.library()
    rules.write()
    assert "まだ入力されていないこと" not in client.get("/admin/?lists=1").text


@pytest.mark.usefixtures("new")
def test_limits_that_nobody_set_are_none() -> None:
    kind = MaterialType.objects.get(code="cd")
    assert kind.limit_group is not None
    assert kind.limit_group.reservation_limit is None

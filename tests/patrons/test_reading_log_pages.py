"""「読書の記録」 on the pages: asked once, seen by its patron only, one and all can go."""

from uuid import uuid4

import pytest
from django.urls import reverse

from patrons.reading import reading_log
from tests import build

pytestmark = pytest.mark.django_db
LOG, CHOICE = "/my/reading-log/", "/my/reading-log/choice/"
QUESTION = "読んだ本を記録しますか"


@pytest.fixture
def hanako(client):
    patron = build.patron()
    client.force_login(patron.user)
    return patron


@pytest.mark.parametrize("keep", ["1", "0"])
def test_the_question_is_put_until_it_is_answered_and_never_again(client, hanako, keep):
    for _ in range(2):
        assert QUESTION in client.get("/my/").text
    answered = client.post(CHOICE, {"keep": keep, "from": "my"}, follow=True)
    assert reading_log.is_on(hanako) == (keep == "1")
    assert QUESTION not in answered.text
    assert QUESTION not in client.get("/my/").text


def test_no_answer_changes_nothing(client, hanako):
    client.post(CHOICE, {"keep": "perhaps"})
    client.get(CHOICE, {"keep": "1"})
    hanako.refresh_from_db()
    assert (reading_log.is_on(hanako), reading_log.is_asked(hanako)) == (False, False)


def test_settings_say_whether_it_is_on_and_lead_there(client, hanako):
    assert "返した資料の記録は、つけていません。" in client.get("/my/settings/").text
    build.read("こころ", hanako)
    page = client.get("/my/settings/").text
    assert ("返した資料の記録を、つけています。" in page, f'href="{LOG}"' in page) == (True, True)


def test_log_shows_title_and_day_with_a_link_to_the_record(client, hanako):
    title = build.title("こころ", creator="夏目漱石")
    build.read("こころ", hanako, title_id=title.pk)
    build.read("除かれた本", hanako, title_id=0)
    page = client.get(LOG).text
    assert ("2件の記録があります" in page, title.get_absolute_url() in page) == (True, True)
    assert page.count("いまは目録にない資料です。") == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_log_takes_the_same_queries_for_any_number_of_rows(client, hanako, django_assert_num_queries, rows):
    for number in range(rows):
        title = build.title(f"本{number}")
        build.read(title.title, hanako, title_id=title.pk)
    client.get(LOG)
    with django_assert_num_queries(10):
        client.get(LOG)


def test_long_logs_have_pages(client, hanako):
    for number in range(25):
        build.read(f"本{number:02}", hanako, title_id=number + 1)
    assert [client.get(LOG, {"page": page}).text.count("返した日 ") for page in (1, 2, "x")] == [20, 5, 20]


def test_rows_without_their_secret_are_counted_and_cost_nothing_else(client, hanako, settings):
    build.read("こころ", hanako)
    settings.READING_LOG_SECRETS = {2: "a newer secret of thirty-two letters"}
    assert "1件の記録は、開くための鍵がないため表示できません。" in client.get(LOG).text


def test_one_row_goes_after_a_question(client, hanako):
    read = build.read("こころ", hanako)
    address = reverse("patrons:reading_log_deletion", args=[read.pk])
    assert "この記録を消しますか" in client.get(address).text
    for words in ("1件の記録を消しました。", "すでに消されています。"):
        assert words in client.post(address, follow=True).text
    assert client.get(reverse("patrons:reading_log_deletion", args=[uuid4()])).status_code == 302
    assert reading_log.count(hanako) == 0


def test_nobody_else_sees_or_deletes_a_row(client, hanako):
    other = build.patron("倉敷 太郎")
    address = reverse("patrons:reading_log_deletion", args=[build.read("こころ", other).pk])
    assert "こころ" not in client.get(address, follow=True).text
    client.post(address)
    assert reading_log.count(other) == 1


def test_switching_off_is_asked_once_more_and_erases(client, hanako):
    build.read("こころ", hanako)
    asked = client.post(CHOICE, {"keep": "0"})
    assert ("1件の記録をすべて消し" in asked.text, reading_log.count(hanako)) == (True, 1)
    client.post(CHOICE, {"keep": "0", "confirmed": "1"})
    assert (reading_log.is_on(hanako), reading_log.count(hanako)) == (False, 0)


@pytest.mark.parametrize("address", ["/admin/", "/admin/patrons/", "/admin/patrons/patron/{pk}/change/"])
def test_staff_find_neither_the_log_nor_whether_there_is_one(client, hanako, address):
    build.read("秘密の書名", hanako)
    client.force_login(build.staff())
    page = client.get(address.format(pk=hanako.pk), follow=True)
    assert page.status_code == 200
    assert [word for word in ("読書の記録", "秘密の書名", "readinglog", "sealedread") if word in page.text] == []

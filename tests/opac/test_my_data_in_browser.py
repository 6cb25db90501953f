"""A patron keeps a reading log, takes everything away and erases it, on a phone and at a desk, without a script."""

import json
import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from loans import circulation
from patrons.models import Patron
from patrons.reading import reading_log
from tests import build
from tests.browser import DESKTOP, PHONE, violations


def answer_the_question(page: Page, patron: Patron) -> None:
    page.goto("/login/")
    page.get_by_label("利用者カードの番号").fill(patron.card_number)
    page.get_by_label("パスワード").first.fill("abcd1234")
    page.get_by_role("main").get_by_role("button", name="ログイン", exact=True).click()
    question = page.get_by_role("form", name="読んだ本を記録しますか")
    expect(question.get_by_role("button")).to_have_text(["はい", "いいえ"])
    question.get_by_role("button", name="はい").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("読書の記録")
    expect(page.get_by_role("main")).to_contain_text("記録はまだありません")
    page.goto("/my/")
    expect(page.get_by_role("heading", level=1)).to_have_text("My ライブラリ")
    expect(question).to_have_count(0)


def bring_back(patron: Patron, *names: str) -> None:
    at = build.library()
    for name in names:
        item = build.loan(build.item(build.title(name), at), patron).item
        circulation.check_in(item, at=at, by=None, now=timezone.now())


def delete_one(page: Page) -> None:
    page.goto("/my/reading-log/")
    page.get_by_role("link", name=re.compile("消す.*三四郎")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("この記録を消しますか")
    assert violations(page) == []
    page.get_by_role("button", name="記録を消す").click()
    expect(page.locator("body")).to_contain_text("1件の記録を消しました。")
    expect(page.get_by_role("link", name="三四郎", exact=True)).to_have_count(0)


def take_away(page: Page) -> None:
    page.get_by_role("navigation", name="My ライブラリのメニュー").get_by_role("link", name="わたしのデータ").click()
    section = page.get_by_role("region", name="読書の記録")
    section.get_by_text("1件を見る").click()
    expect(section).to_contain_text("こころ")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="JSONで受け取る").click()
    told = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    day = timezone.localdate().isoformat()
    assert told["読書の記録"] == [{"資料": "こころ", "返した日": day}]


def erase(page: Page) -> None:
    page.get_by_role("link", name="データを消す").click()
    page.get_by_role("button", name="確認へ進む").click()
    expect(page.get_by_role("alert")).to_contain_text("消すものを選んでください。")
    page.get_by_label("読書の記録（1件）").check()
    page.get_by_role("button", name="確認へ進む").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("次のデータを消しますか")
    assert violations(page) == []
    page.get_by_role("button", name="消す", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("データを消す手続きは終わりました")
    expect(page.locator("body")).to_contain_text("読書の記録を1件消しました。")
    assert violations(page) == []


def switch_off(page: Page) -> None:
    page.goto("/my/settings/")
    page.get_by_role("link", name="読書の記録").click()
    page.get_by_role("button", name="記録をやめる").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("読書の記録をやめますか")
    assert violations(page) == []
    page.get_by_role("button", name="記録をすべて消してやめる").click()
    expect(page.get_by_role("main")).to_contain_text("いまは記録していません")


@pytest.mark.parametrize("page", [PHONE, DESKTOP], indirect=True)
def test_a_patron_keeps_takes_away_and_erases_what_is_held(page: Page):
    patron = build.patron()
    answer_the_question(page, patron)
    bring_back(patron, "こころ", "三四郎")
    delete_one(page)
    take_away(page)
    erase(page)
    assert (reading_log.is_on(patron), reading_log.count(patron)) == (True, 0)
    bring_back(patron, "門")
    switch_off(page)
    assert (reading_log.is_on(patron), reading_log.count(patron)) == (False, 0)

"""More stories on the タッチパネル版 by taps alone: 「詳細検索」 and a forgotten password."""

import re

from playwright.sync_api import Page, expect

from tests import build
from tests.mail import Mailbox
from tests.opac.terminal_setup import set_password_at_home
from tests.opac.touch_input import SIZES, begin, end, log_in, look, send, tap, write
from tests.sure import sure

pytestmark = SIZES


def test_a_detailed_search_is_asked_by_taps(page: Page) -> None:
    patron = begin(page)
    by_kenji = {"creator": "宮沢 賢治", "creator_reading": "ミヤザワ ケンジ", "ndc": "913.6"}
    for name, reading, fields in (
        ("銀河鉄道の夜", "ギンガ テツドウ ノ ヨル", {}),
        ("銀河鉄道の夜 朗読", "ギンガ テツドウ ノ ヨル ロウドク", {"code": "cd"}),
        ("銀河の星", "ギンガ ノ ホシ", {"ndc": "443"}),
        ("銀河の果て", "ギンガ ノ ハテ", {"creator": "見本 著者", "creator_reading": ""}),
    ):
        build.item(build.title(name, title_reading=reading, **by_kenji | fields), sure(patron.pickup_library))
    tap(page, "^詳細検索$")
    page.get_by_label("1行目のことば").tap()
    write(page, "き", "濁点・半濁点", "ん", "か", "濁点・半濁点")
    page.get_by_label("2行目のことば").tap()
    write(page, "け", "ん", "し", "濁点・半濁点")
    page.get_by_label("並び順").tap()
    page.get_by_role("option", name="書名の五十音順").tap()
    page.get_by_label("分類（NDC）").tap()
    write(page, *"913")
    page.get_by_label("図書", exact=True).tap()
    write(page, ".")
    expect(page.get_by_label("分類（NDC）")).to_be_focused()
    send(page, "6", "検索")
    expect(page.get_by_text("書名「ぎんが」 かつ 著者「けんじ」")).to_be_visible()
    assert page.locator(".book__title").all_inner_texts() == ["銀河鉄道の夜"]
    tap(page, "^銀河鉄道の夜$")
    tap(page, "^My ライブラリログイン$")
    log_in(page, patron)
    look(page)
    end(page)


def test_a_forgotten_password_is_asked_for_by_taps_and_set_at_home(page: Page, smtp: Mailbox) -> None:
    patron = begin(page)
    patron.email = "hanako@example.jp"
    patron.save()
    tap(page, "^My ライブラリログイン$")
    tap(page, "^パスワードを忘れたとき$")
    page.get_by_label("利用者カードの番号").tap()
    send(page, *"hanako@", "メールを送る", panel="ABC")
    expect(page.get_by_role("alert").filter(has_text="入力内容をご確認ください")).to_be_focused()
    page.get_by_role("link", name="利用者カードの番号は数字で入力してください。").tap()
    expect(page.get_by_label("利用者カードの番号")).to_be_focused()
    write(page, "全部消す", panel="ABC")
    send(page, *patron.card_number, "メールを送る", panel="数字")
    expect(page.get_by_role("heading", level=1, name="メールをご確認ください")).to_be_visible()
    expect(page.get_by_text("図書館カウンターまでお越しください。")).to_be_visible()
    look(page)
    set_password_at_home(smtp, "kaeru9")
    tap(page, "^My ライブラリログイン$")
    log_in(page, patron, "kaeru9")
    expect(page.get_by_text(re.compile("岡山 花子 さん"))).to_be_visible()
    end(page)

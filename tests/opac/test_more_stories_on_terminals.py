"""More stories on the 館内利用者検索機 by keys alone: what patrons search, set, forget, keep and put in order."""

import re

from playwright.sync_api import Page, expect

from catalog.models import Library
from patrons.models import Challenge, MailRequest, ShelfEntry
from reservations.models import Reservation
from tests import build
from tests.mail import Mailbox
from tests.opac.keyboard_input import (
    SIZES,
    begin,
    choose,
    end,
    enter,
    log_in,
    mend,
    open_my_library,
    stop,
    tab_to,
    told,
    write,
)
from tests.opac.terminal_setup import set_password_at_home
from tests.sure import sure

pytestmark = SIZES


def books(page: Page) -> list[str]:
    return page.locator(".book__title").all_inner_texts()


def cats(at: Library) -> None:
    """Have 24 books to find, one a year, three of them elsewhere, among others that only look like them."""
    elsewhere = Library.objects.get(short_name="中央図書館")
    for number in range(1, 25):
        title = build.title(f"猫の本 {number:02}", creator="夏目 漱石", year=1900 + number)
        build.item(title, elsewhere if number > 21 else at)
    for name, fields in (("猫の歌", {"code": "cd"}), ("猫の本", {"creator": "見本 著者"}), ("犬の本", {})):
        build.item(build.title(name, **{"creator": "夏目 漱石"} | fields), at)


def test_a_detailed_search_is_narrowed_widened_sorted_and_turned_over(page: Page) -> None:
    patron = begin(page)
    cats(sure(patron.pickup_library))
    choose(page, "^詳細検索$")
    tab_to(page, "^1行目の項目$", "select")
    page.keyboard.press("ArrowDown")
    write(page, "^1行目のことば$", "漱石")
    tab_to(page, "^2行目のつなぎ方$", "select")
    tab_to(page, "^2行目の項目$", "select")
    page.keyboard.press("ArrowUp")
    write(page, "^2行目のことば$", "猫")
    tab_to(page, "^並び順$", "select")
    page.keyboard.press("ArrowDown")
    tab_to(page, "^図書$", "input")
    page.keyboard.press("Space")
    choose(page, "^検索$")
    expect(page.get_by_text("著者「漱石」 かつ 書名「猫」")).to_be_visible()
    expect(page.get_by_text("24件見つかりました")).to_be_visible()
    assert books(page) == [f"猫の本 {number:02}" for number in range(24, 4, -1)]

    tab_to(page, "^所蔵館$", "summary")
    page.keyboard.press("Enter")
    choose(page, "^中央図書館")
    expect(page.get_by_text("3件見つかりました")).to_be_visible()
    assert books(page) == ["猫の本 24", "猫の本 23", "猫の本 22"]
    choose(page, "^中央図書館（解除する）")
    expect(page.get_by_text("24件見つかりました")).to_be_visible()
    tab_to(page, "^並び順$", "select")
    page.keyboard.press("ArrowDown")
    choose(page, "^並べかえる$")
    assert books(page) == [f"猫の本 {number:02}" for number in range(1, 21)]
    choose(page, "^次へ$")
    expect(page.get_by_text("24件見つかりました（21件目から）")).to_be_visible()
    choose(page, "^猫の本 22$")
    expect(page.get_by_role("heading", level=1, name="猫の本 22")).to_be_visible()

    choose(page, "^予約かごへ")
    told(page, "「猫の本 22」を予約かごに入れました。")
    choose(page, "^前のページに戻って、続けてえらぶ$")
    choose(page, "^My 本棚へ")
    log_in(page, patron)
    expect(page.get_by_role("heading", level=1, name="本棚に入れる")).to_be_visible()
    end(page)
    expect(page.get_by_role("link", name=re.compile("^予約かご 0"))).to_be_visible()


def test_the_first_own_password_is_set_and_refusals_say_why(page: Page) -> None:
    begin(page)
    patron = build.patron("倉敷 太郎", password=None)
    choose(page, "^My ライブラリログイン$")
    log_in(page, patron, "00000000")
    told(page, "利用者カードの番号かパスワードが違います。")
    write(page, "パスワード", patron.initial_password)
    enter(page)
    expect(page.get_by_role("heading", level=1, name="パスワード変更")).to_be_visible()
    for first, again, refusal in (
        ("Abc", "Abc", "新しいパスワード：4文字以上で入力してください。"),
        ("Abc12", "Abc13", "新しいパスワード（確認）：新しいパスワードと同じものを入力してください。"),
    ):
        write(page, "^新しいパスワード ※", first)
        write(page, "^新しいパスワード（確認）", again)
        enter(page)
        told(page, refusal)
    mend(page, "新しいパスワード（確認）", "Abc12")
    write(page, "^新しいパスワード ※", "Abc12")
    enter(page)
    told(page, "パスワードを設定しました。")
    patron.user.refresh_from_db()
    assert patron.user.check_password("Abc12")
    end(page)


def test_a_forgotten_password_is_asked_for_here_and_set_at_home(page: Page, smtp: Mailbox) -> None:
    patron = begin(page)
    patron.email = "hanako@example.jp"
    patron.save()
    choose(page, "^My ライブラリログイン$")
    choose(page, "^パスワードを忘れたとき$")
    write(page, "利用者カードの番号", "hanako@example.jp")
    enter(page)
    told(page, "利用者カードの番号は数字で入力してください。")
    mend(page, "利用者カードの番号", "99999999")
    enter(page)
    expect(page.get_by_role("heading", level=1, name="メールをご確認ください")).to_be_visible()
    expect(page.get_by_text("図書館カウンターまでお越しください。")).to_be_visible()
    choose(page, "^My ライブラリログイン$")
    choose(page, "^パスワードを忘れたとき$")
    write(page, "利用者カードの番号", patron.card_number)
    choose(page, "^メールを送る$")
    expect(page.get_by_role("heading", level=1, name="メールをご確認ください")).to_be_visible()
    assert list(MailRequest.objects.order_by("pk").values_list("patron", flat=True)) == [None, patron.pk]

    set_password_at_home(smtp, "Kaeru9")
    choose(page, "^My ライブラリログイン$")
    log_in(page, patron)
    told(page, "利用者カードの番号かパスワードが違います。")
    write(page, "パスワード", "Kaeru9")
    enter(page)
    page.wait_for_url("/my/")
    end(page)


def test_settings_are_changed_and_are_there_at_the_next_login(page: Page) -> None:
    patron = begin(page)
    open_my_library(page, patron)
    choose(page, "^利用者情報設定$")
    tab_to(page, "^不要$", "[type=radio]")
    page.keyboard.press("ArrowUp")
    told(page, "^FAX$")
    tab_to(page, "^標準$", "[type=radio]")
    page.keyboard.press("ArrowDown")
    told(page, "^大$")
    choose(page, "^保存する$")
    told(page, "いつもの連絡方法：「FAX」を選ぶには、上の「FAX番号」を入力してください。")
    mend(page, "いつもの連絡方法")
    told(page, "^eメール$")
    page.keyboard.press("ArrowDown")
    told(page, "^電話$")
    choose(page, "^保存する$")
    told(page, "利用者情報を保存しました。")
    patron.refresh_from_db()
    assert (patron.contact_method, patron.text_size) == ("telephone", "large")
    end(page)

    large = re.compile(r"\btext-large\b")
    expect(page.locator("html")).not_to_have_class(large)
    open_my_library(page, patron)
    expect(page.locator("html")).to_have_class(large)
    choose(page, "^利用者情報設定$")
    tab_to(page, "^電話$", "[type=radio]:checked")
    tab_to(page, "^大$", "[type=radio]:checked")
    end(page)


def test_a_shelf_is_filled_and_counts_for_a_challenge(page: Page) -> None:
    patron = begin(page)
    build.title("銀河鉄道の夜", isbn="9784003101018")
    open_my_library(page, patron)
    choose(page, "^My 本棚$")
    write(page, "^本棚の名前", "冬に読む本")
    enter(page)
    write(page, "^ISBN", "12345")
    enter(page)
    told(page, "^ISBN（本の番号）$")
    expect(page.get_by_role("alert").filter(has_text="ISBNを読み取れませんでした。")).to_be_visible()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("9784003101018")
    enter(page)
    told(page, "「銀河鉄道の夜」を本棚「冬に読む本」に入れました。")
    choose(page, "^読んだ ?：銀河鉄道の夜$")
    told(page, "「銀河鉄道の夜」を「読んだ」にしました。")
    choose(page, "^メモ・しるし ?：銀河鉄道の夜$")
    tab_to(page, "^メモ", "textarea")
    page.keyboard.type("冬の夜に")
    choose(page, "^保存する$")
    told(page, "保存しました。")
    choose(page, "^本棚から出す ?：銀河鉄道の夜$")
    told(page, "「銀河鉄道の夜」を本棚から出しました。")
    choose(page, "^もとに戻す ?：銀河鉄道の夜$")
    told(page, "「銀河鉄道の夜」を本棚に戻しました。")
    assert list(ShelfEntry.objects.values_list("mark", "note", "removed_at")) == [("read", "冬の夜に", None)]

    choose(page, "^読書チャレンジ$")
    choose(page, "^チャレンジを始める$")
    write(page, "^チャレンジの名前", "年末まで")
    tab_to(page, "^目標", "input")
    page.keyboard.type("たくさん")
    enter(page)
    told(page, "目標：数字で入力してください。")
    mend(page, "目標", "2")
    choose(page, "^保存する$")
    told(page, "読書チャレンジを保存しました。")
    expect(page.get_by_text("目標 2冊のうち、1冊読みました。")).to_be_visible()
    expect(page.get_by_role("link", name="読書通帳")).to_have_count(0)
    choose(page, "^チャレンジを変える・消す$")
    tab_to(page, "^このチャレンジを消す$", "summary")
    page.keyboard.press("Enter")
    choose(page, "^チャレンジを消す$")
    told(page, "読書チャレンジを消しました。")
    assert not Challenge.objects.exists()
    end(page)


def test_two_waiting_reservations_are_put_in_order_and_taken_apart(page: Page) -> None:
    patron = begin(page)
    for volume in "下上":
        build.reservation(build.title(f"細雪 {volume}巻"), patron, sure(patron.pickup_library))
    open_my_library(page, patron)
    choose(page, "^予約している資料$")
    tab_to(page, "^順番予約に選ぶ ?：細雪 上巻$", "input")
    page.keyboard.press("Space")
    choose(page, "^選んだ資料を順番予約にする$")
    told(page, "「順番予約」にする資料を2点以上お選びください。")
    for volume in "下上":
        tab_to(page, f"^順番予約に選ぶ ?：細雪 {volume}巻$", "input")
        page.keyboard.press("Space")
    choose(page, "^選んだ資料を順番予約にする$")
    assert books(page) == ["細雪 下巻", "細雪 上巻"]
    choose(page, "^上へ ?：細雪 上巻$")
    assert books(page) == ["細雪 上巻", "細雪 下巻"]
    page.keyboard.press("Tab")
    assert re.fullmatch("下へ ?：細雪 上巻", stop(page))
    choose(page, "^この順番で順番予約にする$")
    told(page, "順番予約を設定しました。")
    lane = page.get_by_role("region", name="順番予約")
    expect(lane.get_by_role("strong")).to_have_text(["細雪 上巻", "細雪 下巻"])
    assert Reservation.objects.filter(sequence__isnull=False).count() == 2
    choose(page, "^順番予約を解除する$")
    told(page, "順番予約を解除しました。")
    expect(lane).to_have_count(0)
    end(page)

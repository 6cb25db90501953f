"""States of My ライブラリ and of reserving: empty, full, refused, done, late, undone, failed."""

from datetime import timedelta
from functools import partial

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from catalog.models import Terminal, Title
from opac.faces import face as faces
from patrons.models import Shelf
from patrons.reading import reading_log
from reservations.models import BasketEntry, State, VolumeOrder
from tests import build
from tests.reservations.queue_setup import in_state
from tests.states import failing_urls
from tests.states.form_input import Told, kept, send
from tests.test_every_page import World

TOUCH = Terminal.Kind.TOUCH
LONG_AGO, IN_A_WEEK = timedelta(days=20), timedelta(days=7)
NOTHING_YET = {
    "opac:my": "借りている資料はありません",
    "opac:my_data": "ありません。",
    "opac:erasure": "消せるデータは、いまはありません",
    "loans:list": "借りている資料はありません",
    "reservations:list": "予約している資料はありません",
    "reservations:cancelled": "取消済の予約はありません",
    "reservations:basket": "予約かごは空です",
    "patrons:shelves": "本棚はまだありません",
    "patrons:challenges": "チャレンジはまだありません",
    "patrons:passbook": "記録はまだありません",
    "patrons:passkeys": "登録したパスキーはありません",
    "patrons:reading_log": "いまは記録していません",
    "notifications:alerts": "登録されている条件はありません",
}


def nothing_yet(page: Page, world: World, face: str) -> Told:
    """My ライブラリ of a patron who has done nothing so far."""
    for name, words in NOTHING_YET.items():
        if face == "web" or faces.FACES[face].offers(name):
            page.goto(reverse(name))
            yield f"empty-{name.replace(':', '-')}", 200, words
    if face != "web":
        return
    patron = world.users["beginner"].patron
    reading_log.answer(patron, keep=True, on=timezone.localdate())
    page.goto(reverse("patrons:reading_log"))
    yield "empty-log-that-is-kept", 200, "記録はまだありません"
    page.goto(Shelf.objects.create(patron=patron, name="冬に読む本", created_at=timezone.now()).get_absolute_url())
    yield "empty-shelf", 200, "ここにはまだ資料がありません"


def compact_discs(world: World, count: int) -> list[Title]:
    titles = [build.title(f"古典落語集 {number}", code="cd") for number in range(count)]
    for title in titles:
        build.item(title, world.library)
    return titles


def one_by_one(page: Page, world: World, face: str) -> Told:
    """「予約する」 on the touch panel to its end, and refused because there are too many by then, or from the first."""
    *ten, last = compact_discs(world, 11)
    page.goto(reverse("opac:reserve", args=(ten.pop().pk,)))
    yield "reserve-library", 200, "どの図書館で受け取りますか"
    send(page, "中央図書館")
    yield "reserve-contact", 200, "どのように連絡しますか"
    send(page, "不要")
    yield "reserve-confirm", 200, "これで予約しますか"
    send(page, "予約する")
    yield "reserve-done", 200, "1 番目です"
    page.goto(f"{reverse('opac:reserve', args=(last.pk,))}?library={world.library.code}&contact=none")
    for title in ten:
        build.reservation(title, world.patron, world.library)
    send(page, "予約する")
    yield "reserve-refused", 409, "予約は10点までです"
    page.goto(reverse("opac:reserve", args=(world.title.pk,)))
    yield "reserve-refused-at-once", 200, "すでに予約している資料です"


def by_basket(page: Page, world: World, face: str) -> Told:
    """The basket: incomplete, reserved in part, not at all, and whole."""
    *ten, last = compact_discs(world, 11)
    for title in ten:
        build.reservation(title, world.patron, world.library)
    book, other = build.title("こころ"), build.title("門")
    for title in (book, other):
        build.item(title, world.library)

    def put(*titles) -> None:
        for place, title in enumerate(titles):
            BasketEntry.objects.create(patron=world.patron, title=title, position=place, added_at=timezone.now())
        page.goto(reverse("reservations:basket"))

    def reserve() -> None:
        for choice in page.locator("[name=titles]").all():
            choice.check()
        page.get_by_label("受取館").select_option(str(world.library.pk))
        send(page, "予約する")

    put(book, last)
    yield "basket-of-two", 200, "予約は10点までです"
    send(page, "予約する")
    yield "basket-refused", 422, "受取館をお選びください。"
    reserve()
    yield "placed-in-part", 200, "予約できなかった資料（1点）"
    put()
    reserve()
    yield "placed-none", 200, "予約できませんでした"
    world.patron.basket.all().delete()
    put(other)
    reserve()
    yield "placed", 200, "予約しました"


def refused(page: Page, world: World, face: str) -> Told:
    """Forms of My ライブラリ that are not right yet, and what follows when they are."""
    page.goto(reverse("patrons:password"))
    send(page, "パスワードを変更する", current="wrong", password="abc", again="abd")
    yield "password-refused", 200, "今のパスワードが違います。"
    page.goto(reverse("patrons:settings"))
    send(page, "保存する", email="hanako@", telephone="1234", fax="ファクス")
    yield "settings-refused", 200, "メールアドレスの形になっていません"
    kept(page, email="hanako@", telephone="1234", fax="ファクス")
    send(page, "保存する", email="atarashii@example.jp", telephone="", fax="")
    yield "settings-saved", 200, "メールアドレスの確認をお待ちしています"
    page.goto(reverse("patrons:new_challenge"))
    send(page, "保存する", name="夏", goal="0")
    yield "challenge-refused", 422, "エラー：入力内容をご確認ください"
    kept(page, name="夏", goal="0")
    page.goto(reverse("notifications:new_alert"))
    send(page, "この条件を登録する")
    yield "alert-refused", 200, "条件を1つ以上入力してください。"
    if face == "web":
        page.goto(reverse("opac:erasure"))
        send(page, "確認へ進む")
        yield "erasure-refused", 200, "消すものを選んでください。"
        page.locator("[name=what]").first.check()
        send(page, "確認へ進む")
        yield "erasure-confirm", 200, "次のデータを消しますか"
        send(page, "消す")
        yield "erased", 200, "件消しました。"


def shelved(page: Page, world: World, face: str) -> Told:
    """My 本棚: a number that is none, a title taken out just now; a reading log that is to end."""
    page.goto(reverse("patrons:shelf", args=(world.entry.shelf_id,)))
    send(page, "ISBNで入れる", isbn="97840000")
    yield "shelf-isbn-refused", 422, "＊"
    kept(page, isbn="97840000")
    send(page, "本棚から出す")
    yield "shelf-taken-out-just-now", 200, "もとに戻せます。"
    send(page, "もとに戻す")
    yield "shelf-put-back", 200, world.title.title
    if face == "web":
        page.goto(reverse("patrons:reading_log"))
        send(page, "記録をやめる")
        yield "log-to-be-ended", 200, "読書の記録をやめますか"
        send(page, "記録をすべて消してやめる")
        yield "log-ended", 200, "読書の記録をやめました。"


def waited_for(page: Page, world: World, face: str) -> Told:
    """Reservations in each state, changed, paused, cancelled and taken back."""
    at, patron, today = world.library, world.patron, timezone.localdate()
    theirs = partial(in_state, patron=patron, at=at)
    ready = theirs(State.READY, title=build.title("三四郎"))
    theirs(State.IN_TRANSIT, title=build.title("それから"))
    theirs(State.EXPIRED, title=build.title("明暗"), closed_at=timezone.now(), closed_by="library")
    theirs(State.CANCELLED, title=build.title("野分"), closed_at=timezone.now() - IN_A_WEEK)
    asleep = build.reservation(build.title("門"), patron, at, sleeps_until=today + IN_A_WEEK)
    lane = VolumeOrder.objects.create(patron=patron, created_at=timezone.now())
    for place, volume in enumerate("上下"):
        title = build.title(f"細雪 {volume}巻")
        build.item(title, at)
        build.reservation(title, patron, at, sequence=lane, sequence_position=place)
    page.goto(reverse("opac:my"))
    yield "my-with-everything", 200, "までにお受け取りください"
    page.goto(reverse("reservations:list"))
    yield "reservations-in-each-state", 200, "先にお渡しする資料の準備ができてから"
    page.goto(reverse("reservations:detail", args=(ready.pk,)))
    yield "reservation-ready", 200, "電話でご相談ください"
    page.goto(reverse("reservations:detail", args=(asleep.pk,)))
    yield "reservation-asleep", 200, "休止中"
    send(page, "いま順番に戻す")
    yield "reservation-awake", 200, "順番に戻しました。"
    page.goto(reverse("reservations:detail", args=(asleep.pk,)))
    if face == TOUCH:
        page.get_by_label("FAX").check()
        send(page, "変更する")
        yield "change-refused", 422, "FAX番号が登録されていないため"
    else:
        send(page, "お休みにする")
        yield "pause-refused", 422, "日付をお選びください。"
    page.goto(reverse("reservations:list"))
    send(page, "取消")
    yield "reservation-cancelled-just-now", 200, "もとに戻せます。"
    page.goto(reverse("reservations:cancelled"))
    yield "reservations-cancelled", 200, "図書館による"
    send(page, "もとに戻す")
    yield "reservation-taken-back", 200, "順番は前と同じです。"
    if face == TOUCH:
        return
    for choice in page.locator("[name=volume]").all():
        choice.check()
    send(page, "選んだ資料を順番予約にする")
    yield "sequence", 200, "届く順番に並べてください"
    send(page, "この順番で順番予約にする")
    yield "sequence-made", 200, "順番予約を設定しました。"


def lent(page: Page, world: World, face: str) -> Told:
    """Loans: overdue, long overdue, extended, not to be extended, extended just now."""
    today = timezone.localdate()
    for name, due_in, extended_at in (
        ("坑夫", -LONG_AGO, None),
        ("虞美人草", timedelta(0), None),
        ("草枕", IN_A_WEEK, build.NOON),
    ):
        copy = build.item(build.title(name), world.library)
        build.loan(copy, world.patron, due_on=today + due_in, extended_at=extended_at)
    for awaited in (build.title("二百十日"), build.title("古典落語集", code="cd")):
        build.loan(build.item(awaited, world.library), world.patron, due_on=today)
        build.reservation(awaited, build.patron(), world.library)
    page.goto(reverse("loans:list"))
    yield "loans-in-each-state", 200, "次の方の予約が入っているため"
    send(page, "延長")
    yield "loan-extended-just-now", 200, "延長しました。"
    page.goto(reverse("opac:my"))
    yield "my-with-overdue", 200, "貸出期限を過ぎた資料が"


def failed(page: Page, world: World, face: str) -> Told:
    """Pages that cannot be shown, and a form whose token is gone."""
    page.goto("/nothing-here/")
    yield "failed-404", 404, "ページが見つかりません"
    words = {400: "", 403: "このページは開けません", 500: "うまく表示できませんでした", 503: "ただいま混み合っています"}
    for status in failing_urls.FAULTS:
        page.goto(f"/failing/{status}/")
        yield f"failed-{status}", status, words[status]
    page.goto(reverse("patrons:password"))
    page.context.clear_cookies(name="csrftoken")
    send(page, "パスワードを変更する")
    yield "failed-form", 403, "記録は変わっていません"

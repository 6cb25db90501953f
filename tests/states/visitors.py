"""States that nobody has to log in for: links in mails, results of a search, forms in front of the login."""

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from catalog.search.index import indexer
from notifications.letters import unsubscribe_link
from notifications.models import Kind
from patrons.account.links import link_for
from patrons.models import MailRequest, TryCounter
from tests import build
from tests.states.form_input import Told, kept, send
from tests.test_every_page import World

SPENT = "このリンクは使えません"


def links(page: Page, world: World, face: str) -> Told:
    """The links in account mails, followed and followed again."""
    now, new = timezone.now(), "atarashii@example.jp"
    kinds = (MailRequest.Kind.RESET_PASSWORD, MailRequest.Kind.CONFIRM_ADDRESS)
    rows = [MailRequest.objects.create(kind=kind, patron=world.patron, address=new, created_at=now) for kind in kinds]
    reset, confirm = (urlsplit(link_for(row)).path for row in rows)
    page.goto(reset)
    yield "reset", 200, "パスワードの再設定"
    send(page, "パスワードを設定する", password="abc", again="abd")
    yield "reset-refused", 200, "4文字以上で入力してください。"
    send(page, "パスワードを設定する", password="NewPass9", again="NewPass9")
    yield "reset-done", 200, "新しいパスワードを設定しました。"
    page.goto(reset)
    yield "reset-spent", 410, SPENT
    page.goto(confirm)
    yield "address", 200, new
    send(page, "登録する")
    yield "address-done", 200, "メールアドレスを登録しました"
    page.goto(confirm)
    yield "address-spent", 410, SPENT
    page.goto(urlsplit(unsubscribe_link(world.patron, Kind.DUE_SOON)).path)
    yield "unsubscribe", 200, "のメールを止めます。"
    send(page, "このお知らせを止める")
    yield "unsubscribe-done", 200, "お知らせを止めました"


def found(page: Page, world: World, face: str) -> Told:
    """Results: none, many pages, narrowed, widened, as typed."""
    for number in range(170):
        build.title(
            f"岡山の歴史 {number}",
            title_reading="オカヤマ ノ レキシ",
            year=1950 + number % 70,
            ndc=f"{number % 10}13",
            creator="見本 著者",
            publisher="見本書房",
        )
    with indexer.only_indexer():
        indexer.rebuild()

    def ask(**asked: object) -> None:
        page.goto(f"{reverse('catalog:search')}?{urlencode(asked, doseq=True)}")

    ask(q="　")
    yield "search-without-words", 200, "探せることばがありません"
    page.goto(reverse("catalog:advanced"))
    send(page, "検索", to="1999")
    yield "results-of-years-alone", 200, "出版年 ～1999"
    ask(q="岡山")
    yield "results-first", 200, "170件見つかりました"
    ask(q="岡山", page=5)
    yield "results-middle", 200, "（81件目から）"
    ask(q="岡山", page=9)
    yield "results-last", 200, "（161件目から）"
    ask(q="岡山", type="book", ndc="2", decade="1980", language="jpn", sort="title")
    yield "results-narrowed", 200, "1980年代"
    ask(field=["title", "creator"], words=["岡山", "見本"], join=["and", "not"], to="2000")
    yield "results-none-by-rows", 200, "見つかりませんでした"
    ask(q="宮澤")
    yield "results-widened", 200, "含めて検索しました"
    ask(q="宮沢", as_typed=1)
    yield "results-as-typed", 200, "入力したとおりのことばだけで探しました"
    ask(q="宮沢 ぞうのたまごやき", type="dvd", library=world.library.code)
    yield "results-none", 200, "見つかりませんでした"
    ask(q="銀河鉄道 ぞうのたまごやき")
    yield "results-none-but-offers", 200, "次の探し方では見つかります"


def refused(page: Page, world: World, face: str) -> Told:
    """Forms in front of the login that are not right yet."""
    page.goto(reverse("patrons:login"))
    send(page, "ログイン")
    yield "login-empty", 200, "パスワードを入力してください。"
    send(page, "ログイン", card_number="0123-4567", password="wrong")
    yield "login-wrong", 200, "番号かパスワードが違います"
    kept(page, card_number="0123-4567", password="")
    TryCounter.objects.update(failures=10, shut_until=timezone.now() + timedelta(minutes=30))
    send(page, "ログイン", password="wrong")
    yield "login-shut", 200, "30分ほどお待ちください"
    page.goto(reverse("patrons:forgotten"))
    send(page, "メールを送る", card_number="はなこ")
    yield "forgotten-refused", 200, "数字で入力してください"
    kept(page, card_number="はなこ")
    send(page, "メールを送る", card_number="01234567")
    yield "forgotten-asked", 200, "メールをご確認ください"
    page.goto(reverse("catalog:advanced"))
    send(page, "検索")
    yield "advanced-empty", 200, "探せることばがありません"

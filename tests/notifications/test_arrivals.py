"""「新着資料お知らせメール」: weekly, only what is new, for many conditions at once."""

import random
import time as clock
from datetime import date, datetime, timedelta

import pytest
import time_machine

from catalog.models import Item, Library, Title
from catalog.search import postgres_engine
from notifications.alerts import lately
from notifications.kinds import arrivals
from notifications.matching import New, NewTitles, new_titles
from notifications.models import Alert, Announced, Notice
from tests import build
from tests.sure import sure

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=build.TOKYO)
NOTHING = "sent 0, to be retried 0, failed 0, closed 0"
ONE = "sent 1, to be retried 0, failed 0, closed 0"


@pytest.fixture
def hanako(db):
    return build.patron(email="hanako@example.org")


def alert(patron, **condition) -> Alert:
    return Alert.objects.create(patron=patron, created_at=build.NOON, **condition)


def new(name: str, days_ago: int = 1, **fields) -> Title:
    """Make a title whose record and first copy came so many days before FRIDAY."""
    title = build.title(name, added_on=day(days_ago), **fields)
    copy_of(title, days_ago)
    return title


def day(days_ago: int) -> date:
    return (FRIDAY - timedelta(days=days_ago)).date()


def copy_of(title: Title, days_ago: int, at: Library | None = None, **fields) -> Item:
    return build.item(title, at or Library.objects.first() or build.library(), acquired_on=day(days_ago), **fields)


def test_new_titles_are_told_once_a_week_and_never_twice(hanako, smtp, send):
    alert(hanako, keyword="岡山")
    new("岡山の歴史")
    new("倉敷の歴史")
    with time_machine.travel(FRIDAY):
        assert (send(), send()) == (ONE, NOTHING)
    new("岡山の地理", days_ago=0)
    with time_machine.travel(FRIDAY + timedelta(days=3)):
        assert send() == NOTHING
    with time_machine.travel(FRIDAY + timedelta(days=7)):
        assert send() == ONE
    texts = [letter.get_content() for letter in smtp.messages]
    assert [[name in text for name in ("岡山の歴史", "倉敷の歴史", "岡山の地理")] for text in texts] == [
        [True, False, False],
        [False, False, True],
    ]


def test_nothing_new_sends_nothing(hanako, smtp, send):
    alert(hanako, keyword="岡山")
    new("岡山の古い本", days_ago=100)
    with time_machine.travel(FRIDAY):
        assert send() == NOTHING
    assert Notice.objects.count() == 0


def test_week_without_cron_is_made_up_for(hanako, smtp, send):
    alert(hanako, keyword="岡山")
    new("岡山の歴史")
    with time_machine.travel(FRIDAY + timedelta(days=2)):
        assert send() == ONE


def test_switched_off_condition_finds_nothing(hanako, smtp, send):
    alert(hanako, keyword="岡山", active=False)
    new("岡山の歴史")
    with time_machine.travel(FRIDAY):
        assert send() == NOTHING


def test_long_list_is_cut_and_leads_to_the_rest(hanako, smtp, send):
    mine = alert(hanako, keyword="岡山")
    for number in range(25):
        new(f"岡山の本 第{number}集")
    with time_machine.travel(FRIDAY):
        assert send() == ONE
    text = smtp.messages[0].get_content()
    assert (text.count("・岡山の本"), "ほか5件" in text) == (20, True)
    assert f"/my/alerts/{mine.pk}/" in text


def test_titles_found_are_forgotten_when_the_mail_is_sent(hanako, smtp, send):
    alert(hanako, keyword="岡山")
    new("岡山の歴史")
    with time_machine.travel(FRIDAY):
        send()
    assert list(Notice.objects.values_list("state", "found")) == [("sent", None)]
    assert list(Announced.objects.values_list("library__short_name", flat=True)) == [None, "中央図書館"]


def test_run_after_the_clock_was_set_back_is_held_all_the_same(hanako, smtp, send):
    alert(hanako, keyword="岡山")
    with time_machine.travel(FRIDAY + timedelta(days=3650)):
        send()
    new("岡山の歴史")
    with time_machine.travel(FRIDAY):
        assert send() == ONE


def test_conditions_fit_what_the_plain_search_finds(hanako):
    chance = random.Random(8)  # noqa: S311
    words = ["岡山", "歴史", "ねこ", "コンピューター", "料理", "あ", "Python", "斎藤", "夏目 漱石"]
    libraries = [build.library("中央図書館"), build.library("幸町図書館")]
    for number in range(40):
        title = build.title(
            "の".join(chance.sample(words, 2)),
            added_on=day(chance.randrange(200)),
            creator=chance.choice(["", "夏目, 漱石", "齋藤 孝", "Rossum, Guido; 斉藤 洋"]),
            code=chance.choice(["book", "cd", "dvd"]),
            ndc=chance.choice(["913.6", "007.64", "210", ""]),
        )
        copy_of(title, chance.randrange(20), libraries[number % 2])
        if number % 3:
            copy_of(
                title, chance.randrange(20), chance.choice(libraries), status=chance.choice(["available", "withdrawn"])
            )
    known = new_titles(FRIDAY.date(), 35)
    for _ in range(200):
        condition = Alert(
            keyword=chance.choice(["", "", *words, "岡山 歴史", "ＰＹＴＨＯＮ", "こんぴゅーた"]),
            author=chance.choice(["", "", "斎藤", "漱石", "rossum"]),
            ndc=chance.choice(["", "", "9", "913", "007.6"]),
            material_type=chance.choice([None, None, build.kind("cd"), build.kind("book")]),
            library=chance.choice([None, None, *libraries]),
        )
        found = set(postgres_engine.matching(condition.query).values_list("pk", flat=True))
        assert set(known.ids(known.fitting(condition))) == found, condition.words


def test_twenty_thousand_conditions_meet_five_hundred_titles_in_seconds(hanako, django_assert_max_num_queries):
    chance = random.Random(8)  # noqa: S311
    syllables = "あいうえおかきくけこさしすせそたちつてとなにぬねの岡山歴史文学料理科学自然社会"

    def word(length: int) -> str:
        return "".join(chance.choices(syllables, k=length))

    titles = Title.objects.bulk_create(
        Title(title=word(12), creator=word(4), ndc="913", added_on=FRIDAY.date(), material_type=build.kind())
        for _ in range(500)
    )
    for title in titles:
        copy_of(title, 0)
    conditions = {(f"{word(2)} {word(1)}", word(1) if number % 3 else "") for number in range(21_000)}
    Alert.objects.bulk_create(
        Alert(patron=hanako, keyword=keyword, author=author, created_at=FRIDAY)
        for keyword, author in sorted(conditions)[:20_000]
    )
    begun = clock.process_time()
    with django_assert_max_num_queries(20):
        assert arrivals.collect(FRIDAY) == 1
    assert clock.process_time() - begun < 15  # seconds of one processor
    assert len(sure(Notice.objects.get().found)) > 10


def test_titles_are_numbered_from_the_latest():
    titles = NewTitles([New(7, "\nTあ\n", "", 1, frozenset()), New(3, "\nTあい\n", "", 1, frozenset())])
    assert titles.ids(titles.fitting(Alert(keyword="あ"))) == [7, 3]
    assert titles.ids(titles.fitting(Alert(keyword="あい"))) == [3]
    assert titles.ids(titles.fitting(Alert(keyword="うえ"))) == []


def weeks_of(send, smtp, *acts) -> list[str]:
    """Do one act a week, send on each Friday, and return what the letters said, "" for a week without one."""
    said = []
    for week, act in enumerate(acts):
        smtp.messages.clear()
        act()
        with time_machine.travel(FRIDAY + timedelta(weeks=week)):
            send()
        said.append("".join(letter.get_content() for letter in smtp.messages))
    return said


def nothing() -> None:
    """Let a week pass."""


def test_record_that_came_long_before_its_copy_is_told_when_the_copy_is_there(hanako, smtp, send):
    alert(hanako, keyword="岡山")
    title = build.title("岡山の歴史", added_on=day(90))
    letters = weeks_of(send, smtp, nothing, lambda: copy_of(title, -6), nothing)
    assert ["岡山の歴史" in letter for letter in letters] == [False, True, False]
    assert ["所蔵館　中央図書館" in letter for letter in letters] == [False, True, False]
    assert f"/titles/{title.pk}/" in letters[1]


@pytest.mark.parametrize("fields", [{"lendable": False}, {"status": "missing"}, {"status": "withdrawn"}])
def test_title_is_news_with_its_first_copy_that_can_be_reserved(hanako, smtp, send, fields):
    alert(hanako, keyword="岡山")
    title = build.title("岡山の歴史", added_on=day(1))
    copy_of(title, 1, **fields)
    letters = weeks_of(send, smtp, nothing, lambda: copy_of(title, -6))
    assert ["岡山の歴史" in letter for letter in letters] == [False, True]


def test_second_copy_is_news_to_who_asks_for_its_library_only(hanako, smtp, send):
    """Each condition hears of a title once: anywhere at its first copy, a library's at the first copy there."""
    first, second = build.library("中央図書館"), build.library("幸町図書館")
    taro = build.patron(email="taro@example.org")
    alert(hanako, keyword="岡山")
    alert(taro, keyword="岡山", library=second)
    title = build.title("岡山の歴史", added_on=day(90))
    to_whom = []
    for week, at in enumerate((first, second, second, None)):
        if at:
            copy_of(title, 1 - 7 * week, at)
        smtp.messages.clear()
        with time_machine.travel(FRIDAY + timedelta(weeks=week)):
            send()
        to_whom.append([letter["To"] for letter in smtp.messages])
    assert to_whom == [["hanako@example.org"], ["taro@example.org"], [], []]


def test_old_book_with_another_copy_is_no_news_anywhere(hanako, smtp, send):
    alert(hanako, keyword="岡山")
    title = new("岡山の古い本", days_ago=100)
    copy_of(title, 1)
    assert new_titles(FRIDAY.date(), 35).titles == []
    copy_of(title, 1, build.library("幸町図書館"))
    assert [found.first_anywhere for found in new_titles(FRIDAY.date(), 35).titles] == [False]
    assert weeks_of(send, smtp, nothing) == [""]


def test_page_behind_the_link_shows_what_the_letter_told(hanako):
    here, there = build.library(), build.library("幸町図書館")
    title = build.title("岡山の歴史", added_on=day(90))
    copy_of(title, 40, here)
    copy_of(title, 1, there)
    asked = [alert(hanako, keyword="岡山", library=library) for library in (None, here, there)]
    assert [list(lately(one, FRIDAY.date())) for one in asked] == [[], [], [title]]

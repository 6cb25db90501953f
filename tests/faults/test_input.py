"""Whatever is typed or sent, however long it is: a page or «this cannot be read», soon."""

import time

import pytest
from django.test import Client

from catalog.japanese.fold import fold
from tests import build

LONG = 16_000  # letters
PIECES = ("ゝ", "かゞ", "々", "1", "111,", "一", "十", "ー", "-", "+", "ヴ", "か", "第一", "゛", " ", "・")


def seconds(text: str) -> float:
    """Return the shortest of three foldings: what the machine does beside it only adds."""
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        fold(text)
        taken.append(time.perf_counter() - began)
    return min(taken)


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_row_of_one_mark_goes_through_the_fold_once(piece: str):
    """Eight times the letters take about eight times as long; going through the rest for each takes sixty-four."""
    for before in ("", "か", "山", "第"):
        short, long = (seconds(before + piece * count + ",") for count in (LONG // 8, LONG))
        assert long < 24 * short + 0.01


def test_folding_in_one_go_writes_what_folding_mark_by_mark_did():
    assert fold("いすゞゝ 少しづゝ ガヾ 山々々 一々二々〻 代々木々") == fold(
        "いすずす 少しづつ ガガ 山山山 一一二二二 代代木木"
    )
    assert fold("1,000 12,34,567 1,2345 1,111,") == "1000 12 34567 1 2345 1 111"
    assert fold(f"第{'九' * 18}巻 第{'九' * 19}巻") == f"第{'9' * 18}巻 第{'九' * 19}巻"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words", ["第" + "九" * 5_000 + "巻", "第" + "9" * 5_000 + "巻", "か" + "ゝ" * LONG, "長い話 " + "一" * 99]
)
def test_a_long_search_is_a_search(client: Client, words: str):
    for path in ("/search/", "/suggestions/"):
        assert client.get(path, {"q": words}).status_code == 200


@pytest.mark.django_db
def test_another_hosts_name_is_a_wrong_address(client: Client):
    answer = client.get("/", headers={"host": "evil.example"})
    assert (answer.status_code, "読み取れませんでした" in answer.text) == (400, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("/admin/catalog/title/add/", {"series": "zh-hans"}),
        ("/admin/catalog/title/add/", {"series": "9" * 30}),
        ("/admin/catalog/item/add/", {"title": "吾輩", "home_library": "x"}),
        ("/admin/catalog/item/add/", {"title": "\x00"}),
    ],
)
def test_no_number_where_the_admin_wants_one_is_an_error_of_the_form(client: Client, path: str, given: dict[str, str]):
    client.force_login(build.staff())
    answer = client.post(path, given)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors

"""Whatever stands in an address, search answers: with the index, and with PostgreSQL alone."""

from urllib.parse import quote

import pytest

from catalog.search.ask import find
from tests import build

pytestmark = pytest.mark.django_db

WORDS = ["%%%", "\x00", "😀", "a" * 10_000, "ﷺ" * 100, "\u202e\u200fねこ", "' OR 1=1 --", "猫 & 犬 | !(鳥):*"]
WORDS += ["猫<->犬", "\\", "_", '"', '""""', "AND OR NOT", "title:猫", "^~[a TO z]", "()" * 50, "ー", "々", "ゝゝゝ"]
WORDS += [
    "\ufeff",
    "・" * 90,
    "1,000,000,000",
    "９７８",
    "-猫",
    "\t\n\r",
    "<script>",
    "{{ 7 }}",
    "a b c d e f g h i j k",
]
ADDRESSES = [f"q={quote(word)}" for word in WORDS]
ADDRESSES += [f"field=title&words={quote(word)}&join=not&field=x&words={quote(word)}" for word in WORDS]
ADDRESSES += ["q=%ED%A0%80%FF"]
ADDRESSES += ["q=猫&page=" + page for page in ("0", "-1", "99999999999", "x", "²", "1e3", "%00")]
ADDRESSES += ["q=猫&" + "&".join(f"type=t{number}" for number in range(500)), "q=猫&library=%00&ndc=..&decade=20x0"]
ADDRESSES += ["from=0000&to=9999", "from=9999&to=0001", "ndc=9&language=jpn&available=1&sort=%27", "as_typed=1&q=%25_"]


@pytest.fixture(params=["index", "plain"])
def engine(request, caplog):
    """Answer by one engine; the index must not have failed, since PostgreSQL would answer in its stead."""
    build.item(build.title("猫の本", title_reading="ネコ ノ ホン", ndc="645"), build.library())
    if request.param == "index":
        request.getfixturevalue("index")()
    yield
    assert [record.getMessage() for record in caplog.get_records("call") if record.name == find.__module__] == []


@pytest.mark.parametrize("page", ["/search/", "/search/detail/", "/feed/", "/suggestions/"])
def test_every_address_is_answered(client, engine, page):
    asked = ADDRESSES if page == "/search/" else ADDRESSES[::4]
    answers = {address: client.get(f"{page}?{address}", follow=True).status_code for address in asked}
    assert {address: status for address, status in answers.items() if status != 200} == {}


def test_a_page_beyond_the_last_leads_to_the_last(client, engine):
    answer = client.get("/search/?q=猫&page=50")
    assert (answer.status_code, answer.url) == (302, "/search/?q=%E7%8C%AB")

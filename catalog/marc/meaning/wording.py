"""The punctuation of catalogue cards taken off: titles, names, yomi, volumes."""

import re
import unicodedata

from catalog.japanese.fold import kanji_number
from catalog.japanese.kana import TO_KATAKANA

MARKS = ("/", ":", ";", "=", ",", ".")
LETTERLESS = re.compile(r"^[^\w]+$")
JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
HALF_WIDTH = re.compile("[\uff61-\uff9f]+")
PART = re.compile(r"^(.*?\S)\s*[(（](.+)[)）]\s*$", re.DOTALL)
SINCE = re.compile(r"\s*[(（][0-9]{4}\s*(?:年|ネン)?[)）]$")
NUMBER = re.compile("[0-9]+|[一二三四五六七八九十百]+")
POSITION = {"上": 1, "前": 1, "中": 2, "下": 3, "後": 3}
POSITIONS = re.compile("^(上|中|下|前|後)(?:の巻|[巻編篇])?$")
SEASONS = {"新年": 1, "春": 3, "夏": 6, "秋": 9, "冬": 12}
ISSUE = re.compile(
    rf"(?<![0-9第])((?:1[89]|20)[0-9]{{2}})(?![0-9巻号集])(?:年度?)?[-./,\s第]*(?:([01]?[0-9])(?![0-9年])|({'|'.join(SEASONS)}))?"
)
VOLUME_AND_ISSUE = re.compile(r"(?:第|vol\.?)\s*([0-9]+)\s*巻?[\s,(-]*(?:第|no\.?)\s*([0-9]+)\s*号?", re.IGNORECASE)
ERA_BEFORE = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
ERA_YEAR = re.compile(rf"({'|'.join(ERA_BEFORE)})\s*(元|[0-9]{{1,2}})\s*年")
HIGHEST_ORDER = 2_000_000_000
ABBREVIATED = re.compile(
    r"(?:(?<![A-Za-z])[A-Za-z]\.)[A-Za-z]$|\b(?:Mr|Mrs|Ms|Dr|Jr|Sr|St|Mt|No|Vol|Co|Inc|Ltd|Corp|etc|vs|Bros|Prof|Rev|Op)$"
)


def bare(text: str) -> str:
    """Return the text without the marks that only part it from what follows on a card."""
    plain = " ".join(text.split())
    while plain.endswith(MARKS):
        shorter = plain.rstrip("/:;=, ")
        if shorter == plain:
            if plain.endswith(".."):
                break
            shorter = plain[:-1].rstrip()
        plain = shorter
    # A bracket whose other half stands in another subfield goes, too.
    if plain.startswith("[") and "]" not in plain:
        plain = plain[1:]
    return plain[:-1] if plain.endswith("]") and "[" not in plain else plain


def name_of_work(text: str) -> str:
    """Return what a work is called: a full stop that shortens a word stays (U.S.A., Mr. & Mrs.)."""
    plain = bare(text)
    return f"{plain}." if ABBREVIATED.search(plain) and f"{plain}." in " ".join(text.split()) else plain


def mark(text: str) -> str:
    """Return a name of nothing but marks (there is an album «=»), without the one that parts it from what follows."""
    plain = " ".join(text.split())
    return plain.rpartition(" ")[0] if plain[-1:] in MARKS and " " in plain else plain


def yomi(text: str) -> str:
    """Return a yomi as katakana with single spaces between words, lone punctuation left out."""
    return " ".join(word for word in _katakana(bare(text)).split() if not LETTERLESS.match(word))


def _katakana(text: str) -> str:
    """Write hiragana and half-width kana as katakana of full width."""
    wide = HALF_WIDTH.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    return unicodedata.normalize("NFC", wide).translate(TO_KATAKANA)


def person(name: str) -> str:
    """Return a name as it is spoken: ``萩野, 正昭`` is 萩野 正昭, while ``Andō, Hiroshige`` stays as it files."""
    plain = SINCE.sub("", bare(name))
    return " ".join(plain.replace(",", " ").split()) if JAPANESE.search(plain) else plain


def name_yomi(name: str) -> str:
    """Return a name's yomi as it files, ``ハギノ, マサアキ``."""
    return _katakana(SINCE.sub("", bare(name)))


def split_volume(volume: str) -> tuple[str, str]:
    """Return (volume, its own title): ``第1巻 (電子書籍)`` is 第1巻 and 電子書籍."""
    plain = bare(volume)
    found = PART.match(plain)
    return (found[1], found[2].strip()) if found else (plain, "")


def order(volume: str, spoken: str = "") -> int | None:
    """Return where a volume stands: 第2集 → 2, 下 → 3, 2019年5月号 → 201905, 第3巻第2号 → 3002; None if it is not said.

    Years stand by year and month or season (平成26年度 → 201400), so that December follows May and 平成 follows 昭和.
    The yomi of 上 is often a number, which says more, but knows no years.
    """
    if spoken and not NUMBER.search(volume) and (heard := order(spoken)) is not None:
        return heard
    plain = unicodedata.normalize("NFKC", volume).strip()
    if position := POSITIONS.match(plain):
        return POSITION[position[1]]
    if issue := ISSUE.search(western_years(plain)):
        return 100 * int(issue[1]) + (int(issue[2]) if issue[2] else SEASONS.get(issue[3], 0))
    if parts := VOLUME_AND_ISSUE.search(plain):
        number = 1000 * int(parts[1]) + int(parts[2])
    elif found := NUMBER.search(plain):
        number = int(found[0]) if found[0].isdigit() else kanji_number(found[0])
    else:
        return None
    return number if number <= HIGHEST_ORDER else None


def western_years(text: str) -> str:
    """Write years of the Japanese eras as the calendar's: 令和元年 is 2019年."""
    return ERA_YEAR.sub(lambda era: f"{ERA_BEFORE[era[1]] + (1 if era[2] == '元' else int(era[2]))}年", text)

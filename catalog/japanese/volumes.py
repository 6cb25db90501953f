"""Where a volume or an issue stands in its series, from the words that name it (上の1, 第63巻第2号, 2026年4月5日号).

``volume_key`` is a text that sorts byte by byte (a column with collation "C"): the period (第2期), the rank of what is
named (volumes, 続編, words alone, supplements, nothing), then numbers and words as they stand in the statement.
"""

import re
import unicodedata
from functools import lru_cache

from catalog.japanese.eras import ERA_BEFORE
from catalog.japanese.fold import kanji_number

LONGEST = 120  # letters of a statement that count
LONGEST_WORD = 20
HIGHEST_NUMBER = 2_000_000_000
LAST_PERIOD = 998
BEHIND = "999"  # whatever has no place among the numbers begins so: supplements, names alone, nothing
VOLUMES, SEQUELS, NAMES, SUPPLEMENTS, NOTHING = "1", "2", "3", "4", "9"
UNNUMBERED = f"{BEHIND} {NOTHING}"

# Numbers however they are written
ROMAN_SIGNS = re.compile("[Ⅰ-Ⅿⅰ-ⅿ]+")
ROMAN = re.compile(r"(?<![A-Za-z0-9])(?:[IVXL]+|[ivxl]{2,}|i)(?![A-Za-z0-9])")
ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
COUNTERS = "巻号集編篇部冊輯期章話回年月日次級版"
KANJI = re.compile(
    f"([〇○◯零一二三四五六七八九十百千壱弐参拾廿卅]+)(?=$|[\\W_0-9]|[{COUNTERS}のノ之上中下前後]|シ[リー])"
)
KANJI_SIGNS = str.maketrans({"○": "〇", "◯": "〇", "零": "〇", "壱": "一", "弐": "二", "参": "三", "拾": "十"})
KANJI_SIGNS |= str.maketrans({"廿": "二十", "卅": "三十"})
THOUSANDS = re.compile(r"(?<![0-9])([0-9]{1,3})((?:,[0-9]{3})+)(?![0-9,])")
ERA = re.compile(
    rf"({'|'.join(ERA_BEFORE)}|(?<!\w)[昭平令](?=[0-9元])|(?<!\w)[MTSHR](?=[0-9]{{1,2}}(?:年|\.[0-9])))"
    r"\s*(元|[0-9]{1,2})(?![0-9])\s*年?"
)
ERAS = ERA_BEFORE | dict(zip("MTSHR", ERA_BEFORE.values(), strict=True)) | {"昭": 1925, "平": 1988, "令": 2018}
LABELS = re.compile(
    r"(?<![a-z])(?:(?:volumes?|vols?|numbers?|nos?|parts?|pt|act|books?|bk|case|cases|dis[ck]|chapter|episode|ep|file|"
    r"stage|step|lesson|phase|issue)[\s.:#-]*(?=[0-9]|[ivx]+(?![a-z]))|v[\s.]*(?=[0-9]))",
    re.IGNORECASE,
)

# Words that are places in an order
SEASONS = {"新年": 1, "新春": 1, "早春": 2, "春": 3, "初夏": 5, "夏": 6, "盛夏": 7, "初秋": 8, "秋": 9, "晩秋": 11}
SEASONS |= {"冬": 12}
PLACES = {"初級": 1, "中級": 2, "上級": 3, "創刊": 1, "上": 1, "前": 1, "中": 2, "下": 3, "後": 3, "天": 1, "地": 2}
PLACES |= {"人": 3, "乾": 1, "坤": 2, "首": 0, "序": 0, "破": 2, "急": 3}
PLACES |= {
    sign: place for row in ("甲乙丙丁戊己庚辛壬癸", "仁義礼智信", "元亨利貞") for place, sign in enumerate(row, 1)
}
PLACED = "|".join(sorted(PLACES | SEASONS, key=len, reverse=True))
PLACE = re.compile(
    rf"(?:(?<![^\W0-9])|(?<=[{COUNTERS}度のノ之上中下前後春夏秋冬]))({PLACED})"
    rf"(?=旬|半期|季|[のノ之]?[{COUNTERS}]?[のノ之]?(?:$|[\W_0-9A-Z]|第|[上中下前後春夏秋冬]|特大|特別|増刊|臨時))"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WESTERN = {name: place for place, name in enumerate(MONTHS, 1)}
WESTERN |= {"spr": 3, "sum": 6, "aut": 9, "fal": 9, "win": 12}
WESTERN_WORD = (
    r"(?<![A-Za-z])(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Spring|Summer|Autumn|Fall|Winter)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?(?![A-Za-z])\.?"
)
BEFORE_YEAR = re.compile(rf"{WESTERN_WORD},?\s*((?:18|19|20)[0-9]{{2}})(?![0-9])", re.IGNORECASE)
MONTH_OR_SEASON = re.compile(WESTERN_WORD, re.IGNORECASE)

# What a statement begins with
PERIOD = re.compile(r"\W*第?\s*([0-9]+)\s*(?:期|次(?=\W|第|$)|シリーズ|シーズン)|\W*season\s*([0-9]+)", re.IGNORECASE)
SEQUELS_IN_ORDER = "正|続|続々|又続|続続|新|新続|完結|最終|完|終"
SEQUEL = re.compile(rf"\W*(本(?=[編篇巻])|{SEQUELS_IN_ORDER})[編篇巻集冊]?(?=[\W_0-9第]|$)")
SUPPLEMENTS_IN_ORDER = (
    "拾遺|補遺|補巻|補編|補|増補|別巻|別冊|別編|別篇|別録|別集|特別編|特別巻|特別号|番外編|番外|外伝|外編|増刊|臨時増刊|"
    "臨時号|号外|付録|附録|付|附|年表|年譜|目次|総目次|目録|総目録|索引|総索引"
)
SUPPLEMENT = re.compile(rf"\W*(?:全巻|全集)?({SUPPLEMENTS_IN_ORDER})(?:(?<=..)|(?=[\W_0-9第]|$))")
EXTRA = re.compile("臨時増刊|増刊|別冊|特別号|臨時号|号外")  # an issue beside those of its month, where a year is said
YEAR = re.compile(r"(?<![0-9])(?:18|19|20)[0-9]{2}(?![0-9])")

LETTER = re.compile("^~(?:[a-z]{1,2}|[ぁ-んァ-ン][0-9]?)$")
IROHA = {
    f"~{kana}": f"~{row[0]}{place}"
    for row in ("イロハニホヘト", "いろはにほへと")
    for place, kana in enumerate(row)
    if place
}
PIECE = re.compile(r"(?<![0-9.])([0-9]{1,3})\.([0-9]+)(?!\.?[0-9])|([0-9]+)|[^\W0-9_]+")
SAID_OF_A_NUMBER = f"(?:年度|合併|通巻|半期|その|番目|[第其の之ノ度旬季番{COUNTERS}])+"
IN_FRONT = re.compile(f"^{SAID_OF_A_NUMBER}")
AT_THE_END = re.compile(f"{SAID_OF_A_NUMBER}$")

# The one number of a volume, which searches and other systems know it by
POSITION = {"上": 1, "前": 1, "中": 2, "下": 3, "後": 3}
POSITIONS = re.compile("^(上|中|下|前|後)(?:の巻|[巻編篇])?$")
ISSUE_SEASONS = {"新年": 1, "春": 3, "夏": 6, "秋": 9, "冬": 12}
ISSUE = re.compile(
    rf"(?<![0-9第])((?:1[89]|20)[0-9]{{2}})(?![0-9巻号集])(?:年度?)?[-./,\s第]*"
    rf"(?:([01]?[0-9])(?![0-9年])|({'|'.join(ISSUE_SEASONS)}))?"
)
VOLUME_AND_ISSUE = re.compile(r"(?:第|vol\.?)\s*([0-9]+)\s*巻?[\s,(-]*(?:第|no\.?)\s*([0-9]+)\s*号?", re.IGNORECASE)
NUMBER = re.compile("[0-9]+")


@lru_cache(maxsize=10_000)
def volume_key(statement: str, number: int | None = None) -> str:
    """Return the key of a volume's statement; ``number`` is where staff or the series put it, which goes before.

    A number that the statement says itself adds nothing: 上 with 1 stands as 上 does.
    """
    plain = _in_digits(statement)
    first = NUMBER.search(plain)
    if number is not None and number not in (volume_number(statement), int(first[0]) if first else None):
        return " ".join((f"{1:03}", VOLUMES, _number(str(number)), *_pieces(plain)))
    period, rest = f"{1:03}", plain
    if found := PERIOD.match(plain):
        period, rest = f"{min(int(found[1] or found[2]), LAST_PERIOD):03}", plain[found.end() :]
    away = period if found else BEHIND
    if sequel := SEQUEL.match(rest):
        rank = VOLUMES if sequel[1] in "正本" else f"{SEQUELS}{SEQUELS_IN_ORDER.split('|').index(sequel[1]):02}"
        return " ".join((period, rank, *_pieces(rest[sequel.end() :])))
    if YEAR.search(rest) and (extra := EXTRA.search(rest)):
        return " ".join((period, VOLUMES, *_pieces(f"{rest[: extra.start()]} {rest[extra.end() :]}"), f"~{extra[0]}"))
    if supplement := SUPPLEMENT.match(rest):
        rank = f"{SUPPLEMENTS}{SUPPLEMENTS_IN_ORDER.split('|').index(supplement[1]):02}"
        return " ".join((away, rank, *_pieces(rest[supplement.end() :])))
    if pieces := _pieces(rest):
        pieces = [IROHA.get(pieces[0], pieces[0])] if len(pieces) == 1 else pieces
        placed = any(not piece.startswith("~") or LETTER.match(piece) for piece in pieces)
        return " ".join((period, VOLUMES, *pieces) if placed else (away, NAMES, *pieces))
    return f"{period} {VOLUMES}" if found else UNNUMBERED


def volume_number(statement: str, spoken: str = "") -> int | None:
    """Return the number of a volume: 第2集 → 2, 下 → 3, 2019年5月号 → 201905, 第3巻第2号 → 3002; None if not said.

    Years count with month or season (平成26年度 → 201400). The yomi of 上 is often a number, which says more, but knows
    no years.
    """
    plain = _in_digits(statement, places=False).strip()
    if spoken and not NUMBER.search(plain) and (heard := volume_number(spoken)) is not None:
        return heard
    if position := POSITIONS.match(plain):
        return POSITION[position[1]]
    if issue := ISSUE.search(plain):
        return 100 * int(issue[1]) + (int(issue[2]) if issue[2] else ISSUE_SEASONS.get(issue[3], 0))
    if parts := VOLUME_AND_ISSUE.search(plain):
        number = 1000 * int(parts[1]) + int(parts[2])
    elif found := NUMBER.search(plain):
        number = int(found[0])
    else:
        return None
    return number if number <= HIGHEST_NUMBER else None


def _in_digits(statement: str, *, places: bool = True) -> str:
    """Return a statement with its numbers in digits: Ⅲ, 十二, 令和元年; with ``places``, words that are places, too."""
    plain = ROMAN_SIGNS.sub(lambda found: f" {_roman(found[0])} ", statement[:LONGEST])
    plain = THOUSANDS.sub(lambda found: found[0].replace(",", ""), unicodedata.normalize("NFKC", plain))
    plain = KANJI.sub(lambda found: str(kanji_number(found[1].translate(KANJI_SIGNS))), plain)
    plain = ERA.sub(lambda era: f"{ERAS[era[1]] + (1 if era[2] == '元' else int(era[2]))}年", plain)
    if not places:
        return ROMAN.sub(lambda found: str(_roman(found[0])), plain)
    plain = ROMAN.sub(lambda found: str(_roman(found[0])), LABELS.sub(" ", plain))
    plain = BEFORE_YEAR.sub(r"\2 \1", plain)
    plain = MONTH_OR_SEASON.sub(lambda found: f" {WESTERN[found[1][:3].lower()]} ", plain)
    return PLACE.sub(lambda found: f" {(PLACES | SEASONS)[found[1]]} ", plain)


def _roman(letters: str) -> int:
    """Return a Roman number; a smaller sign before a larger one is taken off."""
    values = [ROMAN_VALUES[one] for one in unicodedata.normalize("NFKC", letters).lower()]
    following = [*values[1:], 0]
    return sum(-one if one < after else one for one, after in zip(values, following, strict=True))


def _pieces(plain: str) -> list[str]:
    """Return numbers and words in order; words that only say what is counted (第, 巻, 号, 年, 月) are let go."""
    pieces = []
    for found in PIECE.finditer(plain):
        if found[1] or found[3]:
            pieces.append(f"{_number(found[1])}.{_number(found[2])}" if found[1] else _number(found[3]))
            continue
        word = found[0]
        if plain[: found.start()][-1:].isdigit():
            word = IN_FRONT.sub("", word)
        if word := AT_THE_END.sub("", word):
            pieces.append(f"~{word.casefold()[:LONGEST_WORD]}")
    return pieces


def _number(digits: str) -> str:
    """Return digits so that they sort by size: a letter for how many they are, then they themselves."""
    digits = digits.lstrip("0") or "0"
    return f"{chr(ord('a') + min(len(digits), 25) - 1)}{digits}"

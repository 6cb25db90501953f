"""The year in the words of an imprint: in figures or kanji, of the calendar or of a Japanese era."""

import re
import unicodedata

from catalog.japanese.eras import ERA_BEFORE
from catalog.japanese.fold import kanji_number

LATEST_YEAR = 2100
FOUR_DIGITS = re.compile(r"(?<![0-9-])(1[0-9]{3}|20[0-9]{2})(?![0-9])")
KANJI = "〇零一二三四五六七八九"
FOUR_KANJI = re.compile(
    f"(?<![{KANJI}十百千])([一二][{KANJI}]{{3}})(?![{KANJI}])|((?:千[{KANJI}十百]+|二千[{KANJI}十]*)(?=年))"
)
OLD_ERAS = {
    "慶応": 1864, "慶應": 1864, "元治": 1863,
    "文久": 1860, "万延": 1859, "安政": 1853, "嘉永": 1847, "弘化": 1843, "天保": 1829,
    "文政": 1817, "文化": 1803, "享和": 1800, "寛政": 1788, "天明": 1780, "安永": 1771, "明和": 1763, "宝暦": 1750,
    "寛延": 1747, "延享": 1743, "寛保": 1740, "元文": 1735, "享保": 1715, "正徳": 1710, "宝永": 1703, "元禄": 1687,
    "貞享": 1683, "天和": 1680, "延宝": 1672, "寛文": 1660, "万治": 1657, "明暦": 1654, "承応": 1651, "慶安": 1647,
    "正保": 1643, "寛永": 1623, "元和": 1614, "慶長": 1595,
}  # fmt: skip
SHORT = dict(zip("明大昭平令", ERA_BEFORE.values(), strict=True)) | {"慶": 1864}
LETTERS = dict(zip("MTSHR", ERA_BEFORE.values(), strict=True))
COUNTED_FROM = ERA_BEFORE | OLD_ERAS | SHORT | LETTERS | {"皇紀": -660, "紀元": -660}
NUMBER = f"(元|[0-9]{{1,4}}(?![0-9])|[{KANJI}十百千]+)"
NAMES = "|".join([*ERA_BEFORE, *OLD_ERAS, "皇紀", "紀元"])
ERA = re.compile(
    rf"(?:({NAMES})|(?<![\u3400-\u9fff])([{''.join(SHORT)}])\.?|\b([MTSHR])\.?)\s*{NUMBER}([-‐-―−ー]+(?![0-9元]))?"
)


def year_in(imprint: str) -> int | None:
    """Return the first year that the words tell whole; 昭和4- is any year of a decade, so it tells none."""
    words = unicodedata.normalize("NFKC", imprint)
    if plain := FOUR_DIGITS.search(words):
        return plausible(plain[1])
    if era := ERA.search(words):
        number, hole = era[4], era[5]
        if hole and len(number) == 1 and number != "元":
            return None
        return plausible(str(COUNTED_FROM[era[1] or era[2] or era[3]] + _number(number)))
    kanji = FOUR_KANJI.search(words)
    return plausible(str(_number(kanji[1] or kanji[2]))) if kanji else None


def plausible(digits: str) -> int | None:
    """Return a year of four digits, None for what is no year of publication."""
    return int(digits) if FOUR_DIGITS.fullmatch(digits) and int(digits) <= LATEST_YEAR else None


def _number(written: str) -> int:
    if written == "元":
        return 1
    return int(written) if written.isdecimal() else kanji_number(written.replace("零", "〇"))

"""What stands in one cell: numbers bent by a spreadsheet, days as people write them, texts that do not fit.

A cell is read where it has one meaning. Everything else is refused in words of the work: a guess would give a person
another's card, or a title a copy that does not exist.
"""

import re
import unicodedata
from datetime import date

from django.db.models import CharField, Model
from django.utils import timezone

FORMULA = ("=", "+", "-", "@", "\t", "\r")
AS_TEXT = re.compile(r'="([^"]*)"')  # how spreadsheets write a number whose zeros are to stay
POWER_OF_TEN = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]+|[0-9]\.[0-9]+E[0-9]+", re.I)
DECIMAL = re.compile(r"[0-9]+\.[0-9]+")

ERAS = {
    "明": (1867, 45),
    "大": (1911, 15),
    "昭": (1925, 64),
    "平": (1988, 31),
    "令": (2018, 99),
}  # year before 元年, last
LETTERS = dict(zip("MTSHR", ERAS, strict=True))
CLOCK = re.compile(r"[T ]0{1,2}:00(?::00(?:\.0+)?)?Z?$")
WEEKDAY = re.compile(r"\s*\([日月火水木金土]\)$")
WESTERN = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})日?")
SOLID = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
JAPANESE = re.compile(
    r"(明治?|大正?|昭和?|平成?|令和?|[MTSHR])\.?\s*(元|[0-9]{1,2})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})日?",
    re.I,
)
JAPANESE_SOLID = re.compile(r"([MTSHR])([0-9]{2})([0-9]{2})([0-9]{2})", re.I)
KANJI = "〇一二三四五六七八九十"
KANJI_NUMBER = re.compile(f"[{KANJI}]+")
SERIAL = re.compile(r"[0-9]{4,5}(?:\.[0-9]+)?")


class RowError(Exception):
    """One line cannot be taken; the sentence is the argument."""


def plain(cell: str) -> str:
    """Return a cell on one line, without blanks around it and without what keeps a formula or zeros as they are."""
    cell = re.sub(r"[\r\n\t]+", " ", cell.strip())
    if kept := AS_TEXT.fullmatch(cell):
        return kept[1].strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA else cell


def narrow(cell: str) -> str:
    """Return letters, digits and signs in half width, kana in full width."""
    return unicodedata.normalize("NFKC", cell).strip()


def refuse_bent(cell: str, column: str) -> None:
    """Refuse a number of which a spreadsheet has lost digits: 1.23E+09, 790084.0."""
    if POWER_OF_TEN.fullmatch(narrow(cell)):
        raise RowError(
            f"表計算ソフトが{column}を「{cell}」に変えています。列を「文字列」にして、書き出し直してください。"
        )
    if DECIMAL.fullmatch(narrow(cell)):
        raise RowError(
            f"{column}「{cell}」が小数になっています。先頭の0も確かめ、列を「文字列」にして、書き出し直してください。"
        )


def with_zeros(number: str, longest: int) -> list[str]:
    """Return the numbers that lose or gain nothing but zeros in front to become this one, itself left out."""
    bare = number.lstrip("0")
    if not bare.isdecimal():
        return []
    return [bare.zfill(length) for length in range(len(bare), longest + 1) if length != len(number)]


def read_day(cell: str, column: str, *, earliest: int = 1868) -> date | None:
    """Return a day up to today, as people write one: 2026-11-24, 20261124, 令和8年11月24日, H31.4.1; None for nothing.

    A day that has not come yet, or lies before the year ``earliest``, is refused.
    """
    if not cell:
        return None
    text = KANJI_NUMBER.sub(_arabic, WEEKDAY.sub("", CLOCK.sub("", narrow(cell))))
    if SERIAL.fullmatch(text):
        raise RowError(f"{column}「{cell}」は表計算ソフトの通し番号です。列を「日付」にして、書き出し直してください。")
    try:
        day = _day(text)
    except ValueError as wrong:
        raise RowError(f"{column}は「2026-11-24」の形で入れてください（{cell}）。") from wrong
    if not date(earliest, 1, 1) <= day <= timezone.localdate():
        raise RowError(f"{column}は{earliest}年から今日までの日です（{cell}）。")
    return day


def _arabic(found: re.Match) -> str:
    """Return a number up to 99, or the digits of a year, in figures: 五十五, 二〇二六."""
    tens, ten, ones = found[0].partition("十")
    if not ten:
        return "".join(str(KANJI.index(digit)) for digit in tens)
    return f"{KANJI.index(tens or '一')}{KANJI.index(ones or '〇')}" if len(tens) < 2 and len(ones) < 2 else found[0]


def _day(text: str) -> date:
    if found := WESTERN.fullmatch(text) or SOLID.fullmatch(text):
        year, month, day = map(int, found.groups())
        return date(year, month, day)
    found = JAPANESE.fullmatch(text) or JAPANESE_SOLID.fullmatch(text)
    if not found:
        raise ValueError(text)
    era = LETTERS.get(found[1].upper(), found[1][0])
    before, last = ERAS[era]
    year = 1 if found[2] == "元" else int(found[2])
    if not 1 <= year <= last:
        raise ValueError(text)
    return date(before + year, int(found[3]), int(found[4]))


def fitting(cell: str, column: str, model: type[Model], field: str) -> str:
    """Return a cell that its column of the table can hold; RowError names the longest."""
    longest = getattr(model._meta.get_field(field), "max_length", None) or CharField().max_length
    if longest and len(cell) > longest:
        raise RowError(f"{column}は{longest}文字までです（{len(cell)}文字あります）。")
    return cell

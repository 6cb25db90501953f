"""The order of readings: 五十音順 as a text that sorts byte by byte (a column with collation "C").

Libraries file by sound: small kana as large, a long mark as the vowel it draws out, and voiced marks only where nothing
else differs (はは, はば, ばは, ばば, then はひ).
"""

import re
import unicodedata
from typing import TYPE_CHECKING

from catalog.search.fold import TO_KATAKANA, UNREAD

if TYPE_CHECKING:
    from catalog.models import Title

LONGEST = 150  # kana; keeps an index entry well under PostgreSQL's 2,704 bytes
BELOW_EVERYTHING = "\t"
UNHEARD = re.compile("[\\s・･゠「」『』【】〔〕〈〉《》“”‘’\"'、。，．,!?！？…‥:;：；]")

SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
VOICE = {"\u3099": "1", "\u309a": "2"}
ROWS = {
    "ア": "アカガサザタダナハバパマヤラワ",
    "イ": "イキギシジチヂニヒビピミリヰ",
    "ウ": "ウクグスズツヅヌフブプムユルヴ",
}
ROWS |= {"エ": "エケゲセゼテデネヘベペメレヱ", "オ": "オコゴソゾトドノホボポモヨロヲ"}
VOWEL = {kana: vowel for vowel, row in ROWS.items() for kana in row}


def sort_key(reading: str) -> str:
    """Return the key of a reading: its sounds, then its voiced marks, then how it was written."""
    written = unicodedata.normalize("NFKC", UNREAD.sub("", reading)).casefold()
    written = UNHEARD.sub("", written.translate(TO_KATAKANA))[:LONGEST]
    heard = _draw_out(written.translate(SMALL))
    plain, voices = _take_voices_off(heard)
    if plain == written:
        return plain
    return BELOW_EVERYTHING.join((plain, voices.rstrip("0"), written)).rstrip(BELOW_EVERYTHING)


def title_key(title: "Title") -> str:
    return sort_key(title.title_reading or title.title)


def creator_key(title: "Title") -> str:
    return sort_key(title.creator_reading or title.creator)


def _draw_out(text: str) -> str:
    """Write the vowel for a long mark, and repeated kana out."""
    heard: list[str] = []
    for kana in text:
        before = heard[-1] if heard else ""
        match kana:
            case "ー":
                heard.append(VOWEL.get(before, kana))
            case "ヽ" | "ヾ" if before in VOWEL:
                heard.append(before)
            case _:
                heard.append(kana)
    return "".join(heard)


def _take_voices_off(text: str) -> tuple[str, str]:
    """Return the text without voiced marks, and a digit per letter: 0 plain, 1 voiced, 2 half-voiced."""
    plain, voices = [], []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter) if "ァ" <= letter <= "ヺ" else letter
        plain.append(parts[0])
        voices.append(VOICE.get(parts[1:], "0"))
    return "".join(plain), "".join(voices)

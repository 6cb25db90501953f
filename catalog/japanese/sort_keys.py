"""The order of readings: 五十音順 as a text that sorts byte by byte (a column with collation "C").

Libraries file by sound: small kana as large, a long mark as the vowel it draws out, and voiced marks only where nothing
else differs (はは, はば, ばは, ばば, then はひ).
"""

import re
import unicodedata

from catalog.japanese.kana import TO_KATAKANA, UNREAD

LONGEST = 150  # kana; keeps an index entry well under PostgreSQL's 2,704 bytes
BELOW_EVERYTHING = "\t"
UNHEARD = re.compile("[\\s・･゠「」『』【】〔〕〈〉《》“”‘’\"'、。，．,!?！？…‥:;：；]")

SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
DRAWN = re.compile("[ーヽヾ]")
VOICE = {"\u3099": "1", "\u309a": "2"}
ROWS = {
    "ア": "アカガサザタダナハバパマヤラワ",
    "イ": "イキギシジチヂニヒビピミリヰ",
    "ウ": "ウクグスズツヅヌフブプムユルヴ",
}
ROWS |= {"エ": "エケゲセゼテデネヘベペメレヱ", "オ": "オコゴソゾトドノホボポモヨロヲ"}
VOWEL = {kana: vowel for vowel, row in ROWS.items() for kana in row}


class _Voices(dict[int, str]):
    """Kana → the digit of its voice; whatever is not listed is plain."""

    def __missing__(self, letter: int) -> str:
        return "0"


_PARTS = {code: unicodedata.normalize("NFD", chr(code)) for code in range(ord("ァ"), ord("ヺ") + 1)}
UNVOICED = {code: parts[0] for code, parts in _PARTS.items()}
VOICES = _Voices({code: VOICE[parts[1]] for code, parts in _PARTS.items() if len(parts) > 1})


class _Packed(dict[int, str]):
    """Katakana in one byte; what comes before it stays before it, behind a byte that is lower than all of them."""

    def __missing__(self, letter: int) -> str:
        return chr(letter) if letter > FIRST_KANA or letter < SHIFT else f"{chr(SHIFT)}{chr(letter)}"


FIRST_KANA, LAST_KANA = 0x30A0, 0x30FF
SHIFT, FIRST_BYTE = 0x1F, 0x20
PACKED = _Packed({code: chr(code - FIRST_KANA + FIRST_BYTE) for code in range(FIRST_KANA, LAST_KANA + 1)})


def packed(key: str) -> str:
    """Return a key that sorts the same and takes a third of the room, for the index's dictionaries."""
    return key.translate(PACKED)


def sort_key(reading: str) -> str:
    """Return the key of a reading: its sounds, then its voiced marks, then how it was written.

    Voiced marks are a digit per letter: 0 plain, 1 voiced, 2 half-voiced.
    """
    written = unicodedata.normalize("NFKC", UNREAD.sub("", reading)).casefold()
    written = UNHEARD.sub("", written.translate(TO_KATAKANA))[:LONGEST]
    heard = written.translate(SMALL)
    if DRAWN.search(heard):
        heard = _drawn_out(heard)
    plain, voices = heard.translate(UNVOICED), heard.translate(VOICES)
    if plain == written:
        return plain
    return BELOW_EVERYTHING.join((plain, voices.rstrip("0"), written)).rstrip(BELOW_EVERYTHING)


def _drawn_out(text: str) -> str:
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

"""One folding for indexing and asking, so that many spellings of a word find the same record (SPEC S4).

``fold`` is total: any string is answered, whatever it holds. Its steps stand in the order they are taken, and each is
a fact of Japanese writing rather than a rule of this library, which is why none of them is a row of the policies.
"""

import re
import unicodedata
from functools import lru_cache

from catalog.japanese import variants
from catalog.japanese.kana import SMALL, TO_HIRAGANA, TO_KATAKANA, UNREAD

# Letters that NFKD does not take apart.
LATIN = {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
OLD_KANA = {"ぢ": "じ", "づ": "ず", "ゐ": "い", "ゑ": "え", "を": "お"}
OLD_KANA |= {"ヂ": "ジ", "ヅ": "ズ", "ヰ": "イ", "ヱ": "エ", "ヲ": "オ", "ヵ": "ガ", "ヶ": "ガ", "ゕ": "が", "ゖ": "が"}
OLD_KANA |= {"ヷ": "バ", "ヸ": "ビ", "ヹ": "ベ", "ヺ": "ボ", "ゟ": "より", "ヿ": "コト"}
LETTERS = {ord(old): new for old, new in (LATIN | OLD_KANA | variants.table()).items()}

DASHES = re.compile("-{2,}|[‐‑‒–—―−─━]{2,}")  # subject--place, ――a subtitle――
HYPHEN_AFTER_KANA = re.compile(r"(?<=[ぁ-ゖァ-ヺー])[-‐‑‒–—―−ｰ─━ー~〜]+")
V_BEFORE_VOWEL = re.compile("[ヴゔ]([ァィェォぁぃぇぉ]?)")
V_ROW = {"": "ぶ", "ァ": "ば", "ィ": "び", "ェ": "べ", "ォ": "ぼ", "ぁ": "ば", "ぃ": "び", "ぇ": "べ", "ぉ": "ぼ"}
KANJI = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
DIGIT = "0-9〇一二三四五六七八九十百千万何数"
COUNTER = re.compile(f"(?<=[{DIGIT}])[かカ箇個](?=[月所国年条村町])")
COUNTED_OR_PLACED = re.compile("[かカ箇個ケ]")
KANJI_DIGITS = "〇一二三四五六七八九"
POWERS = {"十": 10, "百": 100, "千": 1000}
LONGEST_NUMBER = 18  # kanji; what is longer is no number
NUMBERED = re.compile(
    f"(?<![次落及])第([〇一二三四五六七八九十百千]{{1,{LONGEST_NUMBER}}})(?![〇一二三四五六七八九十百千])"
)
PLACE_NAME_KE = re.compile(f"(?<=[{KANJI}0-9])ケ(?=[{KANJI}])")
FINAL_LONG_MARK = re.compile("([ァ-ヺヴー]{2}[ァ-ヺヴ])ー(?![ァ-ヺー])|([ぁ-ゖー]{2}[ぁ-ゖ])ー(?![ぁ-ゖー])")
DOUBLE_LONG_MARK = re.compile("ーー+")
REPEATED_PAIR = re.compile(f"([{KANJI}]{{2}})[々〻]{{2}}")
REPEATED = re.compile(f"([{KANJI}])([々〻]+)")
REPEATED_KANA = re.compile("([ぁ-ゖァ-ヺ])([ゝゞヽヾ]+)")
STANDING_VOICE_MARKS = {0x309B: "\u3099", 0x309C: "\u309a", 0xFF9E: "\u3099", 0xFF9F: "\u309a"}
WITH_COMMAS = re.compile("[0-9][0-9,]*")
# What makes more than the translation of letters necessary; most titles hold none of it.
SELDOM = re.compile("[-\u00c0-\u052f\u1e00-\u1fff‐-―−ｰ─━~〜ヴゔ々〻ゝゞヽヾ,]")
COMBINING = re.compile("[\u0300-\u036f]")
ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u036f\u0370-\u052f\u1e00-\u1fff]")
BETWEEN_WORDS = re.compile(r"[\s_]+")
DROPPED = re.compile("[・･゠'’]")
NOT_A_WORD = re.compile(r"(?<![a-z+#])[+#]+|[^\w\s+#]")

UNVOICED = str.maketrans(
    "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽ", "かきくけこさしすせそたちつてとはひふへほはひふへほ"
)
VOICED = str.maketrans("かきくけこさしすせそたちつてとはひふへほ", "がぎぐげござじずぜぞだじずでどばびぶべぼ")

WIDE = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# A space that parts nothing: everywhere but between two words of letters, or two numbers.
NEEDLESS = re.compile(f"(?<=[{WIDE}]) | (?=[{WIDE}])|(?<=[0-9]) (?=[^0-9])|(?<=[^0-9]) (?=[0-9])")


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Return the text in the one form that is compared: words separated by single spaces.

    A text of nothing but marks (a book called «!!!») stays as it is in NFKC, so that it can be found at all.
    """
    plain = unicodedata.normalize("NFKC", UNREAD.sub("", text).translate(STANDING_VOICE_MARKS)).casefold()
    plain = UNREAD.sub("", unicodedata.normalize("NFKC", plain))
    folded = _letters(plain) if SELDOM.search(plain) else plain.translate(LETTERS)
    folded = NUMBERED.sub(lambda found: f"第{kanji_number(found[1])}", folded)
    if COUNTED_OR_PLACED.search(folded):
        folded = COUNTER.sub("が", PLACE_NAME_KE.sub("が", folded))
    if "ー" in folded:  # words of three kana or more lose a final long mark (コンピューター)
        folded = FINAL_LONG_MARK.sub(lambda word: word[1] or word[2], DOUBLE_LONG_MARK.sub("ー", folded))
    folded = folded.translate(TO_HIRAGANA).translate(SMALL)
    if not folded.isalnum():  # marks separate words, but not the middle dot of ハリー・ポッター
        folded = NOT_A_WORD.sub(
            # Thai, Hindi and others write vowels with marks that belong to the letter before.
            lambda mark: mark[0] if unicodedata.category(mark[0][0]).startswith("M") else " ",
            DROPPED.sub("", folded),
        )
        folded = BETWEEN_WORDS.sub(" ", folded).strip()
    return folded or BETWEEN_WORDS.sub(" ", plain).strip()


def squeeze(folded: str) -> str:
    """Take out the spaces that nobody needs, so that 夏目 漱石 is 夏目漱石, and EPUB 3 入門 is EPUB3入門."""
    return NEEDLESS.sub("", folded)


def _letters(text: str) -> str:
    """Take accents off, bring kanji to one form, write out repeated kanji, take the commas out of numbers."""
    if ACCENTED.search(text):
        text = unicodedata.normalize("NFKC", COMBINING.sub("", unicodedata.normalize("NFKD", text)))
    text = HYPHEN_AFTER_KANA.sub("ー", DASHES.sub(" ", text))
    text = V_BEFORE_VOWEL.sub(lambda found: V_ROW[found[1]].translate(TO_KATAKANA), text)
    text = REPEATED_KANA.sub(_repeat_kana, text).translate(LETTERS)
    text = REPEATED_PAIR.sub(r"\1\1", text)
    text = REPEATED.sub(lambda found: found[1] * (1 + len(found[2])), text)
    return WITH_COMMAS.sub(_without_commas, text)


def _without_commas(found: re.Match[str]) -> str:
    """Join the thousands that end a row of numbers: 1,000 is 1000, and 12,34,567 is 12,34567."""
    parts = found[0].split(",")
    first = len(parts) - 1
    while first and len(parts[first]) == 3 and 1 <= len(parts[first - 1]) <= 3:
        first -= 1
    return ",".join((*parts[:first], "".join(parts[first:])))


def _repeat_kana(found: re.Match[str]) -> str:
    """ゝ repeats the kana before it unvoiced (少しづゝ), ゞ voiced (いすゞ); a mark repeats what the last one wrote."""
    written = [found[1]]
    for mark in found[2]:
        kana = written[-1]
        repeated = kana.translate(TO_HIRAGANA).translate(SMALL).translate(UNVOICED)
        repeated = repeated if mark in "ゝヽ" else repeated.translate(VOICED)
        written.append(repeated if kana <= "ゖ" else repeated.translate(TO_KATAKANA))
    return "".join(written)


def kanji_number(kanji: str) -> int:
    """Return the number that kanji write: 二十三 and 二三 are 23 (第二十三巻 is 第23巻). Only a row's head is read."""
    total, digit = 0, 0
    for one in kanji[:LONGEST_NUMBER]:
        if one in POWERS:
            total, digit = total + (digit or 1) * POWERS[one], 0
        else:
            digit = 10 * digit + KANJI_DIGITS.index(one)
    return total + digit

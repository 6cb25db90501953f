"""Romaji as people type it, in Hepburn or Kunrei, with or without long vowels, brought to the sound of kana.

Nobody writes とうきょう as toukyou every time: tokyo, tôkyô and tōkyō mean it too. So readings are indexed once more by
their *sound*, in which long vowels are short, and romaji is compared with that.
"""

import re

VOWELS = "aiueo"
ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ",
    "m": "まみむめも", "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だじずでど", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ", "f": ("ふあ", "ふい", "ふ", "ふえ", "ふお"), "j": ("じや", "じ", "じゆ", "じえ", "じよ"),
    "sh": ("しや", "し", "しゆ", "しえ", "しよ"), "ch": ("ちや", "ち", "ちゆ", "ちえ", "ちよ"),
    "ts": ("つあ", "つい", "つ", "つえ", "つお"), "v": ("ば", "び", "ぶ", "べ", "ぼ"),
}  # fmt: skip
SYLLABLES = {consonant + VOWELS[i]: kana for consonant, row in ROWS.items() for i, kana in enumerate(row)}
SYLLABLES |= {"ya": "や", "yu": "ゆ", "yo": "よ", "wa": "わ", "wi": "い", "we": "え", "wo": "お"}
for _consonant in ("k", "s", "t", "n", "h", "m", "r", "g", "z", "b", "p"):
    _i = SYLLABLES[_consonant + "i"]
    SYLLABLES |= {_consonant + "y" + vowel: _i + kana for vowel, kana in zip("auo", "やゆよ", strict=True)}
SYLLABLE = re.compile("|".join(sorted(SYLLABLES, key=len, reverse=True)))
DOUBLED = re.compile(r"([kstpgzjdbcfhr])(?=\1)|t(?=ch)")
SYLLABIC_N = re.compile(r"n'|n(?![aiueoy])|m(?=[bmp])")
O_ROW = "おこそとのほもよろごぞどぼぽ"
U_ROW = "うくすつぬふむゆるぐずぶぷ"
LONG_O = re.compile(f"(?<=[{O_ROW}])[うお]+")
LONG_U = re.compile(f"(?<=[{U_ROW}])う+")
LATIN_WORD = re.compile("[a-z]{2,}(?:['-][a-z]+)*")


def to_kana(word: str) -> str:
    """Return a folded Latin word in the large hiragana of folded text, empty when it is not romaji."""
    if not LATIN_WORD.fullmatch(word):
        return ""
    left, kana = SYLLABIC_N.sub("ん", DOUBLED.sub("つ", word.replace("-", ""))), []
    while left:
        if left[0] in "んつ":
            kana.append(left[0])
            left = left[1:]
        elif found := SYLLABLE.match(left):
            kana.append(SYLLABLES[found[0]])
            left = left[found.end() :]
        else:
            return ""
    return "".join(kana)


def sound(kana: str) -> str:
    """Return folded kana with its long vowels short: とうきよう and とおきよお are ときよ."""
    return LONG_U.sub("", LONG_O.sub("", kana.replace("ー", "")))

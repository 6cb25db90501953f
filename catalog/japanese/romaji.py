"""Romaji as people type it, in Hepburn or Kunrei, with or without long vowels, brought to the sound of kana.

Nobody writes とうきょう as toukyou every time: tokyo, tôkyô and tōkyō mean it too. So readings are indexed once more by
their *sound*, in which long vowels are short, and romaji is compared with that.
"""

import re
import unicodedata
from itertools import chain, product, zip_longest

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
SYLLABLES |= {"jya": "じや", "jyu": "じゆ", "jyo": "じよ"}
SYLLABLE = re.compile("|".join(sorted(SYLLABLES, key=len, reverse=True)))
DOUBLED = re.compile(r"([kstpgzjdbcfhr])(?=\1)|t(?=ch)")
SYLLABIC_N = re.compile(r"n'|n(?![aiueoy])|m(?=[bmp])")
ENDING_IN = {
    "あ": "あかさたなはまやらわがざだばぱ", "い": "いきしちにひみりぎじびぴ", "う": "うくすつぬふむゆるぐずぶぷ",
    "え": "えけせてねへめれげぜでべぺ", "お": "おこそとのほもよろごぞどぼぽ",
}  # fmt: skip
DRAWN_OUT = {vowel: f"(?<=[{row}]){vowel}+" for vowel, row in ENDING_IN.items()}
DRAWN_OUT["お"] = f"(?<=[{ENDING_IN['お']}])[うお]+"
VOWEL = re.compile("[あいうえお]")
LONG_VOWEL = re.compile("|".join(DRAWN_OUT.values()))
PARTICLES = {"wa": "わ", "ha": "は", "ga": "が", "no": "の", "o": "お", "wo": "お", "ni": "に", "to": "と", "de": "で"}
PARTICLES |= {"e": "え", "he": "へ", "mo": "も", "ya": "や", "ka": "か"}
MARKED = re.compile("[\u0300-\u036f]")
APOSTROPHE = re.compile("[-‐’ʼ‘`]")
NEEDLESS_APOSTROPHE = re.compile("(?<!n)'|'(?![aiueoy])")
H_OF_A_LONG_O = re.compile("(?<=o)h(?![aiueo])")
N_BEFORE_VOWEL = re.compile("(?<=[aiueo])n(?=[aiueoy])")
MOST_READ_TWICE = 3  # n before a vowel, in one word
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


def spellings(typed: str) -> list[str]:
    """Return the kana a word as it was typed may stand for; none when it is not romaji.

    An apostrophe or hyphen tells しんいち (Shin'ichi) from しにち; who leaves it out may mean either.
    """
    plain = MARKED.sub("", unicodedata.normalize("NFKD", typed.casefold()))
    plain = NEEDLESS_APOSTROPHE.sub("", APOSTROPHE.sub("'", plain))
    parts = N_BEFORE_VOWEL.split(H_OF_A_LONG_O.sub("", plain))
    joints = product(("n", "n'"), repeat=len(parts) - 1) if len(parts) <= MOST_READ_TWICE + 1 else [["n"] * len(parts)]
    words = ["".join(chain.from_iterable(zip_longest(parts, joint, fillvalue=""))) for joint in joints]
    return [kana for kana in dict.fromkeys(map(to_kana, words)) if kana]


def sound(kana: str) -> str:
    """Return folded kana with its long vowels short: とうきよう and とおきよお are ときよ."""
    return LONG_VOWEL.sub("", kana.replace("ー", "")) if VOWEL.search(kana) else kana.replace("ー", "")

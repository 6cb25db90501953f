"""The punctuation of catalogue cards taken off: titles, names, yomi, volumes."""

import re
import unicodedata

from catalog.japanese.kana import TO_KATAKANA

MARKS = ("/", ":", ";", "=", ",", ".")
LETTERLESS = re.compile(r"^[^\w]+$")
JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
HALF_WIDTH = re.compile("[\uff61-\uff9f]+")
PART = re.compile(r"^(.*?\S)\s*[(（](.+)[)）]\s*$", re.DOTALL)
COUNTED = re.compile(
    r"(?:no\.?|vol\.?|第|通巻)?\s*[0-9一二三四五六七八九十百][0-9〇一二三四五六七八九十百年月日号巻集冊部.,/・~\s-]*|[上中下前後春夏秋冬][巻編篇号]?",
    re.IGNORECASE,
)
SINCE = re.compile(r"\s*[(（][0-9]{4}\s*(?:年|ネン)?[)）]$")
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
    """Return (volume, its own title): ``第1巻 (電子書籍)`` is 第1巻 and 電子書籍; ``63(1)`` has a number there."""
    plain = bare(volume)
    found = PART.match(plain)
    if found and COUNTED.fullmatch(unicodedata.normalize("NFKC", found[2].strip())):
        return plain, ""
    return (found[1], found[2].strip()) if found else (plain, "")

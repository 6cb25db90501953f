"""The punctuation of catalogue cards taken off: titles, names, yomi, volumes."""

import re
import unicodedata

MARKS = ("/", ":", ";", "=", ",", ".")
LETTERLESS = re.compile(r"^[^\w]+$")
JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
PART = re.compile(r"^(.*?\S)\s*[(（](.+)[)）]\s*$", re.DOTALL)
COUNTED = re.compile(
    r"(?:no\.?|vol\.?|第|通巻)?\s*[0-9一二三四五六七八九十百][0-9〇一二三四五六七八九十百年月日号巻集冊部.,/・~\s-]*|[上中下前後春夏秋冬][巻編篇号]?",
    re.IGNORECASE,
)
SINCE = re.compile(r"\s*[(（][0-9]{4}\s*(?:年|ネン)?[)）]$")
ROLE_LETTERS = "著編訳監修集作文絵画案校注選説写真原共解撮影調査執筆演出督奏朗読製他・"
ROLE = re.compile(rf"\s+\[?[{ROLE_LETTERS}]+\]?$|(?<=\w\w)(?:編著|監修|[著編訳])$")


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


def yomi(text: str) -> str:
    """Return a yomi as katakana with single spaces between words, lone punctuation left out."""
    return " ".join(word for word in bare(text).split() if not LETTERLESS.match(word))


def person(name: str) -> str:
    """Return a name as it is spoken: ``萩野, 正昭`` is 萩野 正昭, while ``Andō, Hiroshige`` stays as it files."""
    plain = SINCE.sub("", bare(name))
    return " ".join(plain.replace(",", " ").split()) if JAPANESE.search(plain) else plain


def name_yomi(name: str) -> str:
    """Return a name's yomi as it files, ``ハギノ, マサアキ``."""
    return SINCE.sub("", bare(name))


def split_volume(volume: str) -> tuple[str, str]:
    """Return (volume, its own title): ``第1巻 (電子書籍)`` is 第1巻 and 電子書籍; ``63(1)`` has a number there."""
    plain = bare(volume)
    found = PART.match(plain)
    if found and COUNTED.fullmatch(unicodedata.normalize("NFKC", found[2].strip())):
        return plain, ""
    return (found[1], found[2].strip()) if found else (plain, "")


def responsible(statement: str) -> list[str]:
    """Return the names of a statement of responsibility (245 $c) without what they did.

    ``沢辺均 著 ; 林拓也, 森裕司 編`` names 沢辺均, 林拓也 and 森裕司.
    """
    names = []
    for group in bare(statement).split(";"):
        said = ROLE.sub("", group.strip())
        names += [name.strip(" []") for name in said.split(",")]
    return [name for name in names if name]

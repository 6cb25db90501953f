"""Old and variant kanji: the readable table ``variants.tsv`` and how it is built.

A line of the table is a kanji, the kanji it is compared as, and the key of its source. Build it again from a folder of
the sources' files with::

    python -m catalog.japanese.variants FOLDER > catalog/japanese/variants.tsv

A pair enters once, from the first source that has it, so that our own short list overrules the large ones. Simplified
Chinese is left alone on purpose: 后 and 後, 里 and 裏 are different words in Japanese.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("variants.tsv")

HEAD = """\
# Kanji that are compared as another kanji: variant, form compared, source.
# own       chosen here: forms of family names that catalogues mix, and frequent print forms
# joyo      PyPI joyokanji 1.1.0, Apache-2.0: old forms of the 常用漢字表
# kyujitai  hakatashi/kyujitai.js, MIT: old forms beyond the table
# kokusho   国文学研究資料館, kokusho-itaiji-search, MIT: variant forms met in old books
# unihan    Unicode 15.0 Unihan_Variants kZVariant, Unicode License: one character encoded twice
"""

# form compared: its variants
OWN = {
    "斎": "齋齊斉斊亝",
    "辺": "邊邉",
    "島": "嶋嶌",
    "崎": "﨑嵜碕",
    "富": "冨",
    "淵": "渕渊",
    "園": "薗",
    "桑": "桒",
    "回": "廻迴",
    "州": "洲",
    "欲": "慾",
    "嘘": "噓",
    "祷": "禱",
    "昂": "昻",
    "曽": "曾",
    "祢": "禰",
    "亘": "亙",
    "凛": "凜",
    "秋": "穐龝",
    "柏": "栢",
    "野": "埜壄",
    "高": "髙",
    "吉": "𠮷",
    "館": "舘",
    "糸": "絲",
    "竜": "龍龒",
}
# Pairs of the large tables that would join different words.
REFUSED = {"曰日", "碁棊", "棊棋", "肉宍", "忄心", "刂刀", "桌卓", "做作", "你爾", "您爾", "阪坂", "尼尓"}
REFUSED |= {"埼崎", "秋穐", "野埜", "柏栢", "辶辵", "厂厈"}


@cache
def table() -> dict[str, str]:
    """Return variant → form compared."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t")[:2] for line in lines if line and not line.startswith("#"))


@cache
def family(kanji: str) -> str:
    """Return the other forms that are compared as this kanji, for saying what a search included."""
    compared_as = table().get(kanji, kanji)
    family = (compared_as, *(variant for variant, form in table().items() if form == compared_as))
    return "".join(other for other in family if other != kanji)


def build(folder: Path) -> dict[str, tuple[str, str]]:
    """Return variant → (form compared, source) from the tables in ``folder``."""
    pairs: dict[str, tuple[str, str]] = {}
    for variant, form, source in _rows(folder):
        variant, form = unicodedata.normalize("NFKC", variant), unicodedata.normalize("NFKC", form)
        if variant == form or variant in pairs or variant + form in REFUSED:
            continue
        are_kanji = all(unicodedata.name(kanji, "").startswith("CJK ") for kanji in variant + form)
        if are_kanji and _end(form, pairs) != variant:
            pairs[variant] = (form, source)
    return {variant: (_end(form, pairs), source) for variant, (form, source) in pairs.items()}


def _rows(folder: Path) -> Iterator[tuple[str, str, str]]:
    for form, variants in OWN.items():
        yield from ((variant, form, "own") for variant in variants)
    for name in ("joyokanji_kanji.json", "joyokanji_variants.json"):
        pairs = json.loads((folder / name).read_text(encoding="utf-8"))
        yield from ((old, new, "joyo") for old, new in pairs.items())
    for new, old, _ in json.loads((folder / "kyujitai_js.json").read_text(encoding="utf-8"))["kyuji"]:
        yield old, new, "kyujitai"
    sql = (folder / "kokusho_itaiji.sql").read_text(encoding="utf-8")
    yield from ((old, new, "kokusho") for old, new in re.findall(r"VALUES \('(.)', '(.)'\)", sql))
    for line in (folder / "Unihan_Variants.txt").read_text(encoding="utf-8").splitlines():
        if "\tkZVariant\t" in line:
            left, _, rights = line.split("\t")
            variant = chr(int(left[2:], 16))
            forms = (chr(int(right.split("<")[0][2:], 16)) for right in rights.split())
            # Only pairs whose right side, and only that, is in JIS X 0208.
            yield from ((variant, form, "unihan") for form in forms if _in_jis(form) and not _in_jis(variant))


def _in_jis(kanji: str) -> bool:
    try:
        kanji.encode("iso2022_jp")
    except UnicodeEncodeError:
        return False
    return True


def _end(form: str, pairs: dict[str, tuple[str, str]]) -> str:
    """Follow a chain of pairs to its last form."""
    while form in pairs:
        form = pairs[form][0]
    return form


if __name__ == "__main__":
    sys.stdout.write(HEAD)
    for variant, (form, source) in build(Path(sys.argv[1])).items():
        sys.stdout.write(f"{variant}\t{form}\t{source}\n")

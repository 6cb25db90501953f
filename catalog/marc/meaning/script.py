"""Which of a record's parallel fields is written, which is its yomi and which is romaji.

Field 880 is used in two habits. JAPAN/MARC writes Japanese in the field itself and puts the yomi into 880, in kana
(``$6 245-01/$1``) and in romaji (``$6 245-01/(B``). Libraries overseas write romaji in the field and put the Japanese
into 880. Both use the same script code, so what decides is the letters themselves; only where a Latin field meets
kana (*CNN* シーエヌエヌ, or *Karaoke* カラオケ) does the habit of the whole record. Any script but the Latin one
counts as what is written (Вечерний город, Thai, Arabic), where it is not kana that tells how something is read.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from pymarc import Field, Record

LINK = re.compile(r"([0-9]{3})-([0-9]{2,3})")
NOT_TEXT = "0123456789uvwx"  # subfields of numbers, codes and links
WRITTEN = re.compile("[\u3041-\u3096\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3\U00020000-\U0003ffff]")
KANJI = re.compile("[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3\U00020000-\U0003ffff]")
KATAKANA = re.compile("[ァ-ヺｦ-ﾝ]")
KANA = re.compile("[ぁ-ゖァ-ヺｦ-ﾝ]")
FOREIGN = re.compile("[\u0370-\u1cff\u1f00-\u1fff\u2c00-\u2dff\ua4d0-\uabff\ufb1d-\ufdff\ufe70-\ufefc]")
LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
ROMANISED = "/(B"
NO_OCCURRENCE = "00"
JAPANESE_AGENCIES = ("JT", "JP", "JA")


@dataclass(frozen=True)
class Parallel:
    """A field in up to three writings; ``written`` is the one to show."""

    written: Field
    yomi: Field | None = None
    romaji: Field | None = None

    @classmethod
    def of(cls, field: Field, alternatives: list[Field], *, yomi_in_880: bool) -> "Parallel":
        """Tell the writings of a field apart from its alternatives in 880, by their letters and the record's habit."""
        said = [(one, text(one)) for one in alternatives]
        spoken = [one for one, words in said if _is_kana(words) and ROMANISED not in one.get("6", "")]
        kana = next(iter(spoken), None)
        romaji = next((one for one in alternatives if _is_latin(one)), None)
        if is_written(text(field)):
            return cls(field, kana, romaji)
        original = next((one for one, words in said if is_written(words) and one not in spoken), None)
        if original is None and kana is not None and _is_latin(field) and not yomi_in_880:
            original = kana
        return cls(field, kana, romaji) if original is None else cls(original, kana, field)


class Scripts:
    """A record's fields, each with its parallel writings."""

    def __init__(self, record: Record) -> None:
        self._by_tag: dict[str, list[Field]] = defaultdict(list)
        for field in record.fields:
            self._by_tag[field.tag].append(field)

    def fields(self, *tags: str) -> list[Parallel]:
        """Return the fields of these tags, tag by tag; where there are none, what stands in 880 alone."""
        found = [field for tag in tags for field in self._all(tag)]
        if not found:
            alone = (fields for tag in tags for (named, _), fields in self._linked.items() if named == tag)
            return [Parallel(fields[0]) for fields in alone]
        paired = []
        for field in found:
            link = LINK.match(field.get("6", ""))
            occurrence = link[2] if link else NO_OCCURRENCE
            if occurrence == NO_OCCURRENCE and len(found) > 1:
                paired.append(Parallel(field))  # nothing tells whose the others are
            else:
                alternatives = self._linked.get((field.tag, occurrence), [])
                paired.append(Parallel.of(field, alternatives, yomi_in_880=self._yomi_in_880))
        return paired

    @cached_property
    def _linked(self) -> dict[tuple[str, str], list[Field]]:
        """(tag, occurrence) → the fields 880 that name it."""
        linked = defaultdict(list)
        for field in self._all("880"):
            if link := LINK.match(field.get("6", "")):
                linked[link[1], link[2]].append(field)
        return linked

    @cached_property
    def _yomi_in_880(self) -> bool:
        """Tell the habit of the record: an agency of Japan, romaji in 880, or kana there for something written."""
        agencies = [field.data or "" for field in self._all("003")] + [f.get("a", "") for f in self._all("040")]
        source = next(filter(None, agencies), "")
        if source.upper().startswith(JAPANESE_AGENCIES) and "-" not in source[:2]:
            return True
        return any(ROMANISED in field.get("6", "") for field in self._all("880")) and not any(
            is_written(text(field)) and not _is_kana(text(field)) for field in self._all("880")
        )

    def _all(self, tag: str) -> list[Field]:
        return self._by_tag.get(tag, [])


def text(field: Field) -> str:
    """Return what a field says in words, without its codes."""
    return " ".join(value for code, value in field.subfields if code not in NOT_TEXT)


def raw(field: Field, codes: str) -> str:
    """Return what stands in these subfields, as it stands."""
    return " ".join(value for code, value in field.subfields if code in codes)


def is_written(words: str) -> bool:
    """Tell whether words are in a script that is no romanisation, nor kana that only tell a reading."""
    return bool(WRITTEN.search(words)) or len(FOREIGN.findall(words)) > len(LATIN.findall(words))


def _is_kana(words: str) -> bool:
    return bool(KANA.search(words)) and not KANJI.search(words)


def _is_latin(field: Field) -> bool:
    said = text(field)
    return bool(LATIN.search(said)) and not is_written(said) and not KATAKANA.search(said)
